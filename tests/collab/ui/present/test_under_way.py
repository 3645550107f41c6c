"""An answer under way: its quotes, what is being done, and what can be opened meanwhile."""

import pytest

from collab.dialogue.records import Waiting
from collab.people.access import Actor, Role
from collab.texts import load_texts
from collab.ui.present import under_way
from collab.ui.runs import Progress, Run
from tests.collab.ui.present.test_chat import SOURCE

T = load_texts("en")
RUN = Run("r1", Actor("mel", "Mel", Role.MEMBER), "c1", "What?", None)


def test_quotes_are_there_before_the_answer_and_can_be_opened() -> None:
    markup = under_way.running(T, RUN, Progress(quotes=(SOURCE,)))
    assert markup.index("Students pay 9 euros.") < markup.index("Writing an answer from these sources…")
    assert "fees.md · Fees › Students" in markup
    assert f'data-act="chat.quote" data-passage="{SOURCE.passage_id}"' in markup


def test_before_the_quotes_it_says_that_it_looks_for_them() -> None:
    assert "Preparing an answer…" in under_way.running(T, RUN, Progress())


@pytest.mark.parametrize(
    ("place", "seconds", "told"),
    [
        (1, 1, "You are next; about 1 second."),
        (3, 12, "You are number 3 in the queue; about 12 seconds."),
        (9, 104, "You are number 9 in the queue; about 104 seconds."),
        (9, 105, "You are number 9 in the queue; about 2 minutes."),
    ],
)
def test_the_place_in_the_queue_and_the_wait_are_told(place: int, seconds: int, told: str) -> None:
    assert told in under_way.running(T, RUN, Progress(waiting=Waiting(place, seconds)))


def test_they_are_told_in_chinese_too() -> None:
    shown = under_way.running(load_texts("zh"), RUN, Progress(waiting=Waiting(3, 12)))
    assert "你排在第 3 位，大约还需 12 秒。" in shown


def test_a_page_that_does_not_follow_looks_again() -> None:
    assert "data-poll" in under_way.running(T, RUN, Progress(), is_followed=False)
    assert "data-poll" not in under_way.running(T, RUN, Progress())
