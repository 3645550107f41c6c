"""Support: what a passage says, and what it does not."""

import pytest

from knowledge.support import adds, carries, supports

TICKETS = "Adults pay 14 euros. Students pay 9 euros on showing a valid card at the desk in Rotterdam."
SUNDAYS = "The Rotterdam store is open on Sundays. The Antwerp store is not open on Mondays."


@pytest.mark.parametrize(
    "sentence",
    [
        "Students pay 9 euros.",
        "Students pay 9 euros on showing the valid card.",
        "In Rotterdam, students pay 9 euros on showing a card.",
        "Students pay nine euros on showing a valid card.",
    ],
)
def test_what_the_passage_says_is_supported(sentence: str) -> None:
    assert supports(sentence, [TICKETS]) == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "Students pay 5 euros.",
        "Students pay 9 euros with a valid card.",
        "Students in Antwerp pay 9 euros.",
        "Students pay 9 euros and children travel free on weekends.",
        "Students do not pay 9 euros.",
        "Yes.",
        "I am happy to help you.",
        "Students pay 14 euros.",
        "Adults pay 9 euros.",
        "Adults pay 9 euros on showing a valid card.",
        "Berlin lets students pay 9 euros with a valid card.",
    ],
)
def test_what_it_does_not_say_is_not(sentence: str) -> None:
    assert supports(sentence, [TICKETS]) is None


def test_a_wording_says_no_word_more_often_than_its_source() -> None:
    passage = "The store is open on Sundays from 12:00 to 17:00 for a trial. A trial is free, and a trial is short."

    assert supports("On Sundays the store is open from 12:00 to 17:00.", [passage]) == 0
    assert supports("The store is open on Sundays from 12:00 to 17:00 on Sundays.", [passage]) is None
    assert supports("A trial is free, a trial is short.", [passage]) == 0


PARCELS = "A standard parcel to Austria or to the United Kingdom costs 6.90 euros up to 2 kg before 15:00 on Mondays."


@pytest.mark.parametrize(
    "sentence",
    [
        "A standard parcel in Austria costs 6.90 euros.",
        "A standard parcel from the United Kingdom costs 6.90 euros.",
        "On Mondays, a parcel to Austria costs 6.90 euros after 15:00.",
        "A parcel to Austria costs 6.90 euros from 2 kg.",
        "A parcel to Austria costs 2 kg up to 6.90 euros.",
        "The standard parcel Austria costs 6.90 euros.",
    ],
)
def test_a_name_or_number_keeps_its_preposition(sentence: str) -> None:
    assert supports(sentence, [PARCELS]) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "On Mondays, a standard parcel to Austria costs 6.90 euros before 15:00.",
        "A parcel to Austria or the United Kingdom costs 6.90 euros up to 2 kg.",
        "A parcel to the United Kingdom costs 6.90 euros.",
    ],
)
def test_a_wording_may_turn_its_source(sentence: str) -> None:
    assert supports(sentence, [PARCELS]) == 0


SHOES = "Shoes and boots can be returned within 30 days if they are unworn and not before they are dry."


@pytest.mark.parametrize(
    "sentence",
    [
        "Shoes can be returned within 30 days of being unworn and not before they are dry.",
        "Shoes can be returned within 30 days unworn and not before dry.",
        "Shoes may be returned within 30 days if they are unworn.",
        "Shoes or boots can be returned within 30 days if unworn.",
        "Shoes can be returned within 30 days when unworn.",
        "Shoes in 30 days can be returned if they are unworn and not before they are dry.",
        "Shoes can be returned within 30 days if they are unworn before they are dry.",
    ],
)
def test_a_wording_binds_its_words_as_the_source_does(sentence: str) -> None:
    assert supports(sentence, [SHOES]) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "You can return shoes and boots within 30 days if unworn and not before they are dry.",
        "If unworn, boots can be returned within thirty days, and not before dry.",
    ],
)
def test_small_words_may_be_left_out_of_a_wording(sentence: str) -> None:
    assert supports(sentence, [SHOES]) == 0


def test_a_preamble_is_no_wording_of_a_source() -> None:
    source = "The returns team answers within 3 days. The answer is sent by e-mail."
    assert supports("The answer is: the returns team answers within 3 days.", [source]) is None
    assert supports("The answer is sent by e-mail.", [source]) == 0


def test_what_a_sentence_adds_to_those_before_it() -> None:
    question, said = "What does a parcel to Austria cost?", ["A parcel to Austria costs 6.90 euros."]
    assert not adds("It costs 6.90 euros.", said, question)
    assert not adds("The price of a parcel is 6.90 euros.", said, question)
    assert adds("Express parcels take one working day.", said, question)
    assert adds("A parcel to Austria costs 6.90 euros.", [], question)


def test_a_negation_must_stand_on_both_sides() -> None:
    assert supports("The Rotterdam store is not open on Sundays.", [SUNDAYS]) is None
    assert supports("The Antwerp store is not open on Mondays.", [SUNDAYS]) == 0
    assert supports("The Antwerp store is open on Mondays.", [SUNDAYS]) is None


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("Shoes can be returned within nine weeks.", "Shoes can be returned within five weeks."),
        ("The café is on the second floor.", "The café is on the third floor."),
        ("Call us before 10:00 on Mondays.", "Call us after 10:00 on Mondays."),
        ("Your request will be refused at once.", "Your request will be accepted at once."),
        ("Shoes can be returned within 30 days of purchase.", "Shoes can be returned within 30 days if worn indoors."),
        ("Paris has 3 stores that open on Sundays.", "Berlin has 3 stores that open on Sundays."),
    ],
)
def test_another_number_name_or_the_opposite_is_not_supported(sentence: str, passage: str) -> None:
    assert supports(sentence, [passage]) is None
    assert supports(passage, [passage]) == 0


def test_two_sentences_may_not_be_mixed_in_either_order() -> None:
    students, adults = "Students pay 9 euros.", "Adults pay 14 euros."
    for passage in (f"{students} {adults}", f"{adults} {students}"):
        assert supports("Adults pay 9 euros.", [passage]) is None
        assert supports("Students pay 14 euros.", [passage]) is None
        assert supports("Adults pay 14 euros.", [passage]) == 0


def test_the_first_passage_that_supports_is_named() -> None:
    assert supports("Students pay 9 euros.", [SUNDAYS, TICKETS, TICKETS]) == 1
    assert supports("Students pay 9 euros.", []) is None


def test_a_wording_must_keep_numbers_and_names() -> None:
    quote, question = "Students pay 9 euros on showing a valid card.", "How much do students pay?"
    assert carries("Students pay 9 euros with a valid card.", quote, question)
    assert not carries("Students pay on showing a valid card.", quote, question)
    assert not carries("Visit Antwerp.", "Visit us in Rotterdam.", "Where can I visit you?")


def test_what_the_question_has_need_not_be_said_again() -> None:
    assert carries("It opens at 9.", "On Sundays the shop opens at 9.", "When does the shop open on Sundays?")


def test_a_wording_must_keep_conditions() -> None:
    quote = "Shoes can be returned within 30 days if they were only worn indoors."
    assert not carries("Shoes can be returned within 30 days.", quote, "How long can I return shoes?")


def test_a_wording_must_keep_most_of_the_other_words() -> None:
    quote, question = "Photographs without flash are allowed in all halls.", "Are photographs allowed?"
    assert not carries("Photographs are allowed.", quote, question)
    assert carries("Photographs are allowed in halls without flash.", quote, question)
