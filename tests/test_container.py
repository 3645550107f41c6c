"""The container's files fit together and to the rest; building and running it needs a container runtime."""

import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from collab.config import PREFIX, Settings

ROOT = Path(__file__).parent.parent


def _instructions() -> list[tuple[str, str]]:
    """(instruction, its text) of the Dockerfile, continued lines joined, comments left out."""
    text = "\n".join(line for line in _read("Dockerfile").splitlines() if not line.startswith("#"))
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _last(instruction: str) -> str:
    return [text for name, text in _instructions() if name == instruction][-1]


def _environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in shlex.split(_last("ENV")))


@pytest.fixture
def service() -> dict[str, Any]:
    """The one service of compose.yaml."""
    services: dict[str, dict[str, Any]] = yaml.safe_load(_read("compose.yaml"))["services"]
    return services["collab"]


def _is_sent(name: str) -> bool:
    """Whether a file at the root of the repository reaches the builder: the last line that fits decides."""
    sent = True
    for line in _read(".dockerignore").splitlines():
        if line and not line.startswith("#") and fnmatch(name, line.removeprefix("!")):
            sent = line.startswith("!")
    return sent


def test_everything_that_is_copied_exists_and_is_sent_to_the_builder() -> None:
    copied = [source for name, text in _instructions() if name == "COPY" for source in text.split()[:-1]]
    ours = [source for source in copied if not source.startswith(("--", "/"))]
    assert {"app.py", "knowledge", "collab", "assets", "requirements-models.txt"} <= set(ours)
    assert [source for source in ours if not (ROOT / source).exists() or not _is_sent(source)] == []


def test_nothing_private_is_sent_to_the_builder() -> None:
    for name in (".env", "data", ".git", ".venv", "tests"):
        assert not _is_sent(name), name


def test_both_stages_stand_on_the_python_that_is_needed() -> None:
    bases = [text.split()[0] for name, text in _instructions() if name == "FROM"]
    assert bases == ["python:3.11-slim-bookworm"] * 2


def test_it_installs_as_make_does() -> None:
    def installs(text: str) -> list[str]:
        found = re.findall(r"-m pip install ([^\n\\&]*)", text)
        return [line.replace("--no-cache-dir ", "").strip() for line in found]

    makefile = _read("Makefile")
    runtime = makefile[makefile.index(".venv/runtime:") : makefile.index(".venv/development:")]
    assert installs(_read("Dockerfile")) == installs(runtime)
    assert len(installs(runtime)) == 3


def test_it_starts_what_make_run_starts() -> None:
    started = re.search(r"^run:.*\n\t@\$\(BIN\)/(.*)$", _read("Makefile"), re.MULTILINE)
    assert started is not None
    assert json.loads(_last("CMD")) == started[1].split()
    assert _environment()["PATH"].startswith("/app/.venv/bin:")


def test_it_does_not_run_as_root_and_owns_only_its_data() -> None:
    names = [name for name, _ in _instructions()]
    assert _last("USER") == "collab"
    assert names.index("USER") > max(place for place, name in enumerate(names) if name in ("RUN", "COPY"))
    assert [text for name, text in _instructions() if "--chown" in text] == []
    assert "--owner=collab --group=collab --mode=700 /data" in _last("RUN")


def test_its_settings_are_settings(service: dict[str, Any]) -> None:
    inside = {name: value for name, value in _environment().items() if name.startswith(PREFIX)}
    assert inside == {"COLLAB_HOST": "0.0.0.0", "COLLAB_PORT": "7860", "COLLAB_DATA": "/data"}
    assert service["environment"] == inside
    settings = Settings.model_validate({name.removeprefix(PREFIX).lower(): value for name, value in inside.items()})
    assert (settings.host, settings.port, str(settings.data)) == ("0.0.0.0", 7860, "/data")


def test_its_health_is_asked_where_it_listens() -> None:
    (check,) = re.findall(r"CMD (\[.*\])", _last("HEALTHCHECK"))
    assert "http://127.0.0.1:7860/readyz" in json.loads(check)[-1]
    compile(json.loads(check)[-1], "health", "exec")
    assert (_last("EXPOSE"), _last("VOLUME")) == ("7860", "/data")


def test_compose_gives_it_no_more_than_it_needs(service: dict[str, Any]) -> None:
    assert service["ports"] == ["127.0.0.1:7860:7860"]  # this machine alone
    assert service["volumes"] == ["data:/data"]
    assert (service["read_only"], service["tmpfs"], service["cap_drop"]) == (True, ["/tmp"], ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "command" not in service
    assert "user" not in service
