"""The adapters of an installation: which there are, which one is live, promotion and the way back, files in and out.

Files are what they were: a folder of an adapter is written once, named by the hash of what is in it, and checked before
it is used. It trains nothing; `serve` lets the application answer with what the pointer says.
"""

import errno
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.engines.lora_gguf import CONFIG, WEIGHTS, adapter_name
from collab.errors import (
    AdapterDamagedError,
    AdapterNoneEarlierError,
    AdapterNotPassedError,
    AdapterPickleError,
    AdapterPointerError,
    FileUnavailableError,
    TrainingImpossibleError,
)
from collab.feedback import wording
from collab.feedback.records import names_of
from collab.learning import adapter_files, pointer
from collab.learning.run_records import Adapter, Learned, Promoted
from collab.learning.tables import Promotion, StoredAdapter, TaughtLesson
from collab.learning.trainable import TrainableModel
from collab.people import audit
from collab.people.access import Actor
from collab.people.acting import require_admin
from knowledge.database import Clock, Database
from knowledge.errors import NotFoundError, StorageError, StorageFullError

_FILES = (CONFIG, WEIGHTS, adapter_files.MANIFEST)
_LARGEST = 2_000_000_000  # bytes of one file of an archive


class Adapters:
    """Adapters in `folder`, one folder each. `model` raises TrainingImpossibleError where none can be trained."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        model: Callable[[], TrainableModel],
        clock: Clock,
        serve: Callable[[str | None], object],
    ) -> None:
        """`serve` blocks until answers that begin are written with this adapter (None: the model as it came), and
        raises, with nothing changed, where that cannot be.
        """
        self._database = database
        self._folder = folder
        self._model = model
        self._clock = clock
        self._serve = serve

    def all(self, actor: Actor) -> Sequence[Adapter]:
        """All, the newest first. Raises NotAllowedError."""
        with self._database.read() as session:
            require_admin(session, actor)
            rows = session.scalars(sa.select(StoredAdapter).order_by(StoredAdapter.created_at.desc())).all()
            return self._told(session, rows)

    def get(self, actor: Actor, adapter_id: str) -> Adapter:
        """One of them. Raises NotAllowedError and NotFoundError."""
        with self._database.read() as session:
            require_admin(session, actor)
            return self._told(session, [_found(session, adapter_id)])[0]

    def history(self, actor: Actor) -> Sequence[Promoted]:
        """Which were live, the newest change first. Raises NotAllowedError."""
        with self._database.read() as session:
            require_admin(session, actor)
            return _promotions(session)

    def live(self) -> str | None:
        """The id of the one that is live; None for the model as it came."""
        with self._database.read() as session:
            return pointer.live_id(session)

    def promote(self, actor: Actor, adapter_id: str, reason: str | None = None) -> Adapter:
        """Makes an adapter the live one: answers that begin from now on have it. One that the gate has not passed needs
        a reason, which the audit keeps.

        Raises NotAllowedError, NotFoundError, AdapterNotPassedError, AdapterDamagedError and its kinds, what loading
        raises, and AdapterPointerError; then what was live still is.
        """
        said = wording.remark(reason, "reason", wording.REASON_CHARS)
        with self._database.read() as session:
            require_admin(session, actor)
            row, live = _found(session, adapter_id), pointer.live_id(session)
        if not row.is_passed and not said:
            raise AdapterNotPassedError
        if live == adapter_id:  # also where it could not be served so far
            self._check(adapter_id)
            self._serve(adapter_id)
            return self.get(actor, adapter_id)
        self._change(actor, adapter_id, live, said, is_rollback=False)
        return self.get(actor, adapter_id)

    def roll_back(self, actor: Actor) -> str | None:
        """Makes live what was live before the last promotion that still stands; returns its id, None for the model as
        it came. Where it can no longer be used, the one before that.

        Raises NotAllowedError, AdapterNoneEarlierError and AdapterPointerError.
        """
        with self._database.read() as session:
            require_admin(session, actor)
            live = pointer.live_id(session)
            earlier = _earlier(session)
        if live is None:
            raise AdapterNoneEarlierError
        for adapter_id in (*earlier, None):
            try:
                self._change(actor, adapter_id, live, None, is_rollback=True)
                return adapter_id
            except (AdapterDamagedError, TrainingImpossibleError):
                continue  # its files are gone, or not what they were, or the model is now one that has no adapters
        raise AdapterNoneEarlierError

    def path(self, actor: Actor, adapter_id: str) -> Path:
        """The folder of an adapter: a standard one of PEFT, with its manifest. Raises as `get`, AdapterDamagedError."""
        self.get(actor, adapter_id)
        self._check(adapter_id)
        return self._folder / adapter_id

    def export(self, actor: Actor, adapter_id: str, archive: Path) -> Path:
        """Writes the folder as a `.zip`. Raises as `path`, FileUnavailableError and StorageFullError."""
        place = self.path(actor, adapter_id)
        with _told(archive), zipfile.ZipFile(archive, "w") as packed:
            for name in _FILES:
                packed.write(place / name, f"{adapter_id}/{name}")
        return archive

    def take_in(self, actor: Actor, found: Path) -> Adapter:
        """Takes in an adapter from a folder of PEFT with our manifest, or from a `.zip` of one. It counts as one that
        the gate has not passed; where its files had been lost, they are there again.

        Raises NotAllowedError, AdapterDamagedError and its kinds, FileUnavailableError and StorageFullError.
        """
        with self._database.read() as session:
            require_admin(session, actor)
        model = self._model()
        with _told(found):
            adapter_id = self._copied(found, model.folder(lambda stage, share: None))
        with self._database.write() as session:
            require_admin(session, actor)
            if session.get(StoredAdapter, adapter_id) is None:
                session.add(
                    StoredAdapter(
                        id=adapter_id,
                        base=model.name,
                        is_passed=False,
                        strength=1.0,
                        created_at=self._clock(),
                        person_id=actor.id or None,
                    )
                )
                self._note(session, actor, "adapter.import", adapter_id, {})
        return self.get(actor, adapter_id)

    def learned(self, correction_ids: Sequence[str]) -> dict[str, Learned]:
        """Of these corrections, what the live adapter made of them; those that it was not asked about are left out."""
        with self._database.read() as session:
            query = sa.select(TaughtLesson).where(
                TaughtLesson.lesson_id.in_(correction_ids), TaughtLesson.is_right.is_not(None)
            )
            live, known = pointer.live_id(session), list(session.scalars(query))
            were_live = set(session.scalars(sa.select(Promotion.adapter_id))) - {live}
        found = {row.lesson_id: bool(row.is_right) for row in known if row.adapter_id == live}
        before = {row.lesson_id for row in known if row.adapter_id in were_live and row.is_right}
        wrong = {id: Learned.FORGOTTEN if id in before else Learned.MISSED for id in found}
        return {id: Learned.LEARNED if is_right else wrong[id] for id, is_right in found.items()}

    # --- inside -------------------------------------------------------------------------------------------------------

    def _change(
        self, actor: Actor, adapter_id: str | None, live: str | None, reason: str | None, *, is_rollback: bool
    ) -> None:
        """The pointer first, which one of two admins wins; where the engine cannot follow, it is put back."""
        if adapter_id is not None:
            self._check(adapter_id)
        seq = self._point(actor, adapter_id, live, reason, is_rollback=is_rollback)
        try:
            self._serve(adapter_id)
        except BaseException:  # whatever it was: no answer is written with it
            with suppress(AdapterPointerError, StorageError):  # it is another's already, or told at the next start
                self._take_back(actor, seq)
            raise

    def _take_back(self, actor: Actor, seq: int) -> None:
        """As if it had never been the live one; the audit knows better."""
        with self._database.write() as session:
            made = session.get(Promotion, seq)
            if made is None or session.scalar(sa.select(sa.func.max(Promotion.seq))) != seq:
                raise AdapterPointerError
            adapter_id, live = made.adapter_id, made.previous_id
            pointer.point(session, live, instead_of=adapter_id)
            session.delete(made)
            self._note(session, actor, "adapter.not_served", adapter_id or "", {"instead_of": live})

    def _point(
        self, actor: Actor, adapter_id: str | None, live: str | None, reason: str | None, *, is_rollback: bool
    ) -> int:
        """The number of the change."""
        with self._database.write() as session:
            require_admin(session, actor)
            pointer.point(session, adapter_id, instead_of=live)
            made = Promotion(
                adapter_id=adapter_id,
                previous_id=live,
                person_id=actor.id or None,
                at=self._clock(),
                is_rollback=is_rollback,
                reason=reason,
            )
            session.add(made)
            act = "adapter.roll_back" if is_rollback else "adapter.promote"
            details = {"instead_of": live} | ({"reason": reason} if reason else {})
            self._note(session, actor, act, adapter_id or "", details)
            return made.seq

    def _copied(self, found: Path, base: Path) -> str:
        """The id of what is among the others now."""
        self._folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".importing-", dir=self._folder))
        try:
            place = _unpacked(found, made) if found.is_file() else found
            adapter_files.check(place, base)
            adapter_id = adapter_name(place)
            if not adapter_files.is_named(self._folder / adapter_id, adapter_id):
                adapter_files.copy(place, self._folder / adapter_id)
            return adapter_id
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def _check(self, adapter_id: str) -> None:
        place = self._folder / adapter_id
        adapter_files.check(place, self._model().folder(lambda stage, share: None))
        if adapter_name(place) != adapter_id:
            raise AdapterDamagedError(path=str(place), reason="its files are not those it is named by")

    def _note(self, session: Session, actor: Actor, act: str, adapter_id: str, details: dict[str, str | None]) -> None:
        audit.record(
            session,
            actor_id=actor.id or None,
            act=act,
            object_type="adapter",
            object_id=adapter_id,
            details=details,
            now=self._clock(),
        )

    def _told(self, session: Session, rows: Sequence[StoredAdapter]) -> list[Adapter]:
        live, promotions = pointer.live_id(session), _promotions(session)
        names = names_of(session, {row.person_id for row in rows if row.person_id})
        count = sa.select(TaughtLesson.adapter_id, sa.func.count()).group_by(TaughtLesson.adapter_id)
        lessons: dict[str, int] = dict(session.execute(count).all())
        return [
            Adapter(
                id=row.id,
                run_id=row.run_id,
                parent_id=row.parent_id,
                base=row.base,
                is_passed=row.is_passed,
                strength=row.strength,
                created_at=row.created_at,
                by=names.get(row.person_id or "", ""),
                lessons=lessons.get(row.id, 0),
                is_live=row.id == live,
                promotions=tuple(one for one in promotions if one.adapter_id == row.id),
            )
            for row in rows
        ]


def _found(session: Session, adapter_id: str) -> StoredAdapter:
    row = session.get(StoredAdapter, adapter_id)
    if row is None:
        raise NotFoundError(what="adapter")
    return row


def _promotions(session: Session) -> list[Promoted]:
    rows = session.scalars(sa.select(Promotion).order_by(Promotion.seq.desc())).all()
    names = names_of(session, {row.person_id for row in rows if row.person_id})
    return [
        Promoted(
            row.adapter_id,
            row.previous_id,
            names.get(row.person_id or "", ""),
            row.at,
            row.is_rollback,
            row.reason,
        )
        for row in rows
    ]


def _earlier(session: Session) -> list[str]:
    """What one would go back to, the nearest first: promotions push, ways back pop."""
    stack: list[str | None] = []
    for row in session.scalars(sa.select(Promotion).order_by(Promotion.seq)):
        if not row.is_rollback:
            stack.append(row.previous_id)
            continue
        while stack and stack.pop() != row.adapter_id:
            pass
    return [one for one in reversed(stack) if one is not None]


def _unpacked(archive: Path, into: Path) -> Path:
    """The three files of an adapter, wherever in the archive they lie; no other file is written."""
    try:
        with zipfile.ZipFile(archive) as packed:
            for entry in packed.infolist():
                name = Path(entry.filename).name
                if Path(name).suffix.lower() in adapter_files.PICKLES:
                    raise AdapterPickleError(path=archive.name, file=name)
                if name in _FILES and entry.file_size <= _LARGEST:
                    with packed.open(entry) as found, (into / name).open("wb") as written:
                        shutil.copyfileobj(found, written)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise AdapterDamagedError(path=archive.name, reason="the archive cannot be read") from error
    return into


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Says what is the matter with files."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFullError from error
        named = str(error.filename or path)
        raise FileUnavailableError(path=named, reason=error.strerror or str(error)) from error
