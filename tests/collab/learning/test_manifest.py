"""A run's data in one file: the same on reading, or a clear error."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from collab.errors import ManifestDamagedError, ManifestNewerError, ManifestUnwrittenError
from collab.learning import manifest
from collab.learning.records import (
    Aside,
    Effort,
    Example,
    HeldOut,
    HeldOutKind,
    Judged,
    Lesson,
    LessonKind,
    LessonSet,
    Pair,
    Source,
    Task,
    TrainingSettings,
)

PROMPT = ({"role": "system", "content": "Be kind."}, {"role": "user", "content": "几点开门？"})
SET = LessonSet(
    lessons=[
        Lesson("c1", LessonKind.FACT, Source.PERSON, "eve", "几点开门？", "九点。", "八点。", "zh"),
        Lesson("t1", LessonKind.RATING, Source.STRONGER, "mel", "Hi", "Hello!", "", "en", liked=False),
    ],
    asides=[Aside("c2", "learning.aside.conflict", "c3")],
    examples=[Example(Task.FACT, "c1", PROMPT, "九点。")],
    pairs=[Pair("c1", PROMPT, "九点。", "八点。")],
    judged=[Judged("t1", PROMPT, "Hello!", False)],
    held_out=[HeldOut(HeldOutKind.PARAPHRASE, "c1", PROMPT, "九点。", True)],
)
SETTINGS = TrainingSettings(seed=7, effort=Effort.THOROUGH, learning_rate=1e-4)


def test_what_was_frozen_is_read(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "1" / "manifest.json"
    frozen = manifest.freeze(path, SET, SETTINGS, "0.9.1+abc")
    assert manifest.read(path) == frozen
    assert frozen.lesson_set == SET
    assert (frozen.settings, frozen.seed, frozen.code_version) == (SETTINGS, 7, "0.9.1+abc")
    assert frozen.taught == {"c1", "t1"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["manifest.json"]


def test_the_hash_is_of_canonical_json() -> None:
    # sha256 of {"a":"é","b":[1]}, as sha256sum gives it
    assert manifest.sha256_of({"b": [1], "a": "é"}) == (
        "fe44b490e297c0523c2a1ce591fc7b3b064b5ad3f2ac4634523685392680de5d"
    )


def test_the_same_data_has_the_same_hash_and_other_data_another(tmp_path: Path) -> None:
    def sha256(lesson_set: LessonSet, settings: TrainingSettings, version: str) -> str:
        return manifest.freeze(tmp_path / "manifest.json", lesson_set, settings, version).sha256

    first = sha256(SET, SETTINGS, "1")
    assert first == sha256(SET, SETTINGS, "1")
    others = [
        sha256(replace(SET, asides=[]), SETTINGS, "1"),
        sha256(SET, replace(SETTINGS, rank=8), "1"),
        sha256(SET, SETTINGS, "2"),
    ]
    assert len({first, *others}) == 4


def test_an_empty_set_is_frozen_too(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    empty = LessonSet([], [], [], [], [], [])
    manifest.freeze(path, empty, TrainingSettings(), "1")
    assert manifest.read(path).lesson_set == empty


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("九点。", "十点。", "the hash of an item does not agree"),
        ('"role": "system"', '"role": "user"', "the hash of an item does not agree"),
        ('"rank": 16', '"rank": 8', "the hash of the whole does not agree"),
        ('"asides": [', '"other": [', "a part is missing or of another kind"),
        ('"items": {', '"items": 3 {', "it is no JSON text"),
    ],
)
def test_damage_is_told(tmp_path: Path, before: str, after: str, reason: str) -> None:
    path = tmp_path / "manifest.json"
    manifest.freeze(path, SET, SETTINGS, "1")
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(ManifestDamagedError, match=reason):
        manifest.read(path)


@pytest.mark.parametrize("text", ["", "[]", "3", '"x"', "{}", '{"format": 1}', "\x00", "[" * 100_000])
def test_what_is_no_manifest_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ManifestDamagedError):
        manifest.read(path)


def test_right_hashes_of_wrong_records_are_no_manifest(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    manifest.freeze(path, SET, SETTINGS, "1")
    whole = json.loads(path.read_text("utf-8"))
    whole["items"]["lessons"][0]["item"]["kind"] = "rumour"
    whole["items"]["lessons"][0]["sha256"] = manifest.sha256_of(whole["items"]["lessons"][0]["item"])
    whole["sha256"] = manifest.sha256_of({name: value for name, value in whole.items() if name != "sha256"})
    path.write_text(json.dumps(whole), "utf-8")
    with pytest.raises(ManifestDamagedError, match="of another kind"):
        manifest.read(path)


def test_a_later_format_asks_for_a_later_version(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text('{"format": 2}', "utf-8")
    with pytest.raises(ManifestNewerError, match="in the format 2"):
        manifest.read(path)


def test_nothing_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestDamagedError, match="No such file"):
        manifest.read(tmp_path / "manifest.json")


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.mkdir()
    (path / "kept").touch()
    with pytest.raises(ManifestUnwrittenError, match="Is a directory|not empty|exists"):
        manifest.freeze(path, SET, SETTINGS, "1")
    assert [one.name for one in tmp_path.iterdir()] == ["manifest.json"]
    assert (path / "kept").exists()
