"""The chat: read a conversation, rate an answer, correct it where it stands. It shows rows; the services keep them."""

from collections.abc import Iterator, Mapping, Sequence

from collab.dialogue import tree
from collab.dialogue.composition import without_citations
from collab.dialogue.records import Decision, TurnRecord
from collab.feedback.tables import Kind
from collab.people.access import Actor
from collab.ui import card
from collab.ui.acts.chat import (
    ChatAct,
    Choose,
    Correct,
    Different,
    Pick,
    Quote,
    Rate,
    Same,
    TeachAct,
    Undo,
    Unteach,
    Why,
)
from collab.ui.acts.chat import Source as ShowSource
from collab.ui.judging import picker
from collab.ui.navigation import sidebar
from collab.ui.present import chat, edited, source, told, under_way, welcome
from collab.ui.present.chat import ShownTurn
from collab.ui.present.html import icon, tag, text
from collab.ui.runs import Run
from collab.ui.screen import Screen, Update
from collab.ui.suggesting import next_questions, starters
from collab.ui.teaching import as_taught, offers, teach, uses
from knowledge.database import new_id
from knowledge.errors import CollabError, NotFoundError


def opened(
    screen: Screen,
    actor: Actor,
    conversation: str,
    notes: Mapping[str, str] | None = None,
    saved: str = "",
    taught: str = "",
    beginning: Run | None = None,
) -> Update:
    """A conversation as it is stored, and what is being answered in it, or `beginning` to be; empty opens a new one.

    It leaves the places of answers under way alone, which may be newer. `notes` is markup to show under turns, by their
    ids; `saved` is the correction that the person has just written, `taught` the turn in which they have just taught.
    """
    t = screen.texts
    if not conversation:
        return {"history": chat.transcript("", _loading(screen) + _welcome(screen, actor))}
    record = screen.services.conversations.get(actor, conversation)
    turns = screen.services.conversations.turns(actor, conversation)
    runs = screen.runs.of(actor, conversation) + ([beginning] if beginning else [])
    path = tree.path(turns, runs[-1].previous if runs else record.current_turn_id)
    places = {turn.id: tuple(other.id for other in tree.versions(turns, turn)) for turn in path}
    inner = (
        _loading(screen)
        + (welcome.unkept(t, conversation) if record.is_temporary else "")
        + "".join(
            chat.turn(t, one)
            for one in shown(screen, actor, path, notes or {}, saved, taught, places=places, is_last=not runs)
        )
        + "".join(under_way.running(t, run, run.progress, is_followed=False) for run in runs)
    )
    nonce = new_id() if notes or saved or taught else None  # the same act again is answered again
    return {
        "history": chat.transcript(conversation, inner, turns=len(turns), nonce=nonce, is_temporary=record.is_temporary)
    }


def handle(screen: Screen, actor: Actor, act: ChatAct) -> Iterator[Update]:
    """The short acts of the chat."""
    match act:
        case Choose():
            yield opened(screen, actor, screen.services.conversations.choose(actor, act.turn).id)
        case Rate():
            yield _rate(screen, actor, act)
        case Correct():
            yield from _correct(screen, actor, act)
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
        case Same() | Different() | Unteach():
            yield _teach(screen, actor, act)


def _rate(screen: Screen, actor: Actor, act: Rate) -> Update:
    screen.services.ratings.rate(
        actor, act.turn, act.rating, reason=act.reason, comment=act.comment, passage_id=act.passage
    )
    if act.rating == "down" and not act.reason and not act.comment:
        return _reopened(screen, actor, act.turn, "")
    is_named = act.reason != "outdated" or act.passage  # else it is asked which source
    key = f"rate.done.{act.reason}" if act.reason and is_named else "rate.up" if act.rating == "up" else "rate.reason"
    note = edited.note(icon("tick") + tag("span", text(screen.texts(key))))
    return _reopened(screen, actor, act.turn, note)


def _correct(screen: Screen, actor: Actor, act: Correct) -> Iterator[Update]:
    """Saves it, and opens its card."""
    turn = screen.services.conversations.turn(actor, act.turn)
    is_same = act.answer.strip() == without_citations(turn.answer).strip()
    words = turn.answer if is_same else act.answer
    try:
        made = screen.services.corrections.submit(actor, turn_id=act.turn, answer=words, kind=act.kind)
    except CollabError as error:
        yield screen.problem(error, about=f"editor:{act.turn}")
        return
    again = opened(screen, actor, turn.conversation_id, saved=made.id)
    yield again | sidebar(screen, actor, "chat", turn.conversation_id)
    if made.kind is Kind.FACT:
        yield from card.opening(screen, actor, made, turn.conversation_id)


def _undo(screen: Screen, actor: Actor, act: Undo) -> Update:
    screen.services.corrections.undo(actor, act.correction)
    undone = screen.toast(screen.texts("correct.undone"))
    return (_reopened(screen, actor, act.turn, "") if act.turn else {}) | undone


def _teach(screen: Screen, actor: Actor, act: TeachAct) -> Update:
    turn_id, note = teach(screen, actor, act)
    conversation = screen.services.conversations.turn(actor, turn_id).conversation_id
    again = opened(screen, actor, conversation, {turn_id: note} if note else None, taught=turn_id)
    undone = screen.toast(screen.texts("correct.undone")) if isinstance(act, Unteach) else {}
    return again | sidebar(screen, actor, "chat", conversation) | undone


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
    thought_of = [considered.correction_id for considered in turn.considered]
    known = screen.services.corrections.attributions(actor, thought_of)
    return {"panel": source.explanation(screen.texts, one, known, nonce=new_id())}


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
    taught: str = "",
    *,
    places: Mapping[str, tuple[str, ...]] | None = None,
    is_last: bool = False,
) -> list[ShownTurn]:
    """Turns with what stands around them: whose correction answered, the person's own thumb and words, a note.

    `places` are the versions of each, by its id; after the last turn of a conversation one can go on from it.
    """
    corrections = screen.services.corrections
    lessons, offered = screen.services.teaching.of(actor, turns), offers(screen, actor, turns)
    alternatives = screen.services.teaching.alternatives(actor, turns)
    as_they_stand = [as_taught(turn, lessons) for turn in turns]
    ids = [turn.id for turn in turns]
    ratings = screen.services.ratings.of(actor, ids)
    own = corrections.of_turns(actor, ids)
    since = {id: one.correction_id for id, one in ratings.items() if one.correction_id and one.reason != "style"}
    answering = [turn.correction_id for turn in as_they_stand if turn.correction_id]
    known = corrections.attributions(actor, [*answering, *since.values()])
    answered = uses(screen, actor, known)
    return [
        ShownTurn(
            standing,
            corrected_by=known.get(standing.correction_id or ""),
            rating=ratings[turn.id].rating if turn.id in ratings else None,
            correction=own.get(turn.id),
            is_saved=turn.id in own and own[turn.id].id == saved,
            note=(notes or {}).get(turn.id, "") or (_nothing_to_find(screen, actor, turn) if turn is turns[-1] else ""),
            put_right=known.get(since[turn.id]) if turn.id in since and turn.id not in own else None,
            versions=(places or _places(screen, actor, turn)).get(turn.id, ()),
            next_questions=next_questions(screen, actor, turn) if is_last and turn is turns[-1] else (),
            alternatives=alternatives.get(turn.id, ()),
            taught=lessons.get(turn.id),
            is_taught_now=turn.id == taught,
            offer=offered.get(turn.id),
            answered=answered.get(turn.correction_id or "") if turn.decision is Decision.CORRECTED else None,
        )
        for turn, standing in zip(turns, as_they_stand, strict=True)
    ]


def _nothing_to_find(screen: Screen, actor: Actor, turn: TurnRecord) -> str:
    """Says so under an answer that found nothing, as long as there are no documents."""
    if turn.decision is not Decision.NOT_FOUND or screen.services.documents.list(actor):
        return ""
    return welcome.no_documents(screen.texts)


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
