"""Where a training begins, as markup: the plain choice, and what is behind it for those who know."""

from collections.abc import Sequence

from collab.learning.records import Effort
from collab.learning.run_records import Run
from collab.learning.runs import settings_of
from collab.learning.tables import RunState
from collab.texts import Texts
from collab.ui.acts.learning import LARGEST_RANK, LARGEST_RATE, LARGEST_SEED, MOST_STEPS
from collab.ui.present.html import attributes, tag, text
from collab.ui.present.learning_words import lasting
from collab.ui.present.tables import block, form


def train_form(t: Texts, runs: Sequence[Run]) -> str:
    """The form; `runs` tell how long it took before."""
    choices = tag(
        "fieldset",
        tag("legend", text(t("learn.effort"))) + "".join(_choice(t, effort, runs) for effort in Effort),
        class_="roles",
    )
    asked = form("learning.train", choices, _advanced(t), submit=t("learn.train"), testid="train")
    return block(t("learn.train.title"), tag("p", text(t("learn.train.how")), class_="quiet"), asked, testid="training")


def _choice(t: Texts, effort: Effort, runs: Sequence[Run]) -> str:
    checked = " checked" * (effort is Effort.QUICK)
    radio = f'<input type="radio" name="effort" value="{effort}" data-testid="effort-{effort}"{checked}>'
    how = f"{t(f'learn.effort.{effort}.how')} {_took(t, effort, runs)}".strip()
    name = tag("strong", text(t(f"learn.effort.{effort}")))
    return tag("label", radio + tag("span", name + tag("span", text(how), class_="quiet")))


def _took(t: Texts, effort: Effort, runs: Sequence[Run]) -> str:
    for run in runs:
        if run.effort is effort and run.state is RunState.DONE and run.started_at and run.ended_at:
            return t("learn.effort.took", time=lasting(t, run.ended_at - run.started_at))
    return ""


def _advanced(t: Texts) -> str:
    plain, thorough = settings_of(Effort.QUICK), settings_of(Effort.THOROUGH)
    fields = (
        _number(t, "seed", str(plain.seed), low="0", high=LARGEST_SEED)
        + _number(t, "rank", str(plain.rank), low="1", high=LARGEST_RANK)
        + _number(t, "rate", f"{plain.learning_rate:g}", low="0.000001", high=LARGEST_RATE, step="any")
        + _number(t, "steps", f"{plain.steps} / {thorough.steps}", low="1", high=MOST_STEPS)
    )
    summary = tag("summary", text(t("learn.advanced")), data_testid="advanced")
    return tag("details", summary + tag("div", fields, class_="fields"), class_="fold")


def _number(t: Texts, name: str, usual: str, *, low: str, high: float, step: str = "1") -> str:
    """A number that may be left blank, which is then as usual."""
    values = attributes({"name": name, "min": low, "max": str(high), "step": step})
    line = f'<input type="number" inputmode="decimal" autocomplete="off" placeholder="{text(usual)}"{values}'
    how = tag("span", text(t(f"learn.{name}.how")), class_="quiet")
    return tag("label", tag("span", text(t(f"learn.{name}"))) + how + f'{line} data-testid="{name}">')
