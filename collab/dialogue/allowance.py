"""How much the language model may still write for a person. It counts their turns, and knows no model and no queue."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from collab.dialogue.tables import Conversation, ErasedTokens, Turn
from collab.errors import DailyTokensError
from collab.people.access import Actor
from knowledge.database import Clock, Database

DAY = timedelta(hours=24)


class Allowance:
    """At most `tokens` in any 24 hours for each person; 0 means any number.

    What was written for a conversation that has been erased since, such as a temporary one that was left, counts on.
    Answers that are under way count once they are kept, so the last ones may go beyond the limit.
    """

    def __init__(self, database: Database, clock: Clock, tokens: int) -> None:
        self._database = database
        self._clock = clock
        self._tokens = tokens

    def require(self, actor: Actor) -> None:
        """Raises DailyTokensError for somebody who has had as much as there is."""
        if not self._tokens:
            return
        now = self._clock()
        written = self._written(actor, now - DAY)
        excess = sum(tokens for _, tokens in written) - self._tokens
        if excess < 0:
            return
        for moment, tokens in written:  # until enough of it is a day old
            excess -= tokens
            if excess < 0:
                wait = moment + DAY - now
                raise DailyTokensError(limit=self._tokens, retry_after_s=math.ceil(wait.total_seconds()))

    def _written(self, actor: Actor, since: datetime) -> Sequence[tuple[datetime, int]]:
        """When, and how many tokens, the earliest first."""
        query = (
            sa.select(Turn.created_at, Turn.completion_tokens)
            .join(Conversation)
            .where(
                Conversation.person_id == actor.id,
                Conversation.updated_at > since,  # which is when its last turn was made
                Turn.created_at > since,
                Turn.completion_tokens > 0,
            )
        )
        erased = sa.select(ErasedTokens.created_at, ErasedTokens.tokens).where(
            ErasedTokens.person_id == actor.id, ErasedTokens.created_at > since
        )
        with self._database.read() as session:
            return sorted((moment, tokens) for each in (query, erased) for moment, tokens in session.execute(each))
