"""The smallest pieces of markup, each escaped. It knows no records and no words.

Everything shown passes through `gr.Markdown` as one line of HTML, which Markdown leaves alone; so a line break inside a
text is written as a character reference, and a blank line can never begin a paragraph of Markdown.
"""

import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_SPRITE = Path(__file__).parents[3] / "assets" / "icons.svg"
_SYMBOL = re.compile(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>')
_USE = re.compile(r'<use href="/static/icons\.svg#([^"]+)"></use>')
_BREAKS = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;", "\x0b": " ", "\x0c": " ", "\x85": " "})
_LINES = str.maketrans({"\u2028": " ", "\u2029": " "})


def text(value: str) -> str:
    """`value` as text of one line of HTML."""
    return html.escape(value).translate(_BREAKS).translate(_LINES)


def attributes(values: Mapping[str, str | bool | int | None]) -> str:
    """` name="value"` for each; True gives the bare name; False and None leave it out. `_` in a name becomes `-`."""
    parts = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        key = name.rstrip("_").replace("_", "-")
        parts.append(f" {key}" if value is True else f' {key}="{text(str(value))}"')
    return "".join(parts)


def tag(name: str, content: str = "", /, **values: str | bool | int | None) -> str:
    """An element around `content`, which is markup already."""
    return f"<{name}{attributes(values)}>{content}</{name}>"


def icon(name: str) -> str:
    """A drawing from the sprite; the words beside it say what it means."""
    return f'<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#{name}"></use></svg>'


def with_drawings(markup: str) -> str:
    """The same markup with its icons drawn inside it, for what must be whole when the server is away."""
    return _USE.sub(lambda use: _drawings()[use[1]], markup)


@cache
def _drawings() -> dict[str, str]:
    """The shapes of the sprite by name; each is drawn in a square of 24."""
    shapes = _SYMBOL.findall(_SPRITE.read_text(encoding="utf-8"))
    return {name: f'<svg viewBox="0 0 24 24">{shape}</svg>' for name, shape in shapes}


def button(label: str, /, *, drawing: str = "", **values: str | bool | int | None) -> str:
    """A button that says `label`, perhaps with a drawing before it."""
    return tag("button", (icon(drawing) if drawing else "") + tag("span", text(label)), type="button", **values)


def icon_button(label: str, drawing: str, /, **values: str | bool | int | None) -> str:
    """A button with a drawing alone; `label` is read out and shown on hover."""
    return tag("button", icon(drawing), type="button", aria_label=label, title=label, **values)
