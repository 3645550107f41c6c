"""What a question takes for the case: that something is free or is paid for, that one does it or has it done.

Plain rules over the words of one question; it compares nothing.
"""

from knowledge.scope.kinds import Kind
from knowledge.scope.senses import is_charge, meaning
from knowledge.scope.words import AUXILIARIES, listed

_FREE = listed("free complimentary gratis")
_INCLUDED = listed("include includes included including inclusive cover covers covered")
_PAYING = listed("pay pays paying paid payment chargeable billed unpaid")
_COSTS = listed("cost costs costing price prices fee fees surcharge surcharges")
_CHARGES = listed("charge charges charged charging")
_MORE = listed("extra additional additionally separately")
_MEANS = listed("by with in via using through online cash at")  # how it is paid, not whether
_BE = listed("am is are was were be been being")
_GET = listed("get gets got getting")
_PARTICIPLES = listed("paid sent sold bought lent taught given taken told seen held kept hired")


def cost_of(words: tuple[str, ...], kind: Kind) -> frozenset[str]:
    """`free`, `paid` or both, as far as the question says; what is in a fee is free beside it."""
    said = set(words)
    is_included = bool(said & _INCLUDED) or "part of" in " ".join(words)
    paid = [word for place, word in enumerate(words) if _is_paid(words, place, kind)]
    if is_included and not said & _MORE:
        paid = [word for word in paid if word in _PAYING]
    refused = bool(paid) and ("without" in said or any(f"no {word}" in " ".join(words) for word in paid))
    found = {"free"} if is_included or said & _FREE or refused else set()
    return frozenset(found | ({"paid"} if paid and not refused else set()))


def names_a_cost(words: tuple[str, ...], kind: Kind) -> bool:
    """Whether it asks for a fee or a charge, which is to have to pay."""
    return any(word in _COSTS or (word in _CHARGES and is_charge(words, n, kind)) for n, word in enumerate(words))


def _is_paid(words: tuple[str, ...], place: int, kind: Kind) -> bool:
    word, after = words[place], (*words, "")[place + 1]
    if word in _CHARGES:
        return is_charge(words, place, kind)
    return word in _COSTS or (word in _PAYING and after not in _MEANS)


def acts(words: tuple[str, ...], kind: Kind) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Who does what, and to whom what is done: subject and stem, as in `drivers pay`, `are drivers paid`."""
    doing, undergone = set[tuple[str, str]](), set[tuple[str, str]]()
    for place in range(1, len(words)):
        word, before, earlier = words[place], words[place - 1], words[place - 2] if place > 1 else ""
        stem = meaning(word, words, place, kind).lstrip("·")
        is_done = word in _PARTICIPLES or word.endswith("ed")
        if is_done and before in _BE | _GET and earlier not in AUXILIARIES:
            undergone.add((earlier, stem))
        elif is_done and earlier in _BE:
            undergone.add((before, stem))
        elif before == "who" or (earlier in AUXILIARIES - _BE and before not in AUXILIARIES):
            doing.add((before, stem))
    return frozenset(doing), frozenset(undergone)
