"""What may be written, and how it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import ChoiceUnknownError, TextEmptyError, TextTooLongError
from collab.feedback import wording
from collab.feedback.tables import Kind


@pytest.mark.parametrize("sent", ["", "  \n\t ", "\u200b\u200d", "\x00", " \u202e "])
def test_what_cannot_be_seen_is_empty(sent: str) -> None:
    with pytest.raises(TextEmptyError) as told:
        wording.answer(sent)
    assert told.value.status == 422
    assert wording.remark(sent, "comment", 10) is None


@pytest.mark.parametrize("sent", ["?", "...", "“ ”"])
def test_a_question_of_punctuation_asks_nothing(sent: str) -> None:
    with pytest.raises(TextEmptyError):
        wording.question(sent)


def test_lengths_count_what_is_kept() -> None:
    assert len(wording.answer("  " + "é" * 20_000 + "\u200b\n").text) == 20_000
    assert len(wording.question("q" * 8_000)) == 8_000
    with pytest.raises(TextTooLongError, match="20001 characters"):
        wording.answer("a" * 20_001)
    with pytest.raises(TextTooLongError, match="at most 8000"):
        wording.question("q" * 8_001)


def test_places_of_invisible_characters_index_the_kept_text() -> None:
    kept = wording.answer("  pay\u200b 9\u202e euros\u2066")
    assert (kept.text, kept.invisible_at) == ("pay 9 euros", (3, 5, 11))


def test_marks_of_the_old_sources_go_and_others_stay() -> None:
    assert wording.answer("9 euros. [1] See list[2] and [7].", cited=[1, 7]).text == "9 euros. See list[2] and."


def test_a_megabyte_of_white_space_is_read_once() -> None:
    sent = "9 euros" + " \t" * 500_000 + "[1]" + " " * 1_000 + "."
    assert wording.answer(sent, cited=[1]).text == "9 euros" + " " * 1_000 + "."
    assert wording.same(sent, "9 euros .")


def test_the_same_answer() -> None:
    assert wording.same("Students pay 9 euros. [1]", " Students  pay\n9 euros.\u200b")
    assert not wording.same("Students pay 9 euros.", "Students pay 10 euros.")


def test_a_word_that_is_not_offered() -> None:
    assert wording.choice(Kind, "style", "kind") is Kind.STYLE
    with pytest.raises(ChoiceUnknownError, match="'joke' is no kind. Choose one of: fact, style"):
        wording.choice(Kind, "joke", "kind")


@given(st.text(max_size=60))
def test_any_text_is_refused_or_kept_clean(sent: str) -> None:
    try:
        kept = wording.answer(sent)
    except TextEmptyError:
        return
    assert kept.text == kept.text.strip()
    assert wording.answer(kept.text) == wording.Written(kept.text)
    assert all(0 <= place <= len(kept.text) for place in kept.invisible_at)
