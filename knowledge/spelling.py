"""Slips of the keyboard in an English question, put right: one letter too many, too few, another one, or two swapped.

Only plain lower-case words are touched that are in no dictionary and one slip away from a word that is. Names, codes
and short words stay as they are: who mistypes a name is understood elsewhere, by the names that are known there.
"""

import importlib.resources
import re
import threading
from functools import cache

from symspellpy import SymSpell, Verbosity

SHORTEST = 5  # letters; shorter words have too many neighbours
_DICTIONARY = "frequency_dictionary_en_82_765.txt"  # comes with the package: SCOWL and Google Books, MIT
_WORD = re.compile(r"(?<![\w'’.@/-])[A-Za-z][a-z]+(?![\w@/-]|\.\w)")
_loading = threading.Lock()


def respelled(text: str) -> str:
    """The text with slips put right; the same text where there are none. Loads its dictionary once (seconds)."""
    return _WORD.sub(lambda match: _right(match[0], starts=not text[: match.start()].strip()), text)


def _right(word: str, *, starts: bool) -> str:
    if len(word) < SHORTEST or (word[0].isupper() and not starts):
        return word
    with _loading:
        speller = _speller()
    found = speller.lookup(word.lower(), Verbosity.ALL, max_edit_distance=1)
    if not found or found[0].distance == 0:
        return word
    swapped = [one for one in found if sorted(one.term) == sorted(word.lower())]
    best: str = max(swapped or found, key=lambda one: one.count).term
    return best.capitalize() if word[0].isupper() else best


@cache
def _speller() -> SymSpell:
    speller = SymSpell(max_dictionary_edit_distance=1, prefix_length=7)
    with importlib.resources.as_file(importlib.resources.files("symspellpy") / _DICTIONARY) as path:
        speller.load_dictionary(path, term_index=0, count_index=1)
    return speller
