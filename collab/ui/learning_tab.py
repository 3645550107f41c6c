"""Learning, for administrators: what waits to be learned, a training as it goes, its report, and the versions."""

from collections.abc import Iterator

from collab.errors import AdapterPointerError, NotAllowedError
from collab.learning.records import TrainingSettings
from collab.learning.runs import settings_of
from collab.people.access import Actor
from collab.ui.acts.learning import Ask, Cancel, Compare, LearningAct, Promote, RollBack, Train, Watch
from collab.ui.navigation import sidebar
from collab.ui.present import frame, learning
from collab.ui.present.learning_alignment import alignment
from collab.ui.present.learning_comparison import comparison
from collab.ui.present.learning_unaided import unaided
from collab.ui.present.learning_words import sentence, version
from collab.ui.screen import Screen, Update
from knowledge.database import new_id, utc_now
from knowledge.errors import CollabError, NotFoundError

_NOTHING: Update = {"learning": "", "comparison": "", "unaided": "", "alignment": ""}


def shown(screen: Screen, actor: Actor, training: str = "") -> Update:
    """The room as it stands, with a run open: the one that is named, or else the newest that has ended.

    Raises NotAllowedError for who is no administrator, and NotFoundError for a run that there is not.
    """
    services = screen.services
    runs = services.training.newest(actor)
    running = next((run for run in runs if run.is_under_way), None)
    opened = None
    if training and (running is None or training != running.id):
        opened = services.training.get(actor, training)
    elif running is None:
        opened = next(iter(runs), None)
    found = learning.Shown(
        waiting=None if running else services.training.waiting(actor),
        running=running,
        running_steps=services.training.steps(actor, running.id) if running else (),
        asked=training,
        opened=opened,
        opened_steps=services.training.steps(actor, opened.id) if opened else (),
        runs=runs,
        adapters=services.adapters.all(actor),
        last=next(iter(services.adapters.history(actor)), None),
        problem=services.serving.problem,
    )
    update = {"learning": learning.room(screen.texts, found, utc_now())}
    if running is None:  # else what somebody compares would be drawn over every two seconds
        update["comparison"] = comparison(screen.texts, found.adapters)
    return update


def entered(screen: Screen, actor: Actor) -> Update:
    """The room for who comes in; empty, and why, for who is no administrator."""
    try:
        t, services = screen.texts, screen.services
        chosen = comparison(t, services.adapters.all(actor))
        aligned = alignment(t, services.alignments.latest(actor))
        return shown(screen, actor) | {"comparison": chosen, "unaided": unaided(t), "alignment": aligned}
    except NotAllowedError as error:
        return _NOTHING | screen.problem(error)


def handle(screen: Screen, actor: Actor, act: LearningAct) -> Iterator[Update]:
    """The acts of the room. Who is no administrator any more sees it empty."""
    try:
        yield from _done(screen, actor, act)
    except NotAllowedError as error:
        yield _NOTHING | sidebar(screen, actor, "learning") | screen.problem(error)
    except NotFoundError as error:
        yield shown(screen, actor) | screen.problem(error)
    except CollabError as error:
        about = f"form:learning.{act.act}" if isinstance(act, Train | Ask | Compare) else ""
        yield (shown(screen, actor, act.training) if isinstance(act, Promote) else {}) | screen.problem(
            error, about=about
        )


def _done(screen: Screen, actor: Actor, act: LearningAct) -> Iterator[Update]:
    t, services = screen.texts, screen.services
    match act:
        case Watch():
            yield shown(screen, actor, act.training) | _ended(screen, actor, act.running)
        case Train():
            services.training.start(actor, _settings(act))
            yield shown(screen, actor) | screen.toast(t("learn.train.done"))
        case Cancel():
            run = services.training.cancel(actor, act.training)
            key = "learn.cancel.soon" if run.is_under_way else "learn.cancel.done"
            yield shown(screen, actor) | screen.toast(t(key))
        case Promote():
            yield _switching(screen)
            now = services.adapters.promote(actor, act.adapter, act.reason or None)
            said = screen.toast(t("learn.promote.done", version=version(t, now.id)))
            yield shown(screen, actor, act.training) | said
        case RollBack():
            if services.adapters.live() != act.adapter:  # a second click must not go back twice
                raise AdapterPointerError
            yield _switching(screen)
            back = services.adapters.roll_back(actor)
            yield shown(screen, actor) | screen.toast(t("learn.roll_back.done", version=version(t, back)))
        case Compare():
            found = services.comparisons.compare(actor, act.one, act.other)
            yield {"comparison": comparison(t, services.adapters.all(actor), found)}
        case Ask():
            yield {"unaided": unaided(t, services.unaided.ask(actor, act.question))}


def _ended(screen: Screen, actor: Actor, run_id: str) -> Update:
    """What is said once of a training that was under way when somebody looked the last time."""
    run = screen.services.training.get(actor, run_id) if run_id else None
    if run is None or run.is_under_way:
        return {}
    said = screen.texts.error(run.error, run.error_params) if run.error else sentence(screen.texts, run.report)
    return screen.toast(said, is_partial=run.report is None or not run.report.verdict.is_passed)


def _switching(screen: Screen) -> Update:
    """Loading a version takes a while; answers that are being written keep the one before."""
    return {"toast": frame.toast(screen.texts, screen.texts("learn.switching"), nonce=new_id(), drawing="clock")}


def _settings(act: Train) -> TrainingSettings:
    return settings_of(act.effort, seed=act.seed, rank=act.rank, learning_rate=act.rate, steps=act.steps)
