"""A question put to the model by itself: no memory, no documents, as the gate asks it. Nothing of it is kept."""

import threading
from dataclasses import dataclass

from collab.dialogue.engines import LanguageModel, Message
from collab.dialogue.engines.queue import GenerationQueue
from collab.dialogue.engines.switching import Pinned
from collab.dialogue.models import Models
from collab.dialogue.prompt import build_without_sources
from collab.dialogue.rehearsal import asked
from collab.errors import EngineBrokenError
from collab.learning.answering import through
from collab.learning.lesson_rows import language_of
from collab.people.access import Actor
from collab.people.acting import require_admin
from knowledge.database import Database


@dataclass(frozen=True, slots=True)
class Unaided:
    """What the model says as it came, and with the version that is live; `live` is None where none is."""

    question: str
    base: str
    adapter_id: str | None
    live: str | None


class UnaidedAnswers:
    """Asks the engine that answers people, in their queue."""

    def __init__(
        self, database: Database, models: Models, queue: GenerationQueue, *, answer_tokens: int, answer_seconds: float
    ) -> None:
        self._database = database
        self._models = models
        self._queue = queue
        self._answer_tokens = answer_tokens
        self._answer_seconds = answer_seconds

    def ask(self, actor: Actor, text: str) -> Unaided:
        """Both answers, by one engine. Raises NotAllowedError for who is no administrator, QuestionEmptyError,
        QuestionTooLongError, what the queue raises when it is full, and what the engine raises.
        """
        with self._database.read() as session:
            require_admin(session, actor)
        question = asked(text)
        prompt = build_without_sources(question, (), language_of(question))
        engine = self._models.engine()
        with self._queue.enter(actor.id) as ticket:
            for _ in ticket.wait(threading.Event()):
                pass
            with engine.pinned() as live:
                return self._both(question, prompt, live)

    def _both(self, question: str, prompt: list[Message], live: Pinned) -> Unaided:
        base = self._said(live.engine, prompt, None)
        trained = None if live.adapter is None else self._said(live.engine, prompt, live.adapter)
        return Unaided(question, base, live.adapter, trained)

    def _said(self, engine: LanguageModel, prompt: list[Message], adapter: str | None) -> str:
        """What was said in the time that an answer has. Raises EngineBrokenError where that is nothing."""
        late = threading.Event()
        timer = threading.Timer(self._answer_seconds, late.set)
        timer.daemon = True
        timer.start()
        try:
            said = through(engine, late, lambda messages: self._answer_tokens)(adapter, prompt).strip()
        finally:
            timer.cancel()
        if not said:
            raise EngineBrokenError(reason="it wrote nothing in the time that it has")
        return said
