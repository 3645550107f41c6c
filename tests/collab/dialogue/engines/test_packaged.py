"""The cache of the converted packaged model."""

import json
import logging
import shutil
from pathlib import Path

import pytest

from collab.dialogue.engines import packaged
from collab.errors import ModelPackageMissingError


@pytest.mark.parametrize("package", ["no_such_package", "json"])  # not installed, or without weights
def test_a_missing_package_says_what_to_install(package: str) -> None:
    with pytest.raises(ModelPackageMissingError, match=f"{package} is missing.*requirements-models.txt"):
        packaged.packaged_gguf(package)


@pytest.mark.models
def test_a_damaged_copy_is_converted_again(
    packaged_folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    copy = shutil.copytree(packaged_folder, tmp_path / packaged_folder.name)
    weights = copy / "model.safetensors"
    whole = weights.read_bytes()
    with weights.open("r+b") as file:  # one flipped bit, far from the header that safetensors checks
        file.seek(len(whole) // 2)
        file.write(bytes([whole[len(whole) // 2] ^ 1]))
    (tmp_path / ".converting-killed").mkdir()
    told: list[tuple[str, float]] = []

    with caplog.at_level(logging.INFO, packaged.__name__):
        folder = packaged.ready_folder(tmp_path, lambda stage, share: told.append((stage, share)))

    assert folder == copy
    assert weights.read_bytes() == whole
    assert told[0] == ("model_converting", 0.0)
    assert told[-1] == ("model_converting", 1.0)
    assert [record.levelname for record in caplog.records if record.name == packaged.__name__] == ["INFO"]
    assert capfd.readouterr() == ("", "")  # no progress bar
    assert {path.name for path in tmp_path.iterdir()} == {copy.name, "converting.lock"}


@pytest.mark.models
def test_a_whole_copy_is_used_as_it_is(packaged_folder: Path) -> None:
    told: list[str] = []
    assert packaged.ready_folder(packaged_folder.parent, lambda stage, share: told.append(stage)) == packaged_folder
    assert told == []
    assert json.loads((packaged_folder / "config.json").read_text())["model_type"] == "llama"
