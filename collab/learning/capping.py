"""How much one person may teach the model: the rules against a few who write a great deal, or plant a phrase.

Who wrote a correction may be a member whose edits somebody approved one by one, without seeing what they add up to; so
what counts here is the whole. It knows no rows, and nothing of what the answers mean.

1. *Share*: of each kind, one member's lessons are at most a quarter of those that are taught, or five.
2. *Phrases*: a phrase that stands in unusually many of one member's questions or answers, and hardly in those of
   others, is taught at most three times, or in 2 % of the lessons. So is one that brings the same answer every time,
   whoever wrote it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from collab.learning.lesson_rows import Gathered
from collab.learning.matching import tokens
from collab.learning.records import Aside, LessonKind

SHARE = 0.25  # of the lessons of a kind that one member may have written
LEAST = 5  # lessons of a kind that a member may always teach
PHRASE_SHARE = 0.02  # of all lessons that may hold a phrase of one author's own
PHRASE_LEAST = 3
FOREIGN = 4  # times as often as others write it
OTHERS = 10  # lessons of others, below which nothing is unusual

TOO_MANY, PHRASE = "learning.aside.share", "learning.aside.phrase"

_WORDS = 20  # that are looked at, at either end of a text
_ALIKE = 0.8  # of the answers with a phrase that are the same one
_SAYS_MUCH = 4  # tokens; shorter answers are often the same: yes, ten pounds

_Key = tuple[bool, str]


def cap(found: Sequence[Gathered]) -> tuple[list[Gathered], list[Aside]]:
    """What is taught, in its order, and what goes beyond the rules; of what does, the newest stays."""
    left, planted = _cap_phrases(found)
    asides = planted
    for kind in LessonKind:
        own = [one for one in left if one.lesson.kind is kind]
        beyond = _beyond_share(own)
        asides += [Aside(one.lesson.id, TOO_MANY) for one in own if one.lesson.id in beyond]
        left = [one for one in left if one.lesson.id not in beyond]
    return left, asides


# --- share ------------------------------------------------------------------------------------------------------------


def _beyond_share(found: Sequence[Gathered]) -> set[str]:
    by_member: dict[str, list[Gathered]] = {}
    for one in found:
        if not one.is_trusted:
            by_member.setdefault(one.lesson.author_id, []).append(one)
    most = _most_each([len(own) for own in by_member.values()], len(found))
    return {one.lesson.id for own in by_member.values() for one in _newest_first(own)[most:]}


def _most_each(counts: Sequence[int], total: int) -> int:
    """The most lessons of a member such that nobody has more than their share of what then remains."""
    trusted, most = total - sum(counts), max(counts, default=0)
    while most > LEAST:
        fits = int(SHARE * (trusted + sum(min(count, most) for count in counts)))
        if fits >= most:
            return most
        most = fits
    return LEAST


def _newest_first(own: Iterable[Gathered]) -> list[Gathered]:
    return sorted(own, key=lambda one: (one.created_at, one.lesson.id), reverse=True)


# --- phrases ----------------------------------------------------------------------------------------------------------


def _cap_phrases(found: Sequence[Gathered]) -> tuple[list[Gathered], list[Aside]]:
    limit = max(PHRASE_LEAST, int(PHRASE_SHARE * len(found)))
    by_author: dict[str, list[Gathered]] = {}
    for one in found:
        by_author.setdefault(one.lesson.author_id, []).append(one)
    phrases = {one.lesson.id: frozenset(_phrases(one)) for one in found}
    everywhere = Counter(phrase for own in phrases.values() for phrase in own)
    beyond: dict[str, str] = {}
    for own in by_author.values():
        others = len(found) - len(own)
        if len(own) <= limit or others < OTHERS:
            continue
        counts = Counter(phrase for one in own for phrase in phrases[one.lesson.id])
        foreign = {
            phrase
            for phrase, count in counts.items()
            if count > limit and count / len(own) >= FOREIGN * (everywhere[phrase] - count + 1) / (others + 1)
        }
        holding: dict[_Key, list[Gathered]] = {}
        for one in own:
            for phrase in phrases[one.lesson.id] & foreign:
                holding.setdefault(phrase, []).append(one)
        for phrase in sorted(foreign, key=lambda one: (-counts[one], one)):
            beyond |= _beyond_phrase([one for one in holding[phrase] if one.lesson.id not in beyond], limit)
    left = [one for one in found if one.lesson.id not in beyond]
    return left, [Aside(id, PHRASE, about) for id, about in beyond.items()]


def _beyond_phrase(holding: Sequence[Gathered], limit: int) -> dict[str, str]:
    """By lesson that holds a phrase once too often, the newest of those that stay."""
    if len(holding) <= limit or not (_is_untrusted(holding) or _are_alike(holding)):
        return {}
    ordered = _newest_first(holding)
    return {one.lesson.id: ordered[0].lesson.id for one in ordered[limit:]}


def _is_untrusted(holding: Sequence[Gathered]) -> bool:
    return not all(one.is_trusted for one in holding)


def _are_alike(holding: Sequence[Gathered]) -> bool:
    """Whether a phrase brings one and the same answer, which says something."""
    answers = Counter(tuple(tokens(one.lesson.answer)) for one in holding)
    answer, count = answers.most_common(1)[0]
    return len(answer) >= _SAYS_MUCH and count >= _ALIKE * len(holding)


def _phrases(one: Gathered) -> Iterator[_Key]:
    """One to three words of the question, three of the answer; each with whether it is of the question."""
    for is_question, text, lengths in ((True, one.lesson.question, (1, 2, 3)), (False, one.lesson.answer, (3,))):
        words = tokens(text)
        ends = [words] if len(words) <= 2 * _WORDS else [words[:_WORDS], words[-_WORDS:]]
        for part in ends:
            for length in lengths:
                for start in range(len(part) - length + 1):
                    yield is_question, " ".join(part[start : start + length])
