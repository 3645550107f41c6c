"""A conversation as markup: questions, answers, how each was decided, and what one can do about it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from collab.dialogue.composition import without_citations
from collab.dialogue.offering import Offer
from collab.dialogue.records import CorrectedBy, Decision, Source, TurnRecord
from collab.feedback.records import CorrectionRecord
from collab.feedback.teaching import Taught
from collab.texts import Texts
from collab.ui.present import taught
from collab.ui.present.edited import edited, put_right
from collab.ui.present.html import button, icon, icon_button, tag, text
from collab.ui.present.judging import outdated
from collab.ui.present.paged import page_of
from collab.ui.present.welcome import chips

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
_LIMITS = {  # what is told beside an answer, for nobody would ask for it
    "why.cut_short": "chat.cut_short",
    "why.time_limit": "chat.time_limit",
    "why.daily_tokens": "chat.daily_tokens",
    "why.queue_full": "chat.queue_full",
    "why.own_answers": "chat.own_answers",
}


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn with what the person sees around it: whose correction answered, their own thumb, their own correction of
    it, which they may have saved just now, markup to show under it, the turns that stand in its place by their ids,
    whose correction has put it right since they rated it, and what one could ask next.

    `alternatives` are what else is suggested; `taught` is what the person has taught here, which they may have done
    just now; `offer` is what they could save; `answered` counts the questions that the correction has answered.
    """

    turn: TurnRecord
    corrected_by: CorrectedBy | None = None
    rating: str | None = None
    correction: CorrectionRecord | None = None
    is_saved: bool = False
    note: str = ""
    versions: tuple[str, ...] = ()
    put_right: CorrectedBy | None = None
    next_questions: tuple[str, ...] = ()
    alternatives: tuple[CorrectedBy, ...] = ()
    taught: Taught | None = None
    is_taught_now: bool = False
    offer: Offer | None = None
    answered: int | None = None


def with_sources(t: Texts, record: TurnRecord) -> str:
    """An answer as it is copied: with its numbers, and what they stand for."""
    if not record.sources:
        return record.answer
    places = {source.n: f"[{source.n}] {place_of(t, source)}" for source in record.sources}
    return "\n".join([record.answer, "", t("chat.sources"), *places.values()])


def transcript(view: str, inner: str, *, turns: int = 0, nonce: str | None = None, is_temporary: bool = False) -> str:
    """What the conversation `view`, which has so many `turns`, shows. With a new `nonce` it is drawn anew although it
    says the same as before.
    """
    return tag(
        "div", inner, class_="transcript", data_view=view, data_turns=turns, data_nonce=nonce,
        data_temporary=is_temporary,
    )  # fmt: skip


def turn(t: Texts, shown: ShownTurn) -> str:
    """A question with its answer."""
    record = shown.turn
    reply = (
        (_hidden(t) if record.is_hidden else _answer(t, shown))
        + _verdict(t, shown)
        + (put_right(t, record.id, shown.put_right) if shown.put_right else "")
        + _actions(t, shown)
        + tag("div", "", data_slot="reasons")
        + tag("div", "", data_slot="editor")
        + (edited(t, shown.correction, is_saved=shown.is_saved) if shown.correction else "")
        + taught.learned(t, record, shown.taught, is_now=shown.is_taught_now)
        + taught.offer(t, shown.offer)
        + shown.note
        + outdated(t, record)
        + chips(t, shown.next_questions, "chat.next", "next-question")
    )
    return tag(
        "article",
        asked(t, record.question, is_editable=True)
        + tag("section", reply, class_="reply", aria_label=t("chat.answer")),
        class_="turn",
        data_turn=record.id,
        data_view=record.conversation_id,
        data_decision=record.decision,
        data_question=record.question,
        data_answer=without_citations(record.answer) if _says_something(record) else "",
        data_text="" if record.is_hidden else with_sources(t, record),
        data_testid="turn",
    )


def _says_something(record: TurnRecord) -> bool:
    """Whether there is an answer to begin an edit with: not what the product itself says in place of one."""
    is_alone = record.decision == Decision.SUGGESTED and not record.sources and not record.model
    return not (record.is_hidden or is_alone or record.decision in (Decision.NOT_FOUND, Decision.CLARIFY))


def _answer(t: Texts, shown: ShownTurn) -> str:
    record = shown.turn
    numbers = {source.n for source in record.sources}
    words = tag("div", _cited(t, record.answer, record.id, numbers), class_="answer", data_testid="answer")
    return words + taught.suggestion(t, record, shown.corrected_by, shown.taught, _paragraphs, shown.alternatives)


def _hidden(t: Texts) -> str:
    words = icon("hidden") + tag("span", text(t("chat.hidden")))
    return tag("p", words, class_="hidden-answer", data_testid="hidden")


def badge(t: Texts, shown: ShownTurn) -> str:
    """How an answer came to be, in a word or two. One's own words that never were live are confirmed by nobody."""
    is_own = shown.corrected_by is not None and not shown.corrected_by.was_live
    is_unconfirmed = shown.turn.decision == Decision.CORRECTED and is_own
    return t("badge.corrected.pending" if is_unconfirmed else f"badge.{shown.turn.decision}")


def tip(t: Texts, shown: ShownTurn) -> str | None:
    """What a badge says when one asks it; None where whose correction it was is not known any more."""
    record, by = shown.turn, shown.corrected_by
    if record.decision in (Decision.CORRECTED, Decision.SUGGESTED):
        is_alone = record.decision == Decision.SUGGESTED and not record.sources
        key = f"tip.{record.decision}" + ".alone" * is_alone + ".used" * (shown.answered is not None)
        return t(key, name=by.author, date=t.date(by.date), count=shown.answered) if by else None
    return t(f"tip.{record.decision}", count=len({source.passage_id for source in record.sources}))


def asked(t: Texts, question: str, *, is_editable: bool = False) -> str:
    """A question as it was asked; one's own can be worded anew."""
    body = tag("div", text(question), class_="question-text", dir="auto", data_testid="question")
    edit = ""
    if is_editable:
        edit = icon_button(t("act.reword"), "pencil", class_="reword", data_do="reword", data_testid="reword")
    inner = tag("div", edit + body, class_="question-line") + (tag("div", "", data_slot="question") if edit else "")
    return tag("header", inner, class_="question", aria_label=t("chat.question"))


def words_of(answer: str) -> str:
    """The words of an answer that is still being written."""
    return _paragraphs(answer, lambda words: _CITATION.sub(lambda n: tag("sup", n[1], class_="cite"), words))


def _cited(t: Texts, answer: str, turn_id: str, numbers: set[int]) -> str:
    """The answer as paragraphs, its citation numbers as buttons where there is a source with that number."""

    def cite(match: re.Match[str]) -> str:
        n = int(match[1])
        if n not in numbers:
            return match[0]
        return button(
            match[1], class_="cite", data_act="chat.source", data_turn=turn_id, data_n=n,
            aria_label=t("chat.source", n=n), data_testid="cite",
        )  # fmt: skip

    return _paragraphs(answer, lambda words: _CITATION.sub(cite, words))


def _paragraphs(words: str, finish: Callable[[str], str] = str) -> str:
    """What was written, at the size of an answer; `finish` may change the markup of each paragraph."""
    parts = [part for part in re.split(r"\n{2,}", words.strip()) if part.strip()]
    return "".join(tag("p", finish(text(part)), dir="auto") for part in parts)


def place_of(t: Texts, source: Source) -> str:
    """Document and heading or page of a source."""
    where = page_of(t, source.document, source.page) or source.heading
    return f"{source.document} · {where}" if where else source.document


def _verdict(t: Texts, shown: ShownTurn) -> str:
    """One line, always in the same place: how the answer came to be, its sources, the time."""
    record, by = shown.turn, shown.corrected_by
    said = tip(t, shown)
    is_pending = record.decision == Decision.CORRECTED and by is not None and by.is_pending
    drawing = "hourglass" if is_pending else _BADGE_ICONS[record.decision]
    way = {"data_act": "chat.why", "data_turn": record.id}
    if record.decision == Decision.CORRECTED and by is not None and by.answer is not None:
        way |= {"data_act": "card.open", "data_correction": by.correction_id}
    parts = [
        button(
            badge(t, shown), drawing=drawing, class_=f"badge {record.decision}" + " waits" * is_pending,
            aria_description=said, data_testid="badge", **way,
        )
    ]  # fmt: skip
    if record.decision == Decision.CORRECTED and by is not None:
        words = t("chat.corrected", name=by.author, date=t.date(by.date))
        parts.append(button(words, class_="by", data_testid="corrected-by", **way))
        if by.is_pending:
            parts.append(tag("span", text(t("chat.pending")), class_="pending", data_testid="pending"))
    limits = [key for reason, key in _LIMITS.items() if reason in record.reasons]
    parts.extend(tag("span", text(t(key)), class_="quiet", data_testid="limit") for key in limits)
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
    buttons += taught.not_asked(t, shown.turn, shown.taught)
    return tag("div", _versions(t, shown) + buttons, class_="actions", role="group", aria_label=t("chat.actions"))


def _versions(t: Texts, shown: ShownTurn) -> str:
    """Which of the versions in this place it is, and the way to the others."""
    ids = shown.versions
    if len(ids) < 2:
        return ""
    at = ids.index(shown.turn.id)

    def way(label: str, drawing: str, to: int) -> str:
        is_there = 0 <= to < len(ids)
        return icon_button(
            t(label), drawing, data_act="chat.choose", data_turn=ids[to] if is_there else "", disabled=not is_there,
            data_testid=drawing.replace("chevron", "version"),
        )  # fmt: skip

    count = tag("span", f"{at + 1}/{len(ids)}", aria_label=t("chat.version", n=at + 1, count=len(ids)),
                role="img", data_testid="version")  # fmt: skip
    inner = way("chat.version.before", "chevron-left", at - 1) + count
    return tag("span", inner + way("chat.version.after", "chevron-right", at + 1), class_="versions")


def _thumb(t: Texts, turn_id: str, rating: str, *, is_pressed: bool) -> str:
    return icon_button(
        t(f"act.{rating}"), f"thumb-{rating}", aria_pressed="true" if is_pressed else "false",
        data_act="chat.rate", data_turn=turn_id, data_rating=rating, data_testid=f"thumb-{rating}",
    )  # fmt: skip
