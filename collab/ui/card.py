"""The card of a correction, in the panel beside the chat and beside the review: shown, taught, tested, dated, ended."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from collab.errors import ValidityPastError
from collab.feedback.records import CorrectionRecord
from collab.feedback.tables import ExampleState
from collab.people.access import Actor
from collab.ui.acts.card import (
    Add,
    CardAct,
    Forget,
    Limit,
    OnCard,
    Open,
    Prove,
    Settle,
    Teach,
    Undo,
    Unsettle,
    Withdraw,
)
from collab.ui.present import card, source
from collab.ui.present.card import Frame, ShownCard
from collab.ui.present.considered import considered
from collab.ui.screen import Screen, Update
from knowledge.database import new_id, utc_now
from knowledge.errors import CollabError, NotFoundError
from knowledge.text import normalise

_FORMS = {"add": "form:card.add", "limit": "form:card.limit"}


def opening(screen: Screen, actor: Actor, record: CorrectionRecord, conversation: str) -> Iterator[Update]:
    """The card of a correction that was just saved in a conversation: its words at once, then all of it."""
    frame = Frame(record.id, opens=new_id(), view=conversation)
    yield {"panel": card.opening(screen.texts, record, frame, is_own=record.author_id == actor.id)}
    yield _shown(screen, actor, frame)


def _shown(screen: Screen, actor: Actor, frame: Frame, note: str = "", turn_id: str = "") -> Update:
    """The card as it stands now. Raises NotFoundError."""
    t = screen.texts
    found = screen.services.cards.get(actor, frame.id)
    why = _why(screen, actor, turn_id) if turn_id else ""
    learned = screen.services.adapters.learned([frame.id]).get(frame.id)
    shown = ShownCard(found, actor.id, t.local(utc_now()).date(), note=note, why=why, learned=learned)
    return {"panel": card.panel(t, shown, frame)}


def _why(screen: Screen, actor: Actor, turn_id: str) -> str:
    """Why the turn, from which the card was opened, was answered with the correction."""
    turn = screen.services.conversations.turn(actor, turn_id)
    known = screen.services.corrections.attributions(actor, [one.correction_id for one in turn.considered])
    return source.why(screen.texts, turn) + considered(screen.texts, turn, known)


def handle(screen: Screen, actor: Actor, act: CardAct) -> Iterator[Update]:
    """The acts of the card; each says what it did, and offers to take it back."""
    if isinstance(act, Open):
        yield _shown(screen, actor, Frame(act.correction, opens=new_id()), turn_id=act.turn)
        return
    frame = Frame(act.correction)
    try:
        note = _done(screen, actor, act)
    except NotFoundError:
        raise
    except CollabError as error:
        problem = screen.problem(error, about=_FORMS.get(act.act, ""))
        yield problem if act.act in _FORMS else _shown(screen, actor, frame) | problem
        return
    yield _shown(screen, actor, replace(frame, is_added=isinstance(act, Add)), note)


def _done(screen: Screen, actor: Actor, act: OnCard) -> str:
    """Does it, and returns what is said of it."""
    t, id = screen.texts, act.correction
    match act:
        case Teach() | Add():
            return _taught(screen, actor, act)
        case Forget():
            return _forgotten(screen, actor, act)
        case Settle():
            screen.services.conflicts.settle(actor, id, act.about, act.other, act.choice)
            said = t(f"card.settled.{act.choice}")
            return card.note(t, said, "unsettle", correction=id, about=act.about, other=act.other)
        case Unsettle():
            screen.services.conflicts.reopen(actor, id, act.about, act.other)
            return card.note(t, t("card.undone"))
        case Prove():
            return _tested(screen, actor, id)
        case Limit():
            return _limited(screen, actor, act)
        case Withdraw():
            gone = screen.services.corrections.withdraw(actor, id)
            return card.note(t, t("mine.withdrawn"), "undo" if gone.may_restore else "", correction=id)
        case Undo():
            screen.services.corrections.undo(actor, id)
            return card.note(t, t("card.undone"))
    raise AssertionError("an act of the card that nobody handles")


def _taught(screen: Screen, actor: Actor, act: Teach | Add) -> str:
    t, examples = screen.texts, screen.services.examples
    before = {one.id: one for one in examples.of(actor, act.correction)}
    made = examples.add(actor, act.correction, act.text, act.side)
    if made.id not in before:
        yet = ".you" if made.state is ExampleState.PENDING else ""
        said = t(f"card.taught.{act.side}{yet}", text=made.text)
        return card.note(t, said, "forget", correction=act.correction, example=made.id, undo="yes")
    sides = {one.side for one in before.values() if normalise(one.text) == normalise(made.text)}
    if len(sides) < 2:  # it stood there, and not on the other side
        return card.note(t, t("card.taught.already", text=made.text))
    other = "will_not" if act.side == "will" else "will"
    said = t(f"card.taught.{act.side}", text=made.text)
    return card.note(t, said, "teach", correction=act.correction, text=made.text, side=other)


def _forgotten(screen: Screen, actor: Actor, act: Forget) -> str:
    t, examples = screen.texts, screen.services.examples
    gone = examples.get(actor, act.example)
    examples.remove(actor, act.example)
    if act.undo:
        return card.note(t, t("card.undone"))
    said = t("card.removed", text=gone.text)
    return card.note(t, said, "teach", correction=act.correction, text=gone.text, side=gone.side.value)


def _tested(screen: Screen, actor: Actor, correction_id: str) -> str:
    t = screen.texts
    proof = screen.services.proofs.test(actor, correction_id)
    if proof.is_verified:
        return card.note(t, t("card.tested.verified"))
    wrong = sum(not case.is_right for case in proof.cases)
    return card.note(t, t("card.tested.not_yet", count=wrong))


def _limited(screen: Screen, actor: Actor, act: Limit) -> str:
    """Until the end of a day, on the clock of whoever says so."""
    t = screen.texts
    before = card.last_day(t, screen.services.cards.get(actor, act.correction).correction)
    screen.services.validity.set(actor, act.correction, _end_of(screen, act.until) if act.until else None)
    said = t("card.dated", date=t.date(_noon(screen, act.until))) if act.until else t("card.undated")
    return card.note(t, said, "limit", correction=act.correction, until=before.isoformat() if before else "")


def _end_of(screen: Screen, day: date) -> datetime:
    """Raises ValidityPastError, which names the day as it was chosen."""
    now = utc_now()
    end = datetime.combine(day + timedelta(days=1), time(), screen.texts.local(now).tzinfo)
    if end <= now:
        raise ValidityPastError(at=day.isoformat())
    return end.astimezone(UTC)


def _noon(screen: Screen, day: date) -> datetime:
    return datetime.combine(day, time(12), screen.texts.local(utc_now()).tzinfo)
