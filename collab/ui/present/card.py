"""The card of a correction as markup: its words, whom it answers, what it answers and what not, its proof, what it
contradicts, how it came to be and how it ends.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from collab.feedback.cards import Card
from collab.feedback.records import CorrectionRecord
from collab.learning.run_records import Learned
from collab.texts import Texts
from collab.ui.present.conflicts import contradicted
from collab.ui.present.edited import replacing
from collab.ui.present.examples import sides
from collab.ui.present.html import button, icon, icon_button, tag, text
from collab.ui.present.mine import change, state_pill
from collab.ui.present.proof import mark, tested

_STANDS = ("pending", "live")


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card for one reader, with what the last act did (`note`) and why a turn was answered with it, as markup; and
    whether the model has `learned` it.
    """

    card: Card
    reader_id: str
    today: date
    note: str = ""
    why: str = ""
    learned: Learned | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What the page needs to know of a card: `opens` names one wish to see it, without which a card that was closed
    meanwhile stays closed; `view` is the conversation beside which alone it opens, and `turn_id` the reader's own
    turn whose answer it corrects; `is_added` says that their own wording was taken.
    """

    id: str
    opens: str = ""
    view: str | None = None
    turn_id: str | None = None
    is_added: bool = False


def panel(t: Texts, shown: ShownCard, frame: Frame) -> str:
    """The card whole."""
    card, record = shown.card, shown.card.correction
    stands = card.may.test
    inner = (
        shown.note
        + _words(t, shown)
        + shown.why
        + sides(t, card, shown.reader_id)
        + (contradicted(t, card.conflicts, record.id, may_settle=card.may.settle) if stands or card.conflicts else "")
        + (_test(t, card) if stands else "")
        + _versions(t, card)
        + _limit(t, shown)
        + _end(t, shown)
    )
    proof = "verified" if card.is_verified else "not-yet"
    frame = replace(frame, turn_id=record.turn_id)
    return _framed(t, inner, frame, data_state=record.state, data_proof=proof)


def opening(t: Texts, record: CorrectionRecord, frame: Frame, *, is_own: bool) -> str:
    """What is there at once, while the rest is being looked for."""
    going = tag("p", tag("span", "", class_="pulse") + text(t("card.looking")), class_="waiting", role="status")
    inner = _said(t, record, is_own=is_own, is_over=False) + going
    return _framed(t, inner, frame)


def note(t: Texts, said: str, act: str = "", **values: str) -> str:
    """What an act did; `act` takes it back."""
    undo = ""
    if act:
        data = {f"data_{name}": value for name, value in values.items()}
        undo = button(t("act.undo"), class_="link", data_act=f"card.{act}", data_testid="card-undo", **data)
    words = icon("tick") + tag("span", text(said), dir="auto")
    return tag("div", words + undo, class_="note done", role="status", data_testid="card-note")


def _framed(t: Texts, inner: str, frame: Frame, **standing: str) -> str:
    close = icon_button(t("act.close"), "cross", data_do="close-panel", data_testid="close-panel")
    return tag(
        "aside",
        tag("header", tag("h2", text(t("card.title"))) + close) + inner,
        class_="panel card",
        aria_label=t("card.title"),
        tabindex="-1",
        data_card=frame.id,
        data_opens=frame.opens or None,
        data_view=frame.view,
        data_from=frame.turn_id,
        data_added=frame.is_added,
        data_testid="card",
        **standing,
    )


# --- its words, and whom they answer ----------------------------------------------------------------------------------


def _words(t: Texts, shown: ShownCard) -> str:
    card, record = shown.card, shown.card.correction
    is_own = record.author_id == shown.reader_id
    proof = mark(t, is_verified=card.is_verified) if card.may.test else ""
    pills = tag("div", state_pill(t, record) + proof, class_="row")
    lines = [t("card.written", name=record.author, date=t.date(record.created_at))]
    if reviewed := _reviewed(t, record):
        lines.append(reviewed)
    lines.append(_used(t, card))
    facts = "".join(tag("p", text(line), class_="quiet") for line in lines) + _learned(t, shown) + _replaces(t, shown)
    return (
        _said(t, record, is_own=is_own, is_over=card.is_expired) + pills + tag("div", facts, data_testid="card-facts")
    )


def _said(t: Texts, record: CorrectionRecord, *, is_own: bool, is_over: bool) -> str:
    drawing, kind = ("hourglass", "pending") if record.state == "pending" else ("person", record.state)
    words = tag("span", text(_for(t, record, is_own=is_own, is_over=is_over)))
    return (
        tag("p", text(record.question), class_="asked", dir="auto")
        + tag("p", text(record.answer), class_="words", dir="auto", data_testid="card-answer")
        + tag("p", icon(drawing) + words, class_=f"standing {kind}", data_testid="card-for")
    )


def _for(t: Texts, record: CorrectionRecord, *, is_own: bool, is_over: bool) -> str:
    """Whom it answers now."""
    if record.state not in _STANDS:
        return t("card.for.nobody")
    if is_over and record.valid_until is not None:
        return t("card.for.over", date=t.date(record.valid_until - timedelta(microseconds=1)))
    if record.kind == "style":
        return t("card.for.style")
    if record.held:
        return t("card.for.held")
    if record.live_for == "everyone":
        return t("card.for.everyone")
    yet = ".yet" if record.state == "pending" else ""
    return t(f"card.for.you{yet}") if is_own else t(f"card.for.one{yet}", name=record.author)


def _reviewed(t: Texts, record: CorrectionRecord) -> str:
    """Who decided about it, and with what reason, as far as the reader may know."""
    if record.reviewer is None or record.decided_at is None:
        return ""
    if record.state == "rejected":
        return t("edited.rejected", name=record.reviewer, reason=record.review_reason)
    key = "edited.approved.reason" if record.review_reason else "edited.approved"
    return t(key, name=record.reviewer, date=t.date(record.decided_at), reason=record.review_reason)


def _replaces(t: Texts, shown: ShownCard) -> str:
    """What it took the place of, or will; for those who may, the way back on which all of that comes back."""
    card, record = shown.card, shown.card.correction
    lines = replacing(t, record, shown.reader_id)
    if not lines and len(card.versions) > 1 and record.state in _STANDS:
        lines = [t("card.replaces")]
    said = "".join(tag("p", text(line), class_="quiet") for line in lines)
    if not lines or not card.may.undo:
        return said
    undone = t("card.undo.edit" if record.may_take_back else "card.undo.review")
    return said + button(undone, class_="link", data_act="card.undo", data_correction=record.id,
                         data_testid="undo-replacing")  # fmt: skip


def _learned(t: Texts, shown: ShownCard) -> str:
    """What the version that answers now made of it, when it was tested last."""
    if shown.learned is None:
        return ""
    return tag("p", text(t(f"card.model.{shown.learned}")), class_="quiet", data_testid="card-learned")


def _used(t: Texts, card: Card) -> str:
    questions, people = card.uses.questions, card.uses.people
    if questions == 0:
        return t("card.used.none")
    if people == 1:
        return t("card.used.one") if questions == 1 else t("card.used.person", questions=questions)
    return t("card.used", questions=questions, people=people)


# --- its proof, its versions, its end ---------------------------------------------------------------------------------


def _test(t: Texts, card: Card) -> str:
    ask = button(t("card.test"), drawing="retry", class_="secondary", data_act="card.prove",
                 data_correction=card.correction.id, data_testid="test-it")  # fmt: skip
    going = tag("p", tag("span", "", class_="pulse") + text(t("card.testing")), class_="waiting going", role="status")
    how = tag("p", text(t("card.test.how")), class_="quiet")
    inner = tag("h3", text(t("card.proof"))) + how + ask + going + tested(t, card.proof, card.correction.id)
    return tag("section", inner, class_="testing", aria_label=t("card.proof"))


def _versions(t: Texts, card: Card) -> str:
    """Who wrote each, when, and what it changed of the one before."""
    olds = [one.answer for one in card.versions[1:]] + [card.correction.before]
    items = ""
    for version, old in zip(card.versions, olds, strict=True):
        line = t("card.written", name=version.author, date=t.date(version.created_at))
        if version.reviewer:
            line += " " + t("card.reviewed", name=version.reviewer)
        this = tag("span", text(t("card.this")), class_="pill taught") if version.is_this else ""
        state = tag("span", text(t(f"state.{version.state}")), class_=f"pill {version.state}")
        items += tag("li", tag("div", state + this, class_="row") + tag("p", text(line), class_="quiet")
                     + change(old, data_new=version.answer), data_testid="card-version")  # fmt: skip
    title = tag("summary", text(t("card.versions", count=len(card.versions))), data_testid="card-versions")
    return tag("details", title + tag("ol", items), class_="fold")


def _limit(t: Texts, shown: ShownCard) -> str:
    """The last day on which it answers."""
    record = shown.card.correction
    if not shown.card.may.date:
        return ""
    last = last_day(t, record)
    field = tag("input", type="date", name="until", required=True, value=last.isoformat() if last else None,
                min=shown.today.isoformat(), data_testid="valid-until")  # fmt: skip
    save = tag("button", text(t("act.save")), type="submit", class_="secondary", data_testid="save-date")
    clear = button(t("card.valid.clear"), class_="link", data_act="card.limit", data_correction=record.id,
                   data_until="", data_testid="clear-date") if last else ""  # fmt: skip
    inner = (
        tag("input", type="hidden", name="correction", value=record.id)
        + tag("label", tag("span", text(t("card.valid"))) + field)
        + save
        + clear
        + tag("p", text(t("card.valid.how")), class_="quiet")
        + tag("p", "", class_="form-error", role="alert", data_error=True, data_testid="date-error")
    )
    return tag("form", inner, class_="limit", data_form="card.limit")


def last_day(t: Texts, record: CorrectionRecord) -> date | None:
    """The day at whose end, on the reader's clock, it ends."""
    if record.valid_until is None:
        return None
    return t.local(record.valid_until - timedelta(microseconds=1)).date()


def _end(t: Texts, shown: ShownCard) -> str:
    """How it ends, and comes back; what the last act did is taken back beside the words that say so, if at all."""
    id, may = shown.card.correction.id, shown.card.may
    if may.withdraw:
        return tag("div", button(t("mine.withdraw"), drawing="bin", class_="secondary", data_act="card.withdraw",
                                 data_correction=id, data_testid="withdraw-card"), class_="row")  # fmt: skip
    if may.undo and not shown.note:
        return tag("div", button(t("act.undo"), drawing="retry", class_="secondary", data_act="card.undo",
                                 data_correction=id, data_testid="undo-card"), class_="row")  # fmt: skip
    return ""
