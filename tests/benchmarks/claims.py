"""Does a passage say what a sentence claims? Counted word by word, for figures alone.

It shares no code and no word list with the product, so that the product's own check is held against another one. It
cannot read: a sentence that puts the right words together wrongly passes.
"""

import re
from collections.abc import Collection, Iterable

CONTENT = 0.7  # share of a sentence's longer words that the passage must have
LONGER = 4  # letters

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
_NUMBER_WORDS = {
    word: number
    for words, number in (
        ("zero", "0"),
        ("one first once", "1"),
        ("two second twice", "2"),
        ("three third", "3"),
        ("four fourth", "4"),
        ("five fifth", "5"),
        ("six sixth", "6"),
        ("seven seventh", "7"),
        ("eight eighth", "8"),
        ("nine ninth", "9"),
        ("ten tenth", "10"),
        ("eleven eleventh", "11"),
        ("twelve twelfth dozen", "12"),
        ("thirteen", "13"),
        ("fourteen", "14"),
        ("fifteen", "15"),
        ("sixteen", "16"),
        ("seventeen", "17"),
        ("eighteen", "18"),
        ("nineteen", "19"),
        ("twenty", "20"),
        ("thirty", "30"),
        ("forty", "40"),
        ("fifty", "50"),
        ("sixty", "60"),
        ("seventy", "70"),
        ("eighty", "80"),
        ("ninety", "90"),
        ("hundred", "100"),
        ("thousand", "1000"),
        ("half", "0.5"),
    )
    for word in words.split()
}


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that stand in lower case somewhere: they are no names, also where they begin a sentence."""
    return frozenset(word for text in texts for word in _TOKEN.findall(text) if word.islower())


def is_borne_out(sentence: str, passage: str, common: Collection[str]) -> bool:
    """Whether every number and name of the sentence, and .7 of its longer words, occur in the passage.

    Numbers count in digits and as words. A capitalised word is a name, the first one too unless it is `common`.
    """
    told = _TOKEN.findall(sentence)
    said = _TOKEN.findall(passage)
    known = {_form(word) for word in said}
    names = {_form(word) for word in told if word[0].isupper()}
    if told and told[0].casefold() in common:
        names.discard(_form(told[0]))
    longer = [word for word in told if word.isalpha() and len(word) >= LONGER]
    content = [_form(word) for word in longer if word.casefold() not in _NUMBER_WORDS]
    return (
        bool(told)
        and names <= known
        and _numbers(told) <= _numbers(said)
        and sum(word in known for word in content) >= CONTENT * len(content)
    )


def _form(word: str) -> str:
    """One form for one and many."""
    return word.casefold().removesuffix("s")


def _numbers(words: Iterable[str]) -> set[str]:
    """In digits, without separators of thousands."""
    lower = [word.casefold() for word in words]
    digits = {re.sub(r",(?=\d{3}\b)", "", word) for word in lower if word[0].isdigit()}
    return digits | {_NUMBER_WORDS[word] for word in lower if word in _NUMBER_WORDS}
