"""A person's tokens of a day: how many were written, when there are some again, and what is answered meanwhile."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.config import Settings
from collab.dialogue.allowance import Allowance
from collab.dialogue.conversations import Conversations, NewTurn
from collab.dialogue.records import Decision, Done, TurnRecord
from collab.dialogue.tables import ErasedTokens
from collab.errors import DailyTokensError
from collab.people.access import EVERYONE, Actor, Role
from collab.services import Services
from knowledge.database import Database
from tests.fakes import EchoModel, WordEmbedder, add_people

MEL, OLI = Actor("mel", "Mel", Role.MEMBER), Actor("oli", "Oli", Role.MEMBER)
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


class Wall:
    """A clock on the wall that is set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Wall:
    return Wall()


class TestCounting:
    @pytest.fixture(autouse=True)
    def people(self, database: Database, clock: Wall) -> None:
        add_people(database, MEL, OLI)
        self.conversations = Conversations(database, clock)
        self.clock, self.allowance = clock, Allowance(database, clock, 100)

    def written(self, actor: Actor, tokens: int, conversation: str | None = None) -> str:
        new = NewTurn("Poem?", "Poem?", False, "en", "Spring.", Decision.MODEL, 0.0, completion_tokens=tokens)
        return self.conversations.record(actor, conversation, new).conversation_id

    def test_it_ends_with_the_last_token_and_begins_when_enough_is_a_day_old(self) -> None:
        conversation = self.written(MEL, 30)
        self.clock.now += timedelta(hours=1)
        self.written(MEL, 69)
        self.allowance.require(MEL)
        self.clock.now += timedelta(hours=1)
        self.written(MEL, 40, conversation)  # 139 in all: without the first 30, 109; and without the 69 too, 40
        with pytest.raises(DailyTokensError) as refused:
            self.allowance.require(MEL)
        assert refused.value.retry_after_s == 23 * 3600
        assert refused.value.params == {"limit": 100, "hours": 23}
        self.clock.now = NOON + timedelta(hours=25) - timedelta(seconds=1)
        with pytest.raises(DailyTokensError) as refused:
            self.allowance.require(MEL)
        assert (refused.value.retry_after_s, refused.value.params["hours"]) == (1, 1)
        self.clock.now += timedelta(seconds=1)
        self.allowance.require(MEL)

    def test_what_is_a_day_old_counts_no_more_where_one_has_gone_on_since(self) -> None:
        conversation = self.written(MEL, 90)
        self.clock.now += timedelta(hours=25)
        self.written(MEL, 20, conversation)
        self.allowance.require(MEL)

    def test_everybody_has_their_own(self) -> None:
        self.written(MEL, 100)
        self.allowance.require(OLI)
        with pytest.raises(DailyTokensError):
            self.allowance.require(MEL)

    def test_a_deleted_conversation_counts_on(self) -> None:
        self.conversations.delete(MEL, self.written(MEL, 100))
        with pytest.raises(DailyTokensError):
            self.allowance.require(MEL)

    def test_a_temporary_conversation_counts_on_for_a_day_when_it_is_left(self, database: Database) -> None:
        temporary = self.conversations.begin(MEL, "Poem?", is_temporary=True).id
        self.written(MEL, 100, temporary)
        self.conversations.leave(MEL, temporary)
        with pytest.raises(DailyTokensError) as refused:
            self.allowance.require(MEL)
        assert refused.value.retry_after_s == 24 * 3600
        self.allowance.require(OLI)
        self.clock.now += timedelta(hours=24)
        self.allowance.require(MEL)
        self.conversations.erase_left()
        with database.read() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(ErasedTokens)) == 0

    def test_without_a_limit_there_is_none(self, database: Database) -> None:
        self.written(MEL, 1_000_000)
        Allowance(database, self.clock, 0).require(MEL)

    def test_it_reads_no_more_than_the_persons_own_rows(self, database: Database) -> None:
        plans: list[str] = []

        def explain(connection: sa.Connection, cursor: object, statement: str, given: object, *_: object) -> None:
            if statement.startswith("SELECT turns.created_at"):
                rows = connection.connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)  # type: ignore[attr-defined]
                plans.extend(row[3] for row in rows)

        sa.event.listen(sa.Engine, "before_cursor_execute", explain)
        try:
            self.allowance.require(MEL)
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", explain)
        assert plans[0].startswith("SEARCH conversations USING")
        assert plans[1].startswith("SEARCH turns USING")


class TestAnswering:
    @pytest.fixture
    def services(self, tmp_path: Path, migrated: Path, clock: Wall) -> Iterator[Services]:
        shutil.copy(migrated, tmp_path)
        settings = Settings(data=tmp_path, daily_tokens=3)
        services = Services(settings, clock=clock, embedder=WordEmbedder(), engine=EchoModel("Spring is here."))
        services.models.load()
        services.library.add("fees.md", b"# Fees\n\nStudents pay 9 euros on showing a valid card.\n", EVERYONE)
        add_people(services.database, MEL)
        yield services
        services.close()

    def ask(self, services: Services, text: str) -> TurnRecord:
        done = list(services.assistant.reply(MEL, None, text))[-1]
        assert isinstance(done, Done)
        return done.turn

    def test_past_it_quotes_answer_and_a_task_has_to_wait(self, services: Services, clock: Wall) -> None:
        assert self.ask(services, "Write a poem").completion_tokens == 3
        turn = self.ask(services, "What do students pay?")
        assert turn.answer == "Students pay 9 euros on showing a valid card. [1]"
        assert turn.reasons == ("why.quoted", "why.daily_tokens", "why.only_quotes")
        with pytest.raises(DailyTokensError):
            self.ask(services, "Write a poem")
        clock.now += timedelta(hours=24)
        assert self.ask(services, "Write a poem").answer == "Spring is here."
