"""How careful the memory is, as markup: two small charts with the numbers beside them, and the cases behind them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from collab.feedback.curve import Work
from collab.feedback.curve_records import Curve, NamedCase, Point
from collab.texts import Texts
from collab.ui.acts.review import View
from collab.ui.present.html import button, icon, tag, text
from collab.ui.present.mine import empty, opener
from collab.ui.present.review import room
from collab.ui.present.tables import moment

COLUMN, BAR, HEAD, HEIGHT, FOOT = 48, 28, 20, 120, 40  # of a chart, in its own units
LEAST = 0.1  # of the wrong questions, that the height of their chart stands for


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a column: what it stands for, its share of the whole height, and what is written over it."""

    name: str
    share: float
    label: str = ""


def page(t: Texts, view: View, curve: Curve | None, work: Work) -> str:
    """The part of the room: what was computed last, and how far a new computing is."""
    if curve is None:
        inner = "" if work.share is not None else empty(t, "curve.empty", "curve.empty.how")
    elif not curve.right + curve.wrong:
        inner = empty(t, "curve.nothing", "curve.nothing.how")
    else:
        inner = _result(t, curve)
    back = button(t("review.back"), class_="link", data_do="all-cases", data_testid="all-cases")
    shown = view.model_dump_json(exclude_defaults=True)
    content = tag("div", back, class_="row") + inner + _computing(t, curve, work)
    return room(t, tag("div", content, class_="curve", data_view=shown, data_testid="curve"), title="curve.title")


def _result(t: Texts, curve: Curve) -> str:
    now, cost = curve.now, _number(curve.setting)
    rest = {"offered": _share(now.offered, curve.right), "missed": _share(now.missed, curve.right)}
    right = _chart(
        t,
        "right",
        (_share(now.answered, curve.right), t("curve.right.now", cost=cost, **rest)),
        [[_Part("answered", _part(p.answered, curve.right)), _Part("offered", _part(p.offered, curve.right))]
         for p in curve.points],
        curve,
    )  # fmt: skip
    most = max(*(point.hijacked for point in curve.points), LEAST * curve.wrong, 1)
    wrong = _chart(
        t,
        "wrong",
        (_share(now.hijacked, curve.wrong), t("curve.wrong.now", cost=cost, count=now.hijacked, all=curve.wrong)),
        [[_Part("hijacked", p.hijacked / most, _share(p.hijacked, curve.wrong))] for p in curve.points],
        curve,
    )
    charts = tag("div", right + wrong, class_="charts")
    named = (("wrong_first", curve.wrong_first), ("right_next", curve.right_next))
    cases = "".join(_cases(t, name, found, curve.setting) for name, found in named)
    return charts + _table(t, curve) + cases + _about(t, curve)


# --- charts -----------------------------------------------------------------------------------------------------------


def _chart(t: Texts, name: str, said: tuple[str, str], columns: Sequence[Sequence[_Part]], curve: Curve) -> str:
    """A question, the number of the setting that holds, and a column for each setting; the table has the figures."""
    number, rest = said
    width = COLUMN * len(columns)
    drawn = "".join(_column(place, parts, curve.points[place], curve) for place, parts in enumerate(columns))
    ground = tag("line", class_="ground", x1=0, y1=HEIGHT, x2=width, y2=HEIGHT)
    words = f"{t(f'curve.{name}')} {number}. {rest} {t('curve.axis')}"
    box = f"0 0 {width} {HEIGHT + FOOT}"
    svg = tag("svg", ground + drawn, viewBox=box, role="img", aria_label=words, data_testid=f"chart-{name}")
    figure = (
        tag("h2", text(t(f"curve.{name}")), class_="section-title")
        + tag("p", tag("strong", text(number), class_="figure") + tag("span", text(rest), class_="quiet"))
        + svg
        + tag("p", text(t("curve.axis")), class_="quiet", aria_hidden="true")
    )
    return tag("section", figure, class_="chart")


def _column(place: int, parts: Sequence[_Part], point: Point, curve: Curve) -> str:
    """Its parts from the ground up, and the setting under it; the one that holds is marked."""
    is_now = point.cost == curve.setting
    middle = COLUMN * place + COLUMN // 2
    left, top, drawn = COLUMN * place + (COLUMN - BAR) / 2, float(HEIGHT), ""
    for part in parts:
        height = round(part.share * (HEIGHT - HEAD), 1)
        top = round(top - height, 1)
        drawn += tag("rect", class_=part.name, x=f"{left:g}", y=f"{top:g}", width=BAR, height=f"{height:g}")
        if part.label and height:
            drawn += tag("text", text(part.label), x=middle, y=f"{top - 6:g}", text_anchor="middle")
    label = tag("text", text(_number(point.cost)), x=middle, y=HEIGHT + 18, text_anchor="middle")
    mark = f"{middle - 5},{HEIGHT + 34} {middle},{HEIGHT + 25} {middle + 5},{HEIGHT + 34}"
    return tag("g", drawn + label + (tag("polygon", points=mark) if is_now else ""), class_="now" if is_now else None)


# --- the figures ------------------------------------------------------------------------------------------------------


def _table(t: Texts, curve: Curve) -> str:
    names = ("cost", "answered", "offered", "missed", "hijacked")
    heads = "".join(
        tag("th", tag("i", "", class_=f"swatch {name}") + text(t(f"curve.{name}")), scope="col") for name in names
    )
    rows = "".join(_row(t, point, curve) for point in curve.points)
    table = tag("thead", tag("tr", heads)) + tag("tbody", rows)
    caption = tag("caption", text(t("curve.table")), class_="sr")
    return tag("table", caption + table, class_="figures", data_testid="figures")


def _row(t: Texts, point: Point, curve: Curve) -> str:
    is_now = point.cost == curve.setting
    mark = tag("span", text(t("curve.now")), class_="pill taught") if is_now else ""
    cells = tag("th", text(_number(point.cost)) + mark, scope="row") + "".join(
        tag("td", text(_share(count, of)))
        for count, of in (
            (point.answered, curve.right),
            (point.offered, curve.right),
            (point.missed, curve.right),
            (point.hijacked, curve.wrong),
        )
    )
    return tag("tr", cells, aria_current="true" if is_now else None, data_row=_number(point.cost))


def _part(count: int, of: int) -> float:
    return count / of if of else 0.0


def _share(count: int, of: int) -> str:
    """A part in percent, with a decimal where it is small; a dash of nothing."""
    if not of:
        return "–"
    percent = 100 * count / of
    return f"{percent:.1f} %" if 0 < percent < 10 or 99 < percent < 100 else f"{percent:.0f} %"


def _number(cost: float) -> str:
    return f"{cost:g}"


# --- the cases behind it, and where it comes from ---------------------------------------------------------------------


def _cases(t: Texts, name: str, cases: Sequence[NamedCase], setting: float) -> str:
    title = tag("h2", text(t(f"curve.{name}")), class_="section-title")
    if not cases:
        return title + tag("p", text(t(f"curve.{name}.none")), class_="quiet")
    items = "".join(_case(t, one, setting) for one in cases)
    return title + tag("ul", items, class_="curve-cases", data_testid=name)


def _case(t: Texts, case: NamedCase, setting: float) -> str:
    now = tag("span", text(t("curve.case.now")), class_="pill rejected") if case.highest >= setting else ""
    if math.isinf(case.highest):
        upto = t("curve.case.always")
    else:
        upto = t("curve.case.upto", cost=_number(math.floor(case.highest * 10) / 10))
    about = tag("span", text(t("curve.case.of", question=case.question)), class_="quiet", dir="auto")
    words = tag("strong", text(case.text), dir="auto") + about
    marks = tag("span", text(upto), class_="quiet") + now + opener(t, case.correction_id)
    return tag("li", tag("div", words, class_="words") + tag("div", marks, class_="row"), data_testid="curve-case",
               data_row=case.text)  # fmt: skip


def _about(t: Texts, curve: Curve) -> str:
    """What was asked, and how the setting is changed."""
    said = t(
        "curve.about",
        questions=curve.right + curve.wrong,
        said=curve.said,
        corrections=curve.corrections,
        live=curve.live,
        same=curve.same_words,
    )
    how = tag("details", tag("summary", text(t("curve.change"))) + tag("p", text(t("curve.change.how"))), class_="fold")
    return tag("p", text(said), class_="quiet", data_testid="curve-about") + how


def _computing(t: Texts, curve: Curve | None, work: Work) -> str:
    """How far it is, or the button that begins it."""
    if work.share is not None:
        words = tag("span", "", class_="pulse") + text(t("curve.computing", percent=math.floor(100 * work.share)))
        return tag("p", words, role="status", class_="row", data_poll=True, data_testid="computing")
    failed = tag("p", icon("warning") + text(t("curve.failed")), class_="note warn") if work.has_failed else ""
    kind, key = ("secondary", "curve.again") if curve else ("primary", "curve.compute")
    start = button(t(key), class_=kind, data_do="compute-curve", data_testid="compute-curve")
    when = t("curve.by", name=curve.by, at=moment(t, curve.at)) if curve else ""
    return failed + tag("div", start + tag("span", text(when), class_="quiet"), class_="row")
