"""A training as markup: its stages with how far each is, its losses drawn and its log; when it failed, why."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from collab.learning.run_records import LoggedStep, Run, Stage
from collab.learning.tables import RunState
from collab.texts import Texts
from collab.ui.present.html import button, icon, tag, text
from collab.ui.present.learning_words import lasting
from collab.ui.present.tables import block, fold, moment

WIDTH, HEIGHT, EDGE = 320, 120, 8  # of a drawing, in its own units
SMOOTHED = 5  # updates whose mean is drawn
LOGGED = 60  # lines of the log that are shown
SURE = timedelta(seconds=5)  # into a stage, from which on one can tell how long it takes

_RARE = (Stage.PREFERENCE, Stage.UNPAIRED)
_TAUGHT = ("fact", "style")
_SINGLE = tuple(str(stage) for stage in _RARE)  # stages whose loss is of one kind


def under_way(t: Texts, run: Run, steps: Sequence[LoggedStep], now: datetime) -> str:
    """A run that is worked on, or waits for a worker."""
    since = t("learn.run.since", time=lasting(t, now - (run.started_at or run.created_at)), name=_by(t, run))
    stages = tag("ol", "".join(_stage(t, stage, run, steps, now) for stage in _stages(run, steps)), class_="stages")
    title = t("learn.run.title", effort=t(f"learn.effort.{run.effort}"))
    return block(
        title,
        tag("p", text(since), class_="quiet", data_testid="since"),
        tag("div", stages + curves(t, steps), class_="course"),
        tag("p", text(t("learn.run.meanwhile")), class_="quiet"),
        log(t, steps),
        _cancel(t, run),
        testid="run",
    )


def _cancel(t: Texts, run: Run) -> str:
    """Asked before it is done, in words in which nobody takes one button for the other."""
    yes = button(t("learn.cancel.yes"), class_="danger", data_act="learning.cancel", data_training=run.id,
                 data_testid="cancel-training-yes")  # fmt: skip
    no = button(t("learn.cancel.no"), class_="secondary", data_do="close-details")
    asked = tag("p", text(t("learn.cancel.ask"))) + tag("div", yes + no, class_="row")
    return fold(t("learn.cancel"), asked, "cancel-training")


def ended(t: Texts, run: Run, steps: Sequence[LoggedStep]) -> str:
    """How a run without a report has ended, with its course."""
    said = t.error(run.error, run.error_params) if run.error else t("learn.report.missing")
    is_crash = run.state is RunState.FAILED
    title = tag("strong", text(t("learn.crashed", stage=t(f"learn.stage.{run.stage}")))) if is_crash else ""
    crash = tag(
        "div",
        icon("warning" if is_crash else "cross") + tag("div", title + tag("span", text(said))),
        class_="condition crash" if is_crash else "condition",
        data_testid="crash" if is_crash else "ended",
    )
    return block(
        t("learn.run.of", date=moment(t, run.created_at)),
        tag("p", text(told(t, run)), class_="quiet"),
        crash,
        curves(t, steps),
        log(t, steps),
        testid="run",
    )


def told(t: Texts, run: Run) -> str:
    """Who began it, how it was asked for, and how long it took."""
    start, end = run.started_at or run.created_at, run.ended_at or run.created_at
    parts = [t(f"learn.effort.{run.effort}"), _by(t, run), lasting(t, end - start)]
    if run.lessons is not None:
        parts.insert(1, t("learn.lessons.count", count=run.lessons))
    return " · ".join(parts)


def opener(run: Run, label: str, testid: str = "open-run") -> str:
    """The way to a run."""
    return button(label, class_="link", data_act="learning.watch", data_training=run.id, data_testid=testid)


def _by(t: Texts, run: Run) -> str:
    return run.by or t("learn.by.nobody")


# --- its stages -------------------------------------------------------------------------------------------------------


def _stages(run: Run, steps: Sequence[LoggedStep]) -> list[Stage]:
    """In their order; those that are often left out only once they have come."""
    seen = {step.stage for step in steps} | {run.stage}
    return [stage for stage in Stage if stage not in _RARE or stage in seen]


def _stage(t: Texts, stage: Stage, run: Run, steps: Sequence[LoggedStep], now: datetime) -> str:
    order = list(Stage)
    is_now, is_done = stage is run.stage, order.index(stage) < order.index(run.stage)
    mark = icon("tick") if is_done else tag("span", "", class_="pulse") if is_now else tag("i", "", class_="dot")
    words = tag("span", text(t(f"learn.stage.{stage}")))
    state = tag("span", text(t("learn.stage.done")), class_="sr") if is_done else ""
    return tag(
        "li",
        mark + tag("div", words + state + (_progress(t, run, steps, now) if is_now else "")),
        class_="done" if is_done else "now" if is_now else "next",
        aria_current="step" if is_now else None,
        data_testid=f"stage-{stage}",
    )


def _progress(t: Texts, run: Run, steps: Sequence[LoggedStep], now: datetime) -> str:
    """How many of its parts are done, as a bar, and how long it is likely to take."""
    if not run.count:
        return ""
    done = min(run.done, run.count)
    bar = tag("progress", "", value=done, max=run.count, aria_label=t(f"learn.stage.{run.stage}"))
    words = t("learn.stage.parts", done=done, count=run.count)
    left = _left(run, steps, now)
    if left is not None:
        words = f"{words} · {t('learn.stage.left', time=lasting(t, left))}"
    return bar + tag("span", text(words), class_="quiet", data_testid="progress")


def _left(run: Run, steps: Sequence[LoggedStep], now: datetime) -> timedelta | None:
    """The time that the rest of the stage takes at its pace so far; None while there is no telling."""
    began = next((step.at for step in steps if step.stage is run.stage), None)
    if began is None or not 0 < run.done <= run.count or now - began < SURE:
        return None
    return (now - began) / run.done * (run.count - run.done)


# --- its losses -------------------------------------------------------------------------------------------------------


def curves(t: Texts, steps: Sequence[LoggedStep]) -> str:
    """A drawing for each stage that trains: the lower, the more has been learned."""
    drawn = "".join(_curve(t, stage, [s for s in steps if s.stage is stage and s.losses]) for stage in Stage)
    return tag("div", drawn, class_="losses") if drawn else ""


def _curve(t: Texts, stage: Stage, steps: Sequence[LoggedStep]) -> str:
    lines = {name: _smooth([_mean(s.losses, name) for s in steps]) for name in ("taught", "kept")}
    lines = {name: line for name, line in lines.items() if len(line) > 1}
    if not lines:
        return ""
    most = max(max(line) for line in lines.values()) or 1.0
    ground = tag("line", class_="ground", x1=0, y1=HEIGHT - EDGE, x2=WIDTH, y2=HEIGHT - EDGE)
    marks = "".join(
        tag("polyline", class_=name, points=_points(line, most), fill="none") for name, line in lines.items()
    )
    title = t(f"learn.curve.{stage}")
    now = [t(f"learn.curve.{name}.now", first=f"{line[0]:.2f}", last=f"{line[-1]:.2f}") for name, line in lines.items()]
    svg = tag("svg", ground + marks, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img",
              aria_label=f"{title} {' '.join(now)}", data_testid=f"curve-{stage}")  # fmt: skip
    legend = "".join(
        tag("li", tag("i", "", class_=f"swatch {name}") + text(said)) for name, said in zip(lines, now, strict=True)
    )
    head = tag("h3", text(title)) + tag("p", text(t("learn.curve.how")), class_="quiet")
    return tag("section", head + svg + tag("ul", legend, class_="legend"), class_="chart")


def _mean(losses: Mapping[str, float], name: str) -> float | None:
    """Of what is taught, or of what keeps the model as it is."""
    taught = [loss for task, loss in losses.items() if task in _TAUGHT or task in _SINGLE]
    found = taught if name == "taught" else [loss for task, loss in losses.items() if task not in (*_TAUGHT, *_SINGLE)]
    return sum(found) / len(found) if found else None


def _smooth(line: Sequence[float | None]) -> list[float]:
    """Each point the mean of the last ones: single updates jump."""
    known = [loss for loss in line if loss is not None]
    windows = (known[max(0, at - SMOOTHED + 1) : at + 1] for at in range(len(known)))
    return [sum(window) / len(window) for window in windows]


def _points(line: Sequence[float], most: float) -> str:
    across, height = WIDTH / (len(line) - 1), HEIGHT - 2 * EDGE
    return " ".join(f"{at * across:.1f},{EDGE + height * (1 - loss / most):.1f}" for at, loss in enumerate(line))


# --- its log ----------------------------------------------------------------------------------------------------------


def log(t: Texts, steps: Sequence[LoggedStep]) -> str:
    """The last lines, the newest first, folded."""
    if not steps:
        return ""
    each = list(zip([None, *steps], steps, strict=False))[-LOGGED:]
    lines = "".join(_line(t, step, before) for before, step in reversed(each))
    summary = tag("summary", text(t("learn.log")), data_testid="log")
    return tag("details", summary + tag("ol", lines, class_="log"), class_="fold")


def _line(t: Texts, step: LoggedStep, before: LoggedStep | None) -> str:
    at = tag("time", text(t.local(step.at).strftime("%H:%M:%S")))
    if not step.losses:
        return tag("li", at + tag("strong", text(t(f"learn.stage.{step.stage}"))))
    losses = ", ".join(f"{t(f'learn.loss.{task}')} {loss:.3f}" for task, loss in step.losses.items())
    took = "" if before is None else f" ({(step.at - before.at).total_seconds():.1f} s)"
    return tag("li", at + tag("span", text(f"{t('learn.log.step', step=step.step)}{took}: {losses}")))
