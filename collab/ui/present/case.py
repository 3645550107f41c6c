"""One case as markup: what was asked, said and written, what surrounds it, and the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collab.dialogue.composition import without_citations
from collab.dialogue.records import Source
from collab.feedback.case_records import Case, OpenCase
from collab.feedback.records import CorrectionRecord
from collab.feedback.thread import ThreadTurn
from collab.texts import Texts
from collab.ui.present import example_case
from collab.ui.present.html import button, icon, tag, text
from collab.ui.present.mine import change, opener, proof_mark, state_pill
from knowledge.text import normalise


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with what the person who reads it needs: who may be given it, the passage that the thumb named, whether
    it is their own, and their own words where somebody else was quicker.
    """

    found: OpenCase
    reviewers: Mapping[str, str]
    passage: str | None
    is_own: bool
    mine: tuple[str, str] | None = None
    is_verified: bool = False


def case(t: Texts, shown: Shown, now: datetime) -> str:
    """The case whole."""
    found = shown.found
    if found.example:
        body = example_case.body(t, found, _field(found.example.id, "reason", t("review.reason")))
    else:
        body = _correction(t, shown, found.correction) if found.correction else _rated(t, shown)
    error = tag("p", "", class_="form-error", role="alert", data_error=True, data_testid="case-error")
    back = button(t("review.back"), drawing="arrow-left", class_="link back", data_do="case-back")
    return tag(
        "article",
        back + _about(t, shown, now) + _thumb(t, shown) + body + error + _decide(t, shown),
        class_="case",
        tabindex="-1",
        aria_label=found.case.question,
        data_case=found.case.ref.partition(":")[2],
        data_ref=found.case.ref,
        data_revision=found.case.revision,
        data_testid="case",
    )


def _about(t: Texts, shown: Shown, now: datetime) -> str:
    """Who, when, how much it weighs, and who looks at it."""
    line = shown.found.case
    record = shown.found.correction
    kind = t(f"kind.{record.kind}") if record else t("kind.rating")
    if shown.found.example:
        kind = t("kind.example")
    words = [t("review.by", name=line.author, kind=kind), t.age(line.created_at, now)]
    if line.asked:
        words.append(t("review.asked", count=line.asked))
    head = tag("p", text(" · ".join(words)), class_="quiet")
    state = state_pill(t, record) if record and line.state != "pending" else ""
    if record:
        state += proof_mark(t, record, {record.id: shown.is_verified}) + opener(t, record.id)
    late = tag("span", icon("hourglass") + text(t("review.late")), class_="late") if line.is_late else ""
    return tag("header", head + state + late + _assigning(t, shown), class_="about")


def _assigning(t: Texts, shown: Shown) -> str:
    line = shown.found.case
    if line.state not in ("pending", "open"):
        return ""
    people = {"": t("review.nobody"), **shown.reviewers}
    options = "".join(
        tag("option", text(name), value=id, selected=id == (line.assignee_id or "")) for id, name in people.items()
    )
    field = tag("select", options, data_assign=line.ref, data_testid="assign")
    return tag("label", tag("span", text(t("review.assignee"))) + field, class_="assigning")


def _thumb(t: Texts, shown: Shown) -> str:
    """What was said with the thumb, and the passage that it named."""
    found = shown.found
    if found.case.kind != "turn" and not (found.case.reason or found.comment):
        return ""
    reason = t(f"reason.{found.case.reason}") if found.case.reason else t("reason.none")
    parts = [tag("p", icon("thumb-down") + tag("span", text(reason)), class_="reason", data_testid="case-rating")]
    if found.comment:
        parts.append(tag("p", text(found.comment), class_="said", dir="auto", data_testid="case-comment"))
    if shown.passage:
        title = t("review.passage.outdated" if found.case.reason == "outdated" else "review.passage.right")
        quote = tag("blockquote", text(shown.passage), dir="auto", data_testid="case-passage")
        parts.append(tag("p", text(title), class_="quiet") + quote)
    return tag("section", "".join(parts), class_="thumb")


def _correction(t: Texts, shown: Shown, record: CorrectionRecord) -> str:
    if shown.mine is not None:
        return _conflict(t, record, shown.mine)
    if record.state != "pending":
        return (
            tag("p", text(record.question), class_="asked", dir="auto")
            + change(record.before, data_new=record.answer)
            + _around(t, shown, record.sources)
        )
    return (
        _invisible(t, record)
        + "".join(_replaced(t, one, record) for one in shown.found.replaces)
        + tag("h3", text(t("review.change")))
        + change(record.before, data_testid="case-diff")
        + _field(record.id, "question", t("review.question"), record.question)
        + _field(record.id, "answer", t("review.answer"), record.answer)
        + _around(t, shown, record.sources)
        + _field(record.id, "reason", t("review.reason.own" if shown.is_own else "review.reason"))
    )


def _replaced(t: Texts, record: CorrectionRecord, by: CorrectionRecord) -> str:
    """What answers everyone until its successor is approved."""
    is_reworded = record.original_answer is not None and record.reviewer is not None
    name, date = (record.reviewer, record.decided_at) if is_reworded else (record.author, record.created_at)
    words = t("review.replaces", name=name, date=t.date(date or record.created_at))
    note = tag("p", icon("warning") + tag("span", text(words)), class_="note warn")
    is_other = normalise(record.question) != normalise(by.question)
    asked = tag("p", text(record.question), class_="asked", dir="auto") if is_other else ""
    live = tag("blockquote", asked + tag("p", text(record.answer), class_="words", dir="auto"))
    return tag("section", note + live, data_testid="replaces")


def _rated(t: Texts, shown: Shown) -> str:
    """A turn that was rated down: the right answer can be written where the wrong one stands."""
    turn, line = shown.found.turn, shown.found.case
    answer = without_citations(turn.answer) if turn else ""
    asked = tag("p", text(line.question), class_="asked", dir="auto")
    sources = turn.sources if turn else ()
    if line.state != "open":
        name, done = shown.found.resolver or t("mine.somebody"), shown.found.resolution
        said = t("review.resolved.by", name=name, said=done) if done else t("review.resolved.answered", name=name)
        return (
            asked
            + tag("p", text(answer), class_="words")
            + tag("p", text(said), class_="said")
            + _around(t, shown, sources)
        )
    return (
        asked
        + (_unsafe(t) if line.reason == "unsafe" else "")
        + change(answer, data_testid="case-diff")
        + _field(turn.id if turn else "", "answer", t("review.right"), answer)
        + _kinds(t, is_style=line.reason == "style")
        + _around(t, shown, sources)
        + _field(turn.id if turn else "", "reason", t("review.done", name=line.author))
    )


def _unsafe(t: Texts) -> str:
    """What each decision does with the hidden answer."""
    words = icon("hidden") + tag("span", text(t("review.unsafe.how")))
    return tag("p", words, class_="note warn", data_testid="unsafe-how")


def _kinds(t: Texts, *, is_style: bool) -> str:
    def radio(value: str, label: str, is_checked: bool) -> str:
        box = tag("input", type="radio", name="case-kind", value=value, checked=is_checked, data_testid=f"case-{value}")
        return tag("label", box + tag("span", text(label)))

    inner = tag("legend", text(t("correct.kind")), class_="sr")
    inner += radio("fact", t("correct.fact"), not is_style) + radio("style", t("correct.style"), is_style)
    return tag("fieldset", inner, class_="kinds")


def _conflict(t: Texts, record: CorrectionRecord, mine: tuple[str, str]) -> str:
    """What somebody else made of it meanwhile, beside one's own words: the reader chooses."""
    name = record.reviewer or record.author
    theirs = tag("h3", text(t("review.theirs", name=name))) + state_pill(t, record)
    theirs += tag("p", text(record.question), class_="asked", dir="auto")
    theirs += tag("p", text(record.answer), class_="words", dir="auto", data_testid="theirs")
    question, answer = mine
    own = tag("h3", text(t("review.mine"))) + _field(record.id, "question", t("review.question"), question, keep=False)
    own += _field(record.id, "answer", t("review.answer"), answer, keep=False)
    return (
        tag("p", icon("warning") + text(t("review.conflict", name=name)), class_="note warn", data_testid="conflict")
        + tag("div", tag("section", theirs) + tag("section", own), class_="both")
        + change(record.answer, data_testid="conflict-diff")
    )


def _field(id: str, name: str, label: str, value: str = "", *, keep: bool = True) -> str:
    area = tag(
        "textarea", text(value), rows=1, dir="auto", data_name=name, data_testid=f"case-{name}",
        data_keep=f"{id}:{name}" if keep else None,
    )  # fmt: skip
    return tag("label", tag("span", text(label)) + area)


def _decide(t: Texts, shown: Shown) -> str:
    line, record = shown.found.case, shown.found.correction
    if shown.mine is not None:
        act = "approve" if line.state == "pending" else "replace"
        buttons = button(t("review.use_mine"), class_="primary", data_do=act, data_testid="use-mine")
        buttons += button(t("review.keep_theirs"), class_="secondary", data_do="case-skip", data_testid="keep-theirs")
    elif record and line.state == "pending":
        buttons = button(
            t("review.approve"), drawing="tick", class_="primary", data_do="approve", data_testid="approve"
        )
        buttons += button(
            t("review.reject"), drawing="cross", class_="secondary", data_do="reject", data_testid="reject"
        )
    elif record and line.state == "live" and not shown.found.example:
        buttons = button(t("mine.withdraw"), class_="secondary", data_do="review-withdraw", data_correction=record.id)
    elif line.state == "open":
        buttons = button(
            t("review.answer_it"), drawing="tick", class_="primary", data_do="approve", data_testid="approve"
        )
        buttons += button(t("review.resolve"), class_="secondary", data_do="reject", data_testid="reject")
        if line.reason == "unsafe":
            buttons += button(
                t("review.show_again"), class_="secondary", data_do="show-again", data_testid="show-again"
            )
    else:
        return ""
    return tag("div", buttons, class_="row")


# --- what surrounds it ------------------------------------------------------------------------------------------------


def _around(t: Texts, shown: Shown, sources: Sequence[Source]) -> str:
    return _sources(t, sources) + _thread(t, shown.found.thread) + _alike(t, shown.found.alike)


def _fold(title: str, inner: str, testid: str) -> str:
    return tag("details", tag("summary", text(title), data_testid=testid) + inner, class_="fold")


def _sources(t: Texts, sources: Sequence[Source]) -> str:
    if not sources:
        return ""
    items = "".join(
        tag("li", tag("q", text(source.quote), dir="auto") + tag("cite", text(source.document)), class_="quote")
        for source in sources
    )
    return _fold(t("review.sources", count=len(sources)), tag("ol", items, class_="quotes"), "case-sources")


def _thread(t: Texts, turns: Sequence[ThreadTurn]) -> str:
    if not turns:
        return ""
    items = "".join(_turn(t, turn) for turn in turns)
    return _fold(t("review.thread", count=len(turns)), tag("ol", items, class_="thread"), "case-thread")


def _turn(t: Texts, turn: ThreadTurn) -> str:
    if turn.question is None or turn.answer is None:
        return tag("li", tag("p", text(t("review.private")), class_="quiet"), data_testid="private-turn")
    inner = tag("p", text(turn.question), class_="asked", dir="auto")
    inner += tag("p", text(without_citations(turn.answer)), class_="words", dir="auto")
    return tag("li", inner, aria_current="true" if turn.is_case else None, data_testid="thread-turn")


def _alike(t: Texts, others: Sequence[Case]) -> str:
    if not others:
        return ""
    items = "".join(
        tag("li", button(t(f"review.other.{other.kind}", name=other.author), class_="link", data_do="open-case",
                         data_ref=other.ref, data_testid="alike"))
        for other in others
    )  # fmt: skip
    return _fold(t("review.alike", count=len(others)), tag("ul", items), "case-alike")


def _invisible(t: Texts, record: CorrectionRecord) -> str:
    """A reviewer sees that invisible characters were taken out, and where."""
    if not record.invisible_at:
        return ""
    words = t("review.invisible", count=len(record.invisible_at), places=", ".join(map(str, record.invisible_at[:10])))
    return tag("p", icon("warning") + text(words), class_="note warn")
