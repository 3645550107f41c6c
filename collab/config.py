"""The settings: one frozen object, read once from `COLLAB_*` variables and a `.env` file.

Nothing else reads the environment, or writes it.
"""

import difflib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from dotenv.parser import Binding, parse_stream
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from collab.errors import SettingInvalidError, SettingsFileError, SettingUnknownError

PREFIX = "COLLAB_"


class Settings(BaseModel):
    """Everything that can be set. Each field is the variable `COLLAB_<NAME>`."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(7860, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    public_url: str = Field("", description="address people use, when a proxy stands in front")
    data: Path = Field(Path("data"), description="folder of the database and the converted model")
    database_key: SecretStr = Field(SecretStr(""), description="encrypts the database at rest; it cannot be recovered")
    language: str = Field(
        "en", pattern="^(en|zh)$", description="language of the screen until a person chooses: `en` or `zh`"
    )
    model: str = Field(
        "", description="chat model: a `.gguf` file, a folder or a Hugging Face id; empty takes the packaged SmolLM2"
    )
    model_url: str = Field(
        "", description="an OpenAI-compatible server to use instead, such as `http://127.0.0.1:8000/v1`"
    )
    model_name: str = Field("", description="name of the model on that server")
    model_key: SecretStr = Field(SecretStr(""), description="key for that server")
    model_timeout_s: float = Field(60, gt=0, description="seconds that server may stay silent")
    answer_tokens: int = Field(
        160, ge=16, le=4096, description="longest text that the model may write for an answer, in tokens"
    )
    answer_seconds: float = Field(
        60, gt=0, le=3600, description="longest that the model may write on one answer, in seconds"
    )
    daily_tokens: int = Field(
        0, ge=0, description="tokens that the model may write for a person in 24 hours; 0 sets no limit"
    )
    queue_limit: int = Field(
        16, ge=1, le=1000, description="answers that may wait for the model before new ones are refused"
    )
    training_memory_mb: int = Field(
        6_000, ge=1_000, description="memory that a training may take, in megabytes; it runs beside the application"
    )
    training_schedule: str = Field(
        "", pattern="^(nightly)?$", description="`nightly` trains at 03:00 UTC if lessons came since the last training"
    )
    training_after: int = Field(
        0, ge=0, description="train once so many lessons came since the last training; 0 leaves that to people"
    )
    training_promotes: bool = Field(
        False, description="let a scheduled training that passed go live by itself, instead of waiting for an admin"
    )
    tracking: str = Field(
        "tensorboard",
        pattern="^(tensorboard|wandb|trackio|none)$",
        description="where trainings' figures go, never a text: `tensorboard` (files), `wandb`, `trackio` or `none`",
    )
    wrong_cost: float = Field(
        9, ge=1, le=1000, description="misses that one wrong application is worth; Review shows what another value does"
    )
    upload_mb: int = Field(25, ge=1, le=25, description="largest file that may be uploaded, in megabytes; at most 25")
    session_days: int = Field(14, ge=1, le=365, description="days until a browser must sign in again")
    review_days: int = Field(3, ge=1, le=365, description="days that a case may wait for review before it is late")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="how much is logged")
    log_format: str = Field(
        "text", pattern="^(text|json)$", description="how a line of the log is written: `text`, or `json` for programs"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="lets Prometheus read `/metrics`; an administrator's API key does too"
    )
    otlp_url: str = Field(
        "", description="an OpenTelemetry collector that gets how long the parts of a turn took, never a text"
    )

    @field_validator("data")
    @classmethod
    def _in_home(cls, value: Path) -> Path:
        return Path(os.path.expanduser(value))  # a file, unlike a shell, does not do that

    @field_validator("model_url", "otlp_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and not (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0):
            raise ValueError("it must begin with http:// or https:// and name a host")
        return value


def load_settings(environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")) -> Settings:
    """Reads the settings; the environment wins over `env_file`.

    Raises SettingUnknownError, SettingInvalidError and SettingsFileError, each with the name and what to do.
    """
    given = {**_read_file(env_file), **(os.environ if environment is None else environment)}
    values: dict[str, str] = {}
    for key, value in given.items():
        if not key.upper().startswith(PREFIX):
            continue
        name = key.upper().removeprefix(PREFIX).lower()
        if name not in Settings.model_fields:
            raise SettingUnknownError(name=key, nearest=_nearest(name, Settings.model_fields))
        values[name] = value
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingInvalidError(
            name=PREFIX + str(first["loc"][0]).upper(),
            value=str(first["input"]).rpartition("@")[2][:80],  # an address may have a password before that
            why=first["msg"].removeprefix("Value error, "),
        ) from None  # pydantic's own words repeat the value


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which another process, in whatever folder it runs, reads these very settings."""
    told = {
        PREFIX + name.upper(): value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in settings.model_dump().items()
    }
    told[PREFIX + "DATA"] = str(settings.data.resolve())
    model = Path(settings.model).expanduser()
    if settings.model and model.exists():
        told[PREFIX + "MODEL"] = str(model.resolve())
    others = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
    return {**others, **told}


def keep_uploads_in(folder: Path) -> None:
    """Where Gradio puts uploads, in this whole process. It takes that from the environment and from nowhere else."""
    os.environ["GRADIO_TEMP_DIR"] = str(folder.resolve())


def _read_file(path: Path) -> dict[str, str]:
    """What the file sets, for us and for others. A line that is not understood is never passed over in silence."""
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig") as file:  # some editors begin the file with a mark
            bindings = list(parse_stream(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsFileError(path=str(path), why=str(error)) from error
    values: dict[str, str] = {}
    for binding in bindings:
        if why := _fault(binding):
            raise SettingsFileError(path=str(path), why=f"line {_line(binding)} {why}")
        values[binding.key or ""] = binding.value or ""
    return values


def _fault(binding: Binding) -> str:
    if binding.error:
        return "is not understood"
    if binding.key is not None and binding.value is None:
        return "has no value"
    if (binding.key or "").upper().startswith(PREFIX) and "\n" in (binding.value or ""):
        return "has a quote that is not closed"
    return ""


def _line(binding: Binding) -> int:
    """The parser counts empty lines before it as part of it."""
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")


def _nearest(name: str, known: Iterable[str]) -> str:
    return PREFIX + difflib.get_close_matches(name, list(known), n=1, cutoff=0)[0].upper()
