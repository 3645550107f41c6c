"""Settings: read once, frozen, and unknown names are errors."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from collab.config import PREFIX, Settings, load_settings
from collab.errors import SettingInvalidError, SettingsFileError, SettingUnknownError

NO_FILE = Path("there is no such file")


def test_defaults_need_no_environment() -> None:
    settings = load_settings({}, NO_FILE)
    assert (settings.host, settings.port, settings.model) == ("127.0.0.1", 7860, "")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("COLLAB_PORT=1\nCOLLAB_MODEL=./my model\nOTHER_THING=x\n")
    settings = load_settings({"COLLAB_PORT": "2", "PATH": "/bin"}, file)
    assert (settings.port, settings.model) == (2, "./my model")


def test_an_unknown_name_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SettingUnknownError, match="COLLAB_PROT is not a setting. Did you mean COLLAB_PORT"):
        load_settings({"COLLAB_PROT": "80"}, NO_FILE)
    file = tmp_path / ".env"
    file.write_text("COLLAB_MODEL_UR=x\n")
    with pytest.raises(SettingUnknownError, match="COLLAB_MODEL_URL"):
        load_settings({}, file)


@pytest.mark.parametrize(("name", "value"), [("PORT", "eighty"), ("PORT", "70000"), ("LANGUAGE", "fr")])
def test_a_wrong_value_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(SettingInvalidError, match=f"COLLAB_{name} cannot be '{value}'"):
        load_settings({f"COLLAB_{name}": value}, NO_FILE)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"COLLAB_PORT=\xff\xfe", "'utf-8' codec can't decode byte 0xff in position 12: invalid start byte"),
        (b"COLLAB_PORT\n", "line 1 has no value"),
        (b'# a note\n\nCOLLAB_DATABASE_KEY="secret\n', "line 3 is not understood"),
        (b"COLLAB_PORT=1\nCOLLAB_DATABASE_KEY='secret\n", "line 2 is not understood"),
        (b'COLLAB_DATABASE_KEY="secret\nCOLLAB_MODEL="\n', "line 1 has a quote that is not closed"),
        (b"COLLAB PORT=8000\n", "line 1 is not understood"),
        (b"COLLAB_PORT: 8000\n", "line 1 is not understood"),
        (b"export\n", "line 1 has no value"),
    ],
)
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content)
    expected = f"The settings file {file} cannot be read: {why}. Save it as UTF-8 text with one NAME=value a line."
    with pytest.raises(SettingsFileError, match=f"^{re.escape(expected)}$"):
        load_settings({}, file)


def test_a_file_may_quote_comment_and_export(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    first = "\ufeffCOLLAB_LANGUAGE=zh\n# a note\n\n"
    file.write_text(first + "export COLLAB_PORT=1 # one\nCOLLAB_MODEL='my $model'\nCOLLAB_MODEL_NAME=\n")
    settings = load_settings({}, file)
    assert (settings.port, settings.model, settings.model_name) == (1, "my $model", "")
    assert settings.language == "zh"


@pytest.mark.parametrize(
    "value", ["localhost:8000/v1", "http://", "http://me:hunter2@127.0.0.1:port/v1", "http://[::1/v1", "file:///etc"]
)
def test_an_address_of_a_model_server_that_is_none(value: str) -> None:
    with pytest.raises(SettingInvalidError, match="COLLAB_MODEL_URL cannot be") as told:
        load_settings({"COLLAB_MODEL_URL": value}, NO_FILE)
    assert "hunter2" not in str(told.value)
    assert told.value.__cause__ is None
    assert load_settings({"COLLAB_MODEL_URL": "http://me:hunter2@[::1]:8000/v1"}, NO_FILE).model_url


def test_a_data_folder_may_be_named_from_home(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("COLLAB_DATA=~/collab data\n")
    assert load_settings({}, file).data == Path.home() / "collab data"
    assert load_settings({"COLLAB_DATA": "./~x"}, NO_FILE).data == Path("~x")


def test_a_wrong_value_never_shows_a_secret() -> None:
    assert "hunter2" not in repr(load_settings({"COLLAB_DATABASE_KEY": "hunter2"}, NO_FILE))


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load_settings({}, NO_FILE).port = 1  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
    assert PREFIX == "COLLAB_"
