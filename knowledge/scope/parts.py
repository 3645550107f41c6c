"""Whether a question is about a part of what it names: the Kestrel's battery is not the Kestrel.

Plain rules over a question whose shared names are masked; they cannot tell a part from a kind ("the Kestrel bike").
"""

from collections.abc import Collection

from knowledge.scope.aboutness import MASKS
from knowledge.scope.kinds import Kind
from knowledge.scope.words import AUXILIARIES, DETERMINERS, listed
from knowledge.text import content_words

_BE = listed("is are was were be")
_LINKS = listed("of in on for at from inside")
_NO_PARTS = listed(  # what may follow a name and is no part of it
    "known made born spoken written sold held set built found kept worn open closed home part sung drawn named active "
    "area after next first"
)
_OF_ITSELF = frozenset({Kind.THING, Kind.PERSON, Kind.NONE})  # the owner of X is asked for, and no part of X


def part(masked: str, kind: Kind, extra: Collection[str]) -> str:
    """The words among `extra` that name a part of something masked; empty where there is none."""
    words = masked.split()
    for place, word in enumerate(words):
        if word in MASKS and (found := _before(words, place, kind, extra) or _after(words, place, extra)):
            return found
    return ""


def _before(words: list[str], place: int, kind: Kind, extra: Collection[str]) -> str:
    """The battery of X."""
    before = [word for word in words[:place] if word not in DETERMINERS][-2:]
    is_part = len(before) == 2 and before[0] in extra and before[1] in _LINKS and kind not in _OF_ITSELF
    return before[0] if is_part else ""


def _after(words: list[str], place: int, extra: Collection[str]) -> str:
    """X's battery, where it is no verb: X weighs; what does X weigh."""
    rest = words[place + 1 :]
    while rest and rest[0].isdigit():
        rest = rest[1:]
    length = next((n for n, word in enumerate(rest) if word not in extra), len(rest))
    if not length or rest[length - 1] in _NO_PARTS or rest[length - 1].endswith(("ed", "ing")):
        return ""
    auxiliary = next((word for word in reversed(words[:place]) if word in AUXILIARIES), "")
    follower = rest[length] if length < len(rest) else ""
    is_noun = auxiliary in _BE or (bool(content_words(follower)) and follower not in _LINKS)
    return " ".join(rest[:length]) if is_noun else ""
