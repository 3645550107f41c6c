"""Slips of the keyboard are put right; names, codes, short words and real words stay."""

import pytest

from knowledge.spelling import respelled


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("What is the lnaguage of the guide?", "What is the language of the guide?"),  # two letters swapped
        ("What is its fuonding place?", "What is its founding place?"),  # a swap before a more frequent word
        ("how long is the warrenty", "how long is the warranty"),  # another letter
        ("When do I recieve my refundd?", "When do I receive my refund?"),
        ("Wehre is the hut?", "Where is the hut?"),  # at the start
        ("is shiping free", "is shipping free"),  # one too few
    ],
)
def test_slips_are_put_right(text: str, right: str) -> None:
    assert respelled(text) == right


@pytest.mark.parametrize(
    "text",
    [
        "Does the Fellwlak tent leak?",  # a name
        "does the nightfall leak",  # a word that is known
        "does the moorcrest leak",  # unknown, and like no word
        "My code is abcde1, my address eve@exmaple.org, see www.exmaple.org/shiping",
        "teh cta sat",  # too short
        "Can't it?",
        "",
    ],
)
def test_all_else_stays(text: str) -> None:
    assert respelled(text) == text
