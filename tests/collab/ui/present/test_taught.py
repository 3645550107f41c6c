"""What one can teach in a turn: a suggestion with its yes and no, what was learned and for whom, an offer, and why."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from collab.dialogue.offering import Offer
from collab.dialogue.records import Considered, CorrectedBy, Decision, TurnRecord
from collab.feedback.example_rows import ExampleRecord
from collab.feedback.tables import ExampleState, Origin, Side
from collab.feedback.teaching import Taught
from collab.texts import load_texts
from collab.ui.present import chat, source
from collab.ui.present.chat import ShownTurn
from tests.collab.ui.present.test_chat import record

T = load_texts("en")
NOON = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)
BY = CorrectedBy("k1", "Ana", NOON, "Students pay <nothing>.", False, question="What do pupils pay?")
SUGGESTED = replace(record("Nine. [1]", Decision.SUGGESTED), correction_id="k1")
CORRECTED = replace(record("Nothing.", Decision.CORRECTED, ()), correction_id="k1")


def taught(side: Side = Side.WILL, whom: str = "author", may_remove: bool = True) -> Taught:
    example = ExampleRecord(
        id="x1",
        correction_id="k1",
        text="What do students pay?",
        side=side,
        origin=Origin.YES,
        state=ExampleState.PENDING,
        author_id="mel",
        author="Mel",
        reviewer=None,
        review_reason=None,
        turn_id="t0",
        created_at=NOON,
        decided_at=None,
        may_remove=may_remove,
        may_decide=False,
    )
    return Taught(example, whom)  # type: ignore[arg-type]


def test_a_suggestion_can_be_taken_or_refused() -> None:
    markup = chat.turn(T, ShownTurn(SUGGESTED, corrected_by=BY))
    assert "Ana answered “What do pupils pay?”:" in markup
    assert 'data-act="chat.same" data-turn="t1" data-correction="k1"' in markup
    assert 'data-act="chat.different" data-turn="t1"' in markup
    assert "<span>No, different question</span>" in markup
    assert "Or is it one of these?" not in markup


def test_what_one_may_not_read_is_neither_taken_nor_refused() -> None:
    unread = replace(BY, answer=None, question=None)
    markup = chat.turn(T, ShownTurn(SUGGESTED, corrected_by=unread))
    assert "Ana answered a similar question:" in markup
    assert "chat.same" not in markup


OTHERS = (
    CorrectedBy("k2", "Bo", NOON, "At <the> desk, [1]\n\non weekdays.", False, question="Where do pupils <pay>?"),
    CorrectedBy("k3", "Bo", NOON, "Cash. " * 50, False, question="How do pupils pay?"),
)


def test_under_the_first_suggestion_stand_the_others_on_buttons_that_say_yes() -> None:
    markup = chat.turn(T, ShownTurn(SUGGESTED, corrected_by=BY, alternatives=OTHERS))
    assert markup.index("Students pay &lt;nothing&gt;.") < markup.index("Or is it one of these?")
    assert 'data-act="chat.same" data-turn="t1" data-correction="k2" data-testid="alternative"' in markup
    assert "Where do pupils &lt;pay&gt;?" in markup
    assert ">At &lt;the&gt; desk, on weekdays.</span>" in markup
    assert markup.count("Cash.") == 33  # and no more than fits on a line
    assert "<span>No, a different question</span>" in markup


def test_beside_an_answer_from_the_sources_an_unlikely_suggestion_is_folded() -> None:
    def is_folded(turn: TurnRecord, probability: float) -> bool:
        thought_of = (Considered("k1", probability, 0.0, ()),)
        return "<details><summary" in chat.turn(T, ShownTurn(replace(turn, considered=thought_of), corrected_by=BY))

    assert is_folded(SUGGESTED, 0.49)
    assert not is_folded(SUGGESTED, 0.5)
    assert not is_folded(replace(SUGGESTED, sources=()), 0.49)


def test_where_the_first_is_not_to_be_read_any_more_the_next_takes_its_place() -> None:
    unread = replace(BY, answer=None, question=None)
    markup = chat.turn(T, ShownTurn(SUGGESTED, corrected_by=unread, alternatives=OTHERS[:1]))
    assert "Bo answered “Where do pupils &lt;pay&gt;?”:" in markup
    assert 'data-act="chat.same" data-turn="t1" data-correction="k2" data-testid="same"' in markup
    assert "Or is it one of these?" not in markup


def test_after_a_no_to_several_the_line_speaks_of_all() -> None:
    known = replace(taught(Side.WILL_NOT), count=3)
    markup = chat.turn(T, ShownTurn(SUGGESTED, corrected_by=BY, alternatives=OTHERS, taught=known))
    assert "None of those corrections answers this question for you any more" in markup
    assert "Or is it one of these?" not in markup


def test_what_was_said_is_not_asked_again_but_can_be_undone() -> None:
    markup = chat.turn(T, ShownTurn(SUGGESTED, corrected_by=BY, taught=taught()))
    assert "chat.same" not in markup
    assert "From now on you get this answer to this question; an expert will look at it for everyone." in markup
    assert 'data-act="chat.unteach" data-turn="t0" data-example="x1"' in markup
    assert 'data-testid="note"' not in markup


def test_right_after_it_was_said_it_is_a_note() -> None:
    markup = chat.turn(T, ShownTurn(CORRECTED, corrected_by=BY, taught=taught(), is_taught_now=True))
    assert markup.count('data-testid="note"') == 1


def test_what_was_reviewed_is_not_undone_here() -> None:
    markup = chat.turn(T, ShownTurn(SUGGESTED, taught=taught(whom="everyone", may_remove=False)))
    assert "From now on everyone gets this answer to this question." in markup
    assert "chat.unteach" not in markup


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        (ShownTurn(CORRECTED, corrected_by=BY), 1),
        (ShownTurn(CORRECTED, corrected_by=BY, taught=taught()), 1),
        (ShownTurn(CORRECTED, corrected_by=BY, taught=taught(Side.WILL_NOT)), 0),
        (ShownTurn(replace(CORRECTED, is_hidden=True), corrected_by=BY), 0),
        (ShownTurn(SUGGESTED, corrected_by=BY), 0),
    ],
)
def test_the_way_out_of_a_correction_stands_under_what_it_answers(shown: ShownTurn, count: int) -> None:
    assert chat.turn(T, shown).count('data-act="ask.another"') == count


def test_an_offer_leads_to_the_edit_of_the_answer_before() -> None:
    asked_back = record("Thank you.", Decision.CLARIFY, ())
    markup = chat.turn(T, ShownTurn(asked_back, offer=Offer("t0", "Students pay <8> euros.")))
    assert 'data-do="offer" data-for="t0" data-answer="Students pay &lt;8&gt; euros."' in markup


def test_a_badge_says_how_often_the_correction_has_answered() -> None:
    assert chat.tip(T, ShownTurn(CORRECTED, corrected_by=BY, answered=14)) == (
        "Written by Ana, 3 Nov 2026. Questions answered with it so far: 14."
    )
    assert chat.tip(T, ShownTurn(CORRECTED, corrected_by=BY)) == "Written by Ana, 3 Nov 2026. No model was involved."


def test_why_lists_what_was_considered_as_far_as_one_may_read_it() -> None:
    thought_of = (
        Considered("k1", 0.93, 0.21, ("why.other_time", "why.of_another_version")),
        Considered("k2", 0.5, -0.21, ()),
    )
    panel = source.explanation(T, ShownTurn(replace(SUGGESTED, considered=thought_of)), {"k1": BY}, nonce="n")
    assert '<q dir="auto">What do pupils pay?</q> (Ana)' in panel
    assert "It answers this question: sure (0.93); clearly ahead of the next one (+0.21)." in panel
    assert "A similar question was corrected, but for another time." in panel
    assert "A correction that is not there for you any more" in panel
    assert "It answers this question: fairly sure (0.50); another one is nearer (-0.21)." in panel


def test_where_none_was_considered_nothing_is_said_of_it() -> None:
    assert "considered" not in source.explanation(T, ShownTurn(CORRECTED, corrected_by=BY), {}, nonce="n")
