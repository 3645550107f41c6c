"""The clock jumps an hour, ahead or back: nobody is shut out or let in by it, and what was said keeps its order."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.config import Settings
from collab.dialogue.engines import Message
from collab.errors import SignInRefusedError, TooManyTriesError
from collab.people import audit
from collab.people.access import Actor, Role
from collab.people.tables import ApiKey
from collab.people.tries import Tries
from collab.services import Services
from tests.collab.people.conftest import HandClock
from tests.fakes import EchoModel, WordEmbedder, add_people
from tests.faults.conftest import POEM, STUDENTS, House, answer_of
from tests.running import PASSWORD


class HeldModel(EchoModel):
    """Answers once it may."""

    def __init__(self) -> None:
        super().__init__(self._held)
        self.begun, self.goes_on = threading.Event(), threading.Event()

    def _held(self, messages: Sequence[Message]) -> str:
        self.begun.set()
        assert self.goes_on.wait(60)
        return "Spring is here. "


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def engine() -> HeldModel:
    return HeldModel()


@pytest.fixture
def services(tmp_path: Path, clock: HandClock, engine: HeldModel, migrated: Path) -> Iterator[Services]:
    shutil.copy(migrated, tmp_path)
    services = Services(Settings(data=tmp_path), clock=clock, embedder=WordEmbedder(), engine=engine)
    services.models.load()
    yield services
    services.close()


@pytest.fixture(params=[1, -1], ids=["ahead", "back"])
def hours(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_who_is_signed_in_stays_so(house: House, clock: HandClock, hours: int) -> None:
    browser = house.services.sessions.sign_in("Mel", PASSWORD)
    key = house.services.keys.make_for("Mel")
    clock.move(hours=hours)
    assert house.services.sessions.actor_of(browser) == house.mel
    assert house.services.keys.actor_of(key) == house.mel
    clock.move(hours=-hours)
    assert house.services.sessions.actor_of(browser) == house.mel


def test_when_a_key_was_last_used_is_never_in_the_future(services: Services, member: Actor, clock: HandClock) -> None:
    services.keys.actor_of(key := services.keys.make_for("Mel"))
    clock.move(hours=-1)
    services.keys.actor_of(key)
    with services.database.read() as session:
        assert session.scalars(sa.select(ApiKey.last_used_at)).one() == clock.now


def test_nobody_waits_an_hour_to_sign_in(services: Services, member: Actor, clock: HandClock) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            services.sessions.sign_in("Mel", "a wrong password")
    clock.move(hours=-1)
    with pytest.raises(TooManyTriesError) as refused:
        services.sessions.sign_in("Mel", PASSWORD)
    assert refused.value.retry_after_s == 2
    clock.move(seconds=2)
    assert services.sessions.sign_in("Mel", PASSWORD)


def test_refusals_are_told_again_after_a_minute_of_the_new_time(clock: HandClock) -> None:
    tries = Tries(clock)
    told = [tries.is_news("mel"), tries.is_news("mel")]
    clock.move(hours=-1)
    told += [tries.is_news("mel"), tries.is_news("mel")]
    clock.move(minutes=1)
    assert [*told, tries.is_news("mel")] == [True, False, True, False, True]


def test_turns_keep_their_order_and_the_last_edit_counts(
    house: House, engine: HeldModel, clock: HandClock, hours: int
) -> None:
    engine.goes_on.set()
    asked = [house.ask(POEM)]
    conversation = asked[0].json()["collab"]["conversation_id"]
    for text in ("Write a letter", "Write a speech"):
        clock.move(hours=hours)
        asked.append(house.ask(text, conversation_id=conversation))
    turns = house.services.conversations.turns(house.mel, conversation)
    assert [turn.question for turn in turns] == [POEM, "Write a letter", "Write a speech"]
    assert len({turn.id for turn in turns}) == 3

    first = house.ask(STUDENTS).json()["collab"]["turn_id"]
    for answer in ("Nine.", "Ten."):
        clock.move(hours=hours)
        assert house.post("corrections", turn_id=first, answer=answer).is_success
    assert answer_of(house.ask(STUDENTS)) == "Ten."
    with house.services.database.read() as session:
        assert audit.verify(session)


def test_who_waits_for_the_model_goes_on_waiting(house: House, engine: HeldModel, clock: HandClock, hours: int) -> None:
    oli = Actor("oli", "Oli", Role.MEMBER)
    add_people(house.services.database, oli)
    with ThreadPoolExecutor() as beside:
        first = beside.submit(house.ask, POEM)
        assert engine.begun.wait(60)
        events = house.services.assistant.reply(oli, None, POEM)
        second = beside.submit(list, events)
        clock.move(hours=hours)
        engine.goes_on.set()
        assert answer_of(first.result()) == "Spring is here."
        assert second.result()[-1].turn.answer == "Spring is here."
