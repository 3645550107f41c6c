"""Questions that are near a great many others by meaning."""

from collections.abc import Sequence

import numpy as np
import pytest

from collab.errors import OwnCorrectionError
from collab.feedback.corrections import Corrections
from collab.feedback.examples import Examples
from collab.feedback.hubs import CROWD, HUB, CommonQuestions
from knowledge.embedding import Vectors
from tests.collab.feedback.conftest import EDO, EVE, MEL, OLI, START, House

VAGUE, CLEAR = "Can somebody assist?", "Who feeds the penguins?"


class Compass:
    """Each number points elsewhere; all are a bit like the vague question, and wordings of one are like each other."""

    name = "compass"
    dims = 128
    max_tokens = 254

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        return np.stack([self._of(text) for text in texts])

    def _of(self, text: str) -> Vectors:
        row = np.zeros(self.dims, dtype=np.float32)
        numbers = [word for word in text.split() if word.isdigit()]
        if numbers:  # cosine .6 with the vague one, .36 with each other, 1 with the same number
            row[0], row[1 + int(numbers[0])] = 0.6, 0.8
        else:
            row[0 if text == VAGUE else 127] = 1
        return row

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def can_read(self, text: str) -> bool:
        return text.isascii()


@pytest.fixture
def compass() -> Compass:
    return Compass()


@pytest.fixture
def common(house: House, compass: Compass) -> CommonQuestions:
    return CommonQuestions(house.database, compass, lambda job: job())


def test_what_is_like_a_crowd_of_different_ones_waits(house: House, common: CommonQuestions) -> None:
    corrections = Corrections(house.database, house.memory, house.conversations, lambda: START, common.crowd)
    for number in range(CROWD - 1):
        house.turn(OLI, f"Where is exhibit {number} shown?")
    house.turn(OLI, "And exhibit 3 is where?")  # the same one in other words
    first = corrections.submit(EVE, question=VAGUE, answer="At the desk.")
    assert (common.near(VAGUE), first.held) == (CROWD - 1, None)
    corrections.withdraw(EVE, first.id)
    house.turn(OLI, "Where is exhibit 77 shown?")
    made = corrections.submit(EVE, question=VAGUE, answer="At the desk.")
    assert (common.near(VAGUE), made.state, made.held) == (CROWD, "pending", "hub")
    clear = corrections.submit(EVE, question=CLEAR, answer="Jo does.")
    assert (common.near(CLEAR), clear.state) == (0, "live")
    assert corrections.submit(EVE, question=f"{VAGUE}!", answer="Sure.", kind="style").held is None


def test_only_what_is_new_is_embedded(house: House, common: CommonQuestions, compass: Compass) -> None:
    house.turn(OLI, "Where is exhibit 1 shown?")
    house.turn(OLI, "展品在哪里？")
    common.refresh()
    house.turn(OLI, "Where is exhibit 2 shown?")
    common.refresh()
    assert compass.read == ["where is exhibit 1 shown", "where is exhibit 2 shown"]
    assert common.near("在哪里？") == 0


def test_it_ends_with_the_application(house: House, common: CommonQuestions, compass: Compass) -> None:
    house.turn(OLI, "Where is exhibit 1 shown?")
    common.stop()
    common.look_again()
    assert compass.read == []


def test_an_alias_that_is_like_a_crowd_waits_for_somebody_else(house: House, common: CommonQuestions) -> None:
    for number in range(CROWD):
        house.turn(OLI, f"Where is exhibit {number} shown?")
    common.refresh()
    examples = Examples(house.database, house.memory, house.clock, common.crowd)
    live = house.corrections.submit(EVE, question=CLEAR, answer="Jo does.").id
    made = examples.add(EVE, live, VAGUE, "will")
    assert (made.state, examples.add(EVE, live, VAGUE, "will").id) == ("pending", made.id)
    assert house.everybody(VAGUE) == {"mel": None, "oli": None, "eve": "Jo does."}
    again = house.examples.add(EVE, live, VAGUE, "will")  # where nothing is compared, such as just after a start
    assert (again.id, again.state, house.answers(OLI, VAGUE)) == (made.id, "pending", None)
    house.examples.reject(EDO, made.id, "Which exhibit?")
    made = house.examples.add(EVE, live, VAGUE, "will")
    assert (made.state, made.id == again.id) == ("pending", False)  # somebody looks at it again
    with pytest.raises(OwnCorrectionError):
        examples.approve(EVE, made.id)
    examples.approve(EDO, made.id)
    assert house.answers(OLI, VAGUE) == "Jo does."
    assert examples.add(EVE, live, "And exhibit 5?", "will").state == "live"  # is like one, not like many
    assert examples.add(EVE, live, f"{VAGUE} Please", "will_not").state == "live"  # answers nobody


def test_an_alias_whose_words_stand_in_a_crowd_waits_unless_its_author_alone_gets_it(house: House) -> None:
    for number in range(HUB):
        house.turn(OLI, f"Where is exhibit {number} shown?")
    live = house.corrections.submit(EVE, question=CLEAR, answer="Jo does.").id
    assert house.examples.add(EVE, live, "Where is the exhibit?", "will").state == "pending"
    assert house.examples.add(EVE, live, "Where is the exhibit of penguins?", "will").state == "live"
    mine = house.corrections.submit(MEL, question="Who feeds the seals?", answer="Di does.").id
    assert house.examples.add(MEL, mine, "Where is the exhibit shown?", "will").state == "live"  # waits with it
    assert house.examples.add(EVE, mine, "Is there an exhibit?", "will").state == "pending"
