"""Whether an answer to something else follows a taught style: what can be seen of a style without knowing the subject.

A style correction shows how to say it on one example. Of that example only some marks can be asked of another answer:
a list, brevity, how it begins and ends, a mark or an emoji. It knows no model and judges no content.
"""

import re
from collections.abc import Callable, Sequence

from collab.learning.matching import is_stuck, says, tokens
from collab.learning.records import Lesson

Mark = Callable[[str], bool]

_ITEM = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.)、])\s*\S", re.MULTILINE)
_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_END = re.compile(r"[?!？！](?=\W*$)")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SHORTER = 0.7  # of the words of what it replaced: then brevity is what was taught
_EDGE = 2  # tokens at the beginning and at the end


def follows(lesson: Lesson, said: str, others: Sequence[Lesson]) -> bool:
    """Whether an answer has the marks that the lesson's answer has and the one that it replaced had not.

    How it begins and ends counts as style where another lesson of `others` begins or ends the same. Where nothing of
    the lesson can be asked of another answer, only the taught answer itself will do.
    """
    if is_stuck(said) or not said.strip():
        return False
    found = marks(lesson, others)
    return all(mark(said) for mark in found) if found else says(lesson.answer, said)


def marks(lesson: Lesson, others: Sequence[Lesson]) -> list[Mark]:
    """What can be asked of other answers: each holds for the taught answer and not for the replaced one."""
    taught, replaced = lesson.answer, lesson.replaced
    beginning, ending = tokens(taught)[:_EDGE], tokens(taught)[-_EDGE:]
    answers = [other.answer for other in others if other.id != lesson.id]
    found: list[Mark] = [
        lambda said: len(_ITEM.findall(said)) >= 2,
        lambda said: _EMOJI.search(said) is not None,
        lambda said: _HAN.search(said) is not None,
    ]
    if any(tokens(answer)[:_EDGE] == beginning for answer in answers):
        found.append(lambda said: tokens(said)[:_EDGE] == beginning)
    if any(tokens(answer)[-_EDGE:] == ending for answer in answers):
        found.append(lambda said: tokens(said)[-_EDGE:] == ending)
    if end := _END.search(taught):
        found.append(lambda said: (last := _END.search(said)) is not None and last[0] == end[0])
    if replaced and len(tokens(taught)) <= _SHORTER * len(tokens(replaced)):
        most = (len(tokens(taught)) + len(tokens(replaced))) / 2
        found.append(lambda said: len(tokens(said)) <= most)
    return [mark for mark in found if mark(taught) and not (replaced and mark(replaced))]
