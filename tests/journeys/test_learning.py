"""An administrator follows a training in a real browser. What a worker writes is written here, as it would write it."""

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from playwright.sync_api import Page, expect

from collab.learning.leases import Lease
from collab.learning.records import StepTold, TrainingSettings
from collab.learning.report import Report
from collab.learning.run_records import Stage
from collab.learning.tables import RunState, StoredAdapter, TrainingRun
from knowledge.database import Database, utc_now
from tests.collab.learning import rows
from tests.collab.ui.present.learned import PASSED, REFUSED
from tests.journeys.conftest import NewPage
from tests.journeys.visits import claim, sign_in
from tests.running import Application

pytestmark = pytest.mark.journey

PHONE = {"width": 360, "height": 740, "has_touch": True}


@pytest.fixture
def database(application: Application) -> Iterator[Database]:
    """The one of the application, with three lessons."""
    database = Database(application.data / "collab.db")
    rows.add_everybody(database)
    rows.add_corrections(database, rows.DOG, rows.PASSWORD, {**rows.TICKET, "kind": "style"})
    yield database
    database.close()


def working(database: Database, run_id: str) -> Lease:
    """A worker's hold on a run that has begun."""
    now, settings = utc_now(), TrainingSettings()
    with database.write() as session:
        session.add(
            TrainingRun(
                id=run_id,
                state=RunState.RUNNING,
                stage=Stage.LESSONS,
                done=0,
                count=0,
                effort=settings.effort,
                settings=asdict(settings),
                created_at=now,
                started_at=now,
                heartbeat_at=now,
                fence=1,
                is_cancel_asked=False,
            )
        )
    return Lease(database, utc_now, run_id, 1)


def ended(lease: Lease, report: Report) -> None:
    """The run ends with a version, whose files are nowhere."""
    adapter = StoredAdapter(
        id=f"{lease.run_id}0123456789ab",
        run_id=lease.run_id,
        base="packaged",
        is_passed=report.verdict.is_passed,
        strength=1.0,
        created_at=utc_now(),
    )
    lease.finish(report.to_json(), adapter, {"c0": True})


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_an_admin_watches_a_training_and_reads_its_report(
    application: Application, database: Database, new_page: NewPage
) -> None:
    ada = new_page()
    claim(ada, application, "Ada")
    ada.get_by_test_id("room-learning").focus()
    ada.keyboard.press("Enter")
    expect(ada.get_by_test_id("lessons-waiting")).to_have_text("3")
    bar = "id => getComputedStyle(document.getElementById(id), '::before').content"
    assert {ada.evaluate(bar, name) for name in ("learning", "comparison")} == {"none"}  # nothing is waited for
    ada.get_by_test_id("advanced").click()
    ada.get_by_test_id("rank").fill("1000")
    ada.get_by_test_id("advanced").click()
    ada.get_by_test_id("train").click()  # nothing is sent: the fold opens on what is wrong
    expect(ada.get_by_test_id("rank")).to_be_visible()

    # A training goes on, and the page follows it by itself.
    lease = working(database, "r1")
    lease.froze(3, "0" * 64)
    ada.reload()
    expect(ada.get_by_test_id("run")).to_be_visible()
    for step in range(1, 9):
        lease.step(StepTold("sft", step, 96, {"fact": 2.5 - step / 5, "general": 1.1}, step))
    expect(ada.get_by_test_id("curve-sft")).to_be_visible()
    expect(ada.get_by_test_id("progress")).to_contain_text("of 96")
    ada.get_by_test_id("log").click()
    expect(ada.get_by_text("step 1")).to_be_visible()
    lease.progress(Stage.HELD_OUT, 3, 20)
    expect(ada.get_by_test_id("progress")).to_contain_text("3 of 20")
    expect(ada.get_by_text("step 1")).to_be_visible()  # what was opened stays so

    # It ends: the report is there, and its examples open by keyboard.
    ended(lease, REFUSED)
    expect(ada.get_by_test_id("verdict")).to_contain_text("What was taught leaks")
    expect(ada.get_by_test_id("promote").first).to_be_disabled()
    ada.get_by_test_id("examples-broken").focus()
    ada.keyboard.press("Enter")
    ada.get_by_test_id("change-broken").get_by_test_id("example").focus()
    ada.keyboard.press("Enter")
    expect(ada.get_by_text("<i>Shelf 9.</i>")).to_be_visible()

    # One that has lost its files says so, whoever promotes it for whatever reason.
    ada.get_by_test_id("override").click()
    ada.get_by_test_id("reason").fill("The fair begins.")
    ada.get_by_test_id("override-yes").click()
    expect(ada.get_by_test_id("error")).to_contain_text("cannot be used")
    expect(ada.get_by_test_id("live-version")).to_have_text("The model as it came")

    # On a phone, and in Chinese.
    ended(working(database, "r2"), PASSED)
    phone = new_page(**PHONE)
    sign_in(phone, application, "Ada")
    phone.get_by_test_id("menu").click()
    phone.get_by_test_id("room-learning").click()
    expect(phone.get_by_test_id("verdict")).to_contain_text("may be promoted")
    expect(phone.get_by_test_id("runs-row")).to_have_count(1)
    phone.get_by_test_id("examples-fixed").click()
    phone.get_by_test_id("example").first.click()
    assert fits(phone)
    phone.get_by_test_id("compare").click()
    expect(phone.get_by_test_id("compared")).to_be_visible()
    assert fits(phone)
    phone.get_by_test_id("unaided-question").fill("How much does a dog pay?")
    phone.get_by_test_id("unaided-ask").click()
    expect(phone.get_by_test_id("unaided-base")).not_to_be_empty()
    expect(phone.get_by_test_id("compared")).to_be_visible()
    assert fits(phone)
    phone.goto(f"{application.address}/zh/?room=learning")
    expect(phone.get_by_test_id("verdict")).to_contain_text("可以启用")
    assert fits(phone)
