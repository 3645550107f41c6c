"""The answer to a question as it comes: from the first word to the committed turn. Who leaves ends nothing."""

from collections.abc import Iterator
from threading import Event

from collab.dialogue.records import Event as TurnEvent
from collab.dialogue.records import TurnRecord
from collab.errors import AnswersUnderWayError
from collab.people.access import Actor
from collab.ui import chat_tab
from collab.ui.acts.chat import Another, Ask, AskAct, Retry, Reword, Stop
from collab.ui.navigation import sidebar
from collab.ui.present import under_way
from collab.ui.runs import Progress, Run
from collab.ui.screen import RUNNING, Screen, Update
from collab.ui.teaching import not_asked, unlearned
from knowledge.errors import CollabError, NotFoundError


def handle(screen: Screen, actor: Actor, act: AskAct | Stop) -> Iterator[Update]:
    """An answer begins, or ends here: no other act of the page holds that up."""
    if isinstance(act, Stop):
        screen.runs.stop(actor, act.run)
    else:
        yield from answer(screen, actor, act)


def answer(screen: Screen, actor: Actor, act: AskAct) -> Iterator[Update]:
    """Begins an answer and shows how far it is in the place that the page chose for it."""
    place = RUNNING[act.slot]
    try:
        run, before = _start(screen, actor, act)
    except CollabError as error:
        if isinstance(error, AnswersUnderWayError):  # all others are counted where the answer is
            screen.services.metrics.refused(error.code)
        yield {place: ""} | screen.problem(error, about=act.run)
        return
    yield before
    for progress in run.follow():
        if not progress.is_over:
            yield {place: under_way.running(screen.texts, run, progress)}
    yield _end(screen, actor, act, run, place)


def _start(screen: Screen, actor: Actor, act: AskAct) -> tuple[Run, Update]:
    """The answer under way, and the page as it is then: the turns before it, and it itself in the list at the left."""
    run = _run(screen, actor, act)
    is_new = not run.conversation
    if is_new:
        is_temporary = isinstance(act, Ask) and act.is_temporary
        run.conversation = screen.services.conversations.begin(actor, run.question, is_temporary=is_temporary).id
    example = not_asked(screen, actor, act) if isinstance(act, Another) else None
    try:  # the page is drawn without the turn, which may be there at once
        before = chat_tab.opened(screen, actor, run.conversation, beginning=run)
        screen.runs.start(run, lambda cancel: _events(screen, actor, act, run, cancel))
    except CollabError:
        if example is not None:
            screen.services.teaching.undo(actor, example.id)
        if is_new:
            screen.services.conversations.leave(actor, run.conversation)
        raise
    shown = {RUNNING[act.slot]: under_way.running(screen.texts, run, Progress())}
    return run, before | shown | sidebar(screen, actor, "chat", run.conversation)


def _run(screen: Screen, actor: Actor, act: AskAct) -> Run:
    conversations = screen.services.conversations
    if isinstance(act, Retry | Reword | Another):
        turn = conversations.turn(actor, act.turn)
        question = act.text if isinstance(act, Reword) else turn.question
        return Run(act.run, actor, turn.conversation_id, question, turn.previous_id)
    previous = act.after or None
    if act.conversation and not previous:
        previous = conversations.get(actor, act.conversation).current_turn_id
    return Run(act.run, actor, act.conversation, act.text, previous)


def _events(screen: Screen, actor: Actor, act: AskAct, run: Run, cancel: Event) -> Iterator[TurnEvent]:
    left_aside = screen.services.conversations.turn(actor, act.turn).correction_id if isinstance(act, Another) else None
    events = screen.services.assistant.reply(
        actor,
        run.conversation,
        run.question,
        retry_of=act.turn if isinstance(act, Retry | Another) else None,
        edit_of=act.turn if isinstance(act, Reword) else None,
        after=run.previous,
        without=[left_aside] if left_aside else [],
        cancel=cancel,
    )
    return _leaving_nothing(screen, actor, run, events)


def _leaving_nothing(screen: Screen, actor: Actor, run: Run, events: Iterator[TurnEvent]) -> Iterator[TurnEvent]:
    """The same events; where they fail, however that is, no conversation without turns stays behind."""
    try:
        yield from events
    except BaseException:
        if not screen.services.conversations.turns(actor, run.conversation):
            screen.services.conversations.leave(actor, run.conversation)
        raise


def _end(screen: Screen, actor: Actor, act: AskAct, run: Run, place: str) -> Update:
    """What became of it; of a conversation that was left or deleted meanwhile, only that it is over."""
    turn, error = run.progress.turn, run.progress.error
    try:
        if turn is not None:
            return _finished(screen, actor, act, run, place, turn)
        assert error is not None  # it is over
        if not (run.cancel.is_set() and isinstance(error, NotFoundError)):
            return _failed(screen, actor, run, place, error)
    except NotFoundError:
        pass
    return {place: under_way.ended(run)} | sidebar(screen, actor, "chat")


def _finished(screen: Screen, actor: Actor, act: AskAct, run: Run, place: str, turn: TurnRecord) -> Update:
    notes = unlearned(screen, actor, turn) if isinstance(act, Another) else {}
    taught = turn.id if isinstance(act, Another) else ""
    (shown,) = chat_tab.shown(screen, actor, [turn], notes, taught=taught, is_last=True)
    return {place: under_way.finished(screen.texts, run, shown)} | sidebar(screen, actor, "chat", run.conversation)


def _failed(screen: Screen, actor: Actor, run: Run, place: str, error: CollabError) -> Update:
    try:
        before = chat_tab.opened(screen, actor, run.conversation) | sidebar(screen, actor, "chat", run.conversation)
    except NotFoundError:  # it was to be the first turn
        before = chat_tab.opened(screen, actor, "") | sidebar(screen, actor, "chat")
    return before | {place: ""} | screen.problem(error, about=run.id)
