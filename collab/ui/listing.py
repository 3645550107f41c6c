"""The list of conversations: find, rename, pin, delete and bring back, keep; and the notices that were read."""

from collections.abc import Iterator

from collab.people.access import Actor
from collab.ui import chat_tab
from collab.ui.acts.frame import Delete, Find, Keep, Leave, ListAct, Pin, Rename, Restore, Seen
from collab.ui.navigation import sidebar, topbar
from collab.ui.present.html import button
from collab.ui.screen import Screen, Update
from knowledge.errors import NotFoundError


def handle(screen: Screen, actor: Actor, act: ListAct) -> Iterator[Update]:
    """One act. The list is drawn as it stands then; the page itself marks where the reader is."""
    conversations = screen.services.conversations
    match act:
        case Find():
            yield sidebar(screen, actor, "chat", act.conversation, act.text, act.pages)
            return
        case Rename():
            conversations.rename(actor, act.conversation, act.title)
            yield sidebar(screen, actor, "chat")
        case Pin():
            conversations.pin(actor, act.conversation, is_pinned=act.on)
            yield sidebar(screen, actor, "chat")
        case Delete():
            yield _delete(screen, actor, act)
        case Restore():
            conversations.restore(actor, act.conversation)
            again = chat_tab.opened(screen, actor, act.conversation)
            yield again | sidebar(screen, actor, "chat", act.conversation) | screen.toast(screen.texts("side.restored"))
        case Keep():
            conversations.keep(actor, act.conversation)
            again = chat_tab.opened(screen, actor, act.conversation)
            yield again | sidebar(screen, actor, "chat", act.conversation) | screen.toast(screen.texts("chat.kept"))
        case Leave():
            leave(screen, actor, act.conversation)
        case Seen():
            _seen(screen, actor, act)
            yield chat_tab.opened(screen, actor, "") | topbar(screen, actor)


def leave(screen: Screen, actor: Actor, conversation: str) -> None:
    """A temporary conversation was left: what is being answered there ends, and nothing of it stays."""
    try:
        if screen.services.conversations.get(actor, conversation).is_temporary:  # else it was kept meanwhile
            screen.runs.leave(actor, conversation)
        screen.services.conversations.leave(actor, conversation)
    except NotFoundError:  # left twice, as a page that closes may say it
        return


def _delete(screen: Screen, actor: Actor, act: Delete) -> Update:
    screen.runs.leave(actor, act.conversation)
    gone = screen.services.conversations.delete(actor, act.conversation)
    undo = button(
        screen.texts("act.undo"), class_="link", data_act="frame.restore", data_conversation=gone.id, data_testid="undo"
    )
    told = screen.toast(screen.texts("side.deleted", title=gone.title), action=undo)
    return sidebar(screen, actor, "chat") | told


def _seen(screen: Screen, actor: Actor, act: Seen) -> None:
    if act.notice:
        screen.services.notices.read(actor, act.notice)
    else:
        screen.services.notices.read_all(actor)
