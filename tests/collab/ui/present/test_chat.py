"""A turn shows its answer, how it was decided, and nothing that the answer could smuggle in."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from collab.dialogue.records import CorrectedBy, Decision, Source, TurnRecord
from collab.texts import load_texts
from collab.ui.present import chat, source
from collab.ui.present.chat import ShownTurn

T = load_texts("en")
NOON = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)
SOURCE = Source(1, "d1", "fees.md", "everyone", 7, "Fees › Students", None, "Students pay 9 euros.", 0, 21)


def record(answer: str, decision: Decision = Decision.GROUNDED, sources: tuple[Source, ...] = (SOURCE,)) -> TurnRecord:
    return TurnRecord(
        id="t1",
        conversation_id="c1",
        position=0,
        question="What do students pay?\n\n# Really",
        standalone="What do students pay?",
        is_follow_up=False,
        language="en",
        reach="everyone",
        answer=answer,
        decision=decision,
        confidence=0.8,
        reasons=("why.quoted", "not a key"),
        sources=sources,
        correction_id=None,
        model=None,
        adapter=None,
        completion_tokens=0,
        memory_seq=0,
        is_stopped=False,
        retry_of=None,
        created_at=NOON,
    )


def by(is_pending: bool = False, *, was_live: bool = True) -> CorrectedBy:
    return CorrectedBy("k1", "Ana", NOON, "Students pay <nothing>.", is_pending, was_live=was_live)


def test_an_answer_cannot_bring_markup_or_markdown() -> None:
    markup = chat.turn(T, ShownTurn(record("<img src=x onerror=alert(1)>\n\n```\n")))
    assert "<img" not in markup
    assert "\n" not in markup
    assert markup.startswith("<article")


def test_a_number_is_a_button_only_where_there_is_a_source() -> None:
    markup = chat.turn(T, ShownTurn(record("Students pay 9 euros. [1] [2]")))
    assert markup.count('data-testid="cite"') == 1
    assert 'data-turn="t1" data-n="1" aria-label="Show source 1"' in markup
    assert "[2]" in markup


def test_a_corrected_answer_names_its_author() -> None:
    markup = chat.turn(T, ShownTurn(record("Nothing.", Decision.CORRECTED, ()), corrected_by=by()))
    assert "Corrected by Ana on 3 Nov 2026" in markup
    assert 'data-testid="pending"' not in markup


def test_a_pending_correction_says_that_others_do_not_see_it() -> None:
    pending = by(is_pending=True, was_live=False)
    markup = chat.turn(T, ShownTurn(record("Nothing.", Decision.CORRECTED, ()), corrected_by=pending))
    assert "Only you see this yet" in markup
    assert ">Your correction<" in markup
    assert "#hourglass" in markup
    assert ">Confirmed<" not in markup


def test_one_that_nobody_had_confirmed_is_not_confirmed_by_being_replaced() -> None:
    replaced = ShownTurn(record("Nothing.", Decision.CORRECTED, ()), corrected_by=by(was_live=False))
    assert ">Your correction<" in chat.turn(T, replaced)
    assert "Only you see this yet" not in chat.turn(T, replaced)


def test_a_suggestion_stands_beside_the_answer() -> None:
    markup = chat.turn(T, ShownTurn(record("Nine. [1]", Decision.SUGGESTED), corrected_by=by()))
    assert "Ana answered a similar question:" in markup
    assert '<p dir="auto">Students pay &lt;nothing&gt;.</p>' in markup  # as an answer is written
    named = replace(by(), question="What do students pay?")
    assert "Ana answered “What do students pay?”:" in chat.turn(
        T, ShownTurn(record("Nine. [1]", Decision.SUGGESTED), corrected_by=named)
    )


def test_a_suggestion_claims_sources_only_where_there_are_some() -> None:
    claim = "The answer itself comes from your documents."
    assert claim in (chat.tip(T, ShownTurn(record("Nine. [1]", Decision.SUGGESTED), corrected_by=by())) or "")
    said = chat.tip(T, ShownTurn(record("?", Decision.SUGGESTED, ()), corrected_by=by()))
    assert said == "Ana answered a similar question on 3 Nov 2026."


@pytest.mark.parametrize(
    ("turn", "begins_with"),
    [
        (record("Students pay 9 euros. [1]"), "Students pay 9 euros."),
        (record("Students pay 9 euros. [1]", Decision.SUGGESTED), "Students pay 9 euros."),
        (replace(record("A poem.", Decision.SUGGESTED, ()), model="m"), "A poem."),
        (record("A colleague was asked something like it:", Decision.SUGGESTED, ()), ""),
        (record("I found nothing.", Decision.NOT_FOUND, ()), ""),
        (record("What do you mean?", Decision.CLARIFY, ()), ""),
        (replace(record("Students pay 9 euros. [1]"), is_hidden=True), ""),
    ],
)
def test_an_edit_begins_with_what_was_answered(turn: TurnRecord, begins_with: str) -> None:
    assert f'data-answer="{begins_with}"' in chat.turn(T, ShownTurn(turn))


def test_the_thumb_that_was_given_is_pressed() -> None:
    markup = chat.turn(T, ShownTurn(record("Nine."), rating="down"))
    pressed = 'aria-pressed="true" data-act="chat.rate" data-turn="t1" data-rating="down"'
    assert pressed in markup
    assert markup.count('aria-pressed="true"') == 1


def test_every_decision_has_its_badge_in_both_languages() -> None:
    for decision in Decision:
        for language in ("en", "zh"):
            assert f'class="badge {decision}"' in chat.turn(load_texts(language), ShownTurn(record("x", decision)))


def test_a_badge_opens_why_the_answer_is_what_it_is() -> None:
    shown = ShownTurn(record("Nothing.", Decision.CORRECTED, ()), corrected_by=by())
    markup = chat.turn(T, shown)
    assert 'aria-description="Written by Ana, 3 Nov 2026.' in markup
    assert 'data-testid="badge" data-act="card.open" data-turn="t1" data-correction="k1"' in markup
    markup = source.explanation(T, shown, {}, nonce="n1")
    assert "Written by Ana, 3 Nov 2026. No model was involved." in markup
    assert "Why this answer" in markup


def test_an_answer_without_sources_or_reasons_says_what_its_badge_says() -> None:
    markup = source.explanation(T, ShownTurn(replace(record("?", Decision.NOT_FOUND, ()), reasons=())), {}, nonce="n1")
    assert "No passage answers this." in markup
    assert 'data-testid="why"' not in markup


def test_the_version_that_wrote_an_answer_is_named() -> None:
    written = replace(record("Nine."), adapter="8b30abf72c726cda")
    assert "8b30abf72c726cda" not in source.why(T, written)  # it was ready, and others' words were taken
    markup = source.why(T, replace(written, reasons=("why.trained",)))
    assert "was trained on corrections made here." in markup
    assert '<p class="quiet" data-testid="version">Version 8b30abf72c726cda</p>' in markup


def test_the_passage_has_its_sentences_marked() -> None:
    passage = "Students pay 9 euros. Others pay 12."
    markup = source.panel(T, record("Nine. [1]"), SOURCE, passage, nonce="n1")
    assert "<mark>Students pay 9 euros.</mark> Others pay 12." in markup
    assert "These sentences of your documents answer the question best." in markup
    assert "not a key" not in markup


def test_a_passage_that_changed_is_shown_as_it_was() -> None:
    markup = source.panel(T, record("Nine. [1]"), SOURCE, "Students pay 11 euros now.", nonce="n1")
    assert "The document has changed or is gone." in markup
    assert "<mark>Students pay 9 euros.</mark>" in markup


def test_marks_that_overlap_or_do_not_fit_are_left_out() -> None:
    assert source.marked("abcdef", [(0, 2), (1, 3), (4, 9)]) == "<mark>ab</mark>cdef"


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("why.cut_short", "Cut off at its greatest length"),
        ("why.time_limit", "Ended when its time was up"),
        ("why.daily_tokens", "Only quotes: the model has written its share for you today"),
        ("why.queue_full", "Only quotes: too many people were waiting for the model"),
        ("why.own_answers", "Only quotes: three other answers of yours were under way"),
    ],
)
def test_what_limited_an_answer_is_told_under_it(reason: str, told: str) -> None:
    limited = replace(record("Nine. [1]"), reasons=("why.quoted", reason))
    assert f'data-testid="limit">{told}<' in chat.turn(T, ShownTurn(limited))
    assert 'data-testid="limit"' not in chat.turn(T, ShownTurn(record("Nine. [1]")))
