"""What a reviewer does about a case, or about several: each act tells which case is open then, and what is said of it.

It draws no room.
"""

from collections.abc import Iterator, Mapping

from collab.feedback.case_records import CaseKind, Ref
from collab.feedback.records import CorrectionRecord
from collab.feedback.tables import Kind, State
from collab.people.access import Actor
from collab.ui.acts.review import (
    Answer,
    Approve,
    Assign,
    Case,
    Compute,
    Decide,
    OnView,
    Reject,
    Reopen,
    Replace,
    Resolve,
    Undecide,
    UndoReview,
    Withdraw,
)
from collab.ui.present import review
from collab.ui.screen import Screen, Update
from knowledge.errors import CollabError, NotFoundError

Done = tuple[str, Update]
"""The case that is open then, and what is said."""

_NAMED = 5  # of several that were not decided, so many are named


def done(screen: Screen, actor: Actor, act: OnView) -> Done:
    """Does it. Raises what the services raise."""
    match act:
        case Case():
            return act.case, {}
        case Compute():
            screen.services.curves.start(actor)
            return "", {}
        case Approve() | Reject() | Replace() | Answer():
            made, key = _decided(screen, actor, act)
            return act.next, _told(screen, key, correction=made.id)
        case Withdraw() | UndoReview():
            return _ended(screen, actor, act)
        case Resolve() | Reopen() | Assign():
            return _settled(screen, actor, act)
        case Decide():
            return act.next, _decided_together(screen, actor, act)
        case Undecide():
            return act.decided[0], _undecided(screen, actor, act)
    raise AssertionError("an act of the review that nobody handles")


def _told(screen: Screen, key: str, **back: str) -> Update:
    """Says it, with the way back."""
    return screen.toast(screen.texts(key), action=review.undo_button(screen.texts, **back))


# --- about one --------------------------------------------------------------------------------------------------------


def _decided(screen: Screen, actor: Actor, act: Approve | Reject | Replace | Answer) -> tuple[CorrectionRecord, str]:
    """The correction that was approved, rejected or written, and the key of what is said of it."""
    corrections = screen.services.corrections
    match act:
        case Approve():
            made = corrections.approve(
                actor, act.correction, question=act.question, answer=act.answer, reason=act.reason.strip() or None,
                revision=act.revision,
            )  # fmt: skip
            key = "review.approved"
        case Reject():
            return corrections.reject(actor, act.correction, act.reason, revision=act.revision), "review.rejected"
        case Replace():
            kind = corrections.get(actor, act.correction).kind
            return corrections.submit(actor, question=act.question, answer=act.answer, kind=kind), "review.replaced"
        case Answer():
            made = corrections.submit(actor, turn_id=act.turn, answer=act.answer, kind=act.kind)
            key = "review.answered"
    return made, "review.approved.style" if made.kind is Kind.STYLE else key


def _ended(screen: Screen, actor: Actor, act: Withdraw | UndoReview) -> Done:
    """A correction that answers nobody any more, or an act on one that is taken back."""
    corrections = screen.services.corrections
    if isinstance(act, UndoReview):
        back = corrections.undo(actor, act.correction)
        ref = f"correction:{back.id}" if back.state is State.PENDING else f"turn:{back.turn_id or ''}"
        return ref, screen.toast(screen.texts("review.undone"))
    gone = corrections.withdraw(actor, act.correction)
    key = "mine.withdrawn.style" if gone.kind is Kind.STYLE else "mine.withdrawn"
    return act.next, _told(screen, key, correction=gone.id) if gone.may_restore else screen.toast(screen.texts(key))


def _settled(screen: Screen, actor: Actor, act: Resolve | Reopen | Assign) -> Done:
    """A case that is closed with a word, opened again or given to somebody."""
    t, cases = screen.texts, screen.services.cases
    match act:
        case Resolve():
            cases.resolve(actor, act.turn, act.reason, show_again=act.show_again)
            return act.next, _told(screen, "review.resolved", turn=act.turn)
        case Reopen():
            cases.reopen(actor, act.turn)
            return f"turn:{act.turn}", screen.toast(t("review.undone"))
        case Assign():
            line = cases.assign(actor, act.case, act.person or None)
            told = t("review.assigned.done", name=line.assignee) if line.assignee else t("review.unassigned.done")
            return act.case, screen.toast(told)


# --- about several ----------------------------------------------------------------------------------------------------


def _decided_together(screen: Screen, actor: Actor, act: Decide) -> Update:
    """How many cases were, and why the others were not."""
    t = screen.texts
    outcomes = screen.services.cases.decide(actor, act.chosen, act.verdict, act.reason.strip() or None)
    decided = [outcome.ref for outcome in outcomes if outcome.error is None]
    left = {outcome.ref: outcome.error for outcome in outcomes if outcome.error is not None}
    undo = review.undo_button(t, cases=" ".join(decided)) if decided else ""
    count = len(screen.services.cases.one_each(actor, decided))
    return _said(screen, actor, t("review.bulk.done", count=count), left, undo)


def _undecided(screen: Screen, actor: Actor, act: Undecide) -> Update:
    """Each for itself, the last first, as one may have taken the place of another."""
    left: dict[str, CollabError] = {}
    for ref in reversed(act.decided):
        try:
            _undo(screen, actor, Ref.parsed(ref))
        except CollabError as error:
            left[ref] = error
    undone = screen.services.cases.one_each(actor, [ref for ref in act.decided if ref not in left])
    return _said(screen, actor, screen.texts("review.bulk.undone", count=len(undone)), left)


def _undo(screen: Screen, actor: Actor, ref: Ref) -> None:
    services = screen.services
    match ref.kind:
        case CaseKind.TURN:
            services.cases.reopen(actor, ref.id)
        case CaseKind.EXAMPLE:
            services.examples.undo(actor, ref.id)
        case CaseKind.CORRECTION:
            services.corrections.undo(actor, ref.id)


def _said(screen: Screen, actor: Actor, done: str, left: Mapping[str, CollabError], undo: str = "") -> Update:
    """What was done to several, to which of them it was not, and why."""
    t = screen.texts
    if not left:
        return screen.toast(done, action=undo)
    cases = screen.services.cases.one_each(actor, list(left))
    why = " ".join(dict.fromkeys(t.error(error.code, error.params) for error in left.values()))
    lines = [f"{done} {t('review.bulk.failed', count=len(cases), why=why)}"]
    lines += [f"“{question}”" for question in _questions(screen, actor, cases[:_NAMED])]
    return screen.toast("\n".join(lines), action=undo, is_partial=True)


def _questions(screen: Screen, actor: Actor, refs: list[str]) -> Iterator[str]:
    """Of those that are still there."""
    for ref in refs:
        try:
            yield screen.services.cases.open(actor, ref).case.question
        except NotFoundError:
            continue
