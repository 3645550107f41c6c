"""Review on real services: an expert decides, the author sees what became of it."""

import re
from dataclasses import replace

from collab.dialogue.conversations import NewTurn
from collab.dialogue.records import Decision
from collab.feedback.tables import State
from collab.people.access import Actor, Role
from collab.ui import review_tab
from collab.ui.acts.review import (
    Answer,
    Approve,
    Assign,
    Case,
    Decide,
    Reject,
    Reopen,
    Replace,
    Resolve,
    UndoReview,
    View,
    Withdraw,
)
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
    act = Approve(
        act="approve",
        correction=first,
        question="Who opens the gate?",
        answer="The porter does.",
        next=f"correction:{second}",
    )
    (update,) = review_tab.handle(screen, expert, act)
    assert f'data-case="{second}"' in update["review"]
    assert "From now on everyone gets this answer." in update["toast"]
    assert f'data-do="review-undo" data-testid="undo-review" data-correction="{first}"' in update["toast"]


def test_the_entry_of_the_open_case_is_the_current_one(screen: Screen, member: Actor, expert: Actor) -> None:
    first, second = submit(screen, member), submit(screen, member, question="Who shuts it?")
    room = review_tab.shown(screen, expert, f"correction:{second}")["review"]
    lines = dict(re.findall(r'<button type="button" class="line"(.*?) data-do="open-case" data-ref="([^"]+)"', room))
    assert lines == {' aria-current="true"': f"correction:{second}", "": f"correction:{first}"}
    assert room.count("aria-current") == 1


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
    assert "review-undo" not in update["toast"]
    screen.services.corrections.undo(expert, case)
    (update,) = review_tab.handle(screen, expert, Withdraw(act="withdraw", correction=case))
    assert "review-undo" in update["toast"]


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
    (update,) = review_tab.handle(screen, expert, UndoReview(act="undo", correction=case))
    assert f'data-case="{case}"' in update["review"]


def test_a_member_cannot_approve(screen: Screen, member: Actor) -> None:
    case = submit(screen, member)
    act = Approve(act="approve", correction=case, question="Who?", answer="Me.")
    (update,) = review_tab.handle(screen, member, act)
    assert 'role="alert"' in update["toast"]
    assert screen.services.corrections.get(member, case).state == "pending"


def rate(screen: Screen, member: Actor, reason: str = "wrong_fact") -> str:
    """A turn that was rated down."""
    new = NewTurn("Who opens it?", "Who opens it?", False, "en", "Nobody. [1]", Decision.MODEL, 0.5)
    turn = screen.services.conversations.record(member, None, new).id
    screen.services.ratings.rate(member, turn, "down", reason, "The <porter> does.")
    return turn


def test_a_rated_turn_is_a_case_and_is_answered_or_resolved(screen: Screen, member: Actor, expert: Actor) -> None:
    turn = rate(screen, member)
    assert waiting(screen, expert) == 1
    room = review_tab.shown(screen, expert)["review"]
    assert f'data-ref="turn:{turn}"' in room
    assert "The &lt;porter&gt; does." in room
    assert "Wrong fact" in room
    (update,) = review_tab.handle(screen, expert, Answer(act="answer", turn=turn, answer="The porter."))
    assert "From now on everyone gets this answer" in update["toast"]
    assert 'data-testid="empty"' in update["review"]
    second = rate(screen, member)
    (update,) = review_tab.handle(screen, expert, Resolve(act="resolve", turn=second, reason="The guide is new."))
    assert f'data-do="review-undo" data-testid="undo-review" data-turn="{second}"' in update["toast"]
    (update,) = review_tab.handle(screen, expert, Reopen(act="reopen", turn=second))
    assert f'data-case="{second}"' in update["review"]


def test_only_an_unsafe_answer_can_be_shown_again(screen: Screen, member: Actor, expert: Actor) -> None:
    assert 'data-testid="show-again"' not in review_tab.shown(screen, expert, f"turn:{rate(screen, member)}")["review"]
    turn = rate(screen, member, "unsafe")
    assert 'data-testid="show-again"' in review_tab.shown(screen, expert, f"turn:{turn}")["review"]
    assert screen.services.conversations.turn(member, turn).is_hidden
    list(review_tab.handle(screen, expert, Resolve(act="resolve", turn=turn, reason="Harmless.", show_again=True)))
    assert not screen.services.conversations.turn(member, turn).is_hidden


def test_the_second_of_two_reviewers_sees_the_words_of_the_first_and_chooses(
    screen: Screen, member: Actor, other: Actor, expert: Actor
) -> None:
    case = submit(screen, member)
    edda = screen.services.accounts.add("Edda", "a long pass phrase 42", Role.EXPERT)
    screen.services.corrections.approve(edda, case, answer="The porter does.", revision=1)
    act = Approve(act="approve", correction=case, question="Who opens the gate?", answer="The guard.", revision=1)
    (update,) = review_tab.handle(screen, expert, act)
    assert "toast" not in update
    for words in ("Edda changed this while you were reading", "The porter does.", "The guard.", 'data-do="replace"'):
        assert words in update["review"]
    assert screen.services.corrections.get(expert, case).answer == "The porter does."
    own = Replace(act="replace", correction=case, question="Who opens the gate?", answer="The guard.")
    (update,) = review_tab.handle(screen, expert, own)
    assert "Your words stand now." in update["toast"]
    (live,) = screen.services.corrections.list(expert, state=State.LIVE)
    assert (live.answer, live.author) == ("The guard.", "Eve")


def test_the_words_that_an_author_changed_meanwhile_can_be_decided(
    screen: Screen, member: Actor, expert: Actor
) -> None:
    case = submit(screen, member)
    newer = submit(screen, member, answer="The porter, at 8.")
    act = Approve(act="approve", correction=case, question="Who opens the gate?", answer="The guard.", revision=1)
    (update,) = review_tab.handle(screen, expert, act)
    assert f'data-case="{newer}"' in update["review"]
    assert "Mel changed this while you were reading" in update["review"]
    assert 'data-do="approve"' in update["review"]


def test_several_at_once_tell_what_was_not_done(screen: Screen, member: Actor, expert: Actor) -> None:
    good, turn = f"correction:{submit(screen, member)}", f"turn:{rate(screen, member)}"
    act = Decide(act="decide", chosen={good: 1, turn: None}, verdict="approve")
    (update,) = review_tab.handle(screen, expert, act)
    assert "Done: 1. Not done: 1. There is no correction here to approve" in update["toast"]


def test_filters_stay_after_an_act_and_an_empty_list_says_so(screen: Screen, member: Actor, expert: Actor) -> None:
    case = f"correction:{submit(screen, member)}"
    view = View(text="gate")
    (update,) = review_tab.handle(screen, expert, Assign(act="assign", case=case, person=expert.id, view=view))
    assert 'value="gate"' in update["review"]
    assert "with Eve" in update["review"]
    (update,) = review_tab.handle(screen, expert, Case(act="case", view=View(text="window")))
    assert "No case like this" in update["review"]
    assert 'data-testid="case"' not in update["review"]


def test_a_private_turn_of_the_thread_is_not_shown(screen: Screen, member: Actor, expert: Actor) -> None:
    new = NewTurn(
        "My locker?", "My locker?", False, "en", "It is 12.", Decision.MODEL, 0.5, reach=f"person:{member.id}"
    )
    before = screen.services.conversations.record(member, None, new)
    after = NewTurn("Who opens it?", "Who opens it?", False, "en", "No.", Decision.MODEL, 0.5, previous_id=before.id)
    turn = screen.services.conversations.record(member, before.conversation_id, after).id
    screen.services.ratings.rate(member, turn, "down")
    room = review_tab.shown(screen, expert)["review"]
    assert 'data-testid="private-turn"' in room
    assert "It is 12." not in room
    assert "My locker?" not in room


def test_a_member_can_do_nothing_here(screen: Screen, member: Actor, other: Actor, expert: Actor) -> None:
    case, turn = submit(screen, member), rate(screen, member)
    acts = (
        Answer(act="answer", turn=turn, answer="Me."),
        Resolve(act="resolve", turn=turn, reason="Me."),
        Reopen(act="reopen", turn=turn),
        Assign(act="assign", case=f"correction:{case}", person=other.id),
        Decide(act="decide", chosen={f"correction:{case}": 1}, verdict="approve"),
    )
    for act in acts:
        (update,) = review_tab.handle(screen, other, act)
        assert 'role="alert"' in update["toast"]
    assert screen.services.corrections.get(member, case).state == "pending"
    assert waiting(screen, expert) == 2
