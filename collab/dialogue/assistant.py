"""Answers a question: from a person's correction, from passages, or from the model; and keeps the turn.

It knows what to ask of memory, retrieval and the model, and in which order. It knows no screen, no HTTP and no
passwords, and it never writes anything but the turn.
"""

import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from collab.dialogue import history, prompt, small_talk, tree
from collab.dialogue.composition import cited, composed_answer, ends, quoted_answer
from collab.dialogue.conversations import Conversations, NewTurn
from collab.dialogue.engines import LanguageModel, Message
from collab.dialogue.engines.queue import GenerationQueue
from collab.dialogue.models import Models
from collab.dialogue.records import (
    CorrectedBy,
    Decision,
    Delta,
    Done,
    Event,
    Quoted,
    TurnRecord,
    Waiting,
)
from collab.dialogue.understanding import Exchange, Intent, Understood, read
from collab.errors import EngineError, QuestionEmptyError, QuestionTooLongError
from collab.people.access import EVERYONE, Actor, personal, reaches_of
from knowledge import scope
from knowledge.database import Clock
from knowledge.errors import NotFoundError
from knowledge.memory import CorrectionMemory, Recall
from knowledge.retrieval import Answer, Retriever
from knowledge.text import clean

Attributions = Callable[[Actor, Sequence[str]], Mapping[str, CorrectedBy]]
"""Who wrote these corrections and when; what, as far as the person may read it now."""

Say = Callable[[str, str], str]
"""A text of the product itself in a language: `say("en", "answer.not_found")`."""


@dataclass
class _Reply:
    """An answer in the making: whom it is for, what was asked, and the turn as far as it is known."""

    actor: Actor
    conversation_id: str | None
    understood: Understood
    history: Sequence[Exchange]
    cancel: threading.Event
    turn: NewTurn
    texts: list[str] = field(default_factory=list)

    def set(self, **changes: object) -> None:
        self.turn = replace(self.turn, **changes)  # type: ignore[arg-type]  # names and types are NewTurn's own

    def say(self, text: str) -> Delta:
        self.texts.append(text)
        return Delta(text)


class Assistant:
    """The one place where a turn is decided. Safe for threads; each reply runs in its caller's."""

    def __init__(
        self,
        *,
        conversations: Conversations,
        memory: CorrectionMemory,
        retriever: Retriever,
        models: Models,
        queue: GenerationQueue,
        attributions: Attributions,
        say: Say,
        clock: Clock,
        answer_tokens: int,
    ) -> None:
        self._conversations = conversations
        self._memory = memory
        self._retriever = retriever
        self._models = models
        self._queue = queue
        self._attributions = attributions
        self._say = say
        self._clock = clock
        self._answer_tokens = answer_tokens

    def reply(
        self,
        actor: Actor,
        conversation_id: str | None,
        text: str,
        *,
        earlier: Sequence[tuple[str, str]] = (),
        retry_of: str | None = None,
        edit_of: str | None = None,
        after: str | None = None,
        cancel: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Checks the question at once, then answers as the events are read; the last, Done, comes after the commit.

        The turn takes the place of `retry_of` or `edit_of` as another version, else it follows the turn `after`, else
        the current one. `earlier` are (question, answer) pairs of a conversation that is not kept here. Setting
        `cancel` or closing the iterator stops the computation and keeps what was said. Raises QuestionEmptyError,
        QuestionTooLongError, NotFoundError and ModelsLoadingError; while answering, EngineError when only the model
        could have answered.
        """
        question = clean(text).text.strip()
        if not question:
            raise QuestionEmptyError
        if len(question) > history.QUESTION_CHARS:
            raise QuestionTooLongError(length=len(question), limit=history.QUESTION_CHARS)
        self._models.require_finding()
        previous = self._previous(actor, conversation_id, retry_of or edit_of, after)
        before = self._before(actor, conversation_id, previous) if conversation_id else history.told(earlier)
        understood = read(question, before)
        turn = NewTurn(
            question=question,
            standalone=understood.standalone,
            is_follow_up=understood.is_follow_up,
            language=understood.language,
            answer="",
            decision=Decision.NOT_FOUND,
            confidence=0.0,
            retry_of=retry_of,
            previous_id=previous,
        )
        return self._run(_Reply(actor, conversation_id, understood, before, cancel or threading.Event(), turn))

    def _previous(
        self, actor: Actor, conversation_id: str | None, replaced: str | None, after: str | None
    ) -> str | None:
        """The turn that the new one follows. Raises NotFoundError where the named one is of another conversation."""
        if named := replaced or after:
            turn = self._conversations.turn(actor, named)
            if turn.conversation_id != conversation_id:
                raise NotFoundError(what="turn")
            return turn.previous_id if replaced else turn.id
        return self._conversations.get(actor, conversation_id).current_turn_id if conversation_id else None

    def _before(self, actor: Actor, conversation_id: str, previous: str | None) -> list[Exchange]:
        return history.kept(tree.path(self._conversations.turns(actor, conversation_id), previous))

    def _run(self, reply: _Reply) -> Iterator[Event]:
        try:
            yield from self._answer(reply)
        except (GeneratorExit, EngineError):  # the reader is gone, or the model: stop, and keep what was said
            reply.cancel.set()
            if reply.texts:
                self._record(reply)
            raise
        yield Done(self._record(reply))

    def _answer(self, reply: _Reply) -> Iterator[Event]:
        understood, reaches = reply.understood, reaches_of(reply.actor)

        # 1. Small talk needs neither memory nor sources, nor a model.
        if understood.intent is Intent.SMALL_TALK:
            reply.set(decision=Decision.MODEL, reasons=("why.small_talk",))
            yield reply.say(self._say(understood.language, f"talk.{small_talk.kind(understood.focus)}"))
            return

        # 2. A person's words come first, and without the model.
        recall = self._memory.recall(
            understood.standalone, reaches, self._clock(), may_apply=not understood.is_follow_up
        )
        reply.set(memory_seq=self._memory.sequence, reasons=recall.reasons)
        if recall.decision is not scope.Decision.IGNORE and (known := self._known(reply.actor, recall)):
            reply.set(correction_id=known.correction_id)
            if recall.decision is scope.Decision.APPLY:
                reply.set(decision=Decision.CORRECTED, confidence=recall.probability)
                yield reply.say(known.answer or "")
                return

        # 3. Then the sources: the sentences that answer, at once.
        found = self._retriever.answer(understood.standalone, reaches, focus=understood.focus)
        reply.set(confidence=found.confidence)
        if found.is_answered:
            sources = cited(found)
            reply.set(decision=Decision.GROUNDED, sources=sources, reasons=(*recall.reasons, "why.quoted"))
            if any(source.reach != EVERYONE for source in sources):
                reply.set(reach=personal(reply.actor))
            yield Quoted(sources)
            yield from self._compose(reply, found)

        # 4. A task may be done without sources; a question may not.
        elif understood.intent is Intent.TASK:
            yield from self._speak(reply)
        else:
            yield reply.say(self._say(understood.language, "answer.not_found"))

    def _known(self, actor: Actor, recall: Recall) -> CorrectedBy | None:
        """The recalled correction, unless it stopped answering this person a moment ago."""
        if recall.correction_id is None:
            return None
        known = self._attributions(actor, [recall.correction_id]).get(recall.correction_id)
        return known if known and known.answer is not None else None

    def _compose(self, reply: _Reply, found: Answer) -> Iterator[Event]:
        """The model's wording where the sources support it, else the quotes. Never fails for want of a model."""
        sources, understood = reply.turn.sources, reply.understood
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

    def _speak(self, reply: _Reply) -> Iterator[Event]:
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
        if self._is_cut(reply):
            reply.set(reasons=(*reply.turn.reasons, "why.cut_short"))

    def _is_cut(self, reply: _Reply) -> bool:
        """Whether the model was given no more room in the middle of a sentence."""
        said = "".join(reply.texts).rstrip()
        return reply.turn.completion_tokens >= 0.9 * self._answer_tokens and not ends(said)

    def _generate(
        self,
        reply: _Reply,
        engine: LanguageModel,
        messages: Sequence[Message],
        released: Callable[[Iterator[str]], Iterator[str]],
    ) -> Iterator[Waiting | Delta]:
        """Waits for a turn at the model, then says what `released` lets through of its text."""

        def pieces() -> Generator[str, None, None]:
            for piece in engine.stream(messages, max_tokens=self._answer_tokens, cancel=reply.cancel):
                reply.set(completion_tokens=reply.turn.completion_tokens + 1)
                yield piece

        with self._queue.enter(reply.actor.id) as ticket:
            for place in ticket.wait(reply.cancel):
                if place > 0:
                    yield Waiting(place)
            if reply.cancel.is_set():
                return
            reply.set(model=engine.name)
            with closing(pieces()) as text:
                for part in released(text):
                    yield reply.say(part)

    def _record(self, reply: _Reply) -> TurnRecord:
        if reply.turn.correction_id is not None and reply.turn.decision is not Decision.CORRECTED:
            reply.set(decision=Decision.SUGGESTED)
        reply.set(answer="".join(reply.texts).strip(), is_stopped=reply.cancel.is_set())
        return self._conversations.record(reply.actor, reply.conversation_id, reply.turn)


def _speaks(engine: LanguageModel, language: str) -> bool:
    return engine.languages is None or language in engine.languages
