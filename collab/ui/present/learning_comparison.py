"""Two versions beside each other as markup: where one chooses them, and how they differ."""

from collections.abc import Sequence

from collab.learning.comparison import Comparison, Figure, Setting, Taught
from collab.learning.report import GROUPS
from collab.learning.run_records import Adapter
from collab.texts import Texts
from collab.ui.present.html import tag, text
from collab.ui.present.learning_words import percent, version
from collab.ui.present.tables import block, form, moment

_PROBES = "probes."
_NAMED = ("effort", "seed", "rank", "rate", "steps")
_NAMES = {"learning_rate": "rate"}


def comparison(t: Texts, adapters: Sequence[Adapter], found: Comparison | None = None) -> str:
    """The form, with the two that were compared or else the newest two; and how those differ. Nothing to choose from,
    it is not there.
    """
    if len(adapters) < 2:
        return ""
    one, other = (found.one.id, found.other.id) if found else (adapters[1].id, adapters[0].id)
    fields = _choice(t, "one", t("compare.one"), adapters, one)
    fields += _choice(t, "other", t("compare.other"), adapters, other)
    asked = form("learning.compare", fields, submit=t("compare.do"), testid="compare")
    inner = block(t("compare.title"), asked, _differences(t, found) if found else "", testid="comparison")
    return tag("section", inner, class_="room-page learning")


def _choice(t: Texts, name: str, label: str, adapters: Sequence[Adapter], chosen: str) -> str:
    options = "".join(
        tag(
            "option",
            text(
                f"{version(t, one.id)} · {moment(t, one.created_at)}" + (f" · {t('learn.live')}" if one.is_live else "")
            ),
            value=one.id,
            selected=one.id == chosen,
        )
        for one in adapters
    )
    field = tag("select", options, name=name, data_testid=f"compare-{name}")
    return tag("label", tag("span", text(label)) + field)


def _differences(t: Texts, found: Comparison) -> str:
    heads = tag("th", tag("span", text(t("learn.figure")), class_="sr"), scope="col") + "".join(
        tag("th", text(version(t, one.id)), scope="col") for one in (found.one, found.other)
    )
    heads += tag("th", text(t("compare.difference")), scope="col")
    rows = [
        _row(t("column.made"), moment(t, found.one.created_at), moment(t, found.other.created_at)),
        _row(t("column.parent"), version(t, found.one.parent_id), version(t, found.other.parent_id)),
        _row(t("column.promoted"), _promoted(t, found.one), _promoted(t, found.other)),
        _row(t("column.lessons"), str(found.one.lessons), str(found.other.lessons)),
    ]
    rows += [_row(_setting(t, one.name), _value(one.one), _value(one.other)) for one in found.settings]
    rows += [_figure(t, one) for one in found.figures]
    table = tag("table", tag("thead", tag("tr", heads)) + tag("tbody", "".join(rows)), class_="figures compared",
                data_testid="compared")  # fmt: skip
    both = tag("p", text(t("compare.both", count=found.both)), class_="quiet")
    how = tag("p", text(t("compare.how")), class_="quiet") if found.figures else ""
    return how + table + both + _taught(t, found.one, found.only_one) + _taught(t, found.other, found.only_other)


def _row(name: str, one: str, other: str, difference: str = "") -> str:
    cells = "".join(tag("td", text(cell)) for cell in (one, other, difference))
    return tag("tr", tag("th", text(name), scope="row") + cells)


def _promoted(t: Texts, adapter: Adapter) -> str:
    if not adapter.promotions:
        return t("learn.never")
    last = adapter.promotions[0]
    key = "learn.promoted.back" if last.is_rollback else "learn.promoted"
    return t(key, name=last.by or t("learn.by.nobody"), at=moment(t, last.at))


def _setting(t: Texts, name: str) -> str:
    """What the form for a training calls it, if it asks for it; else its own name."""
    shown = _NAMES.get(name, name)
    return t(f"learn.{shown}") if shown in _NAMED else name


def _value(value: Setting) -> str:
    if value is None:
        return "–"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _figure(t: Texts, figure: Figure) -> str:
    group = figure.name.removeprefix(_PROBES)
    name = t(GROUPS[group]) if figure.name.startswith(_PROBES) else t(f"learn.figure.{figure.name}")  # type: ignore[index]
    one, other = ("–" if share is None else percent(share) for share in (figure.one, figure.other))
    more = "" if figure.difference is None else f"{round(100 * figure.difference):+d}"
    return _row(name, one, other, more)


def _taught(t: Texts, adapter: Adapter, taught: Taught) -> str:
    """A fold with what this one was taught and the other was not."""
    if not taught.count:
        return ""
    said = t("compare.only", version=version(t, adapter.id), count=taught.count)
    questions = "".join(tag("li", text(question), dir="auto") for question in taught.questions)
    more = taught.count - len(taught.questions)
    rest = tag("p", text(t("compare.more", count=more)), class_="quiet") if more else ""
    summary = tag("summary", text(said), data_testid=f"only-{adapter.id}")
    return tag("details", summary + tag("ul", questions) + rest, class_="fold")
