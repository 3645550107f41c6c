"""Training and its versions, over REST. Workers do nothing here: what one would write, the tests write."""

import io
import zipfile
from pathlib import Path

import pytest

from collab.config import Settings
from collab.dialogue.engines.lora_gguf import CONFIG, WEIGHTS
from collab.errors import WorkerMemoryError
from collab.learning import adapter_files
from collab.learning.leases import Lease
from collab.learning.records import StepTold
from collab.learning.report import Report
from collab.learning.run_records import Stage
from collab.learning.verdict import decide, unjudged
from knowledge.database import utc_now
from tests.collab.api.conftest import Site
from tests.collab.learning.ended import finish, write_adapter
from tests.collab.learning.figures import FIGURES
from tests.collab.learning.tiny_model import write_model

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated")  # PEFT asks for it

PASSED = Report(decide(FIGURES, has_live=True), FIGURES)
UNJUDGED = Report(unjudged("error.answer_missing", {"question": "Where?"}), None)
QUESTION = "Is the museum open on Mondays?"
ROUTES = [
    ("GET", "/v1/training-runs"),
    ("POST", "/v1/training-runs"),
    ("GET", "/v1/training-runs/waiting"),
    ("GET", "/v1/training-runs/none"),
    ("GET", "/v1/training-runs/none/steps"),
    ("POST", "/v1/training-runs/none/cancel"),
    ("GET", "/v1/adapters"),
    ("GET", "/v1/adapters/none"),
    ("POST", "/v1/adapters/none/promote"),
    ("GET", "/v1/adapters/none/export"),
    ("GET", "/v1/adapters/none/compare/none"),
    ("POST", "/v1/adapters/rollback"),
]
BEYOND: list[tuple[dict[str, object], str]] = [
    ({"effort": "endless"}, "should be 'quick' or 'thorough'"),
    ({"rank": 0}, "`rank` should be at least 1"),
    ({"rank": 257}, "`rank` should be at most 256"),
    ({"learning_rate": 1}, "`learning_rate` should be at most 0.1"),
    ({"learning_rate": 0}, "`learning_rate` should be at least 1e-06"),
    ({"steps": 5_001}, "`steps` should be at most 5000"),
    ({"seed": -1}, "`seed` should be at least 0"),
    ({"sede": 1}, "`sede` is not known"),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model that can be trained."""
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def settings(tmp_path: Path, base: Path) -> Settings:
    """With that model."""
    return Settings(data=tmp_path, model=str(base))


def sent(site: Site, method: str, path: str, who: str = "ada", **body: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    """The status and the content of a reply."""
    reply = site.client.request(method, path, headers=site.as_(who), json=body or None)
    return reply.status_code, reply.json()


def correct(site: Site) -> str:
    """An expert's correction, live for everyone."""
    reply = site.client.post("/v1/corrections", json={"question": QUESTION, "answer": "Yes."}, headers=site.as_("eve"))
    return str(reply.json()["id"])


def begun(site: Site, **body: object) -> str:
    """A run that waits for its worker."""
    status, run = sent(site, "POST", "/v1/training-runs", **body)
    assert status == 202, run
    return str(run["id"])


def made(site: Site, base: Path, *, report: Report, taught: dict[str, bool | None] | None = None) -> str:
    """The id of the version that a run has made, and judged so."""
    adapter_id = write_adapter(base, site.services.settings.data / "adapters")
    finish(site.services.database, utc_now, begun(site), adapter_id, report, taught)
    return adapter_id


def test_admins_alone_may(site: Site) -> None:
    told = {(who, *route): sent(site, *route, who) for who in ("mel", "eve") for route in ROUTES}
    assert len(told) == 24
    assert {(status, reply["error"]["code"]) for status, reply in told.values()} == {(403, "not_allowed")}


def test_what_is_not_there_is_not_found(site: Site) -> None:
    told = [sent(site, *route) for route in ROUTES if "/none" in route[1]]
    assert len(told) == 7
    assert {(status, reply["error"]["code"]) for status, reply in told} == {(404, "not_found")}


def test_without_lessons_there_is_nothing_to_train(site: Site) -> None:
    status, told = sent(site, "POST", "/v1/training-runs")
    assert (status, told["error"]["code"]) == (422, "nothing_to_train")
    assert sent(site, "GET", "/v1/training-runs") == (200, {"data": []})


def test_what_waits_is_counted(site: Site) -> None:
    correct(site)
    status, told = sent(site, "GET", "/v1/training-runs/waiting")
    counted = {"kinds": {"fact": 1}, "sources": {"person": 1}, "ages": {"day": 1}, "asides": {}, "earlier": 0}
    assert (status, told) == (200, counted)


def test_a_run_is_started_once_and_cancelled_once(site: Site) -> None:
    correct(site)
    run_id = begun(site, effort="thorough", seed=5, rank=8)
    status, told = sent(site, "POST", "/v1/training-runs")
    assert (status, told["error"]["code"]) == (409, "training_under_way")
    status, run = sent(site, "GET", f"/v1/training-runs/{run_id}")
    assert (run["state"], run["stage"], run["progress"]) == ("queued", "queued", {"done": 0, "count": 0})
    assert (run["effort"], run["by"], run["report"], run["error"]) == ("thorough", "ada", None, None)
    settings = run["settings"]
    assert (settings["seed"], settings["rank"], settings["steps"], settings["learning_rate"]) == (5, 8, 960, 2e-3)
    status, run = sent(site, "POST", f"/v1/training-runs/{run_id}/cancel")
    assert (status, run["state"], run["error"]["code"]) == (200, "cancelled", "training_cancelled")
    status, told = sent(site, "POST", f"/v1/training-runs/{run_id}/cancel")
    assert (status, told["error"]["code"]) == (409, "training_ended")


def test_settings_have_their_bounds(site: Site) -> None:
    for body, reason in BEYOND:
        status, told = sent(site, "POST", "/v1/training-runs", **body)
        assert (status, reason in told["error"]["message"]) == (422, True), told


def test_a_run_tells_how_far_it_is(site: Site) -> None:
    correct(site)
    lease = Lease.claim(site.services.database, utc_now, begun(site))
    lease.progress(Stage.MODEL, 3, 100)
    lease.step(StepTold("sft", 1, 96, {"fact": 2.5}, 0.1))
    (run,) = sent(site, "GET", "/v1/training-runs")[1]["data"]
    assert (run["state"], run["stage"], run["progress"]) == ("running", "sft", {"done": 1, "count": 96})
    assert "report" not in run
    steps = sent(site, "GET", f"/v1/training-runs/{run['id']}/steps")[1]["data"]
    assert [(one["stage"], one["step"], one["losses"]) for one in steps] == [
        ("model", 0, {}),
        ("sft", 0, {}),
        ("sft", 1, {"fact": 2.5}),
    ]


def test_a_crash_is_told_with_its_reason(site: Site) -> None:
    correct(site)
    run_id = begun(site)
    Lease.claim(site.services.database, utc_now, run_id).fail(WorkerMemoryError(limit=6_000))
    run = sent(site, "GET", f"/v1/training-runs/{run_id}")[1]
    assert (run["state"], run["error"]["code"]) == ("failed", "worker_memory")
    assert "it needed more memory than the 6000 MB" in run["error"]["message"]


def test_a_report_is_told_whole(site: Site, base: Path) -> None:
    correct(site)
    adapter_id = made(site, base, report=PASSED)
    (line,) = sent(site, "GET", "/v1/training-runs")[1]["data"]
    run = sent(site, "GET", f"/v1/training-runs/{line['id']}")[1]
    assert (run["state"], run["adapter_id"], run["verdict"]["outcome"]) == ("done", adapter_id, "passed")
    assert run["verdict"] == line["verdict"]
    figures = run["report"]["figures"]
    assert figures["lessons"][0]["said"] == {"base": "No idea.", "live": "Shelf 2.", "candidate": "Shelf 3."}
    assert figures["lesson_right"] == {"base": 0, "live": 0, "candidate": 1}


def test_a_version_that_has_not_passed_needs_a_reason(site: Site, base: Path) -> None:
    correct(site)
    adapter_id = made(site, base, report=UNJUDGED)
    status, told = sent(site, "POST", f"/v1/adapters/{adapter_id}/promote")
    assert (status, told["error"]["code"]) == (409, "adapter_not_passed")
    status, told = sent(site, "POST", f"/v1/adapters/{adapter_id}/promote", reason="Tried by hand.")
    assert (status, told["is_live"], told["is_passed"]) == (200, True, False)
    assert told["promotions"][0]["reason"] == "Tried by hand."


def test_a_version_is_promoted_and_rolled_back(site: Site, base: Path) -> None:
    correct(site)
    adapter_id = made(site, base, report=PASSED, taught={"one": True})
    (listed,) = sent(site, "GET", "/v1/adapters")[1]["data"]
    assert (listed["id"], listed["is_live"], listed["lessons"], listed["promotions"]) == (adapter_id, False, 1, [])
    status, told = sent(site, "POST", f"/v1/adapters/{adapter_id}/promote")
    assert (status, told["is_live"]) == (200, True)
    (promoted,) = told["promotions"]
    assert (promoted["previous_id"], promoted["by"], promoted["is_rollback"]) == (None, "ada", False)
    assert sent(site, "GET", f"/v1/adapters/{adapter_id}")[1] == told
    assert sent(site, "POST", "/v1/adapters/rollback") == (200, {"adapter_id": None})
    status, told = sent(site, "POST", "/v1/adapters/rollback")
    assert (status, told["error"]["code"]) == (409, "adapter_none_earlier")


def test_two_versions_stand_beside_each_other(site: Site, base: Path) -> None:
    learned = correct(site)
    adapters = site.services.settings.data / "adapters"
    one, other = write_adapter(base, adapters, 0.1), write_adapter(base, adapters, 0.2)
    clock, database = utc_now, site.services.database
    finish(database, clock, begun(site, steps=10), one, PASSED, {learned: True})
    finish(database, clock, begun(site, effort="thorough"), other, UNJUDGED, {"elsewhere": None})
    status, told = sent(site, "GET", f"/v1/adapters/{one}/compare/{other}")
    assert (status, told["one"]["id"], told["other"]["id"], told["both"]) == (200, one, other, 0)
    assert {"name": "effort", "one": "quick", "other": "thorough"} in told["settings"]
    assert (told["only_one"], told["only_other"]) == (
        {"count": 1, "questions": [QUESTION]},
        {"count": 1, "questions": []},
    )
    right = next(figure for figure in told["figures"] if figure["name"] == "right")
    assert (right["one"], right["other"], right["difference"]) == (FIGURES.lesson_right.candidate, None, None)
    same = sent(site, "GET", f"/v1/adapters/{one}/compare/{one}")[1]
    assert (same["settings"], same["both"], {figure["difference"] for figure in same["figures"]}) == ([], 1, {0.0})


def test_a_version_is_a_folder_in_an_archive(site: Site, base: Path) -> None:
    correct(site)
    adapter_id = made(site, base, report=PASSED)
    reply = site.client.get(f"/v1/adapters/{adapter_id}/export", headers=site.as_("ada"))
    assert reply.headers["content-type"] == "application/zip"
    assert reply.headers["content-disposition"] == f'attachment; filename="{adapter_id}.zip"'
    names = zipfile.ZipFile(io.BytesIO(reply.content)).namelist()
    assert names == [f"{adapter_id}/{name}" for name in (CONFIG, WEIGHTS, adapter_files.MANIFEST)]


def test_a_correction_says_whether_it_was_learned(site: Site, base: Path) -> None:
    correction = correct(site)

    def learned() -> object:
        return sent(site, "GET", f"/v1/corrections/{correction}", "mel")[1]["learned"]

    assert learned() is None
    adapter_id = made(site, base, report=PASSED, taught={correction: True})
    assert learned() is None
    sent(site, "POST", f"/v1/adapters/{adapter_id}/promote")
    assert learned() == "learned"


def test_the_model_is_asked_without_its_memory(site: Site) -> None:
    correct(site)
    status, said = sent(site, "POST", "/v1/unaided-answers", question="What does a dog pay?")
    assert (status, said["adapter_id"], said["live"]) == (200, None, None)
    assert said["base"] == "What does a dog pay?"  # the engine of tests repeats the question; memory knows better
    assert sent(site, "POST", "/v1/unaided-answers", who="mel", question="What does a dog pay?")[0] == 403
    assert sent(site, "POST", "/v1/unaided-answers", question="?")[0] == 422
