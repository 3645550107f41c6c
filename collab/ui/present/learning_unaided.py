"""The model asked without its memory, as markup: where one asks, and what it says as it came and with the version
that is live.
"""

from collab.learning.unaided import Unaided
from collab.texts import Texts
from collab.ui.present.html import tag, text
from collab.ui.present.learning_words import version
from collab.ui.present.tables import block, form


def unaided(t: Texts, said: Unaided | None = None) -> str:
    """`said` is the last question with its answers, if one was asked."""
    how = tag("p", text(t("unaided.how")), class_="quiet")
    line = tag(
        "textarea", text(said.question if said else ""), name="question", rows=2, dir="auto", required=True,
        data_testid="unaided-question",
    )  # fmt: skip
    label = tag("label", tag("span", text(t("unaided.question"))) + line)
    asked = form("learning.ask", label, submit=t("unaided.ask"), testid="unaided-ask")
    inner = block(t("unaided.title"), how, asked, _answers(t, said) if said else "", testid="unaided")
    return tag("section", inner, class_="room-page learning")


def _answers(t: Texts, said: Unaided) -> str:
    """Two, or one where no version is live."""
    rows = _row(version(t, None), said.base, "unaided-base")
    if said.live is not None:
        rows += _row(version(t, said.adapter_id), said.live, "unaided-live")
    return tag("dl", rows, class_="three", aria_live="polite", data_testid="unaided-answers")


def _row(name: str, answer: str, testid: str) -> str:
    return tag("dt", text(name)) + tag("dd", text(answer), dir="auto", data_testid=testid)
