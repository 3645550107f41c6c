"""An answer that is being written: its quotes at once, then the words as they come, and what it is doing meanwhile."""

from collections.abc import Sequence

from collab.dialogue.records import Source, Waiting
from collab.texts import Texts
from collab.ui.present.chat import ShownTurn, asked, place_of, turn, words_of
from collab.ui.present.html import button, icon, tag, text
from collab.ui.runs import Progress, Run


def running(t: Texts, run: Run, progress: Progress, *, is_followed: bool = True) -> str:
    """The turn that is being answered. A page that does not follow it looks again by itself."""
    if progress.waiting:
        state = _state(t, run, _place_in_line(t, progress.waiting), testid="place")
    elif progress.words:
        state = tag("div", words_of(progress.words), class_="answer", data_testid="answer-running")
        state += _state(t, run, t("chat.writing.more"))
    else:
        state = _state(t, run, t("chat.writing" if progress.quotes else "chat.reading"))
    return tag(
        "article",
        asked(t, run.question) + tag("section", _quotes(t, progress.quotes) + state, class_="reply"),
        class_="turn running",
        data_run=run.id,
        data_view=run.conversation,
        data_poll=not is_followed,
        data_testid="running",
    )


def finished(t: Texts, run: Run, shown: ShownTurn) -> str:
    """The turn as it was committed, in the place where it was running, so that nothing jumps."""
    record = shown.turn
    return tag(
        "div", turn(t, shown), data_run=run.id, data_view=record.conversation_id, data_position=record.position,
        data_done=True,
    )  # fmt: skip


def ended(run: Run) -> str:
    """Nothing came of it, and there is nothing to say: the page only learns that it is over."""
    return tag("div", "", data_run=run.id, data_view=run.conversation, data_position=0, data_done=True)


def _state(t: Texts, run: Run, words: str, testid: str = "doing") -> str:
    """What is being done, and for how long; the page counts on."""
    seconds = tag(
        "span", "", class_="elapsed", aria_hidden="true", data_elapsed=run.seconds, data_run_id=run.id,
        data_unit=t("chat.seconds"),
    )  # fmt: skip
    return tag(
        "p",
        (icon("clock") if testid == "place" else tag("span", "", class_="pulse")) + tag("span", text(words)) + seconds,
        class_="waiting",
        data_testid=testid,
    )


def _place_in_line(t: Texts, waiting: Waiting) -> str:
    """Who is before, and how long it is likely to take: in minutes, once there are two."""
    count = waiting.seconds
    if count >= 105:
        wait = t("chat.wait.minutes", count=round(count / 60))
    else:
        wait = t("chat.wait.second") if count == 1 else t("chat.wait.seconds", count=count)
    return t("chat.next", wait=wait) if waiting.place == 1 else t("chat.place", place=waiting.place, wait=wait)


def _quotes(t: Texts, quotes: Sequence[Source]) -> str:
    if not quotes:
        return ""
    items = "".join(
        tag("li", tag("q", text(source.quote), dir="auto") + _place(t, source), class_="quote") for source in quotes
    )
    return tag("ol", items, class_="quotes", aria_label=t("chat.quotes"), data_testid="quotes")


def _place(t: Texts, source: Source) -> str:
    """Where it stands; to be opened while the answer is still being written."""
    return tag(
        "cite",
        button(place_of(t, source), drawing="page", class_="link", data_act="chat.quote",
               data_passage=source.passage_id, data_testid="quote"),
    )  # fmt: skip
