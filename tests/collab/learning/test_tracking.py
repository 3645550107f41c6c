"""A training's figures are read back from real event files; services are small modules that keep what they are told."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tensorboardX.proto.event_pb2 import Event

from collab.config import load_settings
from collab.errors import SettingInvalidError, TrackingPackageMissingError
from collab.learning.records import StepTold
from collab.learning.tracking import Tracker, Tracking, open_tracker, require

SETTINGS = {"effort": "quick", "rank": 4}
STEP = StepTold("sft", 3, 8, {"fact": 0.5, "style": 0.25}, 2.0)


def _events(path: Path) -> list[Event]:
    """What a file holds: records of a length, its sum, the event and its sum."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        size = int.from_bytes(data[at : at + 8], "little")
        found.append(Event.FromString(data[at + 12 : at + 12 + size]))
        at += size + 16
    return found


def _track(opened: Callable[[], Tracker | None], *steps: StepTold) -> None:
    tracking = Tracking(opened)
    for step in steps:
        tracking.step(step)
    tracking.close()


class Service(ModuleType):
    """Keeps what a client is told."""

    def __init__(self, name: str, said: list[Any]) -> None:
        super().__init__(name)
        self.__spec__ = sys.__spec__
        self._said = said

    def Settings(self, **values: object) -> dict[str, object]:  # noqa: N802 - the name in wandb
        return values

    def init(self, **values: object) -> "Service":
        self._said.append(values)
        return self

    def log(self, values: dict[str, float]) -> None:
        self._said.append(values)

    def finish(self) -> None:
        self._said.append("finished")


def test_event_files_hold_every_update(tmp_path: Path) -> None:
    _track(
        lambda: open_tracker("tensorboard", "r1", tmp_path, SETTINGS), STEP, StepTold("preference", 1, 2, {"x": 4}, 1)
    )
    (path,) = tmp_path.glob("events.out.tfevents.*")
    first, *events = _events(path)
    assert first.file_version == "brain.Event:2"
    found = [(event.step, {value.tag: value.simple_value for value in event.summary.value}) for event in events]
    assert found == [
        (3, {"sft/fact": 0.5, "sft/style": 0.25, "sft/seconds": 2.0}),
        (1, {"preference/x": 4.0, "preference/seconds": 1.0}),
    ]


@pytest.mark.parametrize("choice", ["wandb", "trackio"])
def test_a_service_gets_numbers_and_settings(choice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    monkeypatch.setitem(sys.modules, choice, Service(choice, said))
    _track(lambda: open_tracker(choice, "r1", tmp_path, SETTINGS), STEP)
    began, *told = said
    assert (began["project"], began["config"], began["resume"]) == ("collab", SETTINGS, "allow")
    assert "r1" in (began.get("id"), began.get("name"))
    assert told == [{"sft/fact": 0.5, "sft/style": 0.25, "sft/seconds": 2.0, "sft/step": 3}, "finished"]
    assert list(tmp_path.iterdir()) == []


def test_weights_and_biases_sends_no_more_than_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    monkeypatch.setitem(sys.modules, "wandb", Service("wandb", said))
    _track(lambda: open_tracker("wandb", "r1", tmp_path, SETTINGS))
    quiet = said[0]["settings"]
    assert (quiet["console"], quiet["save_code"], quiet["disable_git"], quiet["x_disable_meta"]) == (
        "off",
        False,
        True,
        True,
    )


@pytest.mark.parametrize("choice", ["wandb", "trackio"])
def test_a_package_that_is_absent_is_named(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, choice, raising=False)
    with pytest.raises(TrackingPackageMissingError, match=f"pip install {choice}"):
        require(choice)


def test_what_goes_wrong_is_logged_once_and_fails_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def log(self, *_: object) -> None:
            raise OSError("no room")

        def close(self) -> None:
            pass

    with caplog.at_level(logging.WARNING, logger="collab.learning.tracking"):
        _track(Broken, STEP, STEP, STEP)
        _track(lambda: open_tracker("tensorboard", "r1", Path("/nowhere/at/all"), SETTINGS), STEP)
    assert [record.getMessage() for record in caplog.records][:1] == ["The training is no longer tracked: no room"]
    assert len(caplog.records) == 2


def test_none_writes_nothing(tmp_path: Path) -> None:
    _track(lambda: open_tracker("none", "r1", tmp_path, SETTINGS), STEP)
    assert list(tmp_path.iterdir()) == []


def test_it_is_one_of_four(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path / ".env").tracking == "tensorboard"
    assert load_settings({"COLLAB_TRACKING": "wandb"}, tmp_path / ".env").tracking == "wandb"
    with pytest.raises(SettingInvalidError, match="COLLAB_TRACKING"):
        load_settings({"COLLAB_TRACKING": "wandb,trackio"}, tmp_path / ".env")
