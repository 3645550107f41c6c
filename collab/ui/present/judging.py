"""What follows a thumb down: which source is outdated, and which passage would have been right."""

from collections.abc import Sequence
from dataclasses import dataclass

from collab.dialogue.records import TurnRecord
from collab.texts import Texts
from collab.ui.present.html import button, icon, icon_button, tag, text


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be the right one, with the sentence of it that fits best."""

    passage_id: int
    place: str
    text: str
    sentence: str


def outdated(t: Texts, record: TurnRecord) -> str:
    """A pattern with the sources of the turn, which the page shows to whoever says that one is outdated."""
    passages = {source.passage_id: source for source in record.sources}
    if not passages:
        return ""
    chips = "".join(
        button(
            f"{source.document} · {source.heading}" if source.heading else source.document, drawing="page",
            class_="chip", data_do="outdated", data_passage=source.passage_id, data_testid="outdated-source",
        )
        for source in passages.values()
    )  # fmt: skip
    inner = tag("p", text(t("rate.which")), class_="quiet") + tag("div", chips, class_="chips")
    return tag("template", inner, data_pattern="outdated")


def picker(t: Texts, record: TurnRecord, query: str, found: Sequence[Candidate], *, nonce: str) -> str:
    """The panel where one looks for the passage that would have answered a turn."""
    close = icon_button(t("act.close"), "cross", data_do="close-panel", data_testid="close-panel")
    field = (
        f'<input type="text" data-testid="pick-text" data-keep="pick:{record.id}" value="{text(query)}"'
        f' aria-label="{text(t("pick.label"))}">'
    )
    search = tag(
        "div",
        field + button(t("pick.search"), class_="secondary", data_do="pick-search", data_testid="pick-search"),
        class_="row pick-row",
    )
    items = "".join(_candidate(t, record, candidate) for candidate in found)
    results = tag("ol", items, class_="picks") if items else tag("p", text(t("pick.none")), class_="quiet")
    return tag(
        "aside",
        tag("header", tag("h2", text(t("pick.title"))) + close)
        + tag("p", text(t("pick.how")), class_="quiet")
        + search
        + results,
        class_="panel",
        aria_label=t("pick.title"),
        data_view=record.conversation_id,
        data_pick=record.id,
        data_nonce=nonce,
        data_testid="picker",
    )


def _candidate(t: Texts, record: TurnRecord, candidate: Candidate) -> str:
    before, sentence, after = candidate.text.partition(candidate.sentence)
    words = text(before) + tag("mark", text(sentence)) + text(after)
    choose = button(
        t("pick.this"), class_="secondary", data_do="pick", data_for=record.id, data_passage=candidate.passage_id,
        data_sentence=candidate.sentence, data_testid="pick",
    )  # fmt: skip
    place = tag("p", icon("page") + text(candidate.place), class_="heading")
    return tag("li", place + tag("blockquote", words, dir="auto") + choose, class_="pick")
