"""Whether two answers say the same: exact match and F1 as for SQuAD, Chinese by characters, and whether a text repeats.

Pure functions over strings. It knows no lessons and no model, and nothing of meaning: whoever writes the same with
other words is taken to say something else.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

ALIKE = 0.8  # F1 from which an answer says what was taught, if numbers and negation are the same
_OFTEN = 4  # times that the same words stand in an answer that is stuck
_RUN = 4  # words

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_HAN}]|(?<!\w)-?\d+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_{_HAN}]+")
_ARTICLES = frozenset({"a", "an", "the"})
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SHORT_NOT = re.compile(
    r"(?:do|does|did|is|are|was|were|ca|could|wo|would|should|must|have|has|had|need)nt"
)  # dont, once its apostrophe is gone
_NOT = frozenset({"no", "not", "never", "none", "nothing", "nobody", "cannot", "without", "不", "没", "無", "无", "非"})


def tokens(text: str) -> list[str]:
    """Words in lower case without articles and punctuation; each Chinese character by itself; numbers with their sign
    and fraction, thousands joined: 1,000.5 is one token. An apostrophe is left out: don't becomes dont.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _THOUSANDS.sub("", re.sub("['’ʼ]", "", plain))
    return [token for token in _TOKEN.findall(plain) if token not in _ARTICLES]


def exact_match(expected: str, said: str) -> bool:
    """Whether both have the same tokens in the same order."""
    return tokens(expected) == tokens(said)


def f1(expected: str, said: str) -> float:
    """Harmonic mean of precision and recall of the tokens (SQuAD, arXiv 1606.05250); two empty texts are equal."""
    wanted, given = tokens(expected), tokens(said)
    if not wanted or not given:
        return float(wanted == given)
    common = sum((Counter(wanted) & Counter(given)).values())
    return 2 * common / (len(wanted) + len(given))


def contains(said: str, part: str) -> bool:
    """Whether the tokens of `part` stand in a row in what was said; nothing contains an empty part."""
    return _contains(tokens(said), tokens(part))


def says(taught: str, said: str) -> bool:
    """Whether an answer gives the taught one: it holds it word for word, or has nearly the same words (F1 of at least
    `ALIKE`) with the same numbers and as many negations. One that is stuck gives nothing.
    """
    wanted, given = tokens(taught), tokens(said)
    if not wanted or is_stuck(said):
        return False
    if _contains(given, wanted):
        return True
    return _facts(wanted) == _facts(given) and f1(taught, said) >= ALIKE


def repeats(text: str, run: int, times: int) -> bool:
    """Whether some `run` tokens in a row stand in the text at least `times` times."""
    given = tokens(text)
    runs = Counter(tuple(given[at : at + run]) for at in range(len(given) - run + 1))
    return any(count >= times for count in runs.values())


def is_stuck(text: str) -> bool:
    """Whether the text goes round in circles, as a collapsed model's does: four words four times, or one eight times
    in a row.
    """
    given = tokens(text)
    same = any(len(set(given[at : at + 2 * _OFTEN])) == 1 for at in range(len(given) - 2 * _OFTEN + 1))
    return same or repeats(text, _RUN, _OFTEN)


def _contains(given: Sequence[str], part: Sequence[str]) -> bool:
    size = len(part)
    return bool(size) and any(list(given[at : at + size]) == list(part) for at in range(len(given) - size + 1))


def _facts(given: Sequence[str]) -> tuple[list[str], int]:
    """What a single token turns into its opposite: the numbers, and how often it is said that something is not so."""
    numbers = sorted(token for token in given if token[-1].isdigit())
    return numbers, sum(token in _NOT or _SHORT_NOT.fullmatch(token) is not None for token in given)
