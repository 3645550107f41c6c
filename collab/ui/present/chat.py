"""A conversation as markup: questions, answers, how each was decided, and what one can do about it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from collab.dialogue.records import CorrectedBy, Decision, Source, TurnRecord
from collab.feedback.records import CorrectionRecord
from collab.texts import Texts
from collab.ui.present.edited import edited
from collab.ui.present.html import button, icon, icon_button, tag, text

_CITATION = re.compile(r"\[(\d{1,3})\]")
_BADGE_ICONS = {
    "corrected": "tick",
    "grounded": "page",
    "suggested": "bubbles",
    "model": "pen",
    "not_found": "empty-page",
    "clarify": "question",
    "handed_off": "person",
}


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn with what the person sees around it: whose correction answered, their own thumb, their own correction of
    it, which they may have saved just now, and markup to show under it."""

    turn: TurnRecord
    corrected_by: CorrectedBy | None = None
    rating: str | None = None
    correction: CorrectionRecord | None = None
    is_saved: bool = False
    note: str = ""


def without_citations(answer: str) -> str:
    """The words of an answer without its numbers, as a person would write them."""
    return re.sub(r"\s*\[\d{1,3}\]", "", answer)


def transcript(t: Texts, view: str, turns: Sequence[ShownTurn], notice: str = "", *, nonce: str | None = None) -> str:
    """All turns of the conversation `view`; `notice` is markup to show before them.

    With a new `nonce` it is drawn anew although it says the same as before.
    """
    inner = notice + "".join(turn(t, shown) for shown in turns)
    return tag("div", inner, class_="transcript", data_view=view, data_nonce=nonce)


def turn(t: Texts, shown: ShownTurn) -> str:
    """A question with its answer."""
    record = shown.turn
    numbers = {source.n for source in record.sources}
    reply = (
        tag("div", _cited(t, record.answer, record.id, numbers), class_="answer", data_testid="answer")
        + _suggestion(t, shown)
        + _verdict(t, shown)
        + _actions(t, shown)
        + tag("div", "", data_slot="reasons")
        + tag("div", "", data_slot="editor")
        + (edited(t, shown.correction, is_saved=shown.is_saved) if shown.correction else "")
        + shown.note
    )
    return tag(
        "article",
        _question(t, record.question, again=record.retry_of is not None)
        + tag("section", reply, class_="reply", aria_label=t("chat.answer")),
        class_="turn",
        data_turn=record.id,
        data_view=record.conversation_id,
        data_decision=record.decision,
        data_answer=without_citations(record.answer),
        data_testid="turn",
    )


def running(t: Texts, run: str, question: str, quotes: Sequence[Source], answer: str, place: int | None) -> str:
    """The turn that is being answered: the quotes at once, then the words as they come."""
    if place:
        state = tag("p", icon("clock") + text(t("chat.place", place=place)), class_="waiting", data_testid="place")
    elif answer:
        state = tag("div", _cited(t, answer, "", set()), class_="answer", data_testid="answer-running")
    else:
        state = tag("p", tag("span", "", class_="pulse") + text(t("chat.reading")), class_="waiting")
    return tag(
        "article",
        _question(t, question, again=False) + tag("section", _quotes(t, quotes) + state, class_="reply"),
        class_="turn running",
        data_run=run,
        data_testid="running",
    )


def finished(t: Texts, run: str, shown: ShownTurn) -> str:
    """The turn as it was committed, in the place where it was running, so that nothing jumps."""
    return tag("div", turn(t, shown), data_run=run, data_view=shown.turn.conversation_id, data_done=True)


def welcome(t: Texts, *, is_empty: bool) -> str:
    """The first thing seen in a new conversation; an empty library invites to fill it."""
    if not is_empty:
        inner = tag("h1", text(t("welcome.ask"))) + tag("p", text(t("welcome.ask.how")))
        return tag("div", inner, class_="welcome", data_testid="welcome")
    choices = button(
        t("welcome.sample"), class_="primary", data_act="knowledge.sample", data_testid="load-sample"
    ) + button(t("welcome.upload"), class_="secondary", data_go="knowledge", data_testid="go-upload")
    inner = (
        tag("span", icon("books"), class_="medallion")
        + tag("h1", text(t("welcome.empty")))
        + tag("p", text(t("welcome.empty.how")))
        + tag("div", choices, class_="choices")
    )
    return tag("div", inner, class_="welcome", data_testid="welcome-empty")


def loading(t: Texts, *, can_find: bool, stage: str, share: float) -> str:
    """A notice while the models are read into memory; the page looks again by itself."""
    works = text(t("models.finds" if can_find else "models.first"))
    bar = tag("progress", "", value=f"{share:.2f}", max="1", aria_label=stage) if share > 0 else ""
    words = tag("span", "", class_="pulse") + tag("div", tag("strong", text(stage)) + tag("span", works) + bar)
    return tag("div", words, class_="banner", role="status", data_poll=True, data_testid="models-loading")


def unloaded(reason: str) -> str:
    """A notice that there will be no language model, and why."""
    words = icon("warning") + tag("span", text(reason))
    return tag("div", words, class_="banner failed", role="alert", data_testid="models-failed")


def tip(t: Texts, shown: ShownTurn) -> str | None:
    """What a badge says when one asks it; None where whose correction it was is not known any more."""
    record, by = shown.turn, shown.corrected_by
    if record.decision in (Decision.CORRECTED, Decision.SUGGESTED):
        is_alone = record.decision == Decision.SUGGESTED and not record.sources
        key = f"tip.{record.decision}" + ".alone" * is_alone
        return t(key, name=by.author, date=t.date(by.date)) if by else None
    return t(f"tip.{record.decision}", count=len({source.passage_id for source in record.sources}))


def _question(t: Texts, question: str, *, again: bool) -> str:
    mark = tag("span", icon("retry") + text(t("chat.again")), class_="again") if again else ""
    body = tag("div", text(question), class_="question-text", dir="auto", data_testid="question")
    return tag("header", mark + body, class_="question", aria_label=t("chat.question"))


def _cited(t: Texts, answer: str, turn_id: str, numbers: set[int]) -> str:
    """The answer as paragraphs, its citation numbers as buttons where there is a source with that number."""

    def cite(match: re.Match[str]) -> str:
        n = int(match[1])
        if n not in numbers:
            return tag("sup", match[1], class_="cite") if turn_id == "" else match[0]
        return button(
            match[1], class_="cite", data_act="chat.source", data_turn=turn_id, data_n=n,
            aria_label=t("chat.source", n=n), data_testid="cite",
        )  # fmt: skip

    return _paragraphs(answer, lambda words: _CITATION.sub(cite, words))


def _paragraphs(words: str, finish: Callable[[str], str] = str) -> str:
    """What was written, at the size of an answer; `finish` may change the markup of each paragraph."""
    parts = [part for part in re.split(r"\n{2,}", words.strip()) if part.strip()]
    return "".join(tag("p", finish(text(part)), dir="auto") for part in parts)


def _quotes(t: Texts, quotes: Sequence[Source]) -> str:
    if not quotes:
        return ""
    items = "".join(
        tag("li", tag("q", text(source.quote), dir="auto") + tag("cite", text(_place(t, source))), class_="quote")
        for source in quotes
    )
    return tag("ol", items, class_="quotes", aria_label=t("chat.quotes"), data_testid="quotes")


def _place(t: Texts, source: Source) -> str:
    where = t("source.page", page=source.page) if source.page else source.heading
    return f"{source.document} · {where}" if where else source.document


def _suggestion(t: Texts, shown: ShownTurn) -> str:
    """What a colleague answered to a question like this one; never in place of the answer."""
    by = shown.corrected_by
    if shown.turn.decision != Decision.SUGGESTED or by is None:
        return ""
    who = tag("strong", text(t("chat.suggested", name=by.author)))
    words = _paragraphs(by.answer) if by.answer is not None else ""
    return tag("aside", icon("bubbles") + tag("div", who + words), class_="suggestion", data_testid="suggestion")


def _verdict(t: Texts, shown: ShownTurn) -> str:
    """One line, always in the same place: how the answer came to be, its sources, the time."""
    record, by = shown.turn, shown.corrected_by
    said = tip(t, shown)
    parts = [
        button(
            t(f"badge.{record.decision}"), drawing=_BADGE_ICONS[record.decision], class_=f"badge {record.decision}",
            data_act="chat.why", data_turn=record.id, aria_description=said, data_testid="badge",
        )
    ]  # fmt: skip
    if record.decision == Decision.CORRECTED and by is not None:
        words = t("chat.corrected", name=by.author, date=t.date(by.date))
        parts.append(tag("span", text(words), class_="by", data_testid="corrected-by"))
        if by.is_pending:
            parts.append(
                tag("span", icon("hourglass") + text(t("chat.pending")), class_="pending", data_testid="pending")
            )
    if record.is_stopped:
        parts.append(tag("span", text(t("chat.stopped")), class_="quiet", data_testid="stopped"))
    parts.extend(_chip(record, source) for source in _first_of_documents(record.sources))
    moment = record.created_at
    parts.append(tag("time", t.time(moment), datetime=moment.isoformat(), title=t.date(moment), class_="quiet"))
    return tag("div", "".join(parts), class_="verdict")


def _first_of_documents(sources: Sequence[Source]) -> list[Source]:
    seen: dict[str, Source] = {}
    for source in sources:
        seen.setdefault(source.document, source)
    return list(seen.values())


def _chip(record: TurnRecord, source: Source) -> str:
    return button(
        source.document, drawing="page", class_="chip", data_act="chat.source", data_turn=record.id, data_n=source.n,
        data_testid="source",
    )  # fmt: skip


def _actions(t: Texts, shown: ShownTurn) -> str:
    turn_id = shown.turn.id
    buttons = (
        icon_button(t("act.copy"), "copy", data_do="copy", data_testid="copy")
        + icon_button(t("act.retry"), "retry", data_act="ask.retry", data_turn=turn_id, data_testid="retry")
        + _thumb(t, turn_id, "up", is_pressed=shown.rating == "up")
        + _thumb(t, turn_id, "down", is_pressed=shown.rating == "down")
        + icon_button(t("act.edit"), "pencil", data_do="edit", class_="edit", data_testid="edit")
    )
    return tag("div", buttons, class_="actions", role="group", aria_label=t("chat.actions"))


def _thumb(t: Texts, turn_id: str, rating: str, *, is_pressed: bool) -> str:
    return icon_button(
        t(f"act.{rating}"), f"thumb-{rating}", aria_pressed="true" if is_pressed else "false",
        data_act="chat.rate", data_turn=turn_id, data_rating=rating, data_testid=f"thumb-{rating}",
    )  # fmt: skip
