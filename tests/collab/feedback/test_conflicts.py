"""What contradicts a correction: found, kept, replaced, retired; and no longer cited."""

import pytest

from collab.errors import ChoiceUnknownError, ConflictUnknownError
from collab.feedback.conflict_rows import still_settled
from collab.feedback.conflicts import Conflicts, asked_again
from collab.feedback.corrections import Corrections
from collab.feedback.tables import Choice
from collab.people.passages import Passages
from knowledge.database import utc_now
from knowledge.errors import NotFoundError
from knowledge.library import Library
from knowledge.retrieval import Retriever
from tests.collab.feedback.conftest import EDO, EVE, MEL, OLI, START, House
from tests.fakes import WordEmbedder

ASKED = "How long is the return period?"
ALSO = "How long does the return period last?"
GUIDE = "# Guide\n\n## Returns\nThe return period is 30 days. Keep the receipt.\n\n## Shop\nThe shop has a lift.\n"
NEW = "It is 45 days."


@pytest.fixture
def library(house: House) -> Library:
    library = Library(house.database, WordEmbedder(), utc_now, still_settled(lambda *told: None))
    library.add("guide.md", GUIDE.encode(), "everyone")
    return library


@pytest.fixture
def retriever(library: Library) -> Retriever:
    return Retriever(library)


@pytest.fixture
def conflicts(house: House, retriever: Retriever) -> Conflicts:
    return Conflicts(house.database, house.memory, retriever, house.clock)


@pytest.fixture
def live(house: House) -> str:
    """Eve's new answer, beside Edo's to the same question in other words."""
    house.corrections.submit(EDO, question=ALSO, answer="It is 30 days.")
    return house.corrections.submit(EVE, question=ASKED, answer=NEW).id


def open_ones(conflicts: Conflicts, correction: str) -> dict[str, str]:
    return {one.about.value: one.other_id for one in conflicts.of(EVE, correction) if one.choice is None}


def test_a_correction_and_a_passage_that_say_another_number(conflicts: Conflicts, live: str) -> None:
    first, second = conflicts.of(EVE, live)
    assert (first.about, first.title, first.text, first.author) == ("correction", ALSO, "It is 30 days.", "Edo")
    assert [(one.what, one.said, one.other) for one in first.differs] == [("number", "45 days", "30 days")]
    assert (second.about, second.title, second.author) == ("passage", "guide.md › Guide › Returns", None)
    assert "The return period is 30 days." in second.text
    assert (first.choices, second.choices) == ((Choice.KEEP, Choice.REPLACE), (Choice.KEEP, Choice.RETIRE))
    assert [one.choices for one in conflicts.of(MEL, live)] == [(), ()]


def test_what_says_the_same_or_is_about_another_thing_is_no_conflict(house: House, conflicts: Conflicts) -> None:
    same = house.corrections.submit(EVE, question=ASKED, answer="You have 30 days.").id
    house.corrections.submit(EVE, question="How long is the return period in 2025?", answer="It was 14 days.")
    house.corrections.submit(EVE, question="How long is the tour of the old harbour?", answer="It takes 2 days.")
    assert conflicts.of(EVE, same) == []


def test_a_retired_passage_is_not_cited_for_this_question(
    house: House, conflicts: Conflicts, retriever: Retriever, live: str
) -> None:
    passage = open_ones(conflicts, live)["passage"]
    assert conflicts.retired(OLI, ASKED) == frozenset()
    done = conflicts.settle(EVE, live, "passage", passage, "retire")
    assert (done.choice, done.choices) == (Choice.RETIRE, ())
    assert "passage" not in open_ones(conflicts, live)
    retired = conflicts.retired(OLI, ASKED.upper())
    assert retired == {int(passage)}
    assert int(passage) not in retriever.answer(ASKED, ["everyone"], without=retired).passages
    assert conflicts.retired(OLI, ALSO) == frozenset()
    said = {int(passage): "The return period is 30 days."}
    assert conflicts.outdated(OLI, said, [live]) == retired
    assert conflicts.outdated(OLI, {int(passage): "Keep the receipt."}, [live]) == frozenset()
    assert conflicts.outdated(OLI, said, []) == frozenset()
    house.examples.add(EVE, live, "And returns?", "will")
    assert conflicts.retired(OLI, "And returns?") == retired
    assert "conflict_settled" in house.acts()

    newer = house.corrections.submit(EDO, question=ASKED, answer="It is 60 days.").id
    assert conflicts.retired(OLI, ASKED) == retired
    house.corrections.withdraw(EDO, newer)
    assert conflicts.retired(OLI, ASKED) == frozenset()


def test_the_same_text_is_retired_in_the_next_version_and_another_is_asked_about(
    conflicts: Conflicts, library: Library, live: str
) -> None:
    before = open_ones(conflicts, live)["passage"]
    conflicts.settle(EVE, live, "passage", before, "retire")
    library.add("guide.md", GUIDE.replace("a lift", "two lifts").encode(), "everyone")
    (after,) = conflicts.retired(OLI, ASKED)
    assert str(after) != before
    assert "30 days" in library.passage(after, ["everyone"]).text
    assert "passage" not in open_ones(conflicts, live)
    elsewhere = GUIDE.replace("## Returns", "## Old\nThe return period is 30 days. Keep the receipt.\n\n## Returns")
    library.add("guide.md", elsewhere.encode(), "everyone")
    (same,) = conflicts.retired(OLI, ASKED)
    assert library.passage(same, ["everyone"]).heading == "Guide › Returns"
    library.add("guide.md", GUIDE.replace("30 days", "20 days").encode(), "everyone")
    assert "passage" in open_ones(conflicts, live)


@pytest.mark.parametrize("choice", ["keep", "retire"])
def test_what_was_decided_about_a_passage_is_asked_again_when_its_text_is_corrected(
    house: House, conflicts: Conflicts, library: Library, live: str, choice: str
) -> None:
    passage = open_ones(conflicts, live)["passage"]
    conflicts.settle(EVE, live, "passage", passage, choice)
    passages = Passages(library, house.clock, asked_again)
    text = library.passage(int(passage), ["everyone"]).text
    passages.correct(EVE, int(passage), text)
    passages.disable(EVE, int(passage))
    passages.enable(EVE, int(passage))
    assert "passage" not in open_ones(conflicts, live)
    passages.correct(EVE, int(passage), text.replace("30 days", "7 days"))
    (found,) = (one for one in conflicts.of(EVE, live) if one.about == "passage")
    assert (found.other_id, found.choice, found.differs[0].other) == (passage, None, "7 days")
    assert conflicts.retired(OLI, ASKED) == frozenset()


def test_what_is_retired_is_taken_back(conflicts: Conflicts, live: str) -> None:
    passage = open_ones(conflicts, live)["passage"]
    conflicts.settle(EVE, live, "passage", passage, "retire")
    conflicts.reopen(EDO, live, "passage", passage)
    assert conflicts.retired(OLI, ASKED) == frozenset()
    assert open_ones(conflicts, live)["passage"] == passage
    with pytest.raises(NotFoundError):
        conflicts.reopen(EDO, live, "passage", passage)


def test_the_other_correction_is_replaced_and_comes_back(house: House, conflicts: Conflicts, live: str) -> None:
    other = open_ones(conflicts, live)["correction"]
    conflicts.settle(EVE, live, "correction", other, "replace")
    assert (house.corrections.get(EVE, other).state, house.answers(OLI, ALSO)) == ("superseded", NEW)
    assert house.corrections.get(EVE, live).aliases == (ALSO,)
    assert [one.kind for one in house.notices.unread(EDO)] == ["replaced"]
    settled = [one for one in conflicts.of(EVE, live) if one.choice is Choice.REPLACE]
    assert [(one.other_id, one.title) for one in settled] == [(other, ALSO)]

    conflicts.reopen(EVE, live, "correction", other)
    assert (house.corrections.get(EVE, other).state, house.answers(OLI, ALSO)) == ("live", "It is 30 days.")
    assert house.answers(OLI, ASKED) == NEW
    assert open_ones(conflicts, live)["correction"] == other


def test_what_was_replaced_is_as_it_was_when_that_is_taken_back(house: House, conflicts: Conflicts, live: str) -> None:
    other = open_ones(conflicts, live)["correction"]
    house.examples.add(EDO, other, "And returns?", "will")
    house.examples.add(MEL, other, "Returns?", "will")
    conflicts.settle(EVE, live, "correction", other, "replace")
    assert (house.answers(OLI, "And returns?"), house.answers(MEL, "Returns?")) == (NEW, NEW)
    conflicts.reopen(EVE, live, "correction", other)
    assert (house.answers(OLI, "And returns?"), house.answers(MEL, "Returns?")) == ("It is 30 days.", "It is 30 days.")
    assert house.corrections.get(EVE, live).aliases == ()
    assert [one.correction_id for one in house.examples.of(MEL, other)] == [other, other]


def test_a_member_may_take_back_what_their_edit_is_to_replace(house: House, conflicts: Conflicts) -> None:
    other = house.corrections.submit(EDO, question=ALSO, answer="It is 30 days.").id
    mine = house.corrections.submit(MEL, question=ASKED, answer=NEW).id
    conflicts.settle(MEL, mine, "correction", other, "replace")
    assert house.everybody(ALSO) == {"mel": NEW, "oli": "It is 30 days.", "eve": "It is 30 days."}
    conflicts.reopen(MEL, mine, "correction", other)
    assert house.everybody(ALSO) == dict.fromkeys(("mel", "oli", "eve"), "It is 30 days.")
    house.corrections.approve(EVE, mine)
    assert house.corrections.get(EVE, other).state == "live"


def test_a_members_choice_takes_effect_when_it_is_approved(house: House, conflicts: Conflicts) -> None:
    other = house.corrections.submit(EDO, question=ALSO, answer="It is 30 days.").id
    mine = house.corrections.submit(MEL, question=ASKED, answer=NEW).id
    passage = open_ones(conflicts, mine)["passage"]
    conflicts.settle(MEL, mine, "correction", other, "replace")
    conflicts.settle(MEL, mine, "passage", passage, "retire")
    assert house.corrections.get(EVE, other).state == "live"
    assert (conflicts.retired(MEL, ASKED), conflicts.retired(OLI, ASKED)) == ({int(passage)}, frozenset())
    house.corrections.approve(EVE, mine)
    assert (house.corrections.get(EVE, other).state, house.answers(OLI, ALSO)) == ("superseded", NEW)
    assert conflicts.retired(OLI, ASKED) == {int(passage)}
    with pytest.raises(ConflictUnknownError):
        conflicts.reopen(MEL, mine, "passage", passage)


def test_what_cannot_be_chosen(house: House, conflicts: Conflicts, live: str) -> None:
    found = open_ones(conflicts, live)
    with pytest.raises(ConflictUnknownError):
        conflicts.settle(MEL, live, "passage", found["passage"], "keep")
    with pytest.raises(ConflictUnknownError):
        conflicts.settle(EVE, live, "passage", found["passage"], "replace")
    with pytest.raises(ChoiceUnknownError):
        conflicts.settle(EVE, live, "passage", found["passage"], "burn")
    with pytest.raises(NotFoundError):
        conflicts.settle(EVE, live, "passage", "99", "retire")
    conflicts.settle(EVE, live, "passage", found["passage"], "keep")
    assert conflicts.retired(OLI, ASKED) == frozenset()
    house.corrections.withdraw(EVE, live)
    assert conflicts.of(EVE, live) == []


def test_two_that_contradict_each_other_in_the_same_second(house: House, retriever: Retriever) -> None:
    """In the same words the later one answers; in other words both do, and each names the other."""
    corrections = Corrections(house.database, house.memory, house.conversations, lambda: START)
    first = corrections.submit(EVE, question=ASKED, answer="It is 30 days.")
    second = corrections.submit(EDO, question=ASKED, answer=NEW)
    assert (corrections.get(EVE, first.id).state, house.answers(OLI, ASKED)) == ("superseded", NEW)
    third = corrections.submit(EVE, question=ALSO, answer="It is 60 days.")
    conflicts = Conflicts(house.database, house.memory, retriever, lambda: START)
    for one, other in ((second.id, third.id), (third.id, second.id)):
        assert open_ones(conflicts, one)["correction"] == other


def test_an_empty_memory_and_an_empty_library_contradict_nothing(house: House) -> None:
    conflicts = Conflicts(
        house.database, house.memory, Retriever(Library(house.database, WordEmbedder(), utc_now)), house.clock
    )
    assert conflicts.retired(OLI, ASKED) == frozenset()
    assert conflicts.of(EVE, house.corrections.submit(EVE, question=ASKED, answer=NEW).id) == []


@pytest.mark.parametrize("answer", ["The pool is heated.", "Yes."])
def test_a_plain_no_contradicts(house: House, answer: str) -> None:
    library = Library(house.database, WordEmbedder(), utc_now)
    library.add("pool.md", b"# Guide\nThe pool is not heated.\n\n## Sauna\nThe sauna is not heated.\n", "everyone")
    conflicts = Conflicts(house.database, house.memory, Retriever(library), house.clock)
    made = house.corrections.submit(EVE, question="Is the pool heated?", answer=answer)
    assert [(one.text, one.differs[0].what) for one in conflicts.of(EVE, made.id)] == [
        ("The pool is not heated.", "negation")
    ]


def test_the_row_of_a_table_contradicts(house: House) -> None:
    library = Library(house.database, WordEmbedder(), utc_now, still_settled(lambda *told: None))
    library.add("rates.csv", b"model,price per day (EUR)\nHeron Solo,40\nHeron Duo,60\n", "everyone")
    conflicts = Conflicts(house.database, house.memory, Retriever(library), house.clock)
    made = house.corrections.submit(
        EVE, question="How much does the Heron Solo cost per day?", answer="It is 45 euros."
    )
    (found,) = conflicts.of(EVE, made.id)
    assert [(one.said, one.other) for one in found.differs] == [("45 euros", "40 EUR")]
    same = house.corrections.submit(EVE, question="How much is the Heron Duo per day?", answer="It is 60 euros.")
    assert conflicts.of(EVE, same.id) == []
