"""What one can teach in a turn, as markup: suggestions with their yes and no, what was learned, and the offer to save
what somebody held against an answer.
"""

from collections.abc import Callable, Sequence

from collab.dialogue.composition import without_citations
from collab.dialogue.offering import Offer
from collab.dialogue.records import CorrectedBy, Decision, TurnRecord
from collab.feedback.tables import Side
from collab.feedback.teaching import Taught
from collab.texts import Texts
from collab.ui.present.edited import note
from collab.ui.present.html import button, icon, tag, text

_LIKELY = 0.5  # probability from which a suggestion stands open beside an answer from the sources
_START_CHARS = 200  # of an answer; the page shows what fits on a line
_ICONS = {"author": "hourglass", "private": "tick", "everyone": "tick"}


def suggestion(
    t: Texts,
    turn: TurnRecord,
    by: CorrectedBy | None,
    known: Taught | None,
    written: Callable[[str], str],
    others: Sequence[CorrectedBy] = (),
) -> str:
    """What a colleague answered to a question like this one; never in place of the answer. `written` is how words stand
    as an answer. Where the person may read it and has not said yes, they can say yes, to it or to one of the `others`
    under it, or no to all. Beside an answer from the sources an unlikely one is folded.
    """
    if turn.decision != Decision.SUGGESTED or by is None:
        return ""
    if by.answer is None and others:
        by, *others = others
    key = "chat.suggested" if by.question is None else "chat.suggested.to"
    who = tag("strong", text(t(key, name=by.author, question=by.question or "")), dir="auto")
    words = written(by.answer) if by.answer is not None else ""
    acts = _acts(t, turn, by, others) if words and known is None else ""
    inner = tag("div", who + words + acts)
    if turn.sources and known is None and not _is_likely(turn):
        summary = tag("summary", text(t("suggest.folded")), data_testid="similar")
        inner = tag("details", summary + inner)
    return tag("aside", icon("bubbles") + inner, class_="suggestion", data_testid="suggestion")


def _is_likely(turn: TurnRecord) -> bool:
    """Whether what is suggested is probably the answer; a turn of an earlier version does not know."""
    return all(one.probability >= _LIKELY for one in turn.considered if one.correction_id == turn.correction_id)


def _acts(t: Texts, turn: TurnRecord, by: CorrectedBy, others: Sequence[CorrectedBy]) -> str:
    yes = button(
        t("suggest.yes"), class_="secondary", data_act="chat.same", data_turn=turn.id,
        data_correction=by.correction_id, data_testid="same",
    )  # fmt: skip
    no = button(
        t("suggest.no.all" if others else "suggest.no"), class_="link", data_act="chat.different", data_turn=turn.id,
        data_testid="different",
    )  # fmt: skip
    if not others:
        return tag("div", yes + no, class_="row")
    rows = tag("ul", "".join(tag("li", _other(t, turn, one)) for one in others))
    choice = tag("div", tag("p", text(t("suggest.others"))) + rows, class_="others")
    return tag("div", yes, class_="row") + choice + tag("div", no, class_="row")


def _other(t: Texts, turn: TurnRecord, by: CorrectedBy) -> str:
    """Its question and the beginning of its answer, on a button that says yes to it."""
    start = " ".join(without_citations(by.answer or "")[:_START_CHARS].split())
    words = tag("span", text(by.question or ""), dir="auto") + tag("span", text(start), class_="start", dir="auto")
    return tag(
        "button", words, type="button", class_="other", aria_description=t("suggest.other.do"), data_act="chat.same",
        data_turn=turn.id, data_correction=by.correction_id, data_testid="alternative",
    )  # fmt: skip


def not_asked(t: Texts, turn: TurnRecord, known: Taught | None) -> str:
    """The way out of a correction that answers something else."""
    if turn.decision != Decision.CORRECTED or turn.is_hidden or (known and known.example.side is Side.WILL_NOT):
        return ""
    return button(
        t("suggest.not_asked"), class_="link not-asked", data_act="ask.another", data_turn=turn.id,
        data_testid="not-asked",
    )  # fmt: skip


def learned(t: Texts, turn: TurnRecord, known: Taught | None, *, is_now: bool) -> str:
    """What was learned in this turn and for whom, with its undo; as a note right after it was said."""
    if known is None:
        return ""
    key = f"taught.{known.example.side}.{known.whom}" + ".all" * (known.count > 1)
    words = tag("span", text(t(key)), data_testid="taught")
    inner = icon("tick" if is_now else _ICONS[known.whom]) + words + _undo(t, turn, known)
    return note(inner) if is_now else tag("div", inner, class_="standing")


def nothing(t: Texts, said: str) -> str:
    """A note that something was answered, and nothing learned from it."""
    return note(tag("span", text(t(f"taught.nothing.{said}"))))


def _undo(t: Texts, turn: TurnRecord, known: Taught) -> str:
    if not known.example.may_remove:
        return ""
    return button(
        t("act.undo"), class_="link", data_act="chat.unteach", data_turn=known.example.turn_id or turn.id,
        data_example=known.example.id, data_testid="unteach",
    )  # fmt: skip


def offer(t: Texts, made: Offer | None) -> str:
    """Leads to the edit of the answer before, in which the person's words stand already."""
    if made is None:
        return ""
    lead = button(
        t("offer.show"), drawing="pencil", class_="secondary", data_do="offer", data_for=made.turn_id,
        data_answer=made.answer, data_testid="offer",
    )  # fmt: skip
    return tag("div", lead, class_="row offer")
