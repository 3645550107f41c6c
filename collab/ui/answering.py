"""The answer to a question as it comes: from the first word to the committed turn. Who leaves ends nothing."""

from collections.abc import Iterator
from threading import Event

from collab.dialogue.records import Event as TurnEvent
from collab.people.access import Actor
from collab.ui import chat_tab
from collab.ui.acts.chat import Ask, AskAct, Retry, Reword
from collab.ui.navigation import sidebar
from collab.ui.present import under_way
from collab.ui.runs import Progress, Run
from collab.ui.screen import RUNNING, Screen, Update
from knowledge.errors import CollabError, NotFoundError


def answer(screen: Screen, actor: Actor, act: AskAct) -> Iterator[Update]:
    """Begins an answer and shows how far it is in the place that the page chose for it."""
    place = RUNNING[act.slot]
    try:
        run, before = _start(screen, actor, act)
    except CollabError as error:
        yield {place: ""} | screen.problem(error, about=act.run)
        return
    yield before
    for progress in run.follow():
        if not progress.is_over:
            yield {place: under_way.running(screen.texts, run, progress)}
    yield _end(screen, actor, run, place)


def _start(screen: Screen, actor: Actor, act: AskAct) -> tuple[Run, Update]:
    """The answer under way, and the page as it is then: the turns before it, and it itself in the list at the left."""
    run = _run(screen, actor, act)
    is_new = not run.conversation
    if is_new:
        is_temporary = isinstance(act, Ask) and act.is_temporary
        run.conversation = screen.services.conversations.begin(actor, run.question, is_temporary=is_temporary).id
    try:
        screen.runs.start(run, lambda cancel: _events(screen, actor, act, run, cancel))
    except CollabError:
        if is_new:
            screen.services.conversations.leave(actor, run.conversation)
        raise
    before = chat_tab.opened(screen, actor, run.conversation)
    shown = {RUNNING[act.slot]: under_way.running(screen.texts, run, Progress())}
    return run, before | shown | sidebar(screen, actor, "chat", run.conversation)


def _run(screen: Screen, actor: Actor, act: AskAct) -> Run:
    conversations = screen.services.conversations
    if isinstance(act, Retry | Reword):
        turn = conversations.turn(actor, act.turn)
        question = turn.question if isinstance(act, Retry) else act.text
        return Run(act.run, actor, turn.conversation_id, question, turn.previous_id)
    previous = act.after or None
    if act.conversation and not previous:
        previous = conversations.get(actor, act.conversation).current_turn_id
    return Run(act.run, actor, act.conversation, act.text, previous)


def _events(screen: Screen, actor: Actor, act: AskAct, run: Run, cancel: Event) -> Iterator[TurnEvent]:
    events = screen.services.assistant.reply(
        actor,
        run.conversation,
        run.question,
        retry_of=act.turn if isinstance(act, Retry) else None,
        edit_of=act.turn if isinstance(act, Reword) else None,
        after=run.previous,
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


def _end(screen: Screen, actor: Actor, run: Run, place: str) -> Update:
    turn, error = run.progress.turn, run.progress.error
    if turn is not None:
        (shown,) = chat_tab.shown(screen, actor, [turn], is_last=True)
        return {place: under_way.finished(screen.texts, run, shown)} | sidebar(screen, actor, "chat", run.conversation)
    assert error is not None  # it is over
    try:
        before = chat_tab.opened(screen, actor, run.conversation) | sidebar(screen, actor, "chat", run.conversation)
    except NotFoundError:  # it was to be the first turn
        before = chat_tab.opened(screen, actor, "") | sidebar(screen, actor, "chat")
    return before | {place: ""} | screen.problem(error, about=run.id)
