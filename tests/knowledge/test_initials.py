"""Initials of names, and the names themselves."""

import pytest

from knowledge.initials import initials, spelled_out


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("And to the UK?", "And to the United Kingdom?"),
        ("And to the U.K.?", "And to the United Kingdom?"),
        ("Is it sold in the U.S.A. too?", "Is it sold in the United States too?"),
        ("the United States of America", "the United States"),
        ("Great Britain", "United Kingdom"),
        ("Can you ship it to us?", "Can you ship it to us?"),
        ("CAN YOU SHIP IT TO US?", "CAN YOU SHIP IT TO US?"),
        ("Which USB plug, and which BUS?", "Which USB plug, and which BUS?"),
    ],
)
def test_well_known_initials_are_written_out(text: str, full: str) -> None:
    assert spelled_out(text) == full


def test_the_initials_of_names_of_several_words() -> None:
    assert initials("Is it run by the Bank of Ghent?") == {"bg": frozenset({"bank", "ghent"})}


def test_the_first_word_of_a_sentence_may_be_no_part_of_the_name() -> None:
    nhs = frozenset({"national", "health", "service"})
    assert initials("Is the National Health Service free?")["nhs"] == nhs
