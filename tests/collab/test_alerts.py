"""Each alert is brought about in a real application, and fires; where all is well, none does.

Two scrapes, a minute apart, are read by the rule's own expression.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from collab.config import Settings
from collab.dialogue.counting import new_metrics
from collab.errors import EngineBrokenError
from collab.people.access import Actor, Role
from collab.services import Services
from knowledge.database import Database, utc_now
from knowledge.errors import CollabError
from knowledge.library import Library
from tests.collab.promql import Scrape, fires, names, value
from tests.fakes import EchoModel, FailingModel, TimedModel, Watch, WordEmbedder, add_people

MONITORING = Path(__file__).parents[2] / "assets" / "monitoring"
RULES = {
    rule["alert"]: rule
    for group in yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
}
MEL = Actor("mel", "Mel", Role.MEMBER)
TASK = "Write a short poem about the sea."
GIGABYTE = 10**9


class Running:
    """A real application on a clock and a disk of the test's."""

    def __init__(self, folder: Path, engine: Callable[[Watch], EchoModel]) -> None:
        self.watch = Watch()
        self.free_bytes = 50 * GIGABYTE
        self.services = Services(
            Settings(data=folder),
            embedder=WordEmbedder(),
            engine=engine(self.watch),
            metrics=new_metrics(self.watch),
            disk_usage=lambda path: SimpleNamespace(free=self.free_bytes, total=100 * GIGABYTE),
        )
        add_people(self.services.database, MEL)
        self.services.models.load()

    def ask(self, question: str = TASK) -> None:
        with suppress(CollabError):  # that it failed is counted
            list(self.services.assistant.reply(MEL, None, question))

    def scrape(self, at: float) -> Scrape:
        return Scrape.of(self.services.metrics.text().decode(), at)

    def watched(self, trouble: Callable[["Running"], None]) -> list[Scrape]:
        """Scrapes before and after."""
        before = self.scrape(0)
        trouble(self)
        return [before, self.scrape(60)]


Start = Callable[[Callable[[Watch], EchoModel]], Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the application with an engine."""
    started: list[Running] = []

    def begin(engine: Callable[[Watch], EchoModel]) -> Running:
        started.append(Running(tmp_path, engine))
        return started[-1]

    yield begin
    for running in started:
        running.services.close()


def quick(watch: Watch) -> EchoModel:
    return EchoModel("A poem.")


def slow(watch: Watch) -> EchoModel:
    return TimedModel(watch, seconds=8)


def broken(watch: Watch) -> EchoModel:
    return FailingModel(EngineBrokenError(reason="it fell"))


def ask_once(running: Running) -> None:
    running.ask()


def fill_the_disk(running: Running) -> None:
    running.free_bytes = GIGABYTE


def change_it_from_beside(running: Running) -> None:
    """Another process adds 120 passages; this one goes on to answer without a look at them."""
    database = Database(running.services.database.path)
    beside = Library(database, WordEmbedder(), utc_now)
    chapters = "\n\n".join(f"# Rule {n}\n\nRule {n} is about matter {n}." for n in range(120))
    beside.add("rules.md", chapters.encode(), "everyone")
    database.close()
    running.ask("Hello")


def fill_the_queue(running: Running) -> None:
    for number in range(17):  # one is answered, 16 wait
        running.services.queue.enter(f"person {number}")


TROUBLES = {
    "CollabAnswersSlow": (slow, ask_once),
    "CollabAnswersFail": (broken, ask_once),
    "CollabIndexBehind": (quick, change_it_from_beside),
    "CollabDiskNearlyFull": (quick, fill_the_disk),
    "CollabQueueFull": (quick, fill_the_queue),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_each_alert_fires_in_its_trouble_and_no_other_does(start: Start, name: str) -> None:
    engine, trouble = TROUBLES[name]
    scrapes = start(engine).watched(trouble)
    assert [alert for alert, rule in RULES.items() if fires(rule["expr"], scrapes)] == [name]


def test_none_fires_where_all_is_well(start: Start) -> None:
    scrapes = start(quick).watched(ask_once)
    assert value('rate(collab_answers_total{decision="model"}[10m])', scrapes) != {}
    assert [alert for alert, rule in RULES.items() if fires(rule["expr"], scrapes)] == []


def test_none_fires_where_nobody_asks(start: Start) -> None:
    scrapes = start(quick).watched(lambda running: None)
    assert [alert for alert, rule in RULES.items() if fires(rule["expr"], scrapes)] == []


def test_every_trouble_has_a_rule_and_every_rule_a_trouble() -> None:
    assert set(RULES) == set(TROUBLES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule["alert"])
def test_each_says_what_to_do(rule: dict[str, dict[str, str]]) -> None:
    assert rule["labels"]["severity"] in ("warning", "critical")
    assert len(rule["annotations"]["summary"]) <= 100
    assert len(rule["annotations"]["description"].split()) > 25


def test_rules_and_panels_name_what_there_is(start: Start) -> None:
    running = start(broken)
    running.ask()
    there = set(running.scrape(0).samples)
    panels = [
        target["expr"]
        for panel in json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))["panels"]
        for target in panel["targets"]
    ]
    assert len(panels) >= 8
    for expression in [rule["expr"] for rule in RULES.values()] + panels:
        assert names(expression), expression
        assert names(expression) <= there, expression


def test_settings_that_the_rules_advise_exist() -> None:
    advised = set(re.findall(r"COLLAB_([A-Z_]+)", (MONITORING / "alerts.yaml").read_text(encoding="utf-8")))
    assert advised <= {name.upper() for name in Settings.model_fields}
    assert "QUEUE_LIMIT" in advised
