"""Learning on real services: who sees the room, and what each act shows afterwards. Runs wait, and end when told to."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from collab.errors import TrainingDivergedError
from collab.learning.adapters import Adapters
from collab.learning.comparison import Comparisons
from collab.learning.leases import Lease
from collab.learning.records import Effort, StepTold
from collab.learning.report import Report
from collab.learning.run_records import Stage
from collab.learning.runs import THOROUGH_STEPS, TrainingRuns
from collab.learning.trainable import TrainableModel
from collab.people.access import Actor, Role
from collab.ui import frame, learning_tab
from collab.ui.acts.frame import Go
from collab.ui.acts.learning import LEARNING_ACTS, Ask, Cancel, Compare, Promote, RollBack, Train, Watch
from collab.ui.screen import Screen, Update
from knowledge.database import utc_now
from tests.collab.learning import rows
from tests.collab.learning.ended import finish, write_adapter
from tests.collab.learning.tiny_model import write_model
from tests.collab.people.conftest import PASSWORD
from tests.collab.ui.present.learned import PASSED, REFUSED
from tests.fakes import EchoModel, StillRunner

TRAIN = Train(act="train", effort=Effort.QUICK)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def served() -> list[str | None]:
    """The versions that were given to the engine."""
    return []


@pytest.fixture
def ada(screen: Screen, tiny: Path, served: list[str | None]) -> Actor:
    """An administrator, where runs wait and versions are those of the tiny model."""
    services = screen.services
    database, folder = services.database, services.settings.data / "adapters"
    folder.mkdir(parents=True)
    model = TrainableModel("tiny", None, None, tiny, services.settings.data / "cache")
    services.training = TrainingRuns(database, rows.builder(database), StillRunner(), lambda: None, utc_now)
    services.adapters = Adapters(database, folder, lambda: model, utc_now, served.append)
    return services.accounts.add("Ada", PASSWORD, Role.ADMIN)


def last(screen: Screen, actor: Actor, act: Any) -> Update:
    """What stands there once the act is done."""
    found: Update = {}
    for update in learning_tab.handle(screen, actor, act):
        found |= update
    return found


def add_lessons(screen: Screen) -> None:
    rows.add_everybody(screen.services.database)
    rows.add_corrections(screen.services.database, rows.DOG, rows.PASSWORD, {**rows.TICKET, "kind": "style"})


def trained(screen: Screen, ada: Actor, tiny: Path, report: Report, change: float = 0.0) -> tuple[str, str]:
    """A run that has ended with this report, and its version."""
    run_id = screen.services.training.start(ada).id
    adapter_id = write_adapter(tiny, screen.services.settings.data / "adapters", change)
    finish(screen.services.database, utc_now, run_id, adapter_id, report)
    return run_id, adapter_id


def test_administrators_alone_are_shown_the_room(screen: Screen, expert: Actor, ada: Actor) -> None:
    for actor, sees in ((expert, False), (ada, True)):
        (update,) = frame.handle(screen, actor, Go(act="go", room="learning"))
        assert ('data-testid="room-learning"' in update["side"]) is sees
        assert ('data-testid="tile-waiting"' in update["learning"]) is sees
        assert ("This needs the role admin" in update.get("toast", "")) is not sees
    for act in (TRAIN, Cancel(act="cancel", training="x"), Promote(act="promote", adapter="x"), Watch(act="watch")):
        update = last(screen, expert, act)
        assert update["learning"] == ""
        assert "This needs the role admin" in update["toast"]


def test_without_lessons_it_says_how_there_come_to_be_some(screen: Screen, ada: Actor) -> None:
    room = learning_tab.entered(screen, ada)["learning"]
    assert 'data-testid="no-lessons"' in room
    assert 'data-form="learning.train"' not in room
    assert "The model as it came" in room
    assert "No training has been judged so far." in room
    assert "There is nothing to learn from" in last(screen, ada, TRAIN)["toast"]


def test_what_waits_is_counted(screen: Screen, ada: Actor) -> None:
    add_lessons(screen)
    room = learning_tab.entered(screen, ada)["learning"]
    assert 'data-testid="lessons-waiting">3<' in room
    assert "facts: 2 · styles: 1" in room
    assert "people: 3" in room
    assert 'name="effort" value="quick" data-testid="effort-quick" checked' in room


def test_train_begins_a_run_that_is_watched_and_cancelled(screen: Screen, ada: Actor) -> None:
    add_lessons(screen)
    update = last(screen, ada, TRAIN)
    assert "The training has begun." in update["toast"]
    (run,) = screen.services.training.newest(ada)
    assert f'data-running="{run.id}"' in update["learning"]
    assert "Training now (Quick)" in update["learning"]
    assert 'data-form="learning.train"' not in update["learning"]
    second = last(screen, ada, TRAIN)
    assert "under way already" in second["toast"]
    assert 'data-about="form:learning.train"' in second["toast"]

    lease = Lease.claim(screen.services.database, utc_now, run.id)
    lease.froze(3, "0" * 64)
    lease.step(StepTold("sft", 1, 96, {"fact": 2.5}, 1.0))
    lease.step(StepTold("sft", 2, 96, {"fact": 1.5}, 2.0))
    room = last(screen, ada, Watch(act="watch", running=run.id))["learning"]
    assert "Being taught now: 3" in room
    assert '<progress value="2" max="96"' in room or '<progress value="1" max="96"' in room
    assert 'data-act="learning.cancel"' in room

    asked = last(screen, ada, Cancel(act="cancel", training=run.id))
    assert "ends within a few seconds" in asked["toast"]
    assert screen.services.training.get(ada, run.id).is_under_way, "its worker ends it"


def test_a_run_that_waits_is_cancelled_at_once(screen: Screen, ada: Actor) -> None:
    add_lessons(screen)
    run = screen.services.training.start(ada)
    update = last(screen, ada, Cancel(act="cancel", training=run.id))
    assert "Nothing of it was kept." in update["toast"]
    assert 'data-testid="ended"' in update["learning"]
    assert "ended already" in last(screen, ada, Cancel(act="cancel", training=run.id))["toast"]


def test_the_settings_are_those_that_were_asked_for(screen: Screen, ada: Actor) -> None:
    add_lessons(screen)
    sent = '{"act":"train","effort":"thorough","seed":"7","rank":"8","rate":"0.001","steps":""}'
    last(screen, ada, LEARNING_ACTS.validate_json(sent))
    settings = screen.services.training.newest(ada)[0].settings
    assert (settings.effort, settings.seed, settings.rank, settings.alpha) == (Effort.THOROUGH, 7, 8, 16)
    assert (settings.learning_rate, settings.steps) == (0.001, THOROUGH_STEPS)


@pytest.mark.parametrize("wrong", ['"rank":"0"', '"rank":"257"', '"rate":"0"', '"rate":"nan"', '"steps":"x"'])
def test_settings_that_cannot_be_are_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        LEARNING_ACTS.validate_json(f'{{"act":"train","effort":"quick",{wrong}}}')


def test_a_run_that_failed_is_shown_as_a_crash_and_told(screen: Screen, ada: Actor) -> None:
    add_lessons(screen)
    run = screen.services.training.start(ada)
    lease = Lease.claim(screen.services.database, utc_now, run.id)
    lease.progress(Stage.SFT, 4, 96)
    lease.fail(TrainingDivergedError(step=4, steps=96, rate=0.5))
    update = last(screen, ada, Watch(act="watch", running=run.id))
    assert "stopped at step 4 of 96" in update["toast"]
    assert 'data-testid="crash"' in update["learning"]
    assert 'data-running=""' in update["learning"], "nothing is looked at again"
    assert 'data-form="learning.train"' in update["learning"]


def test_what_passed_is_promoted_and_rolled_back_with_a_click_each(
    screen: Screen, ada: Actor, tiny: Path, served: list[str | None]
) -> None:
    add_lessons(screen)
    run_id, adapter_id = trained(screen, ada, tiny, PASSED)
    told = last(screen, ada, Watch(act="watch", running=run_id))
    assert "The new version may be promoted" in told["toast"]
    assert 'data-testid="report"' in told["learning"]

    update = last(screen, ada, Promote(act="promote", adapter=adapter_id, training=run_id))
    assert f"Version {adapter_id[:8]} answers from now on." in update["toast"]
    assert 'data-testid="is-live"' in update["learning"]
    assert f'data-testid="live-version">Version {adapter_id[:8]}<' in update["learning"]
    assert "Promoted by Ada" in update["learning"]

    back = RollBack(act="roll_back", adapter=adapter_id)
    update = last(screen, ada, back)
    assert "Rolled back. The model as it came answers from now on." in update["toast"]
    assert served == [adapter_id, None]
    assert "Somebody else has changed the live version" in last(screen, ada, back)["toast"]
    assert served == [adapter_id, None], "a second click goes no further back"


def test_what_did_not_pass_is_promoted_with_a_reason_alone(screen: Screen, ada: Actor, tiny: Path) -> None:
    add_lessons(screen)
    run_id, adapter_id = trained(screen, ada, tiny, REFUSED)
    refused = last(screen, ada, Promote(act="promote", adapter=adapter_id, reason="  ", training=run_id))
    assert "has not passed" in refused["toast"]
    assert screen.services.adapters.live() is None
    last(screen, ada, Promote(act="promote", adapter=adapter_id, reason="The fair begins.", training=run_id))
    (change,) = screen.services.adapters.history(ada)
    assert (change.adapter_id, change.reason) == (adapter_id, "The fair begins.")
    assert "The fair begins." in learning_tab.entered(screen, ada)["learning"]


def test_an_older_run_is_opened_and_stays_so(screen: Screen, ada: Actor, tiny: Path) -> None:
    add_lessons(screen)
    older, _ = trained(screen, ada, tiny, REFUSED)
    newer, _ = trained(screen, ada, tiny, PASSED, change=0.5)
    assert f'data-row="{older}"' in learning_tab.entered(screen, ada)["learning"]
    room = last(screen, ada, Watch(act="watch", training=older))["learning"]
    assert f'data-training="{older}"' in room
    assert f'data-row="{newer}"' in room
    assert "What was taught leaks" in room
    gone = last(screen, ada, Watch(act="watch", training="gone"))
    assert 'data-training=""' in gone["learning"]
    assert 'data-testid="error"' in gone["toast"]


def test_two_versions_are_compared_while_no_training_draws_over_them(screen: Screen, ada: Actor, tiny: Path) -> None:
    screen.services.comparisons = Comparisons(
        screen.services.database, screen.services.adapters, screen.services.training
    )
    assert learning_tab.entered(screen, ada)["comparison"] == ""
    add_lessons(screen)
    _, one = trained(screen, ada, tiny, PASSED)
    _, other = trained(screen, ada, tiny, REFUSED, change=0.2)
    chosen = learning_tab.entered(screen, ada)["comparison"]
    assert 'data-form="learning.compare"' in chosen
    assert f'<option value="{other}" selected' in chosen
    (said,) = learning_tab.handle(screen, ada, Compare(act="compare", one=one, other=other))
    assert list(said) == ["comparison"]
    assert "Lessons answered right</th>" in said["comparison"]
    assert "<td>15 %</td><td>+15</td>" in said["comparison"], "what leaked"
    screen.services.training.start(ada)
    assert "comparison" not in last(screen, ada, Watch(act="watch"))
    assert "comparison" in learning_tab.entered(screen, ada)
    gone = last(screen, ada, Compare(act="compare", one=one, other="none"))
    assert "error" in gone["toast"]


def test_the_model_is_asked_without_its_memory(screen: Screen, ada: Actor, member: Actor) -> None:
    """Where one asks stands apart from what a training draws anew every two seconds."""
    assert 'data-form="learning.ask"' in learning_tab.entered(screen, ada)["unaided"]
    (said,) = learning_tab.handle(screen, ada, Ask(act="ask", question="Is <b>it</b> open?"))
    assert list(said) == ["unaided"]
    assert "<dt>The model as it came</dt>" in said["unaided"]
    assert "Is &lt;b&gt;it&lt;/b&gt; open?</dd>" in said["unaided"]
    screen.services.models.switch(EchoModel, "0123456789")
    (said,) = learning_tab.handle(screen, ada, Ask(act="ask", question="Is it open?"))
    assert "<dt>Version 01234567</dt>" in said["unaided"]
    (told,) = learning_tab.handle(screen, ada, Ask(act="ask", question=" "))
    assert 'data-about="form:learning.ask"' in told["toast"]
    (told,) = learning_tab.handle(screen, member, Ask(act="ask", question="Is it open?"))
    assert told["unaided"] == ""
