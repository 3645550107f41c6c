"""An answer under way: its quotes, what is being done, and what can be opened meanwhile."""

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
    assert "Looking in the documents…" in under_way.running(T, RUN, Progress())


def test_the_place_in_the_queue_is_told() -> None:
    assert "You are number 3 in the queue." in under_way.running(T, RUN, Progress(place=3))


def test_a_page_that_does_not_follow_looks_again() -> None:
    assert "data-poll" in under_way.running(T, RUN, Progress(), is_followed=False)
    assert "data-poll" not in under_way.running(T, RUN, Progress())
