"""The chat: ask, watch the answer come, rate it, correct it where it stands. It shows rows; the services keep them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Event

from collab.dialogue.records import Delta, Done, Quoted, Source, TurnRecord, Waiting
from collab.dialogue.records import Event as TurnEvent
from collab.people.access import Actor
from collab.ui.acts.chat import Ask, Correct, Rate, Retry, Stop, Undo, Why
from collab.ui.acts.chat import Source as ShowSource
from collab.ui.navigation import sidebar
from collab.ui.present import chat, edited, source
from collab.ui.present.chat import ShownTurn
from collab.ui.present.html import icon, tag, text
from collab.ui.screen import Screen, Update
from knowledge.database import new_id
from knowledge.errors import CollabError, NotFoundError


def opened(
    screen: Screen, actor: Actor, conversation: str, notes: Mapping[str, str] | None = None, saved: str = ""
) -> Update:
    """A conversation as it is stored; empty opens a new one. It leaves the running turn alone, which may be newer.

    `notes` is markup to show under turns, by their ids; `saved` is the correction that the person has just written.
    """
    t, services = screen.texts, screen.services
    notice = _loading(screen)
    if not conversation:
        is_empty = not services.documents.list(actor)
        return {"history": chat.transcript(t, "", [], notice + chat.welcome(t, is_empty=is_empty))}
    turns = services.conversations.turns(actor, conversation)
    shown = _shown(screen, actor, turns, notes or {}, saved)
    nonce = new_id() if notes or saved else None  # the same act again is answered again
    return {"history": chat.transcript(t, conversation, shown, notice, nonce=nonce)}


def answer(screen: Screen, actor: Actor, act: Ask | Retry) -> Iterator[Update]:
    """The running turn, from the question to the committed answer. Closing the page or *Stop* ends the computation."""
    cancel = screen.runs.start(actor, act.run)
    try:
        events, question, before = _begin(screen, actor, act, cancel)
        yield before
        yield from _follow(screen, actor, act.run, question, events)
    except CollabError as error:
        before = opened(screen, actor, act.conversation) if isinstance(act, Ask) else {}
        yield before | {"running": ""} | screen.problem(error, about=act.run)
    finally:
        screen.runs.finish(actor, act.run)


def handle(screen: Screen, actor: Actor, act: Stop | Rate | Correct | Undo | ShowSource | Why) -> Iterator[Update]:
    """The short acts of the chat."""
    match act:
        case Stop():
            screen.runs.stop(actor, act.run)
        case Rate():
            yield _rate(screen, actor, act)
        case Correct():
            yield _correct(screen, actor, act)
        case Undo():
            yield _undo(screen, actor, act)
        case ShowSource():
            yield _source(screen, actor, act)
        case Why():
            yield _why(screen, actor, act)


def _begin(screen: Screen, actor: Actor, act: Ask | Retry, cancel: Event) -> tuple[Iterator[TurnEvent], str, Update]:
    """The events of the answer, its question, and what the page shows until the first of them."""
    services, t = screen.services, screen.texts
    if isinstance(act, Retry):
        earlier = services.conversations.turn(actor, act.turn)
        conversation, question, retry_of = earlier.conversation_id, earlier.question, earlier.id
    else:
        conversation, question, retry_of = act.conversation, act.text, None
    turns = services.conversations.turns(actor, conversation) if conversation else []
    events = services.assistant.reply(actor, conversation or None, question, retry_of=retry_of, cancel=cancel)
    before = {
        "history": chat.transcript(t, conversation, _shown(screen, actor, turns, {})),
        "running": chat.running(t, act.run, question, (), "", None),
    }
    return events, question, before


def _follow(screen: Screen, actor: Actor, run: str, question: str, events: Iterable[TurnEvent]) -> Iterator[Update]:
    quotes: Sequence[Source] = ()
    words, place = "", None
    for event in events:
        match event:
            case Waiting():
                place = event.place
            case Quoted():
                quotes = event.sources
            case Delta():
                words, place = words + event.text, None
            case Done():
                (shown,) = _shown(screen, actor, [event.turn], {})
                done = {"running": chat.finished(screen.texts, run, shown)}
                yield done | sidebar(screen, actor, "chat", event.turn.conversation_id)
                return
        yield {"running": chat.running(screen.texts, run, question, quotes, words, place)}


def _rate(screen: Screen, actor: Actor, act: Rate) -> Update:
    screen.services.ratings.rate(actor, act.turn, act.rating, reason=act.reason, comment=act.comment)
    key = "rate.reason" if act.reason or act.comment else f"rate.{act.rating}"
    note = edited.note(icon("tick") + tag("span", text(screen.texts(key))))
    return _reopened(screen, actor, act.turn, "" if key == "rate.down" else note)


def _correct(screen: Screen, actor: Actor, act: Correct) -> Update:
    turn = screen.services.conversations.turn(actor, act.turn)
    is_same = act.answer.strip() == chat.without_citations(turn.answer).strip()
    words = turn.answer if is_same else act.answer
    try:
        made = screen.services.corrections.submit(actor, turn_id=act.turn, answer=words, kind=act.kind)
    except CollabError as error:
        return screen.problem(error, about=f"editor:{act.turn}")
    again = opened(screen, actor, turn.conversation_id, saved=made.id)
    return again | sidebar(screen, actor, "chat", turn.conversation_id)


def _undo(screen: Screen, actor: Actor, act: Undo) -> Update:
    screen.services.corrections.undo(actor, act.correction)
    undone = screen.toast(screen.texts("correct.undone"))
    return (_reopened(screen, actor, act.turn, "") if act.turn else {}) | undone


def _source(screen: Screen, actor: Actor, act: ShowSource) -> Update:
    turn = screen.services.conversations.turn(actor, act.turn)
    cited = next((source for source in turn.sources if source.n == act.n), None)
    if cited is None:
        raise NotFoundError(what="source")
    try:
        passage = screen.services.documents.passage(actor, cited.passage_id).text
    except NotFoundError:
        passage = None
    return {"panel": source.panel(screen.texts, turn, cited, passage, nonce=new_id())}


def _why(screen: Screen, actor: Actor, act: Why) -> Update:
    turn = screen.services.conversations.turn(actor, act.turn)
    (shown,) = _shown(screen, actor, [turn], {})
    return {"panel": source.explanation(screen.texts, shown, nonce=new_id())}


def _reopened(screen: Screen, actor: Actor, turn_id: str, note: str) -> Update:
    """The conversation of a turn as it is stored now, with a note under the turn."""
    turn = screen.services.conversations.turn(actor, turn_id)
    return opened(screen, actor, turn.conversation_id, {turn_id: note})


def _shown(
    screen: Screen, actor: Actor, turns: Sequence[TurnRecord], notes: Mapping[str, str], saved: str = ""
) -> list[ShownTurn]:
    """Turns with what stands around them: whose correction answered, the person's own thumb and words, a note."""
    corrections = screen.services.corrections
    ids = [turn.id for turn in turns]
    ratings = screen.services.ratings.of(actor, ids)
    own = corrections.of_turns(actor, ids)
    known = corrections.attributions(actor, [turn.correction_id for turn in turns if turn.correction_id])
    return [
        ShownTurn(
            turn,
            corrected_by=known.get(turn.correction_id or ""),
            rating=ratings[turn.id].rating if turn.id in ratings else None,
            correction=own.get(turn.id),
            is_saved=turn.id in own and own[turn.id].id == saved,
            note=notes.get(turn.id, ""),
        )
        for turn in turns
    ]


def _loading(screen: Screen) -> str:
    """What is not ready yet, and what already works; nothing once all is loaded."""
    models, t = screen.services.models, screen.texts
    if models.is_ready:
        return ""
    loading = models.loading
    if loading.error is not None:
        return chat.unloaded(t.error(loading.error.code, loading.error.params))
    return chat.loading(t, can_find=models.finds, stage=t(loading.stage), share=loading.share)
