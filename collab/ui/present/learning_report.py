"""The report of a training as markup, for people who are no specialists: the verdict, what changed, the figures."""

from collections.abc import Iterator, Sequence

from collab.feedback.wording import REASON_CHARS
from collab.learning.report import GROUPS, Change, Figures, Item, Outcome, ProbeGroup, Report, Shares, say
from collab.learning.run_records import Adapter, LoggedStep, Run
from collab.learning.verdict import shown
from collab.texts import Texts
from collab.ui.present.html import attributes, button, icon, tag, text
from collab.ui.present.learning_run import curves, log, told
from collab.ui.present.learning_words import percent, sentence, version
from collab.ui.present.tables import block, form, moment

EXAMPLES = 30  # of one kind that are shown
_THREE = ("base", "live", "candidate")
_DRAWINGS = {Change.FIXED: "plus", Change.KEPT: "tick", Change.BROKEN: "warning", Change.MISSED: "cross"}


def report(t: Texts, run: Run, found: Report, adapter: Adapter | None, steps: Sequence[LoggedStep]) -> str:
    """The whole of it; `adapter` is the candidate, where one was kept."""
    figures = found.figures
    return block(
        t("learn.report.of", date=moment(t, run.created_at)),
        tag("p", text(told(t, run)), class_="quiet"),
        _verdict(t, found),
        _decision(t, run, adapter),
        _changes(t, figures) + _table(t, figures) + _probes(t, figures) + _test(t, figures) if figures else "",
        curves(t, steps),
        log(t, steps),
        testid="report",
    )


# --- the verdict, and what one can do ---------------------------------------------------------------------------------


def _verdict(t: Texts, found: Report) -> str:
    verdict = found.verdict
    more = "".join(tag("li", text(say(reason, t))) for reason in verdict.reasons[1:])
    words = tag("strong", text(sentence(t, found)), data_testid="verdict") + (tag("ul", more) if more else "")
    kinds = {Outcome.PASSED: "condition well", Outcome.REFUSED: "condition", Outcome.UNJUDGED: "condition crash"}
    sign = icon("tick" if verdict.is_passed else "warning")
    return tag("div", sign + tag("div", words), class_=kinds[verdict.outcome])


def _decision(t: Texts, run: Run, adapter: Adapter | None) -> str:
    """*Promote* where it passed; where it did not, a fold that asks why it is to be all the same."""
    if adapter is None:
        return tag("p", text(t("learn.promote.nothing")), class_="quiet")
    if adapter.is_live:
        live = tag("span", text(t("learn.live")), class_="pill live", data_testid="is-live")
        return tag("p", text(version(t, adapter.id)) + live, class_="row")
    if adapter.is_passed:
        return tag("div", promote(t, adapter, run.id, "primary"), class_="row")
    off = button(t("learn.promote"), class_="primary", disabled=True, data_testid="promote")
    return tag("div", off, class_="row") + override(t, adapter, run.id)


def promote(t: Texts, adapter: Adapter, run_id: str, kind: str) -> str:
    """The button for a version that has passed."""
    return button(
        t("learn.promote"), class_=kind, data_act="learning.promote", data_adapter=adapter.id, data_training=run_id,
        data_testid="promote",
    )  # fmt: skip


def override(t: Texts, adapter: Adapter, run_id: str) -> str:
    """The form for a version that has not passed: somebody has to write why."""
    label = tag("span", text(t("learn.override.reason")))
    line = tag("textarea", name="reason", rows=2, dir="auto", required=True, maxlength=REASON_CHARS,
               data_keep=f"learning:{adapter.id}", aria_describedby=f"why-{adapter.id}",
               data_testid="reason")  # fmt: skip
    how = tag("span", text(t("learn.override.how")), class_="quiet", id=f"why-{adapter.id}")
    hidden = "".join(
        f'<input type="hidden"{attributes({"name": name, "value": value})}>'
        for name, value in (("adapter", adapter.id), ("training", run_id))
    )
    asked = form(
        "learning.promote", hidden, tag("label", label + how + line), submit=t("learn.override.yes"),
        testid="override-yes",
    )  # fmt: skip
    summary = tag("summary", text(t("learn.override")), data_testid="override")
    return tag("details", summary + asked, class_="fold override", data_row=f"override-{adapter.id}")


# --- what changed -----------------------------------------------------------------------------------------------------


def _changes(t: Texts, figures: Figures) -> str:
    """Held-out questions by what became of them, each with the three answers."""
    rows = []
    for change in (Change.FIXED, Change.BROKEN, Change.KEPT, Change.MISSED):
        items = [item for item in figures.lessons if item.change is change]
        head = tag("th", icon(_DRAWINGS[change]) + text(t(f"learn.change.{change}")), scope="row")
        count = tag("td", str(len(items)), class_="number")
        how = tag("span", text(t(f"learn.change.{change}.how")), class_="quiet")
        opened = tag("td", examples(t, items, str(change), how), class_="wide")
        rows.append(tag("tr", head + count + opened, class_=str(change), data_testid=f"change-{change}"))
    caption = tag("caption", text(t("learn.changes")))
    return tag("table", caption + tag("tbody", "".join(rows)), class_="changes", data_testid="changes")


def examples(t: Texts, items: Sequence[Item], name: str, label: str) -> str:
    """A fold with examples, each of which opens; without any the label alone."""
    if not items:
        return label
    listed = "".join(_example(t, item, f"{name}-{at}") for at, item in enumerate(items[:EXAMPLES]))
    more = ""
    if len(items) > EXAMPLES:
        more = tag("p", text(t("learn.examples.more", count=len(items) - EXAMPLES)), class_="quiet")
    summary = tag("summary", label, data_testid=f"examples-{name}")
    return tag("details", summary + tag("ul", listed, class_="examples") + more, class_="fold")


def _example(t: Texts, item: Item, row: str) -> str:
    said = "".join(
        tag("dt", text(t(f"learn.{three}"))) + tag("dd", text(getattr(item.said, three)) or "–", dir="auto")
        for three in _THREE
    )
    taught = tag("dt", text(t("learn.taught"))) + tag("dd", text(item.expected), dir="auto") if item.expected else ""
    summary = tag("summary", text(item.asked), dir="auto", data_testid="example")
    return tag("li", tag("details", summary + tag("dl", taught + said, class_="three")), data_row=row)


# --- the figures ------------------------------------------------------------------------------------------------------


def _table(t: Texts, figures: Figures) -> str:
    heads = tag("th", tag("span", text(t("learn.figure")), class_="sr"), scope="col") + "".join(
        tag("th", text(t(f"learn.{three}")), scope="col") for three in _THREE
    )
    rows = "".join(_row(t, name, cells, count) for name, cells, count in _figures(figures))
    folds = _leaked(t, figures) + _forgotten(t, figures)
    table = tag("thead", tag("tr", heads)) + tag("tbody", rows)
    return tag("h3", text(t("learn.figures"))) + tag("table", table, class_="figures", data_testid="figures") + folds


def _figures(f: Figures) -> Iterator[tuple[str, tuple[str, str, str], int]]:
    """Name, the three cells, and of how many."""
    yield "right", _cells(f.lesson_right), f.lesson_test.items
    for kind in f.kinds:
        yield f"right.{kind.kind}", _cells(kind.right), kind.test.items
    if f.paraphrases.items:
        yield "exact", _cells(f.paraphrases.exact), f.paraphrases.items
        yield "f1", _cells(f.paraphrases.f1), f.paraphrases.items
    yield "leaked", _cells(f.near_misses.leaked), f.near_misses.items
    yield "earlier", ("", percent(1.0) if f.earlier.held else "–", percent(f.earlier.kept)), f.earlier.held
    yield "stuck", _cells(f.stuck), f.stuck_test.items
    yield "drift", (percent(0.0), percent(f.drift.live), percent(f.drift.candidate)), f.drift.items


def _cells(shares: Shares) -> tuple[str, str, str]:
    return percent(shares.base), percent(shares.live), percent(shares.candidate)


def _row(t: Texts, name: str, cells: tuple[str, str, str], count: int) -> str:
    of = tag("span", text(t("learn.figure.of", count=count)), class_="quiet")
    head = tag("th", tag("span", text(t(f"learn.figure.{name}"))) + of, scope="row")
    known = cells if count else ("–",) * 3
    return tag("tr", head + "".join(tag("td", text(cell)) for cell in known), data_testid=f"figure-{name}")


def _leaked(t: Texts, figures: Figures) -> str:
    items = figures.near_misses.examples
    return examples(t, items, "leaked", text(t("learn.leaked", count=len(items)))) if items else ""


def _forgotten(t: Texts, figures: Figures) -> str:
    items = figures.earlier.forgotten
    return examples(t, items, "forgotten", text(t("learn.forgotten", count=len(items)))) if items else ""


def _probes(t: Texts, figures: Figures) -> str:
    names = (*_THREE, "lost")
    heads = tag("th", text(t("learn.probes.group")), scope="col") + "".join(
        tag("th", text(t(f"learn.{name}")), scope="col") for name in names
    )
    rows = "".join(_group(t, group) for group in figures.probes)
    lost = "".join(
        examples(t, group.lost, f"lost-{group.group}", text(t("learn.probes.lost", group=t(GROUPS[group.group]))))
        for group in figures.probes
        if group.lost
    )
    table = tag("thead", tag("tr", heads)) + tag("tbody", rows)
    return (
        tag("h3", text(t("learn.probes")))
        + tag("p", text(t("learn.probes.how")), class_="quiet")
        + tag("table", table, class_="figures", data_testid="probes")
        + lost
    )


def _group(t: Texts, group: ProbeGroup) -> str:
    of = tag("span", text(t("learn.figure.of", count=group.test.items)), class_="quiet")
    head = tag("th", tag("span", text(t(GROUPS[group.group]))) + of, scope="row")
    cells = "".join(tag("td", text(cell)) for cell in (*_cells(group.passed), str(group.test.lost)))
    return tag("tr", head + cells, data_testid=f"probes-{group.group}")


def _test(t: Texts, figures: Figures) -> str:
    """The exact test, for who wants to know how sure the verdict is."""
    test = figures.lesson_test
    said = t("learn.test", items=test.items, gained=test.gained, lost=test.lost, better=shown(test.p_better),
             worse=shown(test.p_worse))  # fmt: skip
    inner = tag("p", text(said)) + tag("p", text(t("learn.test.how")), class_="quiet")
    return tag("details", tag("summary", text(t("learn.test.title")), data_testid="test") + inner, class_="fold")
