"""Checks of what the application stands on: Python, packages, models, folder, port, the model server, the clock."""

import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import httpcore

from collab.config import Settings
from collab.dialogue.engines.packaged import packaged_gguf
from collab.doctor.findings import Finding, ok, problem, warning
from collab.errors import FolderInUseError, ModelPackageMissingError
from collab.folder import Use
from knowledge.embedding import SentenceEmbedder, packaged_embedder_path
from knowledge.errors import CollabError, StorageUnavailableError
from knowledge.multilingual import MultilingualEmbedder, packaged_multilingual_path

ROOT = Path(__file__).parents[2]
NEEDED = (3, 11)
NEEDED_FILES = ("requirements.txt", "requirements-models.txt")
LOCK = "requirements-lock.txt"
BUILT = datetime(2026, 11, 1, tzinfo=UTC)  # this version is younger than that
GB = 1_000_000_000
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
_ANSWER_S = 5.0
_SHOWN = 5


def python(found: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """The version that everything is built and tested for."""
    name = ".".join(map(str, found))
    if found[:2] == NEEDED:
        return ok("python", name)
    return problem("python", f"This is Python {name}, and 3.11 is needed. Run `make run PYTHON=/path/to/python3.11`.")


def packages(root: Path = ROOT) -> Finding:
    """What is needed is there, in the versions that belong together."""
    try:
        needed = dict(pin for name in NEEDED_FILES for pin in _pins(root / name))
        locked = dict(_pins(root / LOCK))
    except OSError as error:
        return warning(
            "packages", f"They cannot be compared: {error.filename} cannot be read. Install from a whole copy."
        )
    wrong = [_wrong(name, version) for name, version in needed.items()]
    if wrong := [one for one in wrong if one]:
        return problem("packages", f"{_some(wrong)}. Run `make run`, which installs them.")
    others = [_wrong(name, version) for name, version in locked.items() if _installed(name)]
    if others := [one for one in others if one]:
        return warning("packages", f"{_some(others)}. Remove .venv and run `make run`, which installs them anew.")
    return ok("packages", f"{len(needed)} needed ones, in their versions")


def _pins(path: Path) -> Iterator[tuple[str, str]]:
    yield from _PIN.findall(path.read_text(encoding="utf-8"))


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _wrong(name: str, version: str) -> str | None:
    found = _installed(name)
    if found is None:
        return f"{name} {version} is missing"
    return None if found.split("+")[0] == version else f"{name} is {found} instead of {version}"


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return "; ".join(names[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def clock(now: datetime) -> Finding:
    """Times are kept with everything; sign-ins end by them."""
    if now < BUILT:
        return problem("clock", f"It says {now:%Y-%m-%d}, which is before this version was made. Set it right.")
    return ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def embedder(folder: Path | None = None, multilingual: Path | None = None) -> Finding:
    """The models that find passages and corrections, and corrections in Chinese, whose small engine is tried."""
    try:
        main = SentenceEmbedder(folder or packaged_embedder_path())
        other = MultilingualEmbedder(multilingual or packaged_multilingual_path())
        other.count_tokens("好")
        return ok("embedder", f"{main.name}; for Chinese {other.name}")
    except CollabError as error:
        return problem("embedder", str(error))
    except OSError as error:
        return problem("embedder", f"It cannot be read: {error}. Install requirements-models.txt again.")


def chat_model(settings: Settings) -> Finding:
    """The model that words answers: a server, a folder, or the one that is packaged."""
    if settings.model_url:
        return _server(settings)
    if settings.model:
        return _folder_model(settings.model)
    try:
        with packaged_gguf().open("rb") as file:
            whole = file.read(4) == b"GGUF"
    except ModelPackageMissingError as error:
        return problem("chat model", str(error))
    except OSError as error:
        return problem("chat model", f"It cannot be read: {error}. Install requirements-models.txt again.")
    if not whole:
        return problem("chat model", "The packaged model is damaged. Install requirements-models.txt again.")
    return ok("chat model", "the packaged one")


def _folder_model(name: str) -> Finding:
    if Path(name, "config.json").is_file():
        return ok("chat model", name)
    if Path(name).exists() or name.startswith((".", "/", "~")):
        return problem("chat model", f"There is no config.json in {name}. Let COLLAB_MODEL name the folder of a model.")
    return warning("chat model", f"{name} is no folder, so it is fetched from Hugging Face at the start.")


def _server(settings: Settings) -> Finding:
    url, key = settings.model_url.rstrip("/") + "/models", settings.model_key.get_secret_value()
    parts = urlsplit(url)
    shown = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()  # without a login in it
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), _ANSWER_S)
    headers: list[tuple[bytes | str, bytes | str]] = [("Authorization", f"Bearer {key}")] if key else []
    try:
        status = httpcore.request("GET", url, headers=headers, extensions={"timeout": timeouts}).status
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, ValueError) as error:
        reason = str(error).replace(key, "…") if key else str(error)
        advice = "Start that server, or check COLLAB_MODEL_URL."
        return problem("chat model", f"{shown} does not answer ({reason or type(error).__name__}). {advice}")
    if status in (401, 403):
        return problem("chat model", f"{shown} refuses the key (HTTP {status}). Check COLLAB_MODEL_KEY.")
    if status != 200:
        return problem("chat model", f"{shown} answers HTTP {status}. COLLAB_MODEL_URL usually ends in /v1.")
    return ok("chat model", shown)


def port(settings: Settings) -> Finding:
    """Whether the application could listen, or already does."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    name = f"{settings.host} port {settings.port}"
    try:
        with closing(socket.create_server((settings.host, settings.port), family=family)):
            return ok("port", f"{name} is free")
    except OSError as error:
        if _runs(settings.data):
            return ok("port", f"{name} is taken while something uses {settings.data}: the application, most likely")
        return problem("port", f"{name} cannot be used: {error.strerror or error}. Set COLLAB_PORT or COLLAB_HOST.")


def _runs(data: Path) -> bool:
    if data.is_dir():
        with suppress(StorageUnavailableError):
            try:
                Use(data, alone=True).close()
            except FolderInUseError:
                return True
    return False


def folder(data: Path) -> Finding:
    """The data folder can be written."""
    if not data.exists():
        return ok("data folder", f"{data} is not there yet: the first start makes it")
    try:
        with tempfile.TemporaryFile(dir=data):
            return ok("data folder", str(data.resolve()))
    except OSError as error:
        return problem("data folder", f"{data} cannot be written: {error.strerror}. Change its owner, or COLLAB_DATA.")


def privacy(data: Path) -> Finding:
    """Nobody else on this machine can read what people ask: the folder is closed, or everything in it is."""
    mode = data.stat().st_mode
    within = [*data.glob("*.db*"), *data.glob("backups/*")] if mode & 0o077 else []
    exposed = [str(path) for path in within if path.stat().st_mode & 0o077]
    if mode & 0o022:
        exposed.insert(0, str(data))
    if exposed:
        advice = f"Run `chmod -R go= {data}`."
        return warning("privacy", f"Others on this machine can read or change {_some(exposed)}. {advice}")
    return ok("privacy", "closed to other users of this machine")


def space(data: Path, least_bytes: int = GB) -> Finding:
    """Room to write, to upgrade, and to back up."""
    free = shutil.disk_usage(data).free
    needed = max(least_bytes, 3 * sum(path.stat().st_size for path in data.glob("*.db*")))
    if free < needed // 10:
        return problem("space", f"{free / GB:.2f} GB are free, which is too little to go on. Free some space.")
    if free < needed:
        return warning(
            "space", f"{free / GB:.2f} GB are free, and an upgrade or a backup may need {needed / GB:.2f} GB."
        )
    return ok("space", f"{free / GB:.0f} GB free")
