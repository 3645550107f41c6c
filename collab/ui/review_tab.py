"""Review: those who may decide what answers everyone; a member sees what became of their own corrections."""

from collections.abc import Iterator

from collab.errors import CaseClosedError, CorrectionChangedError, CorrectionStateError
from collab.feedback.case_records import Case as Line
from collab.feedback.case_records import Page
from collab.feedback.cases import MOST, PAGE
from collab.feedback.records import CorrectionRecord
from collab.people.access import Actor, Role
from collab.ui.acts.review import Answer, Approve, OnView, View
from collab.ui.deciding import done
from collab.ui.navigation import sidebar
from collab.ui.present import case, curve, mine, review
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
    if view and view.careful and actor.role is not Role.MEMBER:
        return {"review": curve.page(t, view, services.curves.last(actor), services.curves.work(actor))}
    own = services.corrections.list(actor, mine=True)
    verified = services.proofs.verified(actor, [one.id for one in own])
    if actor.role is Role.MEMBER:
        return {"review": review.room(t, mine.own_corrections(t, own, verified, heading=False), title="mine.title")}
    view, now = view or View(), utc_now()
    page = _listed(screen, actor, view)
    first = page.cases[0].ref if page.cases else ""
    found = _shown(screen, actor, opened, words) or _shown(screen, actor, first, None)
    opened, case_html = (found.found.case.ref, case.case(t, found, now)) if found else ("", "")
    choices = review.Choices(
        services.cases.authors(actor, view.status), {one.id: one.name for one in services.documents.list(actor)}
    )
    desk = review.Desk(view, page, choices, services.cases.count(actor), opened, case_html)
    return {"review": review.desk(t, desk, now) + mine.own_corrections(t, own, verified, heading=True)}


def _listed(screen: Screen, actor: Actor, view: View) -> Page:
    """All pages of the list so far, as one."""
    found: list[Line] = []
    after, left = None, PAGE * view.pages
    while left > 0:
        page = screen.services.cases.page(actor, view.wanted(), after, min(left, MOST))
        found += page.cases
        after, left = page.after, left - len(page.cases)
        if after is None:
            break
    return Page(tuple(found), after)


def handle(screen: Screen, actor: Actor, act: OnView) -> Iterator[Update]:
    """The acts of the room. After a decision the next case is open, and the message offers to take it back."""
    opened, said = act.next, Update()
    try:
        opened, said = done(screen, actor, act)
    except CorrectionChangedError as error:
        yield _changed(screen, actor, act, error)
        return
    except (CorrectionStateError, CaseClosedError, NotFoundError) as error:  # somebody else was quicker
        said = screen.problem(error)
    except CollabError as error:
        yield screen.problem(error, about=f"case:{_id(act)}")
        return
    yield shown(screen, actor, opened, act.view) | sidebar(screen, actor, "review") | said


def _changed(screen: Screen, actor: Actor, act: OnView, error: CorrectionChangedError) -> Update:
    """Somebody else decided it meanwhile: their words beside one's own, to choose from."""
    newest = error.newest
    if not isinstance(newest, CorrectionRecord) or not isinstance(act, Approve | Answer):
        return shown(screen, actor, act.next, act.view) | sidebar(screen, actor, "review") | screen.problem(error)
    question = act.question if isinstance(act, Approve) else newest.question
    again = shown(screen, actor, f"correction:{newest.id}", act.view, (question, act.answer))
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
    ids = [found.correction.id] if found.correction else []
    is_verified = any(services.proofs.verified(actor, ids).values())
    return case.Shown(found, services.cases.reviewers(actor), passage, is_own, words, is_verified)


def _id(act: OnView) -> str:
    """The id of the case in which an act was made."""
    return str(getattr(act, "correction", "") or getattr(act, "turn", "") or getattr(act, "case", "").partition(":")[2])
