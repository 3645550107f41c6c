"""What contradicts a correction as markup, and what can be decided about it."""

from collections.abc import Sequence

from collab.feedback.conflict_rows import About, Conflict
from collab.texts import Texts
from collab.ui.present.html import button, tag, text
from knowledge.contradiction import Contradiction


def contradicted(t: Texts, conflicts: Sequence[Conflict], correction_id: str, *, may_settle: bool) -> str:
    """The section whole; with nothing in it, it says so."""
    items = "".join(_conflict(t, one, correction_id, may_settle=may_settle) for one in conflicts)
    inner = tag("ul", items) if items else tag("p", text(t("card.contradicts.none")), class_="quiet")
    title = t("card.contradicts")
    return tag("section", tag("h3", text(title)) + inner, class_="conflicts", aria_label=title, data_testid="conflicts")


def _conflict(t: Texts, conflict: Conflict, correction_id: str, *, may_settle: bool) -> str:
    is_passage = conflict.about is About.PASSAGE
    kind = t("card.other.passage") if is_passage else t("card.other.correction", name=conflict.author or "")
    differs = "".join(tag("p", text(_told(t, one)), class_="differs") for one in conflict.differs)
    inner = (
        tag("p", text(f"{kind} · {conflict.title}"), class_="quiet", dir="auto")
        + tag("blockquote", text(conflict.text), dir="auto")
        + differs
        + _decision(t, conflict, correction_id, may_settle=may_settle)
    )
    return tag("li", inner, data_row=f"{conflict.about}-{conflict.other_id}", data_testid="conflict-item")


def _told(t: Texts, one: Contradiction) -> str:
    if one.said and one.other:
        return t("card.differs", said=one.said, other=one.other)
    return t("card.differs.negation")


def _decision(t: Texts, conflict: Conflict, correction_id: str, *, may_settle: bool) -> str:
    which = {"data_correction": correction_id, "data_about": conflict.about, "data_other": conflict.other_id}
    if conflict.choice is not None:
        chosen = tag("span", text(t(f"card.chosen.{conflict.choice}")), class_="pill taught", data_testid="chosen")
        again = button(t("card.again"), class_="link", data_act="card.unsettle", data_testid="decide-again", **which)
        return tag("div", chosen + (again if may_settle else ""), class_="row")
    ways = "".join(
        button(t(f"card.choice.{choice}"), class_="secondary", data_act="card.settle", data_choice=choice,
               data_testid=choice, **which)
        for choice in conflict.choices
    )  # fmt: skip
    return tag("div", ways, class_="row") if ways else ""
