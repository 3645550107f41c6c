"""Questions that only look like a taught one: another subject, another relation, what people said is different.

Where the scope decision takes one for the same question it is none. What the taught answer could be right for is left
out: the question the other way round, and the question with a condition added. It knows no rows and no model.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from collab.learning.paraphrasing import LONGEST, number_of
from collab.learning.sameness import SameQuestions
from knowledge.scope.chinese.reading import read as read_chinese
from knowledge.scope.examples import will_and_will_not
from knowledge.scope.forms import filled, form_of, is_sound
from knowledge.scope.reading import read
from knowledge.scope.templates import read_templates
from knowledge.text import is_chinese, normalise
from knowledge.wordlists import STOP_WORDS

SUBJECTS = 4  # others that are asked about instead, of those that are taught and of those that are known
MOST = 10  # of a question

_DETERMINED = re.compile(r"\b(?:the|my|your|our|an?) [a-z-]+(?: [a-z-]+)?(?=[ ?.!,]|$)")
_MANY = re.compile(r"(?<= )(?:[a-z-]+ )?[a-z-]+[^\Wsui_]s(?=[ ?.!,]|$)")
_DONE_TO = re.compile(r"(?<=\bis )[a-z-]+(?= [a-z]+(?:ed|en|aid|old|ent|ept)(?:[ ?.!,]|$))")
_NO_NOUN = re.compile(r"(?:ed|ing|ly)$|^(?:open|broken|taken|given|written|chosen|driven|eaten|hidden|spoken|stolen)$")
_AUXILIARY = frozenset({"do", "does", "did", "can", "could", "may", "must", "shall", "should", "will", "would"})
_DOES = frozenset({"who", "what", "that", "it", "he", "she"})  # what ends in s after them is done
_CLUMSY = re.compile(r"\b(?:new|how many) (?:my|the|your|our|an?)\b", re.IGNORECASE)
_NAMED = re.compile(r"(?<=[a-z] )[A-Z][\w.'&-]*\w(?: (?:(?:of|the|and|de) )?[A-Z0-9][\w.'&-]*\w)*")
_EITHER_WAY = ({"open"}, {"opened"}, {"closed"})  # one answer serves them all
_ALIKE = (  # Chinese things of one sort
    ("年假", "病假", "产假", "婚假", "加班"),
    ("图书馆", "健身房", "食堂", "游泳池", "停车场", "博物馆"),
    ("密码", "账号", "头像", "手机号"),
    ("宠物", "自行车", "行李", "饮料"),
    ("门票", "发票", "月票", "车票", "优惠券"),
    ("订单", "会员", "预约", "课程"),
    ("会议室", "宿舍", "阅览室", "办公室"),
    ("打印机", "投影仪", "咖啡机", "空调"),
    ("护照", "签证", "驾照", "身份证"),
)


def near_misses(questions: Sequence[str], said: Sequence[Sequence[str]], same: SameQuestions) -> list[tuple[str, ...]]:
    """Of each question its near misses: first those that people `said` of it, then what rules make. Those of people
    are not doubted; all others are compared in one call.
    """
    subjects, names = _subjects(questions), _names(questions)
    made = [_candidates(text, own, subjects, names) for text, own in zip(questions, said, strict=True)]
    pairs = [(text, one) for text, own in zip(questions, made, strict=True) for one in own]
    agreed = iter(same(pairs) if pairs else [])
    return [(*own, *(one for one in others if not next(agreed)))[:MOST] for own, others in zip(said, made, strict=True)]


def other_subjects(question: str, others: Sequence[str] = (), names: Sequence[str] = ()) -> Iterator[str]:
    """The same asked of other subjects: of `others` where a template tells what the question is about, of other `names`
    where it has one, and of things that we know. Each question begins elsewhere among them.
    """
    if is_chinese(question):
        yield from _other_things(question)
        return
    group, subject = form_of(question)
    if group is None:
        yield from _other_names(question, names)
        yield from _other_nouns(question)
    elif "X" not in question:
        known = [one for kind in sorted(group.kinds) for one in read_templates().subjects.get(kind, ())]
        for pool in (others, known):
            fresh = [one for one in pool if one.casefold() != subject.casefold()]
            for other in _turned(fresh, question)[:SUBJECTS]:
                yield filled(question.replace(subject, "X", 1), other)


def _other_names(question: str, names: Sequence[str]) -> Iterator[str]:
    """Another name in place of the last one."""
    if found := list(_NAMED.finditer(question)):
        for other in _turned([name for name in names if name not in question], question)[:SUBJECTS]:
            yield question[: found[-1].start()] + other + question[found[-1].end() :]


def _other_nouns(question: str) -> Iterator[str]:
    """Another thing in place of the last one: my card, my phone."""
    for start, end in _things(question):
        thing = question[start:end]
        fitting = [one for one in _nouns() if _are_many(one) == _are_many(thing)]
        for other in _turned(fitting, question)[:SUBJECTS]:
            if thing not in other:
                yield question[:start] + other + question[end:]
        return


def _things(question: str) -> Iterator[tuple[int, int]]:
    """Where things stand, the last first: those with an article or a possessive, then many without one, then what
    something is done to.
    """
    for found in reversed(list(_DETERMINED.finditer(question))):
        article, *words = found[0].split()
        is_verb_last = _before(found) in _AUXILIARY and not question[found.end() :].strip("?.! ")
        if len(words) > 1 and (is_verb_last or _are_many(words[0])):
            words.pop()
        while words and (words[-1] in STOP_WORDS or _NO_NOUN.search(words[-1])):
            words.pop()
        if words and words[0] not in STOP_WORDS:
            yield found.start(), found.start() + len(" ".join([article, *words]))
    for found in reversed(list(_MANY.finditer(question))):
        *first, last = found[0].split()
        if last not in STOP_WORDS and _before(found) not in _DOES:
            yield found.end() - len(last if STOP_WORDS.issuperset(first) else found[0]), found.end()
    for found in _DONE_TO.finditer(question):
        if found[0] not in STOP_WORDS:
            yield found.span()


def _before(found: re.Match[str]) -> str:
    """The word before."""
    return "".join(found.string[: found.start()].casefold().split()[-1:])


def _other_things(question: str) -> Iterator[str]:
    for sort in _ALIKE:
        if found := next((thing for thing in sort if thing in question), None):
            others = [thing for thing in sort if thing != found]
            yield from (question.replace(found, other, 1) for other in _turned(others, question)[:SUBJECTS])


def _are_many(thing: str) -> bool:
    return thing.endswith("s") and not thing.endswith(("ss", "us", "is"))


@cache
def _nouns() -> tuple[str, ...]:
    """Things that we know, with an article or a possessive; many of them may have none."""
    known = [one for kind in ("service", "product") for one in read_templates().subjects[kind]]
    return tuple(
        one
        for one in known
        if re.fullmatch(r"(?:the|my|an?) [a-z-]+(?: [a-z-]+)?", one) or (_are_many(one) and one.islower())
    )


def _turned(pool: Sequence[str], question: str) -> list[str]:
    start = number_of(question) % max(len(pool), 1)
    return [*pool[start:], *pool[:start]]


def _subjects(questions: Sequence[str]) -> list[str]:
    """What the questions are about, where templates tell."""
    found = (form_of(text)[1] for text in questions if not is_chinese(text))
    return sorted({subject for subject in found if subject})


def _names(questions: Sequence[str]) -> list[str]:
    """The last name in each question that has one inside."""
    found = (_NAMED.findall(text) for text in questions)
    return sorted({names[-1] for names in found if names})


def _candidates(question: str, said: Sequence[str], subjects: Sequence[str], names: Sequence[str]) -> list[str]:
    _, made = will_and_will_not(question)
    taken = {normalise(question), *map(normalise, said)}
    found: list[str] = []
    if len(question) > LONGEST:
        return found
    for text in (*other_subjects(question, subjects, names), *made):
        if (normal := normalise(text)) not in taken and is_sound(text) and not _CLUMSY.search(text):
            taken.add(normal)
            if not _may_be_answered_alike(text, question):
                found.append(text)
    return found[: max(MOST - len(said), 0)]


def _may_be_answered_alike(text: str, question: str) -> bool:
    """Whether the answer to the question may be right here: asked the other way round, or with something added."""
    one, other = normalise(text), normalise(question)
    if one.startswith(other) or one.endswith(other):
        return True
    before, after = set(other.split()) - set(one.split()), set(one.split()) - set(other.split())
    if before in _EITHER_WAY and after in _EITHER_WAY:
        return True
    reader = read_chinese if is_chinese(question) else read
    return bool(reader(text).negated != reader(question).negated)
