"""Answers a question: from a person's correction, from passages, or from the model; and keeps the turn.

It knows what to ask of memory, retrieval and the model, and in which order. It knows no screen, no HTTP and no
passwords, and it never writes anything but the turn.
"""

import threading
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from typing import Protocol

from collab.dialogue import history, offering, small_talk, tree
from collab.dialogue.composition import cited
from collab.dialogue.conversations import Conversations, NewTurn
from collab.dialogue.counting import Counting
from collab.dialogue.ending import Ending
from collab.dialogue.models import Models
from collab.dialogue.recalling import are_far, considered, reach_of, recalled
from collab.dialogue.records import CorrectedBy, Decision, Done, Event, Quoted, Source, TurnRecord, offered
from collab.dialogue.reply import Reply
from collab.dialogue.speaking import Say, Speaker
from collab.dialogue.understanding import Intent, read
from collab.errors import EngineError, QuestionEmptyError, QuestionTooLongError, StoppingError
from collab.metrics import Metrics
from collab.people.access import EVERYONE, Actor, personal, reaches_of
from collab.tracing import Tracing
from knowledge import scope
from knowledge.database import Clock
from knowledge.errors import NotFoundError
from knowledge.memory import CorrectionMemory, Recall
from knowledge.retrieval import Answer, Retriever
from knowledge.text import clean

Attributions = Callable[[Actor, Sequence[str]], Mapping[str, CorrectedBy]]
"""Who wrote these corrections and when; what, as far as the person may read it now."""


class Retirements(Protocol):
    """Which passages corrections have made outdated. Implemented by Conflicts."""

    def retired(self, actor: Actor, question: str) -> Collection[int]:
        """The passages that are not to be cited for a question any more."""
        ...

    def outdated(self, actor: Actor, cited: Mapping[int, str], correction_ids: Collection[str]) -> Collection[int]:
        """Of the passages that are cited, by what words, those that say what one of these corrections says is over."""
        ...


class Assistant:
    """The one place where a turn is decided. Safe for threads; each reply runs in its caller's."""

    def __init__(
        self,
        *,
        conversations: Conversations,
        memory: CorrectionMemory,
        retriever: Retriever,
        models: Models,
        speaker: Speaker,
        attributions: Attributions,
        retirements: Retirements,
        say: Say,
        clock: Clock,
        metrics: Metrics,
        tracing: Tracing,
    ) -> None:
        self._conversations = conversations
        self._memory = memory
        self._retriever = retriever
        self._models = models
        self._speaker = speaker
        self._attributions = attributions
        self._retirements = retirements
        self._say = say
        self._clock = clock
        self._metrics = metrics
        self._tracing = tracing
        self._ending = Ending()

    def end(self) -> None:
        """Stops the answers under way, with what was said kept, and lets none begin: the process is about to end."""
        self._ending.begin()

    def has_ended(self, longest_s: float) -> bool:
        """Whether nothing is being answered any more; waits for it at most `longest_s` seconds."""
        return self._ending.wait(longest_s)

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
        without: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Checks the question at once, then answers as the events are read; the last, Done, comes after the commit.

        The turn takes the place of `retry_of` or `edit_of` as another version, else it follows the turn `after`, else
        the current one. `earlier` are (question, answer) pairs of a conversation that is not kept here; the corrections
        `without` are left aside. Setting `cancel` or closing the iterator stops the computation and keeps what was
        said. Raises QuestionEmptyError, QuestionTooLongError, NotFoundError and ModelsLoadingError; while answering,
        EngineError when only the model could have answered, and StoppingError when the process ends.
        """
        question = clean(text).text.strip()
        if not question:
            raise QuestionEmptyError
        if len(question) > history.QUESTION_CHARS:
            raise QuestionTooLongError(length=len(question), limit=history.QUESTION_CHARS)
        counting = Counting(self._metrics)
        with counting.errors():
            self._models.require_finding()
            previous = self._previous(actor, conversation_id, retry_of or edit_of, after)
            path = self._path(actor, conversation_id, previous) if conversation_id else []
        before = history.kept(path) if conversation_id else history.told(earlier)
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
        is_objection = offering.offered(path, question) is not None
        reply = Reply(
            actor, conversation_id, understood, before, cancel or threading.Event(), turn, without, is_objection
        )
        reply.trace = self._tracing.turn()
        return counting.events(self._run(reply))

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

    def _path(self, actor: Actor, conversation_id: str, previous: str | None) -> list[TurnRecord]:
        return tree.path(self._conversations.turns(actor, conversation_id), previous)

    def _run(self, reply: Reply) -> Generator[Event, None, None]:
        with reply.trace.whole(), self._ending.told(reply.cancel):
            try:
                yield from self._answer(reply)
                if reply.cancel.is_set():
                    self._ending.refuse()
            except (GeneratorExit, EngineError, StoppingError):  # reader, model or process ends: keep what was said
                reply.cancel.set()
                if reply.texts:
                    self._record(reply)
                raise
            done = Done(self._record(reply))
            reply.trace.tell(turn_id=done.turn.id, decision=done.turn.decision, tokens=done.turn.completion_tokens)
        yield done

    def _answer(self, reply: Reply) -> Iterator[Event]:
        understood, reaches = reply.understood, reaches_of(reply.actor)

        # 1. What is held against an answer is offered as a correction: it asks nothing.
        if reply.is_objection:
            reply.set(decision=Decision.CLARIFY, reasons=("why.you_know_better",))
            yield reply.say(self._say(understood.language, "answer.offer"))
            return

        # 2. Small talk needs neither memory nor sources, nor a model.
        if understood.intent is Intent.SMALL_TALK:
            reply.set(decision=Decision.MODEL, reasons=("why.small_talk",))
            yield reply.say(self._say(understood.language, f"talk.{small_talk.kind(understood.focus)}"))
            return

        # 3. A person's words come first, and without the model.
        with reply.trace.part("judge"):
            recall = recalled(self._memory, understood, reaches, self._clock(), reply.without)
        reply.set(memory_seq=self._memory.sequence, reasons=recall.reasons, considered=considered(recall))
        if recall.decision is not scope.Decision.IGNORE and (known := self._known(reply.actor, recall)):
            reply.set(correction_id=known.correction_id)
            if recall.decision is scope.Decision.APPLY:
                reach = reach_of(reply.actor, known)
                reply.set(decision=Decision.CORRECTED, confidence=recall.probability, reach=reach)
                yield reply.say(known.answer or "")
                return

        # 4. Of what nobody named, nothing is looked for: any row of a table has its price.
        if understood.is_unclear:
            yield self._asked_back(reply)
            return

        # 5. Then the sources: the sentences that answer, at once.
        with reply.trace.part("retrieve"):
            found = self._found(reply)
        is_unclear = understood.names_nothing and found.is_of_several
        reply.set(confidence=0.0 if is_unclear else found.confidence)
        if is_unclear:
            yield self._asked_back(reply)
        elif found.is_answered:
            if are_far(reply.turn):
                reply.set(correction_id=None)
            yield self._quoted(reply, cited(found), (*recall.reasons, "why.quoted"))
            with reply.trace.part("generate"):
                yield from self._speaker.compose(reply, found)

        # 6. A task may be done without sources; a question may not.
        elif understood.intent is Intent.TASK:
            with reply.trace.part("generate"):
                yield from self._speaker.speak(reply)
        else:
            key = "answer.not_found.similar" if reply.turn.correction_id else "answer.not_found"
            yield reply.say(self._say(understood.language, key))

    def _found(self, reply: Reply) -> Answer:
        """What passages say, but for those that a correction has made outdated: what answers this question, and what is
        offered beside it.
        """
        understood, reaches = reply.understood, reaches_of(reply.actor)
        without = set(self._retirements.retired(reply.actor, understood.standalone))
        beside = offered(reply.turn.correction_id, reply.turn.considered)
        while True:
            found = self._retriever.answer(understood.standalone, reaches, focus=understood.focus, without=without)
            cited: dict[int, str] = {}
            for quote in found.quotes:
                cited[quote.passage_id] = f"{cited.get(quote.passage_id, '')} {quote.text}"
            outdated = self._retirements.outdated(reply.actor, cited, beside)
            if without.issuperset(outdated):
                return found
            without.update(outdated)

    def _quoted(self, reply: Reply, sources: tuple[Source, ...], reasons: tuple[str, ...]) -> Event:
        """What the sources say; it is for the person alone where one of them is not for everyone."""
        reply.set(decision=Decision.GROUNDED, sources=sources, reasons=reasons)
        if any(source.reach != EVERYONE for source in sources):
            reply.set(reach=personal(reply.actor))
        return Quoted(sources)

    def _asked_back(self, reply: Reply) -> Event:
        """What is said where nobody can tell what is meant."""
        key = "answer.not_found.similar" if reply.turn.correction_id else "answer.unclear"
        return reply.say(self._say(reply.understood.language, key))

    def _known(self, actor: Actor, recall: Recall) -> CorrectedBy | None:
        """The recalled correction, unless it stopped answering this person a moment ago."""
        if recall.correction_id is None:
            return None
        known = self._attributions(actor, [recall.correction_id]).get(recall.correction_id)
        return known if known and known.answer is not None else None

    def _record(self, reply: Reply) -> TurnRecord:
        if reply.turn.correction_id is not None and reply.turn.decision is not Decision.CORRECTED:
            reply.set(decision=Decision.SUGGESTED)
        reply.set(answer="".join(reply.texts).strip(), is_stopped=reply.cancel.is_set() and not reply.is_late)
        return self._conversations.record(reply.actor, reply.conversation_id, reply.turn)
