"""What waits for review when its correction is replaced: it is kept once, however often that is decided."""

from collab.feedback.conflicts import Conflicts
from collab.feedback.tables import Example
from knowledge.database import utc_now
from knowledge.library import Library
from knowledge.retrieval import Retriever
from tests.collab.feedback.conftest import AFTER, EDO, EVE, MEL, OLI, QUESTION, House
from tests.fakes import WordEmbedder

WORDS = "May one come on Mondays?"
OLD = "On Mondays it is closed."


def waiting(house: House, correction: str) -> list[tuple[str, str, str]]:
    """Whose words wait with a correction."""
    with house.database.read() as session:
        rows = session.query(Example).filter_by(correction_id=correction).order_by(Example.text)
        return [(one.text, one.author_id, one.state) for one in rows]


def test_what_waits_with_both_waits_once_with_the_one_that_stays(house: House) -> None:
    retriever = Retriever(Library(house.database, WordEmbedder(), utc_now))
    conflicts = Conflicts(house.database, house.memory, retriever, house.clock)
    other = house.corrections.submit(EDO, question="How long does the tour last?", answer="It takes 30 minutes.").id
    new = house.corrections.submit(EVE, question="How long is the tour?", answer="It takes 45 minutes.").id
    for one in (other, new):
        house.examples.add(MEL, one, "How long is the night tour?", "will_not")
    conflicts.settle(EVE, new, "correction", other, "replace")
    assert [one for one in waiting(house, new) if one[1] == "mel"] == [
        ("How long is the night tour?", "mel", "pending")
    ]


def test_what_an_author_takes_back_while_it_is_undone_is_not_back_with_the_approval(house: House) -> None:
    old = house.corrections.submit(EDO, question=QUESTION, answer=OLD).id
    words = house.examples.add(MEL, old, WORDS, "will").id
    new = house.corrections.submit(OLI, question=QUESTION, answer=AFTER).id
    house.corrections.approve(EVE, new)
    house.corrections.undo(EVE, new)
    house.examples.remove(MEL, words)
    house.corrections.approve(EVE, new)
    assert waiting(house, new) == []
    house.examples.add(MEL, new, WORDS, "will")
    house.corrections.undo(EVE, new)
    house.corrections.approve(EVE, new)
    assert house.answers(MEL, WORDS) == AFTER  # what was said of the new one itself stays with it
