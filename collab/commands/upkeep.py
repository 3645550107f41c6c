"""Commands that keep an installation well: backup, verify, restore, doctor, repair, audit.

But for the last two they open no services, so that they also work where the application does not.
"""

import argparse
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from collab import VERSION
from collab.commands.terminal import require_yes
from collab.config import load_settings
from collab.doctor import Health, examine
from collab.errors import FileUnavailableError
from collab.people import audit
from collab.services import Services
from collab.upkeep import adapters_in, back_up, restore, verify
from knowledge import rare_words
from knowledge.backup import Manifest, read_manifest
from knowledge.database import utc_now

if TYPE_CHECKING:
    from collab.commands import Commands

_TOLD = ("people", "documents", "turns", "corrections")  # the tables whose rows a person counts
_MB = 1_000_000


def add_to(commands: "Commands") -> None:
    """Adds what this module offers to the command line."""
    making = commands.add_parser("backup", help="copy database and adapters into one file, also while it runs")
    making.add_argument("path", nargs="?", type=Path, metavar="FILE", help="else one in the data folder's backups/")
    making.set_defaults(alone=make_backup)

    checking = commands.add_parser("verify", help="read a backup to its end, and say what it is")
    checking.add_argument("path", type=Path, metavar="FILE")
    checking.set_defaults(alone=verify_backup)

    restoring = commands.add_parser("restore", help="put a backup in the place of the database, which is kept")
    restoring.add_argument("path", type=Path, metavar="FILE")
    restoring.add_argument("--yes", action="store_true", help="do it without asking")
    restoring.set_defaults(alone=restore_backup)

    examining = commands.add_parser("doctor", help="what is wrong with this installation, and what to do")
    examining.add_argument("--json", action="store_true", help="one JSON object, for programs")
    examining.set_defaults(alone=examine_installation)

    repairing = commands.add_parser("repair", help="make anew what is derived from corrections, where doctor says so")
    repairing.set_defaults(run=repair)

    auditing = commands.add_parser("audit", help="check that nobody changed the audit")
    auditing.set_defaults(run=check_audit)


def make_backup(given: argparse.Namespace) -> int:
    """Makes a backup, and says what is not in it."""
    with _files(given.path):
        path, manifest = back_up(load_settings(), given.path, utc_now())
        size = path.stat().st_size
    print(f"{path}: {size / _MB:.1f} MB, with {_rows(manifest)}.")
    if manifest.is_encrypted:
        print("Only COLLAB_DATABASE_KEY opens it. The key and the other settings are not in it: keep them elsewhere.")
        if manifest.files:
            print("Adapters and the figures of trainings are in it as they are in the data folder: not encrypted.")
    else:
        print("It is not encrypted: keep it where only you can read it. The settings (.env) are not in it.")
    return 0


def verify_backup(given: argparse.Namespace) -> int:
    """Says whether a backup is whole, and of which version."""
    with _files(given.path):
        verified = verify(load_settings(), given.path, utc_now())
    print(f"{given.path} is whole: {_origin(verified.manifest)}, with {_rows(verified.manifest)}.")
    if verified.is_newer:
        print(f"It is newer than this installation ({VERSION}): install its version to restore it.")
    else:
        print("It can be restored here.")
    return 0


def restore_backup(given: argparse.Namespace) -> int:
    """Restores after a question, or with --yes without one."""
    settings = load_settings()
    with _files(given.path):
        if not given.yes:
            require_yes(f"Replace the database in {settings.data} by that of {_origin(read_manifest(given.path))}?")
        restored = restore(settings, given.path, utc_now())
    print(f"Restored {_rows(restored.manifest)} from {given.path}.")
    if restored.aside:
        print(f"The database that was there is kept as {restored.aside}. Delete it when you need it no more.")
    print("People, keys and sign-ins are as they were then: look through `python -m collab people list`.")
    return 0


def examine_installation(given: argparse.Namespace) -> int:
    """Prints one line for each check; 1 where something does not work."""
    logging.disable()  # what is wrong is told below, once
    findings = []
    for finding in examine(load_settings, utc_now):
        findings.append(finding)
        if not given.json:
            print(f"{finding.health:<8} {finding.check:<16} {finding.message}", flush=True)
    sick = [finding for finding in findings if finding.health is Health.PROBLEM]
    if given.json:
        print(json.dumps({"version": VERSION, "ok": not sick, "checks": [asdict(one) for one in findings]}, indent=1))
    return 1 if sick else 0


def repair(services: Services, given: argparse.Namespace) -> int:
    """Makes the words anew by which corrections are found; also while the application runs."""
    with services.database.write() as session:
        count = rare_words.rebuild(session)
    print(f"{count:,} questions of corrections are found by their names and codes.")
    return 0


def check_audit(services: Services, given: argparse.Namespace) -> int:
    """Verifies the chain of entries."""
    with services.database.read() as session:
        print(f"The audit holds: {audit.verify(session)} entries.")
    return 0


def _rows(manifest: Manifest) -> str:
    adapters = adapters_in(manifest)
    return ", ".join(f"{manifest.rows.get(table, 0)} {table}" for table in _TOLD) + (
        f", {adapters} adapters" if adapters else ""
    )


def _origin(manifest: Manifest) -> str:
    return f"version {manifest.version}, {manifest.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


@contextmanager
def _files(path: Path | None) -> Iterator[None]:
    """Tells which file is in the way; without a path it is one in the data folder."""
    try:
        yield
    except OSError as error:
        named = path or error.filename or "the data folder"
        raise FileUnavailableError(path=str(named), reason=error.strerror or str(error)) from error
