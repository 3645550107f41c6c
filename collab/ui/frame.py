"""Moving about: what the page shows first, entering a room, opening a conversation."""

from collections.abc import Iterator

import gradio as gr
from pydantic import ValidationError

from collab.people.access import Actor
from collab.ui import account_tab, chat_tab, knowledge_tab, learning_tab, listing, people_tab, review_tab, system_tab
from collab.ui.acts.frame import Go, Knock, ListAct, Read
from collab.ui.acts.review import View
from collab.ui.navigation import sidebar, topbar
from collab.ui.screen import Screen, Update
from knowledge.errors import NotFoundError


def first_page(screen: Screen, actor: Actor, request: gr.Request) -> Iterator[Update]:
    """What the address names (`room`, `c`, `cases`, `case`); one that leads nowhere leads to a new conversation."""
    query = request.query_params
    try:
        asked = Go(
            act="go",
            room=query.get("room", "chat"),
            conversation=query.get("c", ""),
            cases=query.get("cases", ""),
            case=query.get("case", ""),
        )
    except ValidationError:
        asked = Go(act="go", room="chat")
    top = topbar(screen, actor)
    try:
        yield top | _room(screen, actor, asked)
    except NotFoundError as error:
        yield top | _room(screen, actor, Go(act="go", room="chat")) | screen.problem(error)


def handle(screen: Screen, actor: Actor, act: Go | Knock | Read | ListAct) -> Iterator[Update]:
    """Enters a room, or does something about the list of conversations."""
    if isinstance(act, Go):
        yield _room(screen, actor, act) | topbar(screen, actor)
    elif isinstance(act, Read):
        screen.services.notices.read(actor, act.notice)
        yield topbar(screen, actor)
    elif not isinstance(act, Knock):
        yield from listing.handle(screen, actor, act)


def _room(screen: Screen, actor: Actor, go: Go) -> Update:
    update = sidebar(screen, actor, go.room, go.conversation)
    match go.room:
        case "review":
            update |= review_tab.shown(screen, actor, go.case, View.of_address(go.cases))
        case "knowledge":
            update |= knowledge_tab.shown(screen, actor)
        case "learning":
            update |= learning_tab.entered(screen, actor)
        case "people":
            update |= people_tab.entered(screen, actor)
        case "system":
            update |= system_tab.entered(screen, actor)
        case "account":
            update |= account_tab.shown(screen, actor)
        case "chat":
            update |= chat_tab.opened(screen, actor, go.conversation)
    return update
