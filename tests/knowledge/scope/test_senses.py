"""In which sense a word is another's synonym."""

import pytest

from knowledge.scope.differences import difference
from knowledge.scope.reading import read


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Do you ship to Norway?", "Do you deliver to Norway?"),
        ("Is there a charge for towels?", "Is there a fee for towels?"),
        ("Do I have to pay for towels?", "Is there a fee for towels?"),
        ("How do I contact you?", "How do I reach you?"),
        ("Where can I store my luggage?", "Where can I leave my bags?"),
        ("Is the lift broken?", "Is the elevator broken?"),
        ("How do I get my money back?", "How do I get my refund?"),
        ("How do I change my booking?", "How do I modify my booking?"),
        ("How heavy is the tent?", "What is the weight of the tent?"),
        ("Is there a big room?", "Is there a large room?"),
        ("Can I hire a bike?", "Can I rent a bike?"),
        ("Can I smoke in the flat?", "Can I smoke in the apartment?"),
        ("Which firm made the lamp?", "Which company made the lamp?"),
    ],
)
def test_in_the_sense_that_they_share_they_are_the_same(question: str, key: str) -> None:
    found = difference(read(question), read(key))
    assert (found.words_added, found.words_missing) == ((), ())


@pytest.mark.parametrize(
    ("question", "key", "added", "missing"),
    [
        ("When does the ship arrive?", "When does the delivery arrive?", "ship", "delivery"),
        ("How do I charge my phone?", "How do I pay for my phone?", "charge", "pay"),
        ("Who charges the deposit?", "Who pays the deposit?", "charges", "pays"),
        ("Is the mail here?", "Is the email here?", "mail", "email"),
        ("How do I reach the museum?", "How do I contact the museum?", "reach", "contact"),
        ("Where can I change clothes?", "Where can I alter clothes?", "change", "alter"),
        ("Is there a flat fee?", "Is there an apartment fee?", "flat", "apartment"),
        ("How firm is the mattress?", "How is the company mattress?", "firm", "company"),
        ("Is the card valid?", "Is the card expired?", "valid", "expired"),
        ("Do you hire students?", "Do you rent to students?", "hire", "rent"),
        ("When was the club founded?", "When was the club found?", "founded", "found"),
        ("When is it shipped?", "When is it delivered?", "shipped", "delivered"),
        ("Is the schedule online?", "Is the book online?", "schedule", "book"),
    ],
)
def test_in_another_sense_each_is_a_word_of_its_own(question: str, key: str, added: str, missing: str) -> None:
    found = difference(read(question), read(key))
    assert (found.words_added, found.words_missing) == ((added,), (missing,))
