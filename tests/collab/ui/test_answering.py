"""Asking on real services: an answer for each conversation, what stays when one fails, and versions in one place."""

import re
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from collab.dialogue.engines import Message
from collab.errors import EngineBrokenError
from collab.people.access import Actor
from collab.texts import load_texts
from collab.ui import answering, chat_tab, listing
from collab.ui.acts.chat import Ask, Choose, Retry, Reword, Stop
from collab.ui.acts.frame import Delete, Find, Keep, Leave, Pin, Rename, Restore
from collab.ui.navigation import PAGE
from collab.ui.runs import Begin, Run, Runs
from collab.ui.screen import Screen, Update
from knowledge.errors import NotFoundError
from tests.fakes import EchoModel
from tests.waiting import until

FEES = b"# Fees\n\nThe guided tour costs 14 euros. Students pay 9 euros on showing a valid card.\n"
QUESTION = "What do students pay?"


@pytest.fixture(autouse=True)
def fees(screen: Screen) -> None:
    screen.services.library.add("fees.md", FEES, "everyone")


def ask(screen: Screen, actor: Actor, text: str = QUESTION, **more: object) -> list[Update]:
    return list(answering.answer(screen, actor, Ask(act="ask", run="r1", text=text, **more)))  # type: ignore[arg-type]


def conversation(screen: Screen, actor: Actor) -> str:
    return screen.services.conversations.list(actor)[0].id


def questions(update: Update) -> list[str]:
    return re.findall(r'data-testid="question">([^<]*)<', update["history"])


class TestAModelThatWaits:
    @pytest.fixture
    def engine(self) -> EchoModel:
        self.begun, self.goes_on = threading.Event(), threading.Event()

        def reply(messages: Sequence[Message]) -> str:
            self.begun.set()
            self.goes_on.wait(60)
            return "Spring is here. It is green."

        return EchoModel(reply)

    def test_a_new_conversation_is_listed_while_its_first_answer_is_written(
        self, screen: Screen, member: Actor
    ) -> None:
        page = answering.answer(screen, member, Ask(act="ask", run="r1", slot=1, text="Write a poem"))
        first = next(page)
        assert 'data-testid="side-running"' in first["side"]
        assert f'data-view="{conversation(screen, member)}"' in first["running-2"]
        self.goes_on.set()
        *_, last = page
        assert 'data-testid="side-running"' not in last["side"]
        assert "running" not in last

    def test_one_answer_too_many_is_refused_and_counted(self, screen: Screen, member: Actor) -> None:
        for slot in range(3):
            next(answering.answer(screen, member, Ask(act="ask", run=f"r{slot}", slot=slot, text="Write a poem")))
        counted = 'collab_refusals_total{code="answers_under_way"} '
        assert f"{counted}0.0" in screen.services.metrics.text().decode().splitlines()
        (refused,) = answering.answer(screen, member, Ask(act="ask", run="r3", text="Write a poem"))
        assert "3 answers of yours are being written or wait already" in refused["toast"]
        assert f"{counted}1.0" in screen.services.metrics.text().decode().splitlines()
        self.goes_on.set()
        for run in screen.runs.of(member):
            list(run.follow())

    def test_an_answer_goes_on_without_its_page_and_is_found_by_the_next(self, screen: Screen, member: Actor) -> None:
        page = answering.answer(screen, member, Ask(act="ask", run="r1", text="Write a poem"))
        next(page)
        page.close()  # type: ignore[attr-defined]
        assert self.begun.wait(60)
        id = conversation(screen, member)
        (run,) = screen.runs.of(member, id)
        found = chat_tab.opened(screen, member, id)["history"]
        assert 'data-run="r1"' in found
        assert "data-poll" in found
        self.goes_on.set()
        list(run.follow())
        assert "Spring is here." in chat_tab.opened(screen, member, id)["history"]

    def test_an_answer_is_found_in_the_other_language_too(self, screen: Screen, member: Actor) -> None:
        next(answering.answer(screen, member, Ask(act="ask", run="r1", text="Write a poem")))
        chinese = replace(screen, texts=load_texts("zh"))
        id = conversation(screen, member)
        assert 'data-run="r1"' in chat_tab.opened(chinese, member, id)["history"]
        self.goes_on.set()
        list(screen.runs.of(member, id)[0].follow())

    def test_a_conversation_that_is_deleted_is_not_answered_to_its_end(self, screen: Screen, member: Actor) -> None:
        page = answering.answer(screen, member, Ask(act="ask", run="r1", text="Write a poem"))
        next(page)
        assert self.begun.wait(60)
        id = conversation(screen, member)
        (run,) = screen.runs.of(member, id)
        (deleted,) = listing.handle(screen, member, Delete(act="delete", conversation=id))
        assert run.cancel.is_set()
        assert 'data-act="frame.restore"' in deleted["toast"]
        list(answering.handle(screen, member, Stop(act="stop", run="r1")))
        self.goes_on.set()
        *_, last = page
        assert ("toast" in last, "data-done" in last["running"]) == (False, True)  # "Deleted", with its undo, stands
        assert screen.services.conversations.list(member) == []

    def test_a_chat_that_is_not_kept_is_not_answered_to_its_end_when_it_is_left(
        self, screen: Screen, member: Actor
    ) -> None:
        page = answering.answer(screen, member, Ask(act="ask", run="r1", text="Write a poem", is_temporary=True))
        next(page)
        (run,) = screen.runs.of(member)
        list(listing.handle(screen, member, Leave(act="leave", conversation=run.conversation)))
        assert run.cancel.is_set()
        self.goes_on.set()
        *_, last = page
        assert ("toast" in last, "data-done" in last["running"]) == (False, True)


class TestABrowserThatIsGone:
    @pytest.fixture
    def engine(self) -> EchoModel:
        return EchoModel("word " * 1_000, delay_s=0.05)

    def test_its_answer_is_kept_as_far_as_it_came(self, screen: Screen, member: Actor, engine: EchoModel) -> None:
        page = answering.answer(
            replace(screen, runs=Runs(patience_s=0)), member, Ask(act="ask", run="r1", text="Write a poem")
        )
        next(page)
        page.close()  # type: ignore[attr-defined]
        id = conversation(screen, member)
        until(lambda: bool(screen.services.conversations.turns(member, id)))
        assert engine.told < 160  # the longest that it may write
        assert 'data-testid="stopped"' in chat_tab.opened(screen, member, id)["history"]


class TestABrokenModel:
    @pytest.fixture
    def engine(self) -> EchoModel:
        def fail(messages: object) -> str:
            raise EngineBrokenError(reason="out of memory")

        return EchoModel(fail)

    def test_what_fails_leaves_no_conversation(self, screen: Screen, member: Actor) -> None:
        last = ask(screen, member, "Write a poem")[-1]
        assert "out of memory" in last["toast"]
        assert last["running"] == ""
        assert 'data-view=""' in last["history"]
        assert screen.services.conversations.list(member) == []

    def test_what_fails_later_leaves_the_turns_before(self, screen: Screen, member: Actor) -> None:
        ask(screen, member)
        id = conversation(screen, member)
        last = ask(screen, member, "Write a poem", conversation=id)[-1]
        assert questions(last) == [QUESTION]


class TestAFaultyModel:
    @pytest.fixture
    def engine(self) -> EchoModel:
        def fail(messages: object) -> str:
            raise ValueError("secret")

        return EchoModel(fail)

    def test_a_fault_of_ours_leaves_no_conversation_either(self, screen: Screen, member: Actor) -> None:
        last = ask(screen, member, "Write a poem")[-1]
        assert 'role="alert"' in last["toast"]
        assert "secret" not in last["toast"]
        assert screen.services.conversations.list(member) == []


def test_an_answer_that_is_there_at_once_comes_after_the_turns_before_it(
    screen: Screen, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its end does, such as to open the edit of an earlier answer, needs it in its own place."""

    def start(run: Run, begin: Begin) -> Run:
        run.compute(begin(run.cancel))
        return run

    ask(screen, member)
    monkeypatch.setattr(screen.runs, "start", start)
    first, *_, last = ask(screen, member, "And the tour?", conversation=conversation(screen, member))
    assert questions(first) == [QUESTION, "And the tour?"]
    assert ('data-turns="1"' in first["history"], "data-done" in first["running"]) == (True, False)
    assert "data-done" in last["running"]


def test_a_question_in_other_words_is_a_version_of_the_first(screen: Screen, member: Actor) -> None:
    ask(screen, member)
    id = conversation(screen, member)
    (first,) = screen.services.conversations.turns(member, id)
    ask(screen, member, "And the tour?", conversation=id)
    reworded = Reword(act="reword", run="r2", turn=first.id, text="What does the guided tour cost?")
    *_, last = answering.answer(screen, member, reworded)
    assert 'aria-label="Version 2 of 2"' in last["running"]
    assert questions(chat_tab.opened(screen, member, id)) == ["What does the guided tour cost?"]
    (chosen,) = chat_tab.handle(screen, member, Choose(act="choose", turn=first.id))
    assert questions(chosen) == [QUESTION, "And the tour?"]
    *_, last = answering.answer(screen, member, Retry(act="retry", run="r3", turn=first.id))
    assert 'aria-label="Version 3 of 3"' in last["running"]


def test_a_question_follows_the_turn_that_its_page_shows(screen: Screen, member: Actor) -> None:
    ask(screen, member)
    id = conversation(screen, member)
    (first,) = screen.services.conversations.turns(member, id)
    ask(screen, member, "And the tour?", conversation=id)
    ask(screen, member, "What does the guided tour cost?", conversation=id, after=first.id)
    assert questions(chat_tab.opened(screen, member, id)) == [QUESTION, "What does the guided tour cost?"]


def test_a_chat_that_is_not_kept(screen: Screen, member: Actor) -> None:
    first, *_ = ask(screen, member, is_temporary=True)
    id = re.findall(r'data-view="([^"]+)"', first["history"])[0]
    assert QUESTION not in first["side"]
    assert "data-temporary" in first["history"]
    for _ in range(2):  # a page that closes may say it twice
        assert list(listing.handle(screen, member, Leave(act="leave", conversation=id))) == []
    with pytest.raises(NotFoundError):
        chat_tab.opened(screen, member, id)

    ask(screen, member, is_temporary=True)
    first, *_ = ask(screen, member, is_temporary=True)
    id = re.findall(r'data-view="([^"]+)"', first["history"])[0]
    (kept,) = listing.handle(screen, member, Keep(act="keep", conversation=id))
    assert QUESTION in kept["side"]
    assert "data-temporary" not in kept["history"]


def test_the_list_goes_on_behind_its_first_page(screen: Screen, member: Actor) -> None:
    for n in range(PAGE + 1):
        screen.services.conversations.begin(member, f"Ticket {n}")
    shown = []
    for text, pages in (("", 1), ("", 2), ("ticket", 1), ("ticket", 2), ("100", 1)):
        (update,) = listing.handle(screen, member, Find(act="find", text=text, pages=pages))
        shown.append(
            (update["side"].count('data-testid="conversation"'), 'data-testid="more-listed"' in update["side"])
        )
        assert f'data-pages="{pages}"' in update["side"]
    assert shown == [(100, True), (101, False), (100, True), (101, False), (1, False)]
    assert len(update["side"]) < 4_000  # what one can do about a conversation is no part of the list


def test_the_list_is_searched_named_and_pinned(screen: Screen, member: Actor) -> None:
    ask(screen, member)
    ask(screen, member, "What does the guided tour cost?")
    students = screen.services.conversations.search(member, "students pay")[-1].id
    (found,) = listing.handle(screen, member, Find(act="find", text=" valid card "))
    assert 'data-query="valid card"' in found["side"]
    assert "<mark>valid</mark> <mark>card</mark>" in found["side"]
    assert "What does the guided tour cost?" not in found["side"]
    list(listing.handle(screen, member, Rename(act="rename", conversation=students, title="Fees")))
    (pinned,) = listing.handle(screen, member, Pin(act="pin", conversation=students, on=True))
    assert pinned["side"].index(">Pinned<") < pinned["side"].index(">Fees<") < pinned["side"].index(">Today<")
    list(listing.handle(screen, member, Delete(act="delete", conversation=students)))
    (back,) = listing.handle(screen, member, Restore(act="restore", conversation=students))
    assert questions(back) == [QUESTION]


def test_a_deleted_conversation_is_brought_back_from_the_side_long_after(screen: Screen, member: Actor) -> None:
    ask(screen, member)
    id = conversation(screen, member)
    (gone,) = listing.handle(screen, member, Delete(act="delete", conversation=id))
    assert "Deleted conversations" in gone["side"]
    (later,) = listing.handle(screen, member, Find(act="find", text=""))
    assert f'data-act="frame.restore" data-conversation="{id}" aria-label="Restore “{QUESTION}”"' in later["side"]
    (back,) = listing.handle(screen, member, Restore(act="restore", conversation=id))
    assert "Deleted conversations" not in back["side"]
