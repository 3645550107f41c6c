"""The chat: read a conversation, rate an answer, correct it where it stands. It shows rows; the services keep them."""

from collections.abc import Iterator, Mapping, Sequence

from collab.dialogue import tree
from collab.dialogue.records import TurnRecord
from collab.people.access import Actor
from collab.ui.acts.chat import ChatAct, Choose, Correct, Pick, Quote, Rate, Stop, Undo, Why
from collab.ui.acts.chat import Source as ShowSource
from collab.ui.judging import picker
from collab.ui.navigation import sidebar
from collab.ui.present import chat, edited, source, told, under_way, welcome
from collab.ui.present.chat import ShownTurn
from collab.ui.present.html import icon, tag, text
from collab.ui.screen import Screen, Update
from collab.ui.suggesting import next_questions, starters
from knowledge.database import new_id
from knowledge.errors import CollabError, NotFoundError


def opened(
    screen: Screen, actor: Actor, conversation: str, notes: Mapping[str, str] | None = None, saved: str = ""
) -> Update:
    """A conversation as it is stored, and what is being answered in it; empty opens a new one.

    It leaves the places of answers under way alone, which may be newer. `notes` is markup to show under turns, by their
    ids; `saved` is the correction that the person has just written.
    """
    t = screen.texts
    if not conversation:
        return {"history": chat.transcript("", _loading(screen) + _welcome(screen, actor))}
    record = screen.services.conversations.get(actor, conversation)
    turns = screen.services.conversations.turns(actor, conversation)
    runs = screen.runs.of(actor, conversation)
    path = tree.path(turns, runs[-1].previous if runs else record.current_turn_id)
    places = {turn.id: tuple(other.id for other in tree.versions(turns, turn)) for turn in path}
    inner = (
        _loading(screen)
        + (welcome.unkept(t, conversation) if record.is_temporary else "")
        + "".join(
            chat.turn(t, one) for one in shown(screen, actor, path, notes or {}, saved, places=places, is_last=not runs)
        )
        + "".join(under_way.running(t, run, run.progress, is_followed=False) for run in runs)
    )
    nonce = new_id() if notes or saved else None  # the same act again is answered again
    return {
        "history": chat.transcript(conversation, inner, turns=len(turns), nonce=nonce, is_temporary=record.is_temporary)
    }


def handle(screen: Screen, actor: Actor, act: ChatAct) -> Iterator[Update]:
    """The short acts of the chat."""
    match act:
        case Stop():
            screen.runs.stop(actor, act.run)
        case Choose():
            yield opened(screen, actor, screen.services.conversations.choose(actor, act.turn).id)
        case Rate():
            yield _rate(screen, actor, act)
        case Correct():
            yield _correct(screen, actor, act)
        case Undo():
            yield _undo(screen, actor, act)
        case ShowSource():
            yield _source(screen, actor, act)
        case Quote():
            yield _quote(screen, actor, act)
        case Pick():
            yield picker(screen, actor, act)
        case Why():
            yield _why(screen, actor, act)


def _rate(screen: Screen, actor: Actor, act: Rate) -> Update:
    screen.services.ratings.rate(
        actor, act.turn, act.rating, reason=act.reason, comment=act.comment, passage_id=act.passage
    )
    if act.rating == "down" and not act.reason and not act.comment:
        return _reopened(screen, actor, act.turn, "")
    key = f"rate.done.{act.reason}" if act.reason else "rate.reason" if act.comment else "rate.up"
    note = edited.note(icon("tick") + tag("span", text(screen.texts(key))))
    return _reopened(screen, actor, act.turn, note)


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


def _quote(screen: Screen, actor: Actor, act: Quote) -> Update:
    passage = screen.services.documents.passage(actor, act.passage)
    return {"panel": source.passage(screen.texts, passage, nonce=new_id())}


def _why(screen: Screen, actor: Actor, act: Why) -> Update:
    turn = screen.services.conversations.turn(actor, act.turn)
    (one,) = shown(screen, actor, [turn])
    return {"panel": source.explanation(screen.texts, one, nonce=new_id())}


def _reopened(screen: Screen, actor: Actor, turn_id: str, note: str) -> Update:
    """The conversation of a turn as it is stored now, with a note under the turn."""
    turn = screen.services.conversations.turn(actor, turn_id)
    return opened(screen, actor, turn.conversation_id, {turn_id: note})


def shown(
    screen: Screen,
    actor: Actor,
    turns: Sequence[TurnRecord],
    notes: Mapping[str, str] | None = None,
    saved: str = "",
    *,
    places: Mapping[str, tuple[str, ...]] | None = None,
    is_last: bool = False,
) -> list[ShownTurn]:
    """Turns with what stands around them: whose correction answered, the person's own thumb and words, a note.

    `places` are the versions of each, by its id; after the last turn of a conversation one can go on from it.
    """
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
            note=(notes or {}).get(turn.id, ""),
            versions=(places or _places(screen, actor, turn)).get(turn.id, ()),
            next_questions=next_questions(screen, actor, turn) if is_last and turn is turns[-1] else (),
        )
        for turn in turns
    ]


def _places(screen: Screen, actor: Actor, turn: TurnRecord) -> dict[str, tuple[str, ...]]:
    turns = screen.services.conversations.turns(actor, turn.conversation_id)
    return {turn.id: tuple(other.id for other in tree.versions(turns, turn))}


def _welcome(screen: Screen, actor: Actor) -> str:
    is_empty = not screen.services.documents.list(actor)
    begin = [] if is_empty else starters(screen, actor)
    notices = told.notices(screen.texts, screen.services.notices.unread(actor))
    return notices + welcome.welcome(screen.texts, is_empty=is_empty, starters=begin)


def _loading(screen: Screen) -> str:
    """What is not ready yet, and what already works; nothing once all is loaded."""
    models, t = screen.services.models, screen.texts
    if models.is_ready:
        return ""
    loading = models.loading
    if loading.error is not None:
        return welcome.unloaded(t.error(loading.error.code, loading.error.params))
    return welcome.loading(t, can_find=models.finds, stage=t(loading.stage), share=loading.share)
