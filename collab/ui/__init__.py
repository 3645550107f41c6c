"""The page: Gradio carries frame, events, queue and uploads; what is seen is markup made by `present`.

`build` makes the Blocks of one language and `mount_options` says how to mount them; serving, sign-in and headers are
the web application's. The page needs no `eval`, so a strict content security policy holds.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from pydantic import TypeAdapter

from collab.people.access import Actor
from collab.texts import load_texts
from collab.ui import (
    account_tab,
    answering,
    card,
    chat_tab,
    frame,
    knowledge_tab,
    learning_tab,
    people_tab,
    review_tab,
    system_tab,
)
from collab.ui.acts import Act
from collab.ui.acts.card import CARD_ACTS
from collab.ui.acts.chat import ASK_ACTS, CHAT_ACTS
from collab.ui.acts.frame import FRAME_ACTS
from collab.ui.acts.knowledge import FILES, KNOWLEDGE_ACTS, REPLACED
from collab.ui.acts.learning import LEARNING_ACTS
from collab.ui.acts.people import ACCOUNT_ACTS, PEOPLE_ACTS
from collab.ui.acts.review import REVIEW_ACTS
from collab.ui.acts.system import SYSTEM_ACTS
from collab.ui.ordering import InOrder
from collab.ui.present import forms
from collab.ui.runs import Runs
from collab.ui.screen import REGIONS, Handler, Screen, Update, on_message, reading, respond
from collab.ui.uploading import Sent

if TYPE_CHECKING:
    from collab.services import Services

SPARE_THREADS = 64  # of a page, for acts and answers that need no model, while as many answers wait for it as may
_LOOK_S = 0.01  # how often Gradio's queue looks for what people did
_STACK = ("system-ui", "-apple-system", "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC")
_SHEETS = ("theme", "chat", "review", "card", "knowledge", "people", "system", "learning", "narrow")  # a later one wins
_SURFACES = ("body_background_fill", "background_fill_primary", "background_fill_secondary", "block_background_fill")

_ROOMS: tuple[tuple[str, TypeAdapter[Act], Handler], ...] = (  # and moving between them
    ("frame", FRAME_ACTS, frame.handle),
    ("chat", CHAT_ACTS, chat_tab.handle),
    ("review", REVIEW_ACTS, review_tab.handle),
    ("knowledge", KNOWLEDGE_ACTS, knowledge_tab.handle),
    ("people", PEOPLE_ACTS, people_tab.handle),
    ("system", SYSTEM_ACTS, system_tab.handle),
    ("account", ACCOUNT_ACTS, account_tab.handle),
)


def build(services: "Services", language: str, runs: Runs) -> gr.Blocks:
    """The page in `language` ("en" or "zh"); `runs` are shared by all of them, as a person may change from one to the
    other while an answer is being written.
    """
    screen = Screen(services, load_texts(language), runs)
    page = gr.Blocks(title=screen.texts("app.name"), analytics_enabled=False, fill_width=True)
    with page:
        regions = [_region(name) for name in REGIONS]
        _region("composer", forms.composer(screen.texts))
        _region("patterns", forms.patterns(screen.texts))
        files = gr.File(visible="hidden", elem_id="files", file_count="multiple", show_label=False)
        in_order = InOrder()  # else what was drawn for an earlier act may cover what a later one did
        for room, acts, handle in _ROOMS:
            _message(room, regions, on_message(screen, acts, handle, in_order))
        _message("learning", regions, on_message(screen, LEARNING_ACTS, learning_tab.handle))  # some acts take long
        _message("ask", regions, on_message(screen, ASK_ACTS, answering.handle))
        _message("card", regions, on_message(screen, CARD_ACTS, card.handle))
        # As Gradio was told of them: what it makes of them loses the names that people gave.
        replaced = gr.Textbox(visible="hidden", elem_id="to-replace", show_label=False)
        _on(files.upload, [files, replaced], [*regions, files], uploaded(screen), preprocess=False)
        _on(page.load, None, regions, _opened(screen))
    # Answers wait their turn in the engine's own queue, which tells the place; Gradio's must not hold them back before.
    page.max_threads = services.settings.queue_limit + SPARE_THREADS  # each page that follows an answer holds one
    page.queue(default_concurrency_limit=None, max_size=services.settings.queue_limit * 8)
    page._queue.sleep_when_free = _LOOK_S  # it looks for work a thousand times a second, which takes 7 % of a core
    return page


def mount_options(language: str) -> dict[str, Any]:
    """Arguments for `gr.mount_gradio_app`: our theme and script, and everything of Gradio's own turned off."""
    return {
        "footer_links": [],
        "run_history": False,
        "show_error": False,
        "ssr_mode": False,
        "mcp_server": False,
        "enable_monitoring": False,
        "pwa": False,
        "allowed_paths": [],
        "theme": _theme(),
        "head": _head(language),
    }


def _region(name: str, value: str = "") -> gr.Markdown:
    """A place for our own markup: one line of HTML, escaped by `present`, which Markdown passes through untouched."""
    return gr.Markdown(value, elem_id=name, sanitize_html=False, latex_delimiters=[], container=False)


def _message(room: str, regions: Sequence[gr.Markdown], receive: Callable[..., Iterator[Any]]) -> None:
    """Where the page leaves its messages for `room`."""
    box = gr.Textbox(visible="hidden", elem_id=f"to-{room}", show_label=False)
    _on(box.change, box, regions, receive)


def _on(
    event: Callable[..., Any],
    given: gr.components.Component | list[gr.components.Component] | None,
    shown: Sequence[gr.components.Component],
    work: Callable[..., Iterator[Any]],
    *,
    preprocess: bool = True,
) -> None:
    event(
        work,
        given,
        list(shown),
        show_progress="hidden",
        trigger_mode="multiple",
        api_visibility="private",
        preprocess=preprocess,
    )


def _opened(screen: Screen) -> Callable[..., Iterator[Any]]:
    def load(request: gr.Request) -> Iterator[Any]:
        yield from respond(screen, request, lambda screen, actor: frame.first_page(screen, actor, request))

    return load


def uploaded(screen: Screen) -> Callable[..., Iterator[Any]]:
    """Takes the files, or the next version of a document that is named, and empties Gradio's own list of them, so that
    more can be chosen.
    """

    def receive(request: gr.Request, given: object, document: object) -> Iterator[Any]:
        def work(screen: Screen, actor: Actor) -> Iterator[Update]:
            with reading():
                files = FILES.validate_python(given) or []
                replaced = REPLACED.validate_python(document or "")
            # Files whose message was lost come again with the next ones.
            sent = list(dict.fromkeys(Sent(Path(file.path), file.orig_name or "") for file in files))
            yield from knowledge_tab.upload(screen, actor, sent, replaced)

        for shown in respond(screen, request, work):
            yield [*shown, None]

    return receive


def _theme() -> gr.themes.Base:
    """Gradio's own surfaces in our colours, whose values stand in `assets/theme.css` alone."""
    theme = gr.themes.Base(font=list(_STACK), font_mono=["ui-monospace", "monospace"])
    paper = {f"{name}{mode}": "var(--paper)" for name in _SURFACES for mode in ("", "_dark")}
    return theme.set(**paper, body_text_color="var(--ink)", body_text_color_dark="var(--ink)", layout_gap="0px")


def _head(language: str) -> str:
    # The theme comes last: what it says of narrow screens and of touch holds in every room.
    sheets = "".join(f'<link rel="stylesheet" href="/static/{name}.css">' for name in _SHEETS)
    return (
        f'<meta name="language" content="{language}">'
        '<link rel="icon" href="/static/logo.svg" type="image/svg+xml">'
        f"{sheets}"
        '<script src="/static/early.js"></script>'
        '<script type="module" src="/static/app.js"></script>'
    )
