"""Questions for what is not so, and sentences that tell of it."""

import pytest

from knowledge.negation import asks_not, tells_not


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much does the red tent not cost?", True),
        ("What is not included?", True),
        ("And who isn't allowed in?", True),
        ("What can't I bring?", True),
        ("What do I do when nobody is in, not even you?", False),
        ("What happens if I do not bring it back?", False),
        ("How do I cancel a tent that I do not need?", False),
        ("How do I send back tents I don't like?", False),
        ("What is the rule about not smoking?", False),
        ("Why does the lamp not light?", False),
        ("How come the lamp does not light?", False),
        ("Is it not open?", False),
        ("When is the shop not open in winter?", True),
        ("Which boats do not go to the island?", True),
        ("How long are parcels not collected kept?", False),
        ("Where are bags not collected in time stored?", False),
        ("Which parcels are not collected?", True),
        ("How much do extras not included cost?", False),
        ("What do tents not cost?", True),
        ("What do I not need?", True),
        ("How much does the red tent cost?", False),
    ],
)
def test_what_is_not_so_is_asked_for(question: str, expected: bool) -> None:
    assert asks_not(question) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("What is not covered?", "Theft is not covered.", True),
        ("What is not covered?", "All but the engine is covered, except at sea.", True),
        ("What is not covered?", "Theft is covered.", False),
        ("When is the shop not open?", "The shop is closed on Sundays.", True),
        ("When is the shop not open?", "The shop is open until it is closed.", True),
        ("Which boats do not sail?", "The Tern sails. All other boats are ashore.", True),
        ("Who does not pay?", "Children come in free.", True),
        ("Which parcels are not free?", "Parcels of 50 euros are free of charge.", False),
        ("Which hall is not inside?", "The yard is outside.", True),
        ("Which hall is not inside?", "The inside of the yard is outside.", False),
    ],
)
def test_a_sentence_that_tells_of_it(question: str, sentence: str, expected: bool) -> None:
    assert tells_not(question, sentence) is expected
