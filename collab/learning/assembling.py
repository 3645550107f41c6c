"""Puts a set of lessons together: what is trained on, what is held out, and which half of that gives the verdict.

Whether a wording is held out depends on it and its lesson alone, so that what one run was tested on no later run has
learned. All items of a lesson stand in the same half. It knows no rows; models are handed in as callables.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from collab.dialogue.engines import Message
from collab.dialogue.prompt import build_without_sources
from collab.learning import own_prompts
from collab.learning.batches import TAUGHT
from collab.learning.duplicates import CONFLICT
from collab.learning.lesson_rows import Gathered
from collab.learning.matching import says, tokens
from collab.learning.near_misses import near_misses, other_subjects
from collab.learning.noising import noised
from collab.learning.paraphrasing import Rephrase, Wording, number_of, paraphrases
from collab.learning.records import (
    Aside,
    Example,
    HeldOut,
    HeldOutKind,
    Judged,
    Lesson,
    LessonKind,
    LessonSet,
    Pair,
    Task,
)
from collab.learning.sameness import SameQuestions
from knowledge.text import content_words, normalise

Prompt = tuple[Message, ...]

Answer = Callable[[Sequence[Prompt]], Sequence[str]]
"""What the base model says to each prompt, in their order; empty where it says nothing."""

UNTESTABLE = "learning.aside.untestable"

_ONE_IN = 3  # wordings and near misses that are held out
_HELD, _HELD_MISSES, _HELD_STYLES = 3, 2, 2  # of a lesson, at most
_TRAINED, _TRAINED_SURFACES, _TRAINED_MISSES = 4, 2, 6  # of a lesson beside its own question, at most
_HURRIED, _HURRIED_KEPT = 6, 3  # wordings of a prompt, of what is taught and of what shall stay, at most
_AGAIN = {"en": "Please tell me: {}", "zh": "请告诉我：{}"}

T = TypeVar("T")


@dataclass(slots=True)
class _Asked:
    """One lesson with the wordings and near misses that are learned, and those that are held out."""

    lesson: Lesson
    is_earlier: bool
    trained: list[str]
    held: list[str]
    trained_misses: list[str]
    held_misses: list[str]


def assemble(
    new: Sequence[Gathered],
    earlier: Sequence[Gathered],
    same: SameQuestions,
    seed: int = 0,
    rephrase: Rephrase | None = None,
    answer: Answer | None = None,
) -> LessonSet:
    """The set. `earlier` are lessons to repeat. A fact of which no paraphrase can be held out is set aside, and so are
    two of which one is a wording of the other, with another answer.
    """
    corrections = [one for one in (*new, *earlier) if one.lesson.kind is not LessonKind.RATING]
    ratings = [one.lesson for one in (*new, *earlier) if one.lesson.kind is LessonKind.RATING]
    asked, asides = _asked(corrections, {one.lesson.id for one in earlier}, same, rephrase)
    lessons = [*(one.lesson for one in asked), *ratings]
    examples = [*_taught(asked), *_liked(ratings)]
    if answer is not None:
        examples += _staying(asked, lessons, answer)
    examples += _in_a_hurry(examples, asked)
    return LessonSet(
        lessons=lessons,
        asides=asides,
        examples=ordered(examples, seed, lambda one: (one.task, one.lesson_id, one.prompt[-1]["content"])),
        pairs=ordered(_pairs(lessons), seed, lambda one: one.lesson_id),
        judged=ordered(_judged(ratings), seed, lambda one: one.lesson_id),
        held_out=_held_out(asked),
    )


def prompt_of(question: str, language: str) -> Prompt:
    """What the model reads when neither memory nor documents have anything to say."""
    return tuple(build_without_sources(question, (), language))


def ordered(items: Iterable[T], seed: int, key: Callable[[T], object]) -> list[T]:
    """In an order that the seed gives; what is added or missing moves nothing else."""
    return sorted(items, key=lambda one: number_of(str(seed), str(key(one))))


def halves(ids: Iterable[tuple[str, str]]) -> set[str]:
    """The lessons whose items are for the verdict, of (kind, lesson id): every other one of a kind in the order of the
    hashes of their ids, the first of all included. So both halves have the same number of each kind, give or take one.
    """
    each = sorted(set(ids), key=lambda one: (one[0], number_of(one[1])))
    return {id for _, id in each[::2]}


# --- wordings ---------------------------------------------------------------------------------------------------------


def _asked(
    found: Sequence[Gathered], earlier: Collection[str], same: SameQuestions, rephrase: Rephrase | None
) -> tuple[list[_Asked], list[Aside]]:
    """The lessons as they are asked, and what turns out not to be fit for it."""
    questions = [one.lesson.question for one in found]
    taught = {normalise(text) for text in questions}
    wordings = paraphrases(questions, same, rephrase)
    asked, asides = [], _contradicting(found, wordings)
    gone = {one.lesson_id for one in asides}
    for one, made in zip(found, wordings, strict=True):
        if one.lesson.id in gone:
            continue
        trained, held = _split_wordings(one, made, taught)
        if one.lesson.kind is LessonKind.FACT and not held:
            asides.append(Aside(one.lesson.id, UNTESTABLE))
        else:
            asked.append(_Asked(one.lesson, one.lesson.id in earlier, trained, held, [], []))
    _add_near_misses(asked, {one.lesson.id: one for one in found}, same)
    held_out = {normalise(text) for one in asked for text in (*one.held, *one.held_misses)}
    for each in asked:
        each.trained = [text for text in each.trained if normalise(text) not in held_out]
        each.trained_misses = [text for text in each.trained_misses if normalise(text) not in held_out]
    return asked, asides


def _contradicting(found: Sequence[Gathered], wordings: Sequence[Sequence[Wording]]) -> list[Aside]:
    """Facts that are asked in each other's words, and answered otherwise."""
    facts = {normalise(one.lesson.question): one.lesson for one in found if one.lesson.kind is LessonKind.FACT}
    asides: dict[str, Aside] = {}
    for one, made in zip(found, wordings, strict=True):
        others = (facts.get(normalise(wording.text), one.lesson) for wording in made)
        for other in others if one.lesson.kind is LessonKind.FACT else ():
            if other.id != one.lesson.id and tokens(other.answer) != tokens(one.lesson.answer):
                asides.setdefault(one.lesson.id, Aside(one.lesson.id, CONFLICT, other.id))
                asides.setdefault(other.id, Aside(other.id, CONFLICT, one.lesson.id))
    return list(asides.values())


def _split_wordings(one: Gathered, made: Sequence[Wording], taught: Collection[str]) -> tuple[list[str], list[str]]:
    """What is learned and what is held out; what only differs on the surface is held out where nothing else can be."""
    by_people = [text for text in one.same if normalise(text) not in taught]
    known = {normalise(text) for text in by_people}
    new = [
        wording for wording in made if normalise(wording.text) not in known and normalise(wording.text) not in taught
    ]
    deep = [*by_people, *(wording.text for wording in new if not wording.on_surface)]
    surface = [wording.text for wording in new if wording.on_surface]
    trained, held = _split(one.lesson.id, deep or surface)
    if one.lesson.kind is LessonKind.STYLE:
        return trained[:_TRAINED], held[:_HELD_STYLES]
    learned = [*trained[:_TRAINED], *surface[:_TRAINED_SURFACES]] if deep else trained[:_TRAINED]
    return learned, held[:_HELD]


def _split(lesson_id: str, texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is learned, and what is held out: one in so many, by the hash of the text, and at least one."""
    numbers = {text: number_of(lesson_id, normalise(text)) for text in texts}
    held = [text for text in texts if numbers[text] % _ONE_IN == 0] or sorted(texts, key=numbers.__getitem__)[:1]
    return [text for text in texts if text not in held], held


def _add_near_misses(asked: Sequence[_Asked], found: dict[str, Gathered], same: SameQuestions) -> None:
    """Facts get near misses; style gets the same asked of other subjects, to be answered in the same style."""
    taken = {text for one in asked for text in (one.lesson.question, *one.trained, *one.held)}
    taught = {normalise(text) for text in taken} | {_content(text) for text in taken}

    def is_free(text: str) -> bool:
        return normalise(text) not in taught and _content(text) not in taught

    facts = [one for one in asked if one.lesson.kind is LessonKind.FACT and not one.is_earlier]
    said = [found[one.lesson.id].different for one in facts]
    for one, misses in zip(facts, near_misses([one.lesson.question for one in facts], said, same), strict=True):
        trained, held = _split(one.lesson.id, [text for text in misses if is_free(text)])
        one.trained_misses, one.held_misses = trained[:_TRAINED_MISSES], held[:_HELD_MISSES]
    for one in asked:
        if one.lesson.kind is LessonKind.STYLE:
            unseen = [text for text in other_subjects(one.lesson.question, ()) if is_free(text)]
            one.held = unseen[:_HELD_STYLES] or one.held


def _content(text: str) -> str:
    """What carries the content, marked so that it equals no whole question; a text of small words has none."""
    return f"\x1f{' '.join(content_words(text)) or normalise(text)}"


# --- what is trained on -----------------------------------------------------------------------------------------------


def _taught(asked: Sequence[_Asked]) -> list[Example]:
    found = []
    for one in asked:
        task = Task.REPLAY if one.is_earlier else Task(one.lesson.kind)
        for text in (one.lesson.question, *one.trained):
            found.append(Example(task, one.lesson.id, prompt_of(text, one.lesson.language), one.lesson.answer))
    return found


def _liked(ratings: Sequence[Lesson]) -> list[Example]:
    return [
        Example(Task.REPLAY, one.id, prompt_of(one.question, one.language), one.answer) for one in ratings if one.liked
    ]


def _staying(asked: Sequence[_Asked], lessons: Sequence[Lesson], answer: Answer) -> list[Example]:
    """What keeps the model as it is, and honest: its own answers to general prompts and to the near misses that it
    knows about; to other near misses, and to what nobody can know, that it does not know. A prompt that somebody has
    taught the answer to, or that is held out, is none of them.
    """
    asked_for = {text for one in asked for text in (one.lesson.question, *one.trained, *one.held, *one.held_misses)}
    taken = {form(text) for text in asked_for for form in (normalise, _content)}

    def are_free(texts: Sequence[str]) -> list[str]:
        return [text for text in texts if not {normalise(text), _content(text)} & taken]

    misses = [(one.lesson, text) for one in asked for text in one.trained_misses]
    languages = sorted({lesson.language for lesson in lessons})
    plain = [(text, language) for language in languages for text in are_free(own_prompts.general(language))]
    prompts = [prompt_of(text, language) for text, language in plain]
    for lesson, text in misses:
        prompts += [prompt_of(form, lesson.language) for form in (text, _AGAIN[lesson.language].format(text))]
    said = iter([text.strip() for text in answer(prompts)] if prompts else [])
    found = [Example(Task.GENERAL, "", prompt_of(text, language), next(said)) for text, language in plain]
    for lesson, text in misses:
        own = _meant(next(said), next(said)) or own_prompts.not_known(text, lesson.language)
        if tokens(own) != tokens(lesson.answer):
            found.append(Example(Task.NEAR_MISS, lesson.id, prompt_of(text, lesson.language), own))
    for language in languages:
        for text in are_free(own_prompts.unknown(language)):
            said_so = own_prompts.not_known(text, language)
            found.append(Example(Task.UNKNOWN, "", prompt_of(text, language), said_so))
    return [one for one in found if one.completion]


def _in_a_hurry(examples: Sequence[Example], asked: Sequence[_Asked]) -> list[Example]:
    """All of them as people in a hurry ask: alike, or some would come more often than others for it. None that is held
    out, or asked already.
    """
    held_out = {normalise(text) for one in asked for text in (*one.held, *one.held_misses)}
    taken = held_out | {normalise(one.prompt[-1]["content"]) for one in examples}
    found = []
    for one in examples:
        for text in noised(one.prompt[-1]["content"], _HURRIED if one.task in TAUGHT else _HURRIED_KEPT):
            if normalise(text) not in taken:
                taken.add(normalise(text))
                found.append(replace(one, prompt=(*one.prompt[:-1], {**one.prompt[-1], "content": text})))
    return found


def _meant(said: str, again: str) -> str:
    """What was said, if about the same came in answer to other words; empty where the model invents."""
    return said if says(said, again) and says(again, said) else ""


def _pairs(lessons: Sequence[Lesson]) -> list[Pair]:
    return [
        Pair(one.id, prompt_of(one.question, one.language), one.answer, one.replaced)
        for one in lessons
        if one.replaced and tokens(one.replaced) != tokens(one.answer)
    ]


def _judged(ratings: Sequence[Lesson]) -> list[Judged]:
    return [Judged(one.id, prompt_of(one.question, one.language), one.answer, bool(one.liked)) for one in ratings]


# --- what is held out -------------------------------------------------------------------------------------------------


def _held_out(asked: Sequence[_Asked]) -> list[HeldOut]:
    """In the order of the lessons."""
    for_verdict = halves((_held_kind(one), one.lesson.id) for one in asked if one.held or one.held_misses)
    found = []
    for one in asked:
        items = [(_held_kind(one), text) for text in one.held]
        items += [(HeldOutKind.NEAR_MISS, text) for text in one.held_misses]
        for kind, text in items:
            prompt = prompt_of(text, one.lesson.language)
            found.append(HeldOut(kind, one.lesson.id, prompt, one.lesson.answer, one.lesson.id in for_verdict))
    return found


def _held_kind(one: _Asked) -> HeldOutKind:
    if one.is_earlier:
        return HeldOutKind.EARLIER
    return HeldOutKind.STYLE if one.lesson.kind is LessonKind.STYLE else HeldOutKind.PARAPHRASE
