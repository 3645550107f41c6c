"""What a reviewer decides, on real services: about one case, about several, and after somebody who was quicker."""

from dataclasses import replace

from collab.feedback.tables import State
from collab.people.access import Actor, Role
from collab.ui import review_tab
from collab.ui.acts.review import (
    Answer,
    Approve,
    Assign,
    Decide,
    Reject,
    Reopen,
    Replace,
    Resolve,
    Undecide,
    UndoReview,
    Withdraw,
)
from collab.ui.navigation import waiting
from collab.ui.screen import Screen
from tests.collab.ui.cases import rate, submit


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


def test_an_approved_style_is_not_said_to_answer_anybody(screen: Screen, member: Actor, expert: Actor) -> None:
    made = screen.services.corrections.submit(member, question="Who?", answer="The porter, dear guest.", kind="style")
    act = Approve(act="approve", correction=made.id, question="Who?", answer="The porter, dear guest.")
    (update,) = review_tab.handle(screen, expert, act)
    assert "It teaches how to write and replaces no answer." in update["toast"]


def test_a_rejection_without_reason_is_told_in_the_case(screen: Screen, member: Actor, expert: Actor) -> None:
    case = submit(screen, member)
    (update,) = review_tab.handle(screen, expert, Reject(act="reject", correction=case, reason=" "))
    assert f'data-about="case:{case}"' in update["toast"]
    assert "review" not in update


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
    room = review_tab.shown(screen, expert, f"turn:{turn}")["review"]
    assert 'data-testid="show-again"' in room
    assert "closes the case, and the old answer stays hidden" in room
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


def test_the_second_who_answers_a_rated_turn_sees_the_words_of_the_first_and_chooses(
    screen: Screen, member: Actor, expert: Actor
) -> None:
    turn = rate(screen, member)
    edda = screen.services.accounts.add("Edda", "a long pass phrase 42", Role.EXPERT)
    first = screen.services.corrections.submit(edda, turn_id=turn, answer="The porter does.")
    (update,) = review_tab.handle(screen, expert, Answer(act="answer", turn=turn, answer="The guard."))
    assert "toast" not in update
    for words in ("Edda changed this while you were reading", "The porter does.", "The guard.", 'data-do="replace"'):
        assert words in update["review"]
    own = Replace(act="replace", correction=first.id, question="Who opens it?", answer="The guard.")
    list(review_tab.handle(screen, expert, own))
    assert screen.services.corrections.get(edda, first.id).state == "superseded"


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
    assert "“Who opens it?”" in update["toast"]
    assert "#tick" not in update["toast"]


def test_what_was_decided_together_is_taken_back_together(screen: Screen, member: Actor, expert: Actor) -> None:
    good, turn = submit(screen, member), rate(screen, member)
    chosen = {f"correction:{good}": 1, f"turn:{turn}": None}
    (update,) = review_tab.handle(screen, expert, Decide(act="decide", chosen=chosen, verdict="reject", reason="No."))
    assert 'data-testid="empty"' in update["review"]
    assert f'data-cases="correction:{good} turn:{turn}"' in update["toast"]
    back = Undecide(act="undecide", decided=[*chosen, "turn:gone"])
    (update,) = review_tab.handle(screen, expert, back)
    assert "Taken back: 2. Not done: 1." in update["toast"]
    assert f'data-case="{good}"' in update["review"]
    assert waiting(screen, expert) == 2
    assert screen.services.corrections.get(member, good).state == "pending"


def test_what_was_said_together_counts_as_the_one_case_that_was_chosen(
    screen: Screen, member: Actor, expert: Actor
) -> None:
    """Mel's no to two corrections that were offered beside one answer."""
    services = screen.services
    both = [submit(screen, expert), submit(screen, expert, question="Who shuts it?")]
    turn = rate(screen, member)
    said = services.examples.add_all(member, both, "Who paints it?", "will_not", turn_id=turn)
    first, second = (f"example:{one.id}" for one in said)
    act = Decide(act="decide", chosen={first: None}, verdict="approve")
    (update,) = review_tab.handle(screen, expert, act)
    assert "Done: 1." in update["toast"]
    assert f'data-cases="{first} {second}"' in update["toast"]
    (update,) = review_tab.handle(screen, expert, Undecide(act="undecide", decided=[first, second]))
    assert "Taken back: 1." in update["toast"]
    (update,) = review_tab.handle(screen, expert, Decide(act="decide", chosen={first: None}, verdict="reject"))
    assert "Done: 0. Not done: 1." in update["toast"]
    assert update["toast"].count("“Who paints it?”") == 1


def test_nothing_done_to_several_is_not_to_be_taken_back(screen: Screen, member: Actor, expert: Actor) -> None:
    act = Decide(act="decide", chosen={f"turn:{rate(screen, member)}": None}, verdict="approve")
    (update,) = review_tab.handle(screen, expert, act)
    assert "Done: 0. Not done: 1." in update["toast"]
    assert "undo-review" not in update["toast"]


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


def test_an_example_is_decided_and_taken_back(screen: Screen, member: Actor, other: Actor, expert: Actor) -> None:
    services = screen.services
    live = submit(screen, expert)
    example = services.examples.add(member, live, "Who is at the gate?", "will_not").id
    ref = f"example:{example}"
    room = review_tab.shown(screen, expert)["review"]
    assert (f'data-ref="{ref}"' in room, waiting(screen, expert)) == (True, 1)
    assert 'data-testid="side">will not answer<' in room
    assert "Mel says that this question is not answered by it." in room
    assert "From Mel · example" in room
    assert 'data-testid="case-rating"' not in room  # nobody rated anything
    assert 'data-do="approve"' in room

    (update,) = review_tab.handle(screen, expert, Decide(act="decide", chosen={ref: None}, verdict="approve"))
    assert services.examples.get(other, example).state == "live"
    assert f'data-cases="{ref}"' in update["toast"]
    (update,) = review_tab.handle(screen, expert, Undecide(act="undecide", decided=[ref]))
    assert services.examples.get(expert, example).state == "pending"
    assert f'data-ref="{ref}"' in update["review"]
