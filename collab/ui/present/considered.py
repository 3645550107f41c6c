"""The corrections that were thought of for a question, as markup: how probable each was, what spoke against it, and how
far it was ahead. Of a correction that the reader may not read, or no longer, it shows no words.
"""

from collections.abc import Mapping

from collab.dialogue.records import Considered, CorrectedBy, TurnRecord
from collab.texts import Texts
from collab.ui.present.html import tag, text

_SURE = 0.8
_FAR = 0.08  # a margin from which a correction is clearly ahead of the next


def considered(t: Texts, record: TurnRecord, known: Mapping[str, CorrectedBy]) -> str:
    """A list, the likest first; nothing where none was thought of."""
    if not record.considered:
        return ""
    items = "".join(_one(t, one, known.get(one.correction_id)) for one in record.considered)
    return tag(
        "section", tag("h3", text(t("source.considered"))) + tag("ul", items), class_="why considered",
        data_testid="considered",
    )  # fmt: skip


def _one(t: Texts, one: Considered, by: CorrectedBy | None) -> str:
    if by is not None and by.question is not None:
        asked = tag("q", text(by.question), dir="auto") + " " + text(t("source.considered.by", name=by.author))
    else:
        asked = text(t("source.considered.gone"))
    figures = t(
        "source.considered.sure",
        sure=t(f"sure.{_level(one.probability)}"),
        number=f"{one.probability:.2f}",
        margin=t(f"margin.{_ahead(one.margin)}"),
        ahead=f"{one.margin:+.2f}",
    )
    reasons = " ".join(t(reason) for reason in one.reasons if t.has(reason))
    return tag(
        "li", tag("p", asked) + tag("p", text(figures), class_="quiet") + tag("p", text(reasons), class_="quiet")
    )


def _level(probability: float) -> str:
    return "high" if probability >= _SURE else "middle" if probability >= 0.5 else "low"


def _ahead(margin: float) -> str:
    return "behind" if margin < 0 else "close" if margin < _FAR else "ahead"
