"""What stands under a turn that the person has corrected: their words, whom these answer, and how to take them back.

It shows the person's own corrections alone; others' are for the review.
"""

from collab.dialogue.records import CorrectedBy
from collab.feedback.records import CorrectionRecord
from collab.people.access import EVERYONE
from collab.texts import Texts
from collab.ui.present.html import button, icon, tag, text

_ICONS = {"pending": "hourglass", "live": "tick", "rejected": "cross", "superseded": "clock"}


def edited(t: Texts, record: CorrectionRecord, *, is_saved: bool) -> str:
    """The correction whole, with its state; right after saving, a note says instead what saving has done."""
    inner = (
        tag("h3", text(t("edited.title")))
        + tag("p", text(record.answer), class_="words", dir="auto", data_testid="turn-correction-text")
        + _review(t, record)
        + ("" if is_saved else _state(t, record))
    )
    card = tag("section", inner, class_="edited", aria_label=t("edited.title"), data_testid="turn-correction")
    return card + (_saved(t, record) if is_saved else "")


def put_right(t: Texts, turn_id: str, by: CorrectedBy) -> str:
    """Under an answer that was rated down: somebody has answered its question since, and it can be asked again."""
    again = button(t("act.retry"), drawing="retry", class_="link", data_act="ask.retry", data_turn=turn_id,
                   data_testid="ask-put-right")  # fmt: skip
    words = tag("span", text(t("edited.put_right", name=by.author, date=t.date(by.date))))
    new = tag("blockquote", text(by.answer), dir="auto", data_testid="put-right-answer") if by.answer else ""
    inner = tag("div", icon("tick") + words + again, class_="standing live") + new
    return tag("section", inner, class_="edited", aria_label=t("edited.put_right.label"), data_testid="put-right")


def note(content: str, *, tone: str = "done") -> str:
    """A line in the turn that says what an act did."""
    return tag("div", content, class_=f"note {tone}", role="status", data_testid="note")


def replacing(t: Texts, record: CorrectionRecord, reader_id: str) -> list[str]:
    """What it replaces, or will once it is approved, in a sentence each."""
    keys = ("correct.replaces", "correct.replaces.own")
    if record.state == "pending":
        keys = ("correct.replaces.yet", "correct.replaces.yet.own")
    return [t(keys[one.author_id == reader_id], name=one.author, question=one.question) for one in record.replaces]


def _saved(t: Texts, record: CorrectionRecord) -> str:
    said = " ".join([t(f"correct.saved.{_done(record)}"), *replacing(t, record, record.author_id)])
    return note(icon("tick") + tag("span", text(said), dir="auto") + _undo(t, record))


def _done(record: CorrectionRecord) -> str:
    if record.kind == "style":
        return _done_style(record)
    if record.state == "live" and record.live_for == "author":
        return "private"  # nobody reviews what rests on sources that others may not read
    return str(record.live_for)


def _done_style(record: CorrectionRecord) -> str:
    """It answers nobody; what not everybody may read is never trained on either."""
    if record.reach != EVERYONE:
        return "style.private"
    return "style.yet" if record.state == "pending" else "style"


def _state(t: Texts, record: CorrectionRecord) -> str:
    words = icon(_ICONS[record.state]) + tag("span", text(_standing(t, record)), data_testid="turn-correction-state")
    return tag("div", words + _undo(t, record), class_=f"standing {record.state}")


def _standing(t: Texts, record: CorrectionRecord) -> str:
    if record.state == "rejected":
        return t("edited.rejected", name=_reviewer(t, record), reason=record.review_reason)
    if record.state == "superseded":
        return t("edited.superseded")
    if record.kind == "style":
        return t(f"edited.style.{record.state}")
    return t("edited.pending" if record.state == "pending" else f"edited.{record.live_for}")


def _review(t: Texts, record: CorrectionRecord) -> str:
    """Who approved it, and what of the author's words they changed."""
    if record.state == "rejected" or record.reviewer_id is None or record.decided_at is None:
        return ""
    name, date = _reviewer(t, record), t.date(record.decided_at)
    key = "edited.approved.reason" if record.review_reason else "edited.approved"
    parts = [tag("p", text(t(key, name=name, date=date, reason=record.review_reason)), class_="quiet",
                 data_testid="turn-correction-review")]  # fmt: skip
    for what, old, new in (
        ("edited.question", record.original_question, record.question),
        ("edited.answer", record.original_answer, record.answer),
    ):
        if old is not None:
            diff = tag("p", "", class_="diff", data_diff=True, data_old=old, data_new=new, dir="auto")
            parts.append(tag("p", text(t(what, name=name)), class_="quiet") + diff)
    return "".join(parts)


def _reviewer(t: Texts, record: CorrectionRecord) -> str:
    return record.reviewer or t("mine.somebody")


def _undo(t: Texts, record: CorrectionRecord) -> str:
    """Only where the person may: once reviewed it is taken back among one's corrections, by withdrawing it."""
    if not record.may_take_back or record.turn_id is None:
        return ""
    return button(
        t("act.undo"), class_="link", data_act="chat.undo", data_correction=record.id, data_turn=record.turn_id,
        data_testid="undo",
    )  # fmt: skip
