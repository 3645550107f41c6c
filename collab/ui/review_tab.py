"""Review: an expert decides what answers everyone; a member sees what became of their own corrections."""

from collections.abc import Iterator

from collab.errors import CorrectionChangedError, CorrectionStateError
from collab.feedback.tables import Kind, State
from collab.people.access import Actor, Role
from collab.ui.acts.chat import Undo
from collab.ui.acts.review import Approve, Case, Reject, Withdraw
from collab.ui.navigation import sidebar
from collab.ui.present import review
from collab.ui.screen import Screen, Update
from knowledge.database import utc_now
from knowledge.errors import CollabError, NotFoundError


def shown(screen: Screen, actor: Actor, opened: str = "") -> Update:
    """The room as it stands; `opened` is the case to read, else the first."""
    t, corrections = screen.texts, screen.services.corrections
    own = corrections.list(actor, mine=True)
    if actor.role is Role.MEMBER:
        return {"review": review.room(t, review.own_corrections(t, own, heading=False))}
    cases = corrections.list(actor, state=State.PENDING)
    current = next((case for case in cases if case.id == opened), cases[0] if cases else None)
    case_html = "" if current is None else review.case(t, current, is_own=current.author_id == actor.id)
    desk = review.desk(t, cases, current.id if current else "", case_html, utc_now())
    return {"review": desk + review.own_corrections(t, own, heading=True)}


def handle(screen: Screen, actor: Actor, act: Case | Approve | Reject | Withdraw | Undo) -> Iterator[Update]:
    """The acts of the room. After a decision the next case is open, and the message offers to take it back."""
    t, corrections = screen.texts, screen.services.corrections
    said: Update = {}
    opened = ""
    try:
        match act:
            case Case():
                opened = act.correction
            case Approve():
                reason = act.reason.strip() or None
                made = corrections.approve(
                    actor, act.correction, question=act.question, answer=act.answer, reason=reason
                )
                key = "review.approved.style" if made.kind is Kind.STYLE else "review.approved"
                said = screen.toast(t(key), action=review.undo_button(t, act.correction))
            case Reject():
                corrections.reject(actor, act.correction, act.reason)
                said = screen.toast(t("review.rejected"), action=review.undo_button(t, act.correction))
            case Withdraw():
                gone = corrections.withdraw(actor, act.correction)
                key = "mine.withdrawn.style" if gone.kind is Kind.STYLE else "mine.withdrawn"
                said = screen.toast(t(key), action=review.undo_button(t, gone.id) if gone.may_restore else "")
            case Undo():
                corrections.undo(actor, act.correction)
                said, opened = screen.toast(t("review.undone")), act.correction
    except (CorrectionStateError, CorrectionChangedError, NotFoundError) as error:  # somebody else was quicker
        yield shown(screen, actor) | sidebar(screen, actor, "review") | screen.problem(error)
        return
    except CollabError as error:
        yield screen.problem(error, about=f"case:{act.correction}")
        return
    yield shown(screen, actor, opened) | sidebar(screen, actor, "review") | said
