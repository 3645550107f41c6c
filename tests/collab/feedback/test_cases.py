"""The list of the review: what is in it, in what order, what belongs together, and what is done with it."""

from datetime import timedelta

import pytest

from collab.errors import (
    CaseClosedError,
    CasePrivateError,
    CorrectionStateError,
    NotAllowedError,
    NothingToApproveError,
    ReasonMissingError,
    ReviewerUnknownError,
)
from collab.feedback.cases import Cases
from collab.feedback.queue import Assigned, Filter, Order, Status
from collab.people.access import Actor
from knowledge.errors import NotFoundError
from tests.collab.feedback.conftest import ADA, AFTER, EDO, EVE, MEL, OLI, QUESTION, House, source


def listed(house: House, wanted: Filter | None = None, actor: Actor = EVE) -> list[str]:
    """The questions of the list."""
    return [case.question for case in house.cases.page(actor, wanted).cases]


def waiting(house: House, question: str, times: int = 1, author: Actor = MEL, kind: str = "fact") -> str:
    """A correction of a question that was asked so often; returns the name of its case."""
    for _ in range(times):
        turn = house.turn(author, question)
    return f"correction:{house.corrections.submit(author, turn_id=turn, answer=AFTER, kind=kind).id}"


def rated(house: House, question: str, reason: str | None = None, author: Actor = MEL, **turn: object) -> str:
    """A turn that was rated down; returns its id."""
    made = house.turn(author, question, **turn)
    house.ratings.rate(author, made, "down", reason, "It says otherwise at the door.")
    return made


def test_the_order_is_how_often_it_is_asked_times_how_wrong_it_is(house: House) -> None:
    waiting(house, "Is it open?", times=2)  # 2 x 4
    waiting(house, "How is it said?", times=5, kind="style")  # 5 x 1
    rated(house, "Is it safe?", "unsafe")  # 1 x 5
    rated(house, "Is it old?", "outdated")  # 1 x 3
    found = house.cases.page(EVE).cases
    assert [(case.question, case.impact) for case in found] == [
        ("Is it open?", 8),
        ("How is it said?", 5),
        ("Is it safe?", 5),
        ("Is it old?", 3),
    ]
    house.turn(OLI, "is it OLD")
    assert listed(house)[:2] == ["Is it open?", "Is it old?"]  # 2 x 3, since it was asked again
    assert listed(house, Filter(order=Order.OLDEST))[0] == "Is it open?"
    assert listed(house, Filter(order=Order.NEWEST))[0] == "Is it old?"


def test_a_thumb_makes_the_correction_of_the_same_turn_as_urgent(house: House) -> None:
    turn = house.turn(MEL)
    house.corrections.submit(MEL, turn_id=turn, answer=AFTER)
    house.ratings.rate(MEL, turn, "down", "unsafe")
    assert [(case.kind, case.wrong, case.reason) for case in house.cases.page(EVE).cases] == [
        ("correction", 5, "unsafe")
    ]


@pytest.mark.parametrize("order", list(Order))
def test_pages_follow_one_another_without_gap_or_repetition(house: House, order: Order) -> None:
    for n in range(5):
        waiting(house, f"Is room {n} open?")
        rated(house, f"Is hall {n} open?", "wrong_fact")
    whole = [case.ref for case in house.cases.page(EVE, Filter(order=order)).cases]
    found, after = list[str](), ""
    while True:
        page = house.cases.page(EVE, Filter(order=order), after or None, limit=3)
        found += [case.ref for case in page.cases]
        if page.after is None:
            break
        after = page.after
    assert found == whole
    assert len(set(whole)) == 10


def test_duplicates_stand_behind_one_of_them(house: House) -> None:
    first = waiting(house, QUESTION)
    second = waiting(house, "is the museum open on MONDAYS", author=OLI)
    rated(house, QUESTION, author=OLI)
    (lead,) = house.cases.page(EVE).cases
    assert (lead.ref, lead.alike) == (first, 2)
    assert [case.ref.split(":")[0] for case in house.cases.open(EVE, first).alike] == ["correction", "turn"]
    assert house.cases.count(EVE) == 2
    house.corrections.approve(EVE, first.split(":")[1])
    (lead,) = house.cases.page(EVE).cases  # the thumb was resolved by what is live now
    assert (lead.ref, lead.alike) == (second, 0)


def test_each_filter(house: House) -> None:
    waiting(house, "Is the café open?")
    waiting(house, "储物柜要钱吗？", author=OLI)
    rated(house, "Is it old?", "outdated", sources=(source("everyone", 2),))
    house.cases.assign(EVE, house.cases.page(EVE, Filter(author="oli")).cases[0].ref, "eve")
    wanted = {
        "author": (Filter(author="oli"), ["储物柜要钱吗？"]),
        "reason": (Filter(reason="outdated"), ["Is it old?"]),
        "document": (Filter(document="d2"), ["Is it old?"]),
        "text": (Filter(text="CAFE"), ["Is the café open?"]),
        "answer": (Filter(text="12:00 caf"), ["Is the café open?"]),
        "chinese": (Filter(text="储物柜"), ["储物柜要钱吗？"]),
        "comment": (Filter(text="at the door"), ["Is it old?"]),
        "marks": (Filter(text='"* OR ('), []),
        "mine": (Filter(assigned=Assigned.ME), ["储物柜要钱吗？"]),
        "nobody's": (Filter(assigned=Assigned.NOBODY), ["Is the café open?", "Is it old?"]),
        "age": (Filter(days=1), []),
        "both": (Filter(author="mel", reason="outdated"), ["Is it old?"]),
    }
    assert {name: listed(house, one) for name, (one, _) in wanted.items()} == {
        name: found for name, (_, found) in wanted.items()
    }
    house.clock.now += timedelta(days=2)
    assert len(listed(house, Filter(days=1))) == 3


def test_what_was_decided_is_found_too(house: House) -> None:
    first, turn = waiting(house, QUESTION).split(":")[1], rated(house, "Is it old?")
    house.corrections.approve(EVE, first)
    house.cases.resolve(EVE, turn, "The price list is new.")
    assert listed(house) == []
    assert listed(house, Filter(status=Status.LIVE)) == [QUESTION]
    assert listed(house, Filter(status=Status.RESOLVED)) == ["Is it old?"]
    house.corrections.withdraw(EVE, first)
    assert listed(house, Filter(status=Status.WITHDRAWN)) == [QUESTION]


def test_the_authors_are_those_of_the_cases_that_stand_so(house: House) -> None:
    waiting(house, "Is the café open?")
    first = waiting(house, QUESTION, author=OLI).split(":")[1]
    house.corrections.reject(EVE, first, "No.")
    house.cases.resolve(EVE, rated(house, "Is it old?", author=EDO), "It is new.")
    withdrawn = house.corrections.submit(ADA, question="Who is there?", answer="Nobody.")
    house.corrections.withdraw(ADA, withdrawn.id)
    private = house.turn(MEL, "What do I earn?", sources=(source("person:mel"),))
    house.corrections.submit(MEL, turn_id=private, answer="Enough.")  # live for her alone
    assert {status: list(house.cases.authors(EVE, status)) for status in Status} == {
        Status.OPEN: ["mel"],
        Status.LIVE: [],
        Status.REJECTED: ["oli"],
        Status.WITHDRAWN: ["ada"],
        Status.SUPERSEDED: [],
        Status.RESOLVED: ["edo"],
    }


def test_a_case_shows_what_its_approval_replaces(house: House) -> None:
    first, second = waiting(house, QUESTION), waiting(house, QUESTION, author=OLI)
    assert house.cases.open(EVE, second).replaces == ()
    live = house.corrections.approve(EVE, first.split(":")[1])
    assert [one.id for one in house.cases.open(EVE, second).replaces] == [live.id]
    assert house.cases.open(EVE, first).replaces == ()  # what is decided replaces nothing any more
    house.corrections.approve(EDO, second.split(":")[1])
    assert house.corrections.get(EVE, live.id).state == "superseded"


def test_old_cases_are_marked(house: House) -> None:
    waiting(house, QUESTION)
    house.clock.now += timedelta(days=2)
    assert [case.is_late for case in house.cases.page(EVE).cases] == [False]
    house.clock.now += timedelta(days=2)
    assert [case.is_late for case in house.cases.page(EVE).cases] == [True]


def test_words_that_a_reviewer_changed_are_found_and_the_old_ones_are_not(house: House) -> None:
    made = waiting(house, QUESTION).split(":")[1]
    house.corrections.approve(EVE, made, answer="By appointment.")
    live = Status.LIVE
    assert listed(house, Filter(live, text="appointment")) == [QUESTION]
    assert listed(house, Filter(live, text="17:00")) == []
    house.corrections.undo(EVE, made)
    assert listed(house, Filter(text="17:00")) == [QUESTION]


# --- who may ----------------------------------------------------------------------------------------------------------


def test_members_review_nothing(house: House) -> None:
    ref = waiting(house, QUESTION)
    calls = (
        lambda: house.cases.page(MEL),
        lambda: house.cases.open(MEL, ref),
        lambda: house.cases.count(MEL),
        lambda: house.cases.authors(MEL),
        lambda: house.cases.reviewers(MEL),
        lambda: house.cases.assign(MEL, ref, "eve"),
        lambda: house.cases.resolve(MEL, "any", "Done."),
        lambda: house.cases.reopen(MEL, "any"),
        lambda: house.cases.decide(MEL, {ref: 1}, "approve"),
    )
    for call in calls:
        with pytest.raises(NotAllowedError):
            call()


def test_a_rated_turn_that_rests_on_private_sources_is_no_case_for_others(house: House) -> None:
    turn = rated(house, QUESTION, "wrong_fact", sources=(source("person:mel"),))
    assert listed(house) == []
    assert house.cases.count(EVE) == 0
    for call in (lambda: house.cases.open(EVE, f"turn:{turn}"), lambda: house.cases.resolve(EVE, turn, "Done.")):
        with pytest.raises(NotFoundError):
            call()


def test_nor_is_one_of_a_conversation_that_was_deleted(house: House) -> None:
    turn = rated(house, QUESTION)
    conversation = house.conversations.turn(MEL, turn).conversation_id
    house.conversations.delete(MEL, conversation)
    assert (listed(house), house.cases.count(EVE)) == ([], 0)
    house.conversations.restore(MEL, conversation)
    assert listed(house) == [QUESTION]


@pytest.mark.parametrize("name", ["", "turn:", "turn:nothing", "correction:nothing", "people:ada", "x"])
def test_what_is_no_case(house: House, name: str) -> None:
    with pytest.raises(NotFoundError):
        house.cases.open(EVE, name)
    with pytest.raises(NotFoundError):
        house.cases.page(EVE, after="no place")


# --- the case ---------------------------------------------------------------------------------------------------------


def test_a_rated_turn_shows_what_was_said_and_the_thread_around_it(house: House) -> None:
    before = house.turn(MEL, "Where is it?")
    conversation = house.conversations.turn(MEL, before).conversation_id
    private = house.follow(MEL, conversation, before, "And my locker?", reach="person:mel")
    case = house.follow(MEL, conversation, private, QUESTION)
    house.follow(MEL, conversation, case, "Thanks")
    house.ratings.rate(MEL, case, "down", "outdated", "Since May.")
    found = house.cases.open(EVE, f"turn:{case}")
    assert (found.comment, found.case.reason, found.turn and found.turn.answer) == ("Since May.", "outdated", AFTER)
    assert [(turn.question, turn.is_case) for turn in found.thread] == [
        ("Where is it?", False),
        (None, False),
        (QUESTION, True),
        ("Thanks", False),
    ]


def test_a_reviewer_answers_a_rated_turn_of_somebody_else_and_the_rater_is_told(house: House) -> None:
    turn = rated(house, QUESTION, "wrong_fact")
    made = house.corrections.submit(EVE, turn_id=turn, answer=AFTER)
    assert (made.state, made.before) == ("live", "On Mondays it is closed. [1]")
    assert listed(house) == []
    assert [(one.kind, one.params["name"], one.turn_id) for one in house.notices.unread(MEL)] == [
        ("fixed", "Eve", turn)
    ]
    house.corrections.undo(EVE, made.id)
    assert (listed(house), house.notices.unread(MEL)) == ([QUESTION], [])
    with pytest.raises(NotFoundError):
        house.corrections.submit(OLI, turn_id=turn, answer=AFTER)
    with pytest.raises(NotFoundError):
        house.corrections.submit(EVE, turn_id=house.turn(MEL, "Not rated?"), answer=AFTER)


def test_a_turn_that_is_rated_late_is_settled_by_the_words_that_are_live_already(house: House) -> None:
    turn, other = house.turn(MEL), house.turn(OLI)
    made = house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    for person, one in ((MEL, turn), (OLI, other)):
        house.ratings.rate(person, one, "down", "wrong_fact")
    assert house.corrections.submit(EVE, turn_id=turn, answer=AFTER).id == made.id
    assert house.ratings.of(MEL, [turn])[turn].correction_id == made.id
    assert [one.kind for one in house.notices.unread(MEL)] == ["fixed"]
    assert house.ratings.of(OLI, [other])[other].resolved_at is None
    assert house.acts()[-1] == "correction_written_again"


def test_a_rated_turn_is_resolved_with_a_word_and_opened_again(house: House) -> None:
    turn = rated(house, QUESTION, "not_relevant")
    with pytest.raises(ReasonMissingError):
        house.cases.resolve(EVE, turn, " ")
    house.cases.resolve(EVE, turn, "The guide names the hours now.")
    with pytest.raises(CaseClosedError):
        house.cases.resolve(EDO, turn, "Me too.")
    (told,) = house.notices.unread(MEL)
    assert (told.kind, told.params) == (
        "resolved",
        {"name": "Eve", "question": QUESTION, "said": "The guide names the hours now."},
    )
    found = house.cases.open(EDO, f"turn:{turn}")
    assert (found.case.state, found.resolution, found.resolver) == ("resolved", "The guide names the hours now.", "Eve")
    with pytest.raises(CaseClosedError):
        house.cases.reopen(EDO, turn)
    house.cases.reopen(ADA, turn)
    assert (listed(house), house.notices.unread(MEL)) == ([QUESTION], [])
    assert house.acts()[-2:] == ["rating_resolved", "rating_reopened"]


def test_a_rating_that_changes_is_open_again(house: House) -> None:
    turn = rated(house, QUESTION, "style")
    house.cases.resolve(EVE, turn, "Said better now.")
    house.ratings.rate(MEL, turn, "down", "wrong_fact")
    assert listed(house) == [QUESTION]
    house.ratings.rate(MEL, turn, "up")
    assert listed(house) == []


# --- assigning --------------------------------------------------------------------------------------------------------


def test_who_is_given_a_case_is_told_and_reminded_once(house: House) -> None:
    ref = waiting(house, QUESTION)
    assert house.cases.assign(ADA, ref, "eve").assignee == "Eve"
    (told,) = house.notices.unread(EVE)
    assert (told.kind, told.params["name"], told.case) == ("assigned", "Ada", ref)
    house.notices.read(EVE, told.id)
    house.clock.now += timedelta(days=4)
    assert [(one.kind, one.params["days"]) for one in house.notices.unread(EVE)] == [("late", 3)]
    house.notices.read_all(EVE)
    assert house.notices.unread(EVE) == []
    house.cases.assign(EVE, ref, None)
    assert house.cases.open(EVE, ref).case.assignee is None


def test_nobody_is_reminded_of_what_is_no_case_any_more(house: House) -> None:
    changed, gone = rated(house, QUESTION, "style"), rated(house, "Is it free?", "style")
    for turn in (changed, gone):
        house.cases.assign(EVE, f"turn:{turn}", "eve")
    house.ratings.rate(MEL, changed, "up")
    house.conversations.delete(MEL, house.conversations.turn(MEL, gone).conversation_id)
    house.clock.now += timedelta(days=4)
    assert house.notices.unread(EVE) == []


def test_only_who_reviews_is_given_a_case(house: House) -> None:
    ref = waiting(house, QUESTION)
    with pytest.raises(ReviewerUnknownError):
        house.cases.assign(EVE, ref, "oli")
    assert house.cases.reviewers(EVE) == {"ada": "Ada", "edo": "Edo", "eve": "Eve"}
    turn = rated(house, "Is it old?")
    house.cases.assign(EVE, f"turn:{turn}", "edo")
    assert [one.case for one in house.notices.unread(EDO)] == [f"turn:{turn}"]
    assert house.cases.authors(EVE) == {"mel": "Mel"}


def test_what_is_decided_is_given_to_nobody(house: House) -> None:
    ref, turn = waiting(house, QUESTION), rated(house, "Is it old?")
    house.corrections.reject(EVE, ref.split(":")[1], "No.")
    house.cases.resolve(EVE, turn, "It is new.")
    with pytest.raises(CorrectionStateError):
        house.cases.assign(EVE, ref, "edo")
    with pytest.raises(CaseClosedError):
        house.cases.assign(EVE, f"turn:{turn}", "edo")
    assert house.notices.unread(EDO) == []


def test_what_rests_on_private_sources_is_given_to_nobody_else(house: House) -> None:
    turn = rated(house, QUESTION, author=EVE, sources=(source("person:eve"),))
    with pytest.raises(CasePrivateError):
        house.cases.assign(EVE, f"turn:{turn}", "edo")
    assert house.notices.unread(EDO) == []
    assert house.cases.assign(EVE, f"turn:{turn}", "eve").assignee == "Eve"
    assert house.cases.assign(EVE, f"turn:{turn}", None).assignee is None


# --- several at once --------------------------------------------------------------------------------------------------


def test_each_of_several_is_decided_for_itself(house: House) -> None:
    good, own = waiting(house, "Is it free?"), waiting(house, QUESTION, author=OLI)
    turn = f"turn:{rated(house, 'Is it old?')}"
    house.corrections.reject(EDO, own.split(":")[1], "No.")
    done = house.cases.decide(EVE, {good: 1, own: 1, turn: None}, "approve")
    assert [(one.ref, one.error and one.error.code) for one in done] == [
        (good, None),
        (own, "correction_changed"),
        (turn, "nothing_to_approve"),
    ]
    assert house.acts().count("correction_approved") == 1
    assert [one.error for one in house.cases.decide(EVE, {turn: None}, "reject", "It is new.")] == [None]
    assert isinstance(done[2].error, NothingToApproveError)


def test_it_knows_its_own_page_size(house: House) -> None:
    for n in range(51):
        house.corrections.submit(MEL, question=f"Is room {n} open?", answer=AFTER)
    page = house.cases.page(EVE)
    assert (len(page.cases), len(house.cases.page(EVE, after=page.after).cases)) == (50, 1)
    assert isinstance(house.cases, Cases)
