"""The panel beside an answer: a passage with its sentences marked, or how it was decided; and always why."""

from collections.abc import Iterable, Mapping, Sequence

from collab.dialogue.records import CorrectedBy, Source, TurnRecord
from collab.texts import Texts
from collab.ui.present.chat import ShownTurn, badge, tip
from collab.ui.present.considered import considered
from collab.ui.present.html import icon_button, tag, text
from collab.ui.present.paged import page_of
from knowledge.records import PassageRecord


def panel(t: Texts, record: TurnRecord, source: Source, passage: str | None, *, nonce: str) -> str:
    """`passage` is the text as it stands now, None when it is gone; the quote is shown as it was then.

    A new `nonce` opens a panel again that was closed and has not changed.
    """
    mine = [other for other in record.sources if other.passage_id == source.passage_id]
    words = _passage(t, passage, mine)
    place = text(source.heading)
    if source.page:
        place += tag("span", text(page_of(t, source.document, source.page)), class_="quiet")
    inner = (
        tag("p", tag("span", str(source.n), class_="cite") + tag("strong", text(source.document)), class_="document")
        + tag("p", place, class_="heading")
        + words
        + why(t, record)
    )
    return _panel(t, record, t("source.title"), inner, nonce)


def passage(t: Texts, record: PassageRecord, *, nonce: str) -> str:
    """A passage that is quoted in an answer under way: whichever conversation it is in, it opens."""
    place = text(record.heading)
    if record.page:
        place += tag("span", text(page_of(t, record.document, record.page)), class_="quiet")
    inner = (
        tag("p", tag("strong", text(record.document)), class_="document")
        + tag("p", place, class_="heading")
        + tag("blockquote", text(record.text), dir="auto", data_testid="passage")
    )
    return _framed(t, t("source.title"), inner, nonce, view=None)


def explanation(t: Texts, shown: ShownTurn, known: Mapping[str, CorrectedBy], *, nonce: str) -> str:
    """How an answer came to be: what its badge says, the reasons, and the corrections that were considered, which are
    `known` as far as the reader may read them. For answers without sources too.
    """
    said = tag("p", text(tip(t, shown) or ""), data_testid="badge-says")
    return _panel(t, shown.turn, badge(t, shown), said + why(t, shown.turn) + considered(t, shown.turn, known), nonce)


def _panel(t: Texts, record: TurnRecord, title: str, inner: str, nonce: str) -> str:
    return _framed(t, title, inner, nonce, view=record.conversation_id)


def _framed(t: Texts, title: str, inner: str, nonce: str, *, view: str | None) -> str:
    close = icon_button(t("act.close"), "cross", data_do="close-panel", data_testid="close-panel")
    return tag(
        "aside",
        tag("header", tag("h2", text(title)) + close) + inner,
        class_="panel",
        aria_label=title,
        data_view=view,
        data_nonce=nonce,
        data_testid="panel",
    )


def why(t: Texts, record: TurnRecord) -> str:
    """Why the answer is what it is; nothing where there is no more to say than its badge does."""
    reasons = [t(key) for key in record.reasons if t.has(key)]  # one kept by another version may have no words here
    if not reasons:
        return ""
    items = "".join(tag("li", text(reason)) for reason in reasons)
    listed = tag("h3", text(t("source.why"))) + tag("ul", items) + _version(t, record)
    return tag("section", listed, class_="why", data_testid="why")


def _version(t: Texts, record: TurnRecord) -> str:
    """Which version of the model wrote the answer, where one did that was trained here."""
    if record.adapter is None or "why.trained" not in record.reasons:
        return ""
    return tag("p", text(t("source.version", version=record.adapter)), class_="quiet", data_testid="version")


def marked(passage: str, spans: Iterable[tuple[int, int]]) -> str:
    """`passage` with the characters of each span marked; spans that do not fit are left out."""
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start < at or end > len(passage) or start >= end:
            continue
        parts += [text(passage[at:start]), tag("mark", text(passage[start:end]))]
        at = end
    return "".join(parts) + text(passage[at:])


def _passage(t: Texts, passage: str | None, sources: Sequence[Source]) -> str:
    if passage is not None and all(passage[source.start : source.end] == source.quote for source in sources):
        words = marked(passage, {(source.start, source.end) for source in sources})
        return tag("blockquote", words, dir="auto", data_testid="passage")
    quotes = " … ".join(dict.fromkeys(source.quote for source in sources))
    gone = tag("p", text(t("source.changed")), class_="quiet")
    return gone + tag("blockquote", tag("mark", text(quotes)), dir="auto", data_testid="passage")
