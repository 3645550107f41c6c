"""What contradicts, and what only says it in other words."""

import pytest

from knowledge.contradiction import Contradiction, Difference, contradictions


@pytest.mark.parametrize(
    ("text", "other", "found"),
    [
        ("You have 45 days.", "Returns are taken for 30 days.", ("number", "45 days", "30 days")),
        ("It costs $12.", "The price is $10 for all.", ("number", "$12", "$10")),
        ("It opens at 12:00.", "From 10:00 on.", ("number", "12:00", "10:00")),
        ("Forty-five days.", "45 days.", None),
        ("You have thirty days.", "Within 30 days of purchase.", None),
        ("可以在45天内退货。", "退货期为30天。", ("number", "45天", "30天")),
        ("It closes on Tuesday.", "On Monday it closes.", ("time", "tuesday", "monday")),
        ("On Mondays it is open.", "On Mondays it is closed.", ("opposite", "open", "closed")),
        ("Dogs are allowed inside.", "Dogs are not allowed inside.", ("negation", "", "")),
        ("Yes, for members.", "No, nobody may.", ("negation", "", "")),
        ("Ask Maria Lopez about it.", "Please ask Peter Smith.", ("name", "Maria, Lopez", "Peter, Smith")),
        ("Adults pay 14 euros.", "Adults pay 14 euros, students 9 euros.", None),
        ("The lift is beside the shop.", "You find the lift next to the entrance.", None),
        ("", "Anything 5.", None),
    ],
)
def test_what_contradicts(text: str, other: str, found: tuple[str, str, str] | None) -> None:
    expected = (Contradiction(Difference(found[0]), *found[1:]),) if found else ()
    assert contradictions(text, other)[:1] == expected


HELMET = "How much is a helmet per day?"


@pytest.mark.parametrize(
    ("text", "other", "question", "found"),
    [
        # Another unit, or numbers of another size: nothing is compared.
        ("It is 75 pounds.", "The hire is insured for up to 2 million.", "What is the deposit?", None),
        ("It is 75 pounds.", "Each hire is insured for 2 million pounds.", "What is the deposit?", None),
        ("It is 3 pounds.", "It is £2.", HELMET, ("number", "3 pounds", "£2")),
        ("It takes 2 hours.", "It takes 90 min.", "How long does it take?", None),
        # Without a unit the noun before it decides.
        ("It is in room 12.", "It is in room 14.", "Where is it?", ("number", "12", "14")),
        ("It is in room 12.", "It is on floor 2.", "Where is it?", None),
        # A row about something else; a list with one entry about the same.
        ("It is 3 pounds.", "Trekker: 35, 160, 23", HELMET, None),
        ("It is 3 pounds.", "Model: Trekker | Price: 35 | Height: 160 | Weight: 23", HELMET, None),
        ("It is 3 pounds.", "Helmets cost 2 pounds, child seats 5 pounds.", HELMET, ("number", "3 pounds", "2 pounds")),
        ("It is 3 pounds.", "Child seats cost 5 pounds, trailers 12 pounds.", HELMET, None),
        ("It is 3 pounds.", "Child seats cost 5 pounds a day.", HELMET, None),
        # What is so on one day may be true beside what is so on others.
        ("Bring it on Sundays.", "The shop is open Monday to Saturday.", "May I bring it on Sundays?", None),
        ("It is closed on Sundays.", "Open Monday to Saturday.", "When is it open?", None),
        ("Open on Wednesdays.", "Open Monday to Saturday.", "When is it open?", None),
        ("Open at weekends.", "Open on Saturday and Sunday.", "When is it open?", None),
        (
            "The museum is closed on Sundays.",
            "The museum is closed on Mondays and Tuesdays.",
            "When is it closed?",
            ("time", "sundays", "mondays, tuesdays"),
        ),
        ("It opens at 9 am.", "It opens at 10 am.", "When does it open?", ("number", "9 am", "10 am")),
        ("It opens at 9 am.", "It closes at 6 pm.", "When does it open?", None),
        # A no about something else; a no to the same, among other sentences.
        ("Gas cartridges are not shipped.", "We ship to Brazil.", "Do you ship gas cartridges to Brazil?", None),
        ("Shoes can be returned.", "Bring a receipt. Gift cards cannot be returned.", "May I return shoes?", None),
        ("Shoes can be returned.", "Bring a receipt. Shoes cannot be returned.", "May I?", ("negation", "", "")),
        ("No, gas cartridges never.", "Yes, to Brazil it takes 10 days.", "Do you ship gas cartridges?", None),
        ("No, tents never.", "Yes, tents within a week.", "May I return a tent?", ("negation", "", "")),
        # Opposites of other things.
        ("The lift is inside.", "Smoking is for outside.", "Where is the lift?", None),
        ("Ask Maria.", "The ferry sails to Lisbon.", "Whom do I ask?", None),
        ("营业到18点。", "停车位有20个。", "几点关门？", None),
    ],
)
def test_only_what_is_about_the_same_thing_contradicts(
    text: str, other: str, question: str, found: tuple[str, str, str] | None
) -> None:
    expected = (Contradiction(Difference(found[0]), *found[1:]),) if found else ()
    assert contradictions(text, other, question) == expected


def test_a_name_of_the_question_is_no_answer() -> None:
    assert contradictions("See Berlin.", "See Paris.") != ()
    assert contradictions("See Berlin.", "See Paris.", "Is it Berlin?") == ()


SOLO = "How much does the Heron Solo cost per day?"
MEALS = "What is the allowance for meals per day?"


@pytest.mark.parametrize(
    ("row", "other"),
    [
        ("Heron Solo; price per day: 40 euros", "40 euros"),
        ("Model: Heron Solo; Price per day (EUR): 40; Deposit (EUR): 100", "40 EUR"),
        ("Model: Heron Solo; Price per day in euros: 40", "40 euros"),
        ("Model: Heron Solo; Price per day: 40", "40 euros"),  # in what the answer counts in
        ("Model: Heron Solo | Seats: 1 | Price per week: 200 euros | Price per day: 40 euros", "40 euros"),
        ("Model: Heron Solo; Price per day: 45 euros; Price per week: 200 euros", None),
        ("Model: Heron Solo; Seats: 1", None),
        ("Model: Heron Duo; Price per day: 60 euros", None),
        ("Model: Heron Duo; Price per day: 60", None),
    ],
)
@pytest.mark.parametrize("text", ["The Heron Solo costs 45 euros per day.", "It is 45 euros."])
def test_a_row_contradicts_by_the_cell_that_is_asked_for(text: str, row: str, other: str | None) -> None:
    found = [(one.said, one.other) for one in contradictions(text, row, SOLO)]
    assert found == ([("45 euros", other)] if other else [])


@pytest.mark.parametrize(
    ("text", "other", "question", "is_same"),
    [
        ("The allowance for meals is 45 euros per day.", "The hotel allowance is 120 euros per day.", MEALS, False),
        ("45 euros per day.", "The allowance for hotels is 120 euros per day.", MEALS, False),
        ("The meals allowance is 45 euros.", "The allowance for meals is 40 euros.", MEALS, True),
        ("45 euros per day.", "The daily allowance is 40 euros.", MEALS, True),
        ("45 euros per day.", "Meals are refunded up to 40 euros per day.", MEALS, True),
        ("It is 30 euros.", "A double kayak is 40 euros.", "How much is a single kayak?", False),
        ("Refunds arrive within five working days.", "Refunds arrive within ten working days.", "", True),
        ("Delivery takes 3 days.", "Shipping takes 5 days.", "How long does delivery take?", True),
        ("单人皮划艇每天45元。", "双人皮划艇每天60元。", "单人皮划艇一天多少钱？", False),
        ("45元。", "双人皮划艇每天60元。", "单人皮划艇一天多少钱？", False),
        ("45元。", "单人皮划艇每天60元。", "单人皮划艇一天多少钱？", True),
        ("45元。", "单人皮划艇60元，双人皮划艇80元。", "单人皮划艇一天多少钱？", True),
        ("45元。", "名称: 双人皮划艇; 每天价格（元）: 60", "单人皮划艇一天多少钱？", False),
        ("45元。", "名称: 单人皮划艇; 每天价格（元）: 60", "单人皮划艇一天多少钱？", True),
        ("每天45元。", "住宿补贴每天120元。", "餐饮补贴每天多少？", False),
        ("每天45元。", "餐饮补贴每天40元。", "餐饮补贴每天多少？", True),
    ],
)
def test_two_things_of_equal_form_do_not_contradict(text: str, other: str, question: str, is_same: bool) -> None:
    assert [one.what for one in contradictions(text, other, question)] == [Difference.NUMBER] * is_same
