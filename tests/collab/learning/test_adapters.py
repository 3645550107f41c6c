"""Versions of what the model was taught: which one is live, the way back, and files in and out."""

import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file

from collab.dialogue.engines.lora_gguf import CONFIG, WEIGHTS
from collab.errors import (
    AdapterDamagedError,
    AdapterForeignError,
    AdapterNoneEarlierError,
    AdapterNotFiniteError,
    AdapterNotPassedError,
    AdapterPickleError,
    AdapterPointerError,
    AdapterRankError,
    FileUnavailableError,
    ModelLoadError,
    NotAllowedError,
    TrainingImpossibleError,
)
from collab.learning.adapter_files import MANIFEST, Base, read, save
from collab.learning.adapters import Adapters
from collab.learning.run_records import Adapter, Learned
from collab.learning.tables import StoredAdapter
from collab.learning.trainable import TrainableModel
from collab.people.access import OPERATOR, Actor
from knowledge.database import Database
from knowledge.errors import NotFoundError
from tests.collab.learning.rows import EVE, MEL
from tests.collab.learning.test_leases import NOW, Wound, acts
from tests.collab.learning.tiny_adapters import ADA, BEA, A, B, Engine, Made, over, saved


def live_ones(adapters: Adapters) -> list[str]:
    return [one.id for one in adapters.all(ADA) if one.is_live]


def test_a_promoted_one_is_live_and_everything_says_so(
    adapters: Adapters, add: Made, following: Engine, database: Database
) -> None:
    first = add(taught={"c1": True, "c2": None})
    assert (adapters.live(), live_ones(adapters)) == (None, [])
    promoted = adapters.promote(ADA, first)
    assert (promoted.is_live, promoted.lessons, promoted.base) == (True, 2, "tiny")
    [change] = promoted.promotions
    assert (change.adapter_id, change.previous_id, change.by, change.at, change.is_rollback, change.reason) == (
        *(first, None, "Ada", NOW, False, None),
    )
    assert (adapters.live(), following.served) == (first, [first])
    assert acts(database) == [("adapter.promote", {"instead_of": None})]
    assert adapters.promote(ADA, first).promotions == (change,)  # again: nothing changes


def test_what_the_gate_refused_needs_a_reason_which_the_audit_keeps(
    adapters: Adapters, add: Made, following: Engine, database: Database
) -> None:
    first = add(is_passed=False)
    for reason in (None, "", "  \n"):
        with pytest.raises(AdapterNotPassedError):
            adapters.promote(ADA, first, reason)
    assert (adapters.live(), following.served, acts(database)) == (None, [], [])
    adapters.promote(ADA, first, "We need the tone today.")
    assert acts(database) == [("adapter.promote", {"instead_of": None, "reason": "We need the tone today."})]
    assert adapters.history(ADA)[0].reason == "We need the tone today."


@pytest.mark.parametrize("who", [MEL, EVE], ids=["member", "expert"])
def test_nobody_else_sees_or_changes_them(
    adapters: Adapters, add: Made, tmp_path: Path, following: Engine, who: Actor
) -> None:
    first = add()
    archive = adapters.export(ADA, first, tmp_path / "kept.zip")
    for act in (
        lambda: adapters.all(who),
        lambda: adapters.get(who, first),
        lambda: adapters.history(who),
        lambda: adapters.promote(who, first, "please"),
        lambda: adapters.roll_back(who),
        lambda: adapters.path(who, first),
        lambda: adapters.export(who, first, tmp_path / "mine.zip"),
        lambda: adapters.take_in(who, archive),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert (following.served, adapters.live(), (tmp_path / "mine.zip").exists()) == ([], None, False)


def test_one_that_nobody_knows_is_not_found(adapters: Adapters) -> None:
    for act in (adapters.get, adapters.promote, adapters.path):
        with pytest.raises(NotFoundError):
            act(ADA, "../../etc")


def test_of_two_who_promote_at_once_one_does(adapters: Adapters, add: Made, database: Database) -> None:
    ids = {ADA: add(0.25), BEA: add(0.75)}
    together, refused, done = threading.Barrier(2), list[Actor](), list[Actor]()

    def promote(actor: Actor) -> None:
        together.wait()
        try:
            adapters._change(actor, ids[actor], None, None, is_rollback=False)  # both have seen that none is live
            done.append(actor)
        except AdapterPointerError:
            refused.append(actor)

    threads = [threading.Thread(target=promote, args=(actor,)) for actor in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(refused)) == (1, 1)
    assert adapters.live() == ids[done[0]]
    assert len(adapters.history(ADA)) == 1


def test_rolling_back_goes_the_way_that_promotions_came(adapters: Adapters, add: Made, following: Engine) -> None:
    a, b, c = (add(value) for value in (0.1, 0.2, 0.3))
    for one in (a, b, c):
        adapters.promote(ADA, one)
    assert [adapters.roll_back(ADA), adapters.roll_back(ADA)] == [b, a]
    adapters.promote(ADA, c)
    assert [adapters.roll_back(ADA), adapters.roll_back(ADA), adapters.live()] == [a, None, None]
    with pytest.raises(AdapterNoneEarlierError):
        adapters.roll_back(ADA)
    assert following.served == [a, b, c, b, a, c, a, None]
    assert [one.is_rollback for one in adapters.history(ADA)] == [True, True, False, True, True, False, False, False]


def test_without_its_files_the_one_before_that_is_gone_back_to(adapters: Adapters, add: Made, tmp_path: Path) -> None:
    a, b, c = (add(value) for value in (0.1, 0.2, 0.3))
    for one in (a, b, c):
        adapters.promote(ADA, one)
    shutil.rmtree(tmp_path / "adapters" / b)
    assert adapters.roll_back(ADA) == a
    shutil.rmtree(tmp_path / "adapters" / a)
    assert adapters.roll_back(ADA) is None  # also from one whose own files are gone


def test_with_a_model_that_has_no_adapters_the_model_as_it_came_is_gone_back_to(
    adapters: Adapters, add: Made, database: Database, tmp_path: Path, following: Engine
) -> None:
    for value in (0.1, 0.2):
        adapters.promote(ADA, add(value))

    def impossible() -> TrainableModel:
        raise TrainingImpossibleError(model="far", reason="it runs on another server")

    assert Adapters(database, tmp_path / "adapters", impossible, Wound(), following).roll_back(ADA) is None
    assert adapters.live() is None


@pytest.mark.parametrize(
    "error", [ModelLoadError(model="m", reason="r"), MemoryError(), KeyboardInterrupt()], ids=["load", "memory", "stop"]
)
def test_what_cannot_be_served_is_not_live(
    adapters: Adapters, add: Made, following: Engine, error: BaseException, database: Database
) -> None:
    a, b, c = (add(value) for value in (0.1, 0.2, 0.3))
    adapters.promote(ADA, a)
    adapters.promote(ADA, b)
    following.fails = {c: error}
    with pytest.raises(type(error)):
        adapters.promote(ADA, c)
    assert (adapters.live(), [one.adapter_id for one in adapters.history(ADA)]) == (b, [b, a])
    assert acts(database)[-1] == ("adapter.not_served", {"instead_of": b})
    following.fails = {a: error}
    with pytest.raises(type(error)):
        adapters.roll_back(ADA)
    assert adapters.live() == b
    following.fails = {}
    assert [adapters.roll_back(ADA), adapters.roll_back(ADA)] == [a, None]  # nothing of the way back was lost


def test_what_somebody_else_made_live_meanwhile_stays(
    adapters: Adapters, add: Made, following: Engine, database: Database, tiny: Path, tmp_path: Path
) -> None:
    a, b = add(0.1), add(0.2)

    def fails_late(adapter_id: str | None) -> None:
        adapters.promote(BEA, b)
        raise ModelLoadError(model="m", reason="r")

    with pytest.raises(ModelLoadError):
        over(database, tiny, tmp_path / "adapters", fails_late).promote(ADA, a)
    assert adapters.live() == b


def test_one_that_is_live_and_not_served_is_served_when_it_is_promoted_again(
    adapters: Adapters, add: Made, following: Engine
) -> None:
    a = add()
    adapters.promote(ADA, a)
    adapters.promote(ADA, a)
    assert following.served == [a, a]
    following.fails = {a: ModelLoadError(model="m", reason="r")}
    with pytest.raises(ModelLoadError):
        adapters.promote(ADA, a)
    assert (adapters.live(), len(adapters.history(ADA))) == (a, 1)


# --- files that are not as they should be -----------------------------------------------------------------------------


def damaged(place: Path, tiny: Path) -> None:
    with (place / WEIGHTS).open("r+b") as file:
        file.seek(-3, 2)
        file.write(b"\xff")


def foreign(place: Path, tiny: Path) -> None:
    weights, config = read(place)
    save(weights, config, Base("other", "0" * 16), place)


def wrong_rank(place: Path, tiny: Path) -> None:
    saved(tiny, place, 0.5, rank=3)


def not_finite(place: Path, tiny: Path) -> None:
    saved(tiny, place, float("nan"))


def pickled(place: Path, tiny: Path) -> None:
    (place / "adapter_model.bin").write_bytes(b"\x80\x04.")


def without_manifest(place: Path, tiny: Path) -> None:
    (place / MANIFEST).unlink()


BAD = [
    (damaged, AdapterDamagedError),
    (foreign, AdapterForeignError),
    (wrong_rank, AdapterRankError),
    (not_finite, AdapterNotFiniteError),
    (pickled, AdapterPickleError),
    (without_manifest, AdapterDamagedError),
]
Spoil = Callable[[Path, Path], None]


@pytest.mark.parametrize(("spoil", "error"), BAD)
def test_promotion_refuses(
    adapters: Adapters, add: Made, following: Engine, tiny: Path, tmp_path: Path, spoil: Spoil, error: type[Exception]
) -> None:
    first = add()
    spoil(tmp_path / "adapters" / first, tiny)
    with pytest.raises(error):
        adapters.promote(ADA, first)
    assert (adapters.live(), following.served, adapters.history(ADA)) == (None, [], [])


def test_promotion_refuses_another_adapter_under_its_name(
    adapters: Adapters, add: Made, tiny: Path, tmp_path: Path
) -> None:
    first = add()
    saved(tiny, tmp_path / "adapters" / first, 0.9)
    with pytest.raises(AdapterDamagedError, match="not those it is named by"):
        adapters.promote(ADA, first)


@pytest.mark.parametrize("as_archive", [False, True], ids=["folder", "archive"])
@pytest.mark.parametrize(("spoil", "error"), BAD)
def test_import_refuses(
    adapters: Adapters, tiny: Path, tmp_path: Path, spoil: Spoil, error: type[Exception], as_archive: bool
) -> None:
    found = saved(tiny, tmp_path / "found", 0.5)
    spoil(found, tiny)
    if as_archive:
        found = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", found))
    with pytest.raises(error):
        adapters.take_in(ADA, found)
    assert adapters.all(ADA) == []
    assert list((tmp_path / "adapters").iterdir()) == []


def test_an_archive_that_is_none_or_is_cut_is_refused(adapters: Adapters, tiny: Path, tmp_path: Path) -> None:
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", saved(tiny, tmp_path / "found", 0.5)))
    whole = packed.read_bytes()
    for content in (b"no archive", whole[: len(whole) // 2], whole[:200] + b"\x00" * 50 + whole[250:]):
        packed.write_bytes(content)
        with pytest.raises(AdapterDamagedError):
            adapters.take_in(ADA, packed)
    with pytest.raises(AdapterDamagedError):
        adapters.take_in(ADA, tmp_path / "nowhere")
    assert list((tmp_path / "adapters").iterdir()) == []


def test_an_archive_writes_nowhere_else(adapters: Adapters, tiny: Path, tmp_path: Path) -> None:
    found = saved(tiny, tmp_path / "found", 0.5)
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as packed:
        for path in found.iterdir():
            packed.write(path, f"../../{path.name}")
        packed.writestr("../../evil.py", "1")
    before = {path.name for path in tmp_path.iterdir()}
    adapters.take_in(ADA, tmp_path / "packed.zip")
    assert {path.name for path in tmp_path.iterdir()} == before | {"adapters"}


def test_what_is_exported_is_the_same_elsewhere(
    adapters: Adapters, add: Made, database: Database, tiny: Path, tmp_path: Path, following: Engine
) -> None:
    first = add(taught={"c1": True})
    archive = adapters.export(ADA, first, tmp_path / "kept.zip")
    elsewhere = over(database, tiny, tmp_path / "elsewhere" / "adapters", following)
    with database.write() as session:
        session.delete(session.get_one(StoredAdapter, first))
    taken: Adapter = elsewhere.take_in(BEA, archive)
    assert (taken.id, taken.run_id, taken.is_passed, taken.by, taken.lessons) == (first, None, False, "Bea", 0)
    assert elsewhere.take_in(BEA, archive) == taken
    assert acts(database) == [("adapter.import", {})]
    for name in (CONFIG, WEIGHTS):
        assert (elsewhere.path(ADA, first) / name).read_bytes() == (tmp_path / "adapters" / first / name).read_bytes()
    assert elsewhere.promote(OPERATOR, first, "tested at the other site").is_live


def test_an_import_mends_files_that_were_lost(adapters: Adapters, add: Made, tiny: Path, tmp_path: Path) -> None:
    first = add()
    archive = adapters.export(ADA, first, tmp_path / "kept.zip")
    damaged(tmp_path / "adapters" / first, tiny)
    assert adapters.take_in(ADA, archive).is_passed  # it is the one that the gate has passed
    assert adapters.promote(ADA, first).is_live


def test_a_place_that_cannot_be_written_is_told(adapters: Adapters, add: Made, tmp_path: Path) -> None:
    first = add()
    with pytest.raises(FileUnavailableError, match="nowhere"):
        adapters.export(ADA, first, tmp_path / "nowhere" / "kept.zip")


def test_only_what_the_gate_asked_about_is_learned_missed_or_forgotten(adapters: Adapters, add: Made) -> None:
    first = add(0.1, taught={"c1": True, "c2": True, "c3": False, "c4": None})
    second = add(0.2, taught={"c1": True, "c2": False, "c3": False, "c4": None, "c5": True})
    ids = ["c1", "c2", "c3", "c4", "c5", "c6"]
    assert adapters.learned(ids) == {}
    add(0.3, taught={"c3": True})  # a candidate that nobody promoted makes nothing forgotten
    adapters.promote(ADA, first)
    assert adapters.learned(ids) == {"c1": Learned.LEARNED, "c2": Learned.LEARNED, "c3": Learned.MISSED}
    adapters.promote(ADA, second)
    assert adapters.learned(ids) == {
        "c1": Learned.LEARNED,
        "c2": Learned.FORGOTTEN,
        "c3": Learned.MISSED,
        "c5": Learned.LEARNED,
    }


def test_the_exported_folder_is_one_of_peft(adapters: Adapters, add: Made, tiny: Path) -> None:
    place = adapters.path(ADA, add())
    assert json.loads((place / CONFIG).read_text())["peft_type"] == "LORA"
    assert set(load_file(place / WEIGHTS)) == {A, B}
