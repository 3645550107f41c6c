"""Review on real services: an expert decides, the author sees what became of it."""

from dataclasses import replace

from collab.people.access import Actor, Role
from collab.ui import review_tab
from collab.ui.acts.chat import Undo
from collab.ui.acts.review import Approve, Reject, Withdraw
from collab.ui.navigation import sidebar, waiting
from collab.ui.screen import Screen


def submit(screen: Screen, author: Actor, question: str = "Who opens the gate?", answer: str = "The porter.") -> str:
    return screen.services.corrections.submit(author, question=question, answer=answer).id


def test_a_case_waits_for_the_expert_and_not_for_the_member(screen: Screen, member: Actor, expert: Actor) -> None:
    submit(screen, member)
    assert (waiting(screen, expert), waiting(screen, member)) == (1, 0)
    assert 'data-testid="waiting">1<' in sidebar(screen, expert, "review")["side"]
    assert 'data-testid="case"' in review_tab.shown(screen, expert)["review"]
    assert 'data-testid="case"' not in review_tab.shown(screen, member)["review"]


def test_after_a_decision_the_next_case_is_open(screen: Screen, member: Actor, expert: Actor) -> None:
    first, second = submit(screen, member), submit(screen, member, question="Who shuts it?")
    act = Approve(act="approve", correction=first, question="Who opens the gate?", answer="The porter does.")
    (update,) = review_tab.handle(screen, expert, act)
    assert f'data-case="{second}"' in update["review"]
    assert "From now on everyone gets this answer." in update["toast"]
    assert f'data-act="review.undo" data-correction="{first}"' in update["toast"]


def test_an_approved_style_is_not_said_to_answer_anybody(screen: Screen, member: Actor, expert: Actor) -> None:
    made = screen.services.corrections.submit(member, question="Who?", answer="The porter, dear guest.", kind="style")
    act = Approve(act="approve", correction=made.id, question="Who?", answer="The porter, dear guest.")
    (update,) = review_tab.handle(screen, expert, act)
    assert "It teaches how to write and replaces no answer." in update["toast"]


def test_the_author_sees_the_reason(screen: Screen, member: Actor, expert: Actor) -> None:
    case = submit(screen, member)
    list(review_tab.handle(screen, expert, Reject(act="reject", correction=case, reason="The <guard> does.")))
    mine = review_tab.shown(screen, member)["review"]
    assert "Eve: The &lt;guard&gt; does." in mine
    assert 'class="pill rejected"' in mine


def test_a_rejection_without_reason_is_told_in_the_case(screen: Screen, member: Actor, expert: Actor) -> None:
    case = submit(screen, member)
    (update,) = review_tab.handle(screen, expert, Reject(act="reject", correction=case, reason=" "))
    assert f'data-about="case:{case}"' in update["toast"]
    assert "review" not in update


def test_style_that_was_accepted_is_not_said_to_be_live(screen: Screen, member: Actor, expert: Actor) -> None:
    made = screen.services.corrections.submit(member, question="Who?", answer="The porter, dear guest.", kind="style")
    screen.services.corrections.approve(expert, made.id)
    assert (
        'class="pill taught" data-testid="state">Accepted for training<' in review_tab.shown(screen, member)["review"]
    )


def test_undo_is_offered_only_to_who_may(screen: Screen, expert: Actor) -> None:
    """Nobody reviewed what an expert wrote for everyone; as a member they may take it away, and not bring it back."""
    case = submit(screen, expert)
    (update,) = review_tab.handle(screen, replace(expert, role=Role.MEMBER), Withdraw(act="withdraw", correction=case))
    assert "It answers nobody any more." in update["toast"]
    assert "review.undo" not in update["toast"]
    screen.services.corrections.undo(expert, case)
    (update,) = review_tab.handle(screen, expert, Withdraw(act="withdraw", correction=case))
    assert "review.undo" in update["toast"]


def test_a_case_that_somebody_else_decided_goes_from_the_list(screen: Screen, member: Actor, expert: Actor) -> None:
    case = submit(screen, member)
    screen.services.corrections.withdraw(member, case)
    (update,) = review_tab.handle(screen, expert, Reject(act="reject", correction=case, reason="No."))
    assert 'role="alert"' in update["toast"]
    assert 'data-testid="empty"' in update["review"]


def test_undo_brings_the_case_back(screen: Screen, member: Actor, expert: Actor) -> None:
    case = submit(screen, member)
    list(review_tab.handle(screen, expert, Reject(act="reject", correction=case, reason="No.")))
    assert 'data-testid="empty"' in review_tab.shown(screen, expert)["review"]
    (update,) = review_tab.handle(screen, expert, Undo(act="undo", correction=case))
    assert f'data-case="{case}"' in update["review"]


def test_a_member_cannot_approve(screen: Screen, member: Actor) -> None:
    case = submit(screen, member)
    act = Approve(act="approve", correction=case, question="Who?", answer="Me.")
    (update,) = review_tab.handle(screen, member, act)
    assert 'role="alert"' in update["toast"]
    assert screen.services.corrections.get(member, case).state == "pending"
