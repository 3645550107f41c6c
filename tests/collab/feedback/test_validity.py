"""Until when corrections hold, and what waits because its question is near a great many."""

from datetime import UTC, datetime, timedelta

import pytest

from collab.errors import NotAllowedError, OwnCorrectionError, ValidityPastError
from collab.feedback.hubs import HUB
from collab.feedback.validity import Validity, end_of
from knowledge.errors import NotFoundError
from tests.collab.feedback.conftest import AFTER, EDO, EVE, MEL, OLI, QUESTION, START, House

SOON = START + timedelta(hours=1)
OTHER = "When may one come in at the start of the week?"


@pytest.fixture
def validity(house: House) -> Validity:
    return Validity(house.database, house.memory, house.clock)


def answer_at(house: House, moment: datetime, question: str = QUESTION) -> str | None:
    return house.memory.recall(question, ["everyone"], moment).correction_id


def test_it_answers_until_its_end(house: House) -> None:
    made = house.corrections.submit(EVE, question=QUESTION, answer=AFTER, valid_until=SOON)
    house.examples.add(EVE, made.id, OTHER, "will")
    assert made.valid_until == SOON
    for question in (QUESTION, OTHER):
        assert answer_at(house, SOON - timedelta(seconds=1), question) == made.id
        assert answer_at(house, SOON, question) is None


def test_more_time_is_given_and_taken(house: House, validity: Validity) -> None:
    made = house.corrections.submit(EVE, question=QUESTION, answer=AFTER, valid_until=SOON)
    later = SOON + timedelta(days=1)
    assert validity.set(EDO, made.id, later).valid_until == later
    assert answer_at(house, SOON) == made.id
    assert validity.set(EVE, made.id, None).valid_until is None
    assert answer_at(house, SOON + timedelta(days=9)) == made.id
    assert validity.set(EVE, made.id, SOON.replace(tzinfo=None)).valid_until == SOON
    assert answer_at(house, SOON) is None
    assert house.acts() == ["correction_submitted", *["correction_dated"] * 3]


def test_the_end_of_the_calendar_is_an_end(house: House, validity: Validity) -> None:
    made = house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    last = datetime.fromisoformat("9999-12-31T23:59:59-11:00")
    assert validity.set(EVE, made.id, last).valid_until == datetime.max.replace(tzinfo=UTC)
    assert answer_at(house, SOON) == made.id


def test_who_may_not_and_what_is_past(house: House, validity: Validity) -> None:
    made = house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    waiting = house.corrections.submit(MEL, question="Is it free?", answer="Yes.")
    with pytest.raises(NotAllowedError):
        validity.set(OLI, made.id, SOON)
    with pytest.raises(NotFoundError):
        validity.set(OLI, waiting.id, SOON)
    assert validity.set(MEL, waiting.id, SOON).valid_until == SOON
    with pytest.raises(ValidityPastError, match="2026-11-22 is over"):
        validity.set(EVE, made.id, START)
    with pytest.raises(ValidityPastError, match="2020-01-01 is over"):
        validity.set(EVE, made.id, end_of("2020-01-01"))
    with pytest.raises(ValidityPastError, match="0001-01-01 is over"):
        validity.set(EVE, made.id, datetime.fromisoformat("0001-01-01T00:00+05:00"))
    with pytest.raises(ValidityPastError):
        house.corrections.submit(EVE, question="Is it big?", answer="Yes.", valid_until=START)


def test_the_owner_is_asked_once_for_each_end(house: House, validity: Validity) -> None:
    made = house.corrections.submit(EVE, question=QUESTION, answer=AFTER, valid_until=SOON)
    assert house.notices.unread(EVE) == []
    house.clock.now = SOON
    (told,) = house.notices.unread(EVE)
    assert (told.kind, told.params, told.correction_id) == ("expired", {"question": QUESTION}, made.id)
    house.notices.read(EVE, told.id)
    assert house.notices.unread(EVE) == house.notices.unread(EDO) == []
    validity.set(EVE, made.id, SOON + timedelta(hours=1))
    assert house.notices.unread(EVE) == []
    house.clock.now = SOON + timedelta(hours=2)
    assert [one.kind for one in house.notices.unread(EVE)] == ["expired"]


def test_a_hub_waits_whoever_wrote_it(house: House) -> None:
    for number in range(HUB - 1):
        house.turn(OLI, f"Which ticket is number {number}?")
    first = house.corrections.submit(EVE, question="Tickets?", answer="Ask at the desk.")
    assert (first.state, first.held) == ("live", None)
    house.corrections.withdraw(EVE, first.id)
    house.turn(OLI, "Is there a ticket for two?")
    made = house.corrections.submit(EVE, question="What about tickets?", answer="Ask at the desk.")
    assert (made.state, made.held, made.live_for) == ("pending", "hub", "author")
    assert house.answers(EVE, "What about tickets?") == "Ask at the desk."
    assert house.answers(OLI, "What about tickets?") is None
    assert [(one.kind, one.params["question"]) for one in house.notices.unread(EVE)] == [
        ("held", "What about tickets?")
    ]
    with pytest.raises(OwnCorrectionError):
        house.corrections.approve(EVE, made.id)
    assert house.corrections.approve(EDO, made.id).state == "live"
    assert house.corrections.submit(EVE, question="Which ticket is for two dogs?", answer="None.").state == "live"
