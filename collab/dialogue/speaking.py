"""What the language model may say in an answer: its wording of quotes, or a task done without sources.

It knows neither memory nor retrieval: it is given what was found.
"""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager

from collab.dialogue import prompt
from collab.dialogue.allowance import Allowance
from collab.dialogue.composition import composed_answer, ends, quoted_answer, told
from collab.dialogue.engines import LanguageModel, Message
from collab.dialogue.engines.failing import streamed
from collab.dialogue.engines.queue import RUNS, GenerationQueue
from collab.dialogue.engines.switching import Pinned, SwitchingModel
from collab.dialogue.models import Models
from collab.dialogue.records import Decision, Delta, Event, Waiting
from collab.dialogue.reply import Reply
from collab.errors import EngineBrokenError, EngineError
from collab.metrics import Metrics
from collab.people.access import personal
from knowledge.retrieval import Answer

Say = Callable[[str, str], str]
"""A text of the product itself in a language: `say("en", "answer.not_found")`."""


class Speaker:
    """Asks the model, in its queue. Safe for threads."""

    def __init__(
        self,
        models: Models,
        queue: GenerationQueue,
        allowance: Allowance,
        metrics: Metrics,
        say: Say,
        *,
        answer_tokens: int,
        answer_seconds: float,
    ) -> None:
        self._models = models
        self._queue = queue
        self._allowance = allowance
        self._metrics = metrics
        self._say = say
        self._answer_tokens = answer_tokens
        self._answer_seconds = answer_seconds

    def compose(self, reply: Reply, found: Answer) -> Iterator[Event]:
        """The model's wording where the sources support it, else the quotes. Never fails for want of a model."""
        sources, understood = told(found, reply.turn.sources), reply.understood
        passages = [found.passages[source.passage_id].text for source in sources]
        messages = prompt.build(understood.standalone, [source.quote for source in sources], understood.language)

        def released(pieces: Iterator[str]) -> Iterator[str]:
            return composed_answer(pieces, understood.standalone, sources, passages)

        try:
            engine = self._models.engine()
            if _speaks(engine, understood.language):
                yield from self._generate(reply, engine, messages, released)
        except EngineError as error:
            reply.set(reasons=(*reply.turn.reasons, f"why.{error.code}"))
        if not reply.texts:
            reply.set(reasons=(*reply.turn.reasons, "why.only_quotes"))
            yield reply.say(quoted_answer(sources))

    def speak(self, reply: Reply) -> Iterator[Event]:
        """The model alone, without sources, for a task. Raises EngineError when it is not to be had."""
        reasons = (*reply.turn.reasons, "why.no_sources_needed")
        reply.set(decision=Decision.MODEL, confidence=0.0, reasons=reasons)
        if not all(exchange.is_open for exchange in reply.history):  # the model will have read those answers
            reply.set(reach=personal(reply.actor))
        understood, engine = reply.understood, self._models.engine()
        if not _speaks(engine, understood.language):
            yield reply.say(self._say(understood.language, "answer.model_speaks_another_language"))
            return
        earlier = [(exchange.question, exchange.answer) for exchange in reply.history]
        messages = prompt.build_without_sources(understood.focus, earlier, understood.language)
        yield from self._generate(reply, engine, messages, iter)
        if reply.is_late and not reply.texts:
            raise EngineBrokenError(reason="it wrote nothing in the time that it has")
        if self._is_cut(reply):
            reply.set(reasons=(*reply.turn.reasons, "why.cut_short"))

    def _is_cut(self, reply: Reply) -> bool:
        """Whether the model was given no more room in the middle of a sentence."""
        said = "".join(reply.texts).rstrip()
        return reply.turn.completion_tokens >= 0.9 * self._answer_tokens and not ends(said)

    def _generate(
        self,
        reply: Reply,
        engine: SwitchingModel,
        messages: Sequence[Message],
        released: Callable[[Iterator[str]], Iterator[str]],
    ) -> Iterator[Waiting | Delta]:
        """Waits for a turn at the model, then says what `released` lets through of its text, as long as there is time.

        Whatever is switched meanwhile, one engine with one adapter writes all of it: those of the moment at which the
        waiting ended. Raises DailyTokensError, OwnAnswersError and QueueFullError, and what the engine raises.
        """
        self._allowance.require(reply.actor)
        asked_s, has_waited = self._metrics.ticks(), False
        with self._queue.enter(reply.actor.id) as ticket:
            for place in ticket.wait(reply.cancel):
                if has_waited := has_waited or place != RUNS:
                    yield Waiting(*place)
            if reply.cancel.is_set():
                return
            self._metrics.waited(self._metrics.ticks() - asked_s)
            with engine.pinned() as live:
                yield from self._write(reply, live, messages, released)
        if reply.turn.adapter is not None and reply.texts:
            reply.set(reasons=(*reply.turn.reasons, "why.trained"))
        if reply.is_late:
            reply.set(reasons=(*reply.turn.reasons, "why.time_limit"))

    def _write(
        self,
        reply: Reply,
        live: Pinned,
        messages: Sequence[Message],
        released: Callable[[Iterator[str]], Iterator[str]],
    ) -> Iterator[Delta]:
        """Says what `released` lets through of the text of `live`, of which the turn tells what it was."""

        def pieces() -> Generator[str, None, None]:
            for piece in streamed(live, messages, max_tokens=self._answer_tokens, cancel=reply.cancel):
                reply.set(completion_tokens=reply.turn.completion_tokens + 1)
                yield piece

        began_s = self._metrics.ticks()
        reply.set(model=live.name, adapter=live.adapter)
        try:
            with closing(pieces()) as text, _timed(reply, self._answer_seconds):
                for part in released(text):
                    yield reply.say(part)
        finally:
            self._metrics.generated(reply.turn.completion_tokens, self._metrics.ticks() - began_s)


@contextmanager
def _timed(reply: Reply, seconds: float) -> Iterator[None]:
    """Stops an answer after so many seconds, also one whose engine is silent."""
    timer = threading.Timer(seconds, reply.expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _speaks(engine: LanguageModel, language: str) -> bool:
    return engine.languages is None or language in engine.languages
