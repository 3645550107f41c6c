"""Which marks of a taught style are asked of another answer, and which cannot be."""

import pytest

from collab.learning.manner import follows, marks
from collab.learning.records import Lesson, LessonKind, Source

LONG = "Well, as far as I know, the shop is normally open from nine in the morning until six in the evening."


def lesson(answer: str, replaced: str = "", id: str = "one") -> Lesson:
    return Lesson(id, LessonKind.STYLE, Source.PERSON, "ann", "When is it open?", answer, replaced, "en")


@pytest.mark.parametrize(
    ("taught", "replaced", "said", "is_followed"),
    [
        ("- nine to six\n- closed on Sunday", "Nine to six, not on Sunday.", "1. Go out\n2. Turn left", True),
        ("- nine to six\n- closed on Sunday", "Nine to six, not on Sunday.", "Go out and turn left.", False),
        ("Nine to six! 😀", "Nine to six!", "Turn left 🙂.", True),
        ("Nine to six! 😀", "Nine to six!", "Turn left!", False),
        ("九点到六点。", "Nine to six.", "请向左转。", True),
        ("九点到六点。", "Nine to six.", "Turn left.", False),
        ("Nine to six. Anything else?", "Nine to six.", "Turn left. Can I help?", True),
        ("Nine to six. Anything else?", "Nine to six.", "Turn left.", False),
        ("Nine to six.", LONG, "Turn left.", True),  # 3 words for 20: at most 11
        ("Nine to six.", LONG, LONG, False),
        ("Nine to six.", LONG, "", False),
        ("Nine to six.", LONG, "left " * 10, False),  # stuck
    ],
)
def test_a_mark_that_the_correction_brought_is_asked_for(
    taught: str, replaced: str, said: str, is_followed: bool
) -> None:
    assert follows(lesson(taught, replaced), said, []) is is_followed


def test_a_beginning_or_an_end_is_style_where_lessons_share_it() -> None:
    one, two = lesson("Gladly: nine to six."), lesson("Gladly: nine euros.", id="two")
    assert follows(one, "Gladly, nine people.", [one, two])
    assert not follows(one, "Turn left.", [one, two])
    assert marks(one, [one]) == []  # alone, it may be the subject's
    ends = [lesson("Nine to six. Thank you!", "Nine to six!"), lesson("Ten euros. Thank you!", "Ten euros!", id="two")]
    assert follows(ends[0], "Turn left. Thank you!", ends)
    assert not follows(ends[0], "Turn left!", ends)


def test_where_nothing_can_be_asked_only_the_taught_answer_will_do() -> None:
    only = lesson("Nine to six.", "Six to nine.")
    assert marks(only, []) == []
    assert follows(only, "It is nine to six.", [])
    assert not follows(only, "Turn left.", [])
