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


@pytest.mark.parametrize("content", [b"COLLAB_PORT=\xff\xfe", b"COLLAB_PORT\n"])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content)
    with pytest.raises(SettingsFileError, match=re.escape(str(file))):
        load_settings({}, file)


def test_a_wrong_value_never_shows_a_secret() -> None:
    assert "hunter2" not in repr(load_settings({"COLLAB_DATABASE_KEY": "hunter2"}, NO_FILE))


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load_settings({}, NO_FILE).port = 1  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
    assert PREFIX == "COLLAB_"
