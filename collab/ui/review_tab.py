"""Review: those who may decide what answers everyone; a member sees what became of their own corrections."""

from collections.abc import Iterator

from collab.errors import CaseClosedError, CorrectionChangedError, CorrectionStateError
from collab.feedback.cases import PAGE
from collab.feedback.records import CorrectionRecord
from collab.feedback.tables import Kind, State
from collab.people.access import Actor, Role
from collab.ui.acts.review import (
    Answer,
    Approve,
    Assign,
    Case,
    Decide,
    OnView,
    Reject,
    Reopen,
    Replace,
    Resolve,
    UndoReview,
    View,
    Withdraw,
)
from collab.ui.navigation import sidebar
from collab.ui.present import case, mine, review
from collab.ui.screen import Screen, Update
from knowledge.database import utc_now
from knowledge.errors import CollabError, NotFoundError

Words = tuple[str, str]
"""A reviewer's question and answer."""


def shown(
    screen: Screen, actor: Actor, opened: str = "", view: View | None = None, words: Words | None = None
) -> Update:
    """The room as it stands; `opened` is the case to read, else the first; `words` are those that a reviewer wanted to
    save there, where somebody else was quicker.
    """
    t, services = screen.texts, screen.services
    own = services.corrections.list(actor, mine=True)
    if actor.role is Role.MEMBER:
        return {"review": review.room(t, mine.own_corrections(t, own, heading=False))}
    view, now = view or View(), utc_now()
    page = services.cases.page(actor, view.wanted(), limit=PAGE * view.pages)
    first = page.cases[0].ref if page.cases else ""
    found = _shown(screen, actor, opened, words) or _shown(screen, actor, first, None)
    opened, case_html = (found.found.case.ref, case.case(t, found, now)) if found else ("", "")
    choices = review.Choices(
        services.cases.authors(actor), {one.id: one.name for one in services.documents.list(actor)}
    )
    desk = review.Desk(view, page, choices, services.cases.count(actor), opened, case_html)
    return {"review": review.desk(t, desk, now) + mine.own_corrections(t, own, heading=True)}


def handle(screen: Screen, actor: Actor, act: OnView) -> Iterator[Update]:
    """The acts of the room. After a decision the next case is open, and the message offers to take it back."""
    opened, said = act.next, Update()
    try:
        opened, said = _done(screen, actor, act)
    except CorrectionChangedError as error:
        yield _changed(screen, actor, act, error)
        return
    except (CorrectionStateError, CaseClosedError, NotFoundError) as error:  # somebody else was quicker
        said = screen.problem(error)
    except CollabError as error:
        yield screen.problem(error, about=f"case:{_id(act)}")
        return
    yield shown(screen, actor, opened, act.view) | sidebar(screen, actor, "review") | said


def _done(screen: Screen, actor: Actor, act: OnView) -> tuple[str, Update]:
    """Does it, and tells which case is open then, and what is said."""
    t, corrections, cases = screen.texts, screen.services.corrections, screen.services.cases
    match act:
        case Case():
            return act.case, {}
        case Approve():
            made = corrections.approve(
                actor, act.correction, question=act.question, answer=act.answer, reason=act.reason.strip() or None,
                revision=act.revision,
            )  # fmt: skip
            key = "review.approved.style" if made.kind is Kind.STYLE else "review.approved"
            return act.next, screen.toast(t(key), action=review.undo_button(t, correction=made.id))
        case Reject():
            gone = corrections.reject(actor, act.correction, act.reason, revision=act.revision)
            return act.next, screen.toast(t("review.rejected"), action=review.undo_button(t, correction=gone.id))
        case Replace():
            kind = corrections.get(actor, act.correction).kind
            made = corrections.submit(actor, question=act.question, answer=act.answer, kind=kind)
            return act.next, screen.toast(t("review.replaced"), action=review.undo_button(t, correction=made.id))
        case Answer():
            made = corrections.submit(actor, turn_id=act.turn, answer=act.answer, kind=act.kind)
            key = "review.approved.style" if made.kind is Kind.STYLE else "review.answered"
            return act.next, screen.toast(t(key), action=review.undo_button(t, correction=made.id))
        case Resolve():
            cases.resolve(actor, act.turn, act.reason, show_again=act.show_again)
            return act.next, screen.toast(t("review.resolved"), action=review.undo_button(t, turn=act.turn))
        case Reopen():
            cases.reopen(actor, act.turn)
            return f"turn:{act.turn}", screen.toast(t("review.undone"))
        case Assign():
            line = cases.assign(actor, act.case, act.person or None)
            told = t("review.assigned.done", name=line.assignee) if line.assignee else t("review.unassigned.done")
            return act.case, screen.toast(told)
        case Decide():
            return act.next, _decided(screen, actor, act)
        case Withdraw():
            gone = corrections.withdraw(actor, act.correction)
            key = "mine.withdrawn.style" if gone.kind is Kind.STYLE else "mine.withdrawn"
            undo = review.undo_button(t, correction=gone.id) if gone.may_restore else ""
            return act.next, screen.toast(t(key), action=undo)
        case UndoReview():
            back = corrections.undo(actor, act.correction)
            ref = f"correction:{back.id}" if back.state is State.PENDING else f"turn:{back.turn_id or ''}"
            return ref, screen.toast(t("review.undone"))
    raise AssertionError("an act of the review that nobody handles")


def _decided(screen: Screen, actor: Actor, act: Decide) -> Update:
    """Several at once: how many were, and why the others were not."""
    t = screen.texts
    outcomes = screen.services.cases.decide(actor, act.chosen, act.verdict, act.reason.strip() or None)
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    said = [t("review.bulk.done", count=len(outcomes) - len(errors))]
    if errors:
        why = " ".join(dict.fromkeys(t.error(error.code, error.params) for error in errors))
        said.append(t("review.bulk.failed", count=len(errors), why=why))
    return screen.toast(" ".join(said))


def _changed(screen: Screen, actor: Actor, act: OnView, error: CorrectionChangedError) -> Update:
    """Somebody else decided it meanwhile: their words beside one's own, to choose from."""
    newest = error.newest
    if not isinstance(newest, CorrectionRecord) or not isinstance(act, Approve):
        return shown(screen, actor, act.next, act.view) | sidebar(screen, actor, "review") | screen.problem(error)
    again = shown(screen, actor, f"correction:{newest.id}", act.view, (act.question, act.answer))
    return again | sidebar(screen, actor, "review")


def _shown(screen: Screen, actor: Actor, ref: str, words: Words | None) -> case.Shown | None:
    """A case to read; None when it is gone, or never was."""
    services = screen.services
    try:
        found = services.cases.open(actor, ref)
    except NotFoundError:
        return None
    passage = None
    if found.passage_id is not None:
        try:
            passage = services.documents.passage(actor, found.passage_id).text
        except NotFoundError:  # removed since, or not theirs to read
            passage = None
    is_own = found.correction is not None and found.correction.author_id == actor.id
    return case.Shown(found, services.cases.reviewers(actor), passage, is_own, words)


def _id(act: OnView) -> str:
    """The id of the case in which an act was made."""
    return str(getattr(act, "correction", "") or getattr(act, "turn", "") or getattr(act, "case", "").partition(":")[2])
