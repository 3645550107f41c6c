"""What two questions are about: shared names are masked, others are told apart."""

import pytest

from knowledge.scope.aboutness import Alignment, align
from knowledge.scope.reading import read


def aligned(question: str, key: str) -> Alignment:
    return align(read(question), read(key))


@pytest.mark.parametrize(
    ("question", "key", "masked"),
    [
        ("where was kae araki born", "What is Kae Araki's birthplace?", ("where was x born", "what is x birthplace")),
        ("who wrote lord of the rings", "Who is the author of The Lord of the Rings?",
         ("who wrote x", "who is the author of the x")),
        ("How far is it from Bergen to Oslo?", "How far from Oslo to Bergen?",
         ("how far is it from y to x", "how far from x to y")),
        ("Is the wi-fi slow?", "Is Wi-Fi slow?", ("is the x slow", "is x slow")),
        ("Which ATM takes my card?", "Which ATMs take my card?", ("which x takes my card", "which x take my card")),
        ("What does Rotterdm cost?", "What does Rotterdam cost?", ("what does x cost", "what does x cost")),
        ("How do I reset it?", "How do I reset it now?", ("how do i reset it", "how do i reset it now")),
    ],
)  # fmt: skip
def test_shared_names_are_masked_alike(question: str, key: str, masked: tuple[str, str]) -> None:
    alignment = aligned(question, key)
    assert (alignment.question, alignment.key) == masked
    assert not alignment.is_other


@pytest.mark.parametrize(
    ("question", "key", "added", "missing", "is_other"),
    [
        ("Where is Arun Nehru from?", "Where is Jawaharlal Nehru from?", ("arun",), ("jawaharlal",), True),
        ("who made windows me", "Who made Windows XP?", (), ("xp",), False),
        ("what is francis walsingham's job", "What is Kae Araki's job?", (), ("araki", "kae"), True),
        ("Which machines take my card?", "Which ATMs take my card?", (), ("atms",), False),
        ("Is Wi-Fi free?", "Is it free?", ("wifi",), (), False),
        ("Is the National Health Service free?", "Is the NHS free?", (), (), False),
    ],
)
def test_names_of_one_side_alone_tell_things_apart(
    question: str, key: str, added: tuple[str, ...], missing: tuple[str, ...], is_other: bool
) -> None:
    alignment = aligned(question, key)
    assert (alignment.added, alignment.missing, alignment.is_other) == (added, missing, is_other)
