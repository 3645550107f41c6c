"""The two sides of a correction's card as markup: what it also answers, and what it does not."""

from collections.abc import Sequence
from hashlib import blake2b

from collab.feedback.cards import Card, Line
from collab.feedback.tables import ExampleState, Side
from collab.texts import Texts
from collab.ui.present.html import icon, icon_button, tag, text
from knowledge.scope import Decision

_MARKS = {Side.WILL: "tick", Side.WILL_NOT: "cross"}
_WAYS = {Side.WILL: (Side.WILL_NOT, "arrow-down"), Side.WILL_NOT: (Side.WILL, "arrow-up")}


def sides(t: Texts, card: Card, reader_id: str) -> str:
    """Both lists, how to move what stands in them, and a place for one's own wording."""
    if not card.may.teach:
        return ""
    return (
        _side(t, card, Side.WILL, card.will, reader_id)
        + _side(t, card, Side.WILL_NOT, card.will_not, reader_id)
        + _own(t, card.correction.id)
        + tag("p", text(t(f"card.teach.{_holds_for(card, reader_id)}")), class_="quiet")
    )


def _holds_for(card: Card, reader_id: str) -> str:
    """For whom what the reader moves holds at once."""
    if not card.may.teach_at_once:
        return "you"
    is_own = card.correction.live_for == "author" and card.correction.author_id == reader_id
    return "own" if is_own else "all"


def _side(t: Texts, card: Card, side: Side, lines: Sequence[Line], reader_id: str) -> str:
    items = "".join(_line(t, card, line, reader_id) for line in lines)
    title = tag("h3", icon(_MARKS[side]) + tag("span", text(t(f"card.{side}"))))
    inner = tag("ul", items) if items else tag("p", text(t(f"card.{side}.none")), class_="quiet")
    return tag("section", title + inner, class_=f"examples {side}", aria_label=t(f"card.{side}"), data_testid=side)


def _line(t: Texts, card: Card, line: Line, reader_id: str) -> str:
    other, way = _WAYS[line.side]
    move = icon_button(
        f"{t(f'card.move.{other}')}: {line.text}", way, data_act="card.teach", data_correction=card.correction.id,
        data_text=line.text, data_side=other, data_testid="move",
    )  # fmt: skip
    words = tag("span", text(line.text), dir="auto", class_="words") + _said(t, line, reader_id)
    row = blake2b(line.text.encode(), digest_size=6).hexdigest()  # by which the focus finds it on the other side
    return tag("li", tag("div", words) + _remove(t, line) + move, data_row=row, data_testid="example")


def _said(t: Texts, line: Line, reader_id: str) -> str:
    """What is not plain of where it stands: it waits for others, or it is offered all the same."""
    example = line.example
    if example is not None and example.state is ExampleState.PENDING:
        is_own = example.author_id == reader_id
        said = t("card.waits") if is_own else t("card.waits.of", name=example.author)
        return tag("span", icon("hourglass") + text(said), class_="pending", data_testid="example-waits")
    if line.decision is Decision.SUGGEST:
        return tag("span", icon("bubbles") + text(t("card.offered")), class_="quiet")
    return ""


def _remove(t: Texts, line: Line) -> str:
    """Of what was put there by hand; what is made up stands where memory puts it, and can be moved alone."""
    if line.example is None or not line.example.may_remove:
        return ""
    return icon_button(
        f"{t('card.remove')}: {line.text}", "bin", data_act="card.forget",
        data_correction=line.example.correction_id, data_example=line.example.id, data_testid="remove-example",
    )  # fmt: skip


def _own(t: Texts, correction_id: str) -> str:
    field = tag(
        "input", type="text", name="text", dir="auto", required=True, autocomplete="off",
        data_keep=f"card:{correction_id}", data_testid="own-wording",
    )  # fmt: skip
    label = tag("label", tag("span", text(t("card.own"))) + field)
    ways = "".join(
        tag("button", icon(_MARKS[side]) + tag("span", text(t(f"card.own.{side}"))), type="submit", class_="secondary",
            name="side", value=side, data_testid=f"own-{side}")
        for side in Side
    )  # fmt: skip
    hidden = tag("input", type="hidden", name="correction", value=correction_id)
    error = tag("p", "", class_="form-error", role="alert", data_error=True, data_testid="own-error")
    return tag("form", hidden + label + tag("div", ways, class_="row") + error, class_="own-wording",
               data_form="card.add")  # fmt: skip
