"""Free or paid for, doing or having it done: what a question takes for the case, and what is held against it."""

import pytest

from knowledge.scope.aboutness import align
from knowledge.scope.reading import read
from knowledge.scope.vetoes import vetoes


@pytest.mark.parametrize(
    ("question", "cost"),
    [
        ("Is parking free?", {"free"}),
        ("Is delivery free of charge?", {"free"}),
        ("Is breakfast included in the room fee?", {"free"}),
        ("Can I park at no extra cost?", {"free"}),
        ("Is breakfast part of the price?", {"free"}),
        ("Does the price cover breakfast?", {"free"}),
        ("Is there no charge for parking?", {"free"}),
        ("Do I have to pay for parking?", {"paid"}),
        ("Is there a charge for parking?", {"paid"}),
        ("Will I be charged for parking?", {"paid"}),
        ("Does the sauna cost extra?", {"paid"}),
        ("Is parking free or do I have to pay?", {"free", "paid"}),
        ("Can I pay by card?", set()),
        ("How do I charge my phone?", set()),
        ("Is parking allowed?", set()),
    ],
)
def test_what_a_question_says_of_the_cost(question: str, cost: set[str]) -> None:
    assert read(question).cost == cost


FREE_OR_PAID = "asks whether it is paid, the correction answers whether it is free"
PAID_OR_FREE = "asks whether it is free, the correction answers whether it is paid"
MUST_OR_IS = "asks what must be, the correction answers what is"


@pytest.mark.parametrize(
    ("question", "key", "details"),
    [
        ("Do I have to pay for parking?", "Is parking free?", {FREE_OR_PAID, MUST_OR_IS}),
        ("Must children pay for entry?", "Is entry free for children?", {FREE_OR_PAID, MUST_OR_IS}),
        ("Are towels free?", "Is there a fee for towels?", {PAID_OR_FREE}),
        ("Is breakfast included?", "Does breakfast cost extra?", {PAID_OR_FREE}),
        ("Must I book a seat?", "Do I book a seat?", {MUST_OR_IS}),
        ("Can I get paid by card?", "Can I pay by card?", {"“i” does it in one, and has it done in the other"}),
        ("How do drivers pay?", "How are drivers paid?", {"“drivers” does it in one, and has it done in the other"}),
        ("Is the garden cafe open?", "Is the garden open?", {"“cafe” more than the correction"}),
        ("Is the garden open?", "Is the cafe garden open?", {"without the correction's “cafe”"}),
        ("Do you take cash?", "Do you pay cash?", {"without the correction's “pay”"}),
    ],
)
def test_the_opposite_has_a_veto(question: str, key: str, details: set[str]) -> None:
    asked, known = read(question), read(key)
    assert {veto.detail for veto in vetoes(asked, known, align(asked, known))} >= details


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Do I have to pay for parking?", "Is there a fee for parking?"),
        ("Does the fee include breakfast?", "Is breakfast included in the fee?"),
        ("Can books be borrowed?", "Can I borrow books?"),
        ("Is the hotel pool open?", "Is the pool open?"),
        ("Does the shop deliver to Norway?", "Do you deliver to Norway?"),
        ("Do you accept cash?", "Can I pay cash?"),
    ],
)
def test_the_same_has_none(question: str, key: str) -> None:
    asked, known = read(question), read(key)
    assert vetoes(asked, known, align(asked, known)) == []
