"""How far answers are from what people accept, as markup: a column for each week, and a table by kind and version."""

from datetime import UTC, date, datetime

from collab.learning.alignment import Alignment, Distance
from collab.texts import Texts
from collab.ui.present.html import tag, text
from collab.ui.present.learning_words import percent, version
from collab.ui.present.tables import block

COLUMN, BAR, HEAD, HEIGHT, FOOT = 48, 28, 20, 120, 24  # of the chart, in its own units


def alignment(t: Texts, found: Alignment) -> str:
    """The part of the room; without answers that were judged, it says so."""
    how = tag("p", text(t("alignment.how")), class_="quiet")
    if not found.answers:
        inner = tag("p", text(t("alignment.none")), class_="quiet", data_testid="no-alignment")
    else:
        inner = tag("div", _chart(t, found), class_="charts") + _table(t, found)
    return tag("section", block(t("alignment.title"), how, inner, testid="alignment"), class_="room-page learning")


def _chart(t: Texts, found: Alignment) -> str:
    width = COLUMN * len(found.weeks)
    most = max(distance.mean for _, distance in found.weeks) or 1.0
    columns = "".join(_column(place, week, distance, most) for place, (week, distance) in enumerate(found.weeks))
    ground = tag("line", class_="ground", x1=0, y1=HEIGHT, x2=width, y2=HEIGHT)
    said = "; ".join(_week(t, week, distance) for week, distance in found.weeks if distance.answers)
    svg = tag("svg", ground + columns, viewBox=f"0 0 {width} {HEIGHT + FOOT}", role="img",
              aria_label=f"{t('alignment.weeks')}: {said}", data_testid="chart-alignment")  # fmt: skip
    return tag(
        "section", svg + tag("p", text(t("alignment.weeks")), class_="quiet", aria_hidden="true"), class_="chart"
    )


def _column(place: int, week: date, distance: Distance, most: float) -> str:
    """The distance as its height, and under it the day and month of the Monday."""
    middle = COLUMN * place + COLUMN // 2
    drawn = ""
    if distance.answers:
        height = round(distance.mean / most * (HEIGHT - HEAD), 1)
        top = f"{HEIGHT - height:g}"
        drawn = tag("rect", class_="offered", x=middle - BAR // 2, y=top, width=BAR, height=f"{height:g}")
        label = f"{HEIGHT - height - 6:g}"
        drawn += tag("text", text(percent(distance.mean)), x=middle, y=label, text_anchor="middle")
    return drawn + tag("text", text(f"{week.day}/{week.month}"), x=middle, y=HEIGHT + 18, text_anchor="middle")


def _week(t: Texts, week: date, distance: Distance) -> str:
    monday = t.date(datetime(week.year, week.month, week.day, 12, tzinfo=UTC))
    return f"{monday}: {percent(distance.mean)} ({t('alignment.of', count=distance.answers)})"


def _table(t: Texts, found: Alignment) -> str:
    names = ("decision", "version", "answers", "distance")
    heads = "".join(tag("th", text(t(f"alignment.{name}")), scope="col") for name in names)
    rows = "".join(
        tag(
            "tr",
            tag("th", text(t(f"badge.{decision}")), scope="row")
            + "".join(
                tag("td", text(cell))
                for cell in (
                    version(t, adapter) if adapter or decision == "model" else "–",
                    str(distance.answers),
                    percent(distance.mean),
                )
            ),
        )
        for (decision, adapter), distance in found.groups
    )
    table = tag("thead", tag("tr", heads)) + tag("tbody", rows)
    return tag("table", table, class_="figures compared", data_testid="aligned")
