"""Which lessons repeat each other, and which contradict each other.

Questions are the same by the house's rule, or in nearly equal wording: the same words that carry content in the same
order, if the scope decision agrees. Answers say the same when their words do. It knows no rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from collab.learning.lesson_rows import Gathered
from collab.learning.matching import tokens
from collab.learning.records import Aside, LessonKind
from collab.learning.sameness import Pair, SameQuestions
from knowledge.text import content_words, is_chinese, normalise

DUPLICATE, CONFLICT, CORRECTED = "learning.aside.duplicate", "learning.aside.conflict", "learning.aside.corrected"

_COMPARED = 32  # wordings with the same content that are compared with the first of them


def collapse(found: Sequence[Gathered], same: SameQuestions) -> tuple[list[Gathered], list[Aside]]:
    """One lesson for each question, kind and answer, in the order in which they were given, and what is set aside.

    Of repeated ones the newest of whom is trusted most stays, and takes over what the others were asked as. Where
    people's answers to a question differ, none of them is taught. A thumb that a person's correction has answered is
    none; nor are thumbs up and down on the same words.
    """
    kept: dict[str, Gathered] = {}
    asides: list[Aside] = []
    for group in _groups(found, same):
        facts = [one for one in group if one.lesson.kind is LessonKind.FACT]
        styles = [one for one in group if one.lesson.kind is LessonKind.STYLE]
        ratings = [one for one in group if one.lesson.kind is LessonKind.RATING]
        if facts:
            ratings = _open(ratings, facts, asides)
        for own in (facts, styles):
            if len(_by_answer(own)) > 1:
                asides += _contradicting(own)
            elif own:
                _keep(own, kept, asides)
        for own in _by_answer(ratings):
            if len({one.lesson.liked for one in own}) > 1:
                asides += [Aside(one.lesson.id, CONFLICT, _of_other_mind(one, own)) for one in own]
            else:
                _keep(own, kept, asides)
    return [kept[one.lesson.id] for one in found if one.lesson.id in kept], asides


def _groups(found: Sequence[Gathered], same: SameQuestions) -> list[list[Gathered]]:
    """Lessons of one question each, in their order."""
    by_words: dict[str, list[Gathered]] = {}
    for one in found:
        by_words.setdefault(normalise(one.lesson.question), []).append(one)
    alike: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for normal in by_words:
        alike.setdefault((is_chinese(normal), tuple(content_words(normal))), []).append(normal)
    pairs: list[Pair] = [
        (first, other) for (_, words), (first, *others) in alike.items() if words for other in others[:_COMPARED]
    ]
    texts = {normal: group[0].lesson.question for normal, group in by_words.items()}
    agreed = same([(texts[first], texts[other]) for first, other in pairs]) if pairs else []
    for (first, other), is_same in zip(pairs, agreed, strict=True):
        if is_same:
            by_words[first] += by_words.pop(other)
    return list(by_words.values())


def _by_answer(group: Iterable[Gathered]) -> list[list[Gathered]]:
    found: dict[tuple[str, ...], list[Gathered]] = {}
    for one in group:
        found.setdefault(tuple(tokens(one.lesson.answer)), []).append(one)
    return list(found.values())


def _keep(group: Sequence[Gathered], kept: dict[str, Gathered], asides: list[Aside]) -> None:
    best = max(group, key=lambda one: (one.is_trusted, one.created_at, one.lesson.id))
    others = [one for one in group if one is not best]
    questions = [text for one in others for text in (one.lesson.question, *one.same)]
    own = {normalise(best.lesson.question)}
    kept[best.lesson.id] = replace(
        best,
        same=_each_once([*best.same, *questions], own),
        different=_each_once([text for one in (best, *others) for text in one.different], own),
    )
    asides += [Aside(one.lesson.id, DUPLICATE, best.lesson.id) for one in others]


def _each_once(texts: Iterable[str], taken: set[str]) -> tuple[str, ...]:
    return tuple({normal: text for text in texts if (normal := normalise(text)) not in taken}.values())


def _contradicting(group: Sequence[Gathered]) -> list[Aside]:
    """Each names the newest that says otherwise."""
    return [Aside(one.lesson.id, CONFLICT, _of_other_mind(one, group)) for one in group]


def _of_other_mind(one: Gathered, group: Iterable[Gathered]) -> str:
    own = tokens(one.lesson.answer), one.lesson.liked
    others = [other for other in group if (tokens(other.lesson.answer), other.lesson.liked) != own]
    return max(others, key=lambda other: (other.created_at, other.lesson.id)).lesson.id


def _open(ratings: Sequence[Gathered], facts: Sequence[Gathered], asides: list[Aside]) -> list[Gathered]:
    """The thumbs down on what the correction does not say; all others on its question are settled by it."""
    said = {tuple(tokens(one.lesson.answer)) for one in facts}
    left = [one for one in ratings if one.lesson.liked is False and tuple(tokens(one.lesson.answer)) not in said]
    gone = {one.lesson.id for one in ratings} - {one.lesson.id for one in left}
    asides += [Aside(one.lesson.id, CORRECTED, facts[-1].lesson.id) for one in ratings if one.lesson.id in gone]
    return left
