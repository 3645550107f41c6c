"""What becomes of the rows of a file: new, there already, in conflict, refused. It decides, and writes nothing.

A question stands for one answer. Within a file the first row that has a question keeps it: the same answer again adds
only the questions that are new, another answer is a conflict, which only the file's author can solve. Against what is
there already, another answer is a conflict that `--on-conflict replace` decides for the file.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from collab.feedback.exchange.entries import Entry, Refused
from collab.feedback.tables import Kind
from knowledge.text import normalise

SHOWN = 1_000  # findings of a kind that are kept in words; the rest is counted


class OnConflict(StrEnum):
    """What a file's answer does to another one that is there."""

    SKIP = "skip"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Holder:
    """The correction that a question stands for already."""

    correction_id: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Step:
    """An entry with the questions that it will stand for, and the corrections whose answers it contradicts."""

    entry: Entry
    against: tuple[Holder, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether nothing stands against it."""
        return not self.against


@dataclass(frozen=True, slots=True)
class Finding:
    """A row in conflict, and with what."""

    number: int
    question: str
    reason: str


@dataclass(slots=True)
class ImportPlan:
    """What an import of a file will do. `written` are the numbers of the rows that it will keep.

    `replaced` are those of them that take another answer's place; the other conflicts are `skipped`. `conflicts` and
    `refused` are the first thousand of each.
    """

    new: int = 0
    unchanged: int = 0
    skipped: int = 0
    refusals: int = 0
    conflicts: list[Finding] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    written: set[int] = field(default_factory=set)
    replaced: set[int] = field(default_factory=set)
    owners: dict[int, int] = field(default_factory=dict)  # a question's fingerprint -> the first row that has it
    answers: dict[int, int] = field(default_factory=dict)  # a row that owns questions -> its answer's fingerprint

    @property
    def replacing(self) -> int:
        """How many rows take another answer's place."""
        return len(self.replaced)

    def refuse(self, row: Refused) -> None:
        """Notes a row that is not taken."""
        self.refusals += 1
        if len(self.refused) < SHOWN:
            self.refused.append(row)

    def claim(self, entry: Entry) -> Entry | None:
        """The entry with the questions that no earlier row has; None when that leaves nothing to do."""
        prints = questions_of(entry)
        rivals = {row for one in prints if (row := self.owners.get(one)) and self.answers[row] != _print(entry.answer)}
        if rivals:
            self._conflict(entry, f"row {min(rivals)} of the file has another answer")
            return None
        for one in prints:
            self.owners.setdefault(one, entry.number)
        self.answers[entry.number] = _print(entry.answer)
        own = self.owned(entry)
        if own is None:
            self.unchanged += 1
        return own

    def owned(self, entry: Entry) -> Entry | None:
        """The entry with its own questions only, those that no earlier row has."""
        own = [text for one, text in questions_of(entry).items() if self.owners.get(one) == entry.number]
        return narrowed(entry, own)

    def judge(self, entry: Entry, step: Step | None, on_conflict: OnConflict) -> None:
        """Counts what the entry will do to what is there."""
        if step is None:
            self.unchanged += 1
            return
        if step.is_new:
            self.new += 1
        elif on_conflict is OnConflict.REPLACE:
            self.replaced.add(entry.number)
            self._note(entry, f"replaces: {shortened(step.against[0].answer)}")
        else:
            self._conflict(entry, f"there already: {shortened(step.against[0].answer)}")
            return
        self.written.add(entry.number)

    def _conflict(self, entry: Entry, reason: str) -> None:
        self.skipped += 1
        self._note(entry, reason)

    def _note(self, entry: Entry, reason: str) -> None:
        if len(self.conflicts) < SHOWN:
            self.conflicts.append(Finding(entry.number, shortened(entry.question), reason))


def step(entry: Entry, held: Mapping[int, Holder]) -> Step | None:
    """What is left to do for an entry beside what is there; None when all of it is there."""
    prints = questions_of(entry)
    there = {one: held[one] for one in prints if one in held}
    against = {one.correction_id: one for one in there.values() if one.answer != entry.answer}
    same = {one for one, holder in there.items() if holder.answer == entry.answer}
    left = narrowed(entry, [text for one, text in prints.items() if one not in same])
    return Step(left, tuple(against.values())) if left else None


def narrowed(entry: Entry, questions: Iterable[str]) -> Entry | None:
    """The entry for some of its questions; None without any."""
    kept = list(questions)
    if not kept:
        return None
    return entry if entry.kind is Kind.STYLE else replace(entry, question=kept[0], aliases=tuple(kept[1:]))


def questions_of(entry: Entry) -> dict[int, str]:
    """The entry's questions by fingerprint. Live style contradicts nothing: there the answer belongs to it."""
    is_live_style = entry.kind is Kind.STYLE and not entry.is_pending
    return {fingerprint(entry.kind, text, entry.answer if is_live_style else ""): text for text in entry.questions}


def fingerprint(kind: str, question: str, answer: str = "") -> int:
    """64 bits that stand for a question in a file of any length."""
    return _print("\0".join((kind, normalise(question), answer)))


def shortened(text: str, chars: int = 60) -> str:
    """One line of a text."""
    line = " ".join(text.split())
    return line if len(line) <= chars else line[: chars - 1].rstrip() + "…"


def _print(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def batches(entries: Iterable[Entry], size: int) -> Iterable[list[Entry]]:
    """The entries in lists of at most `size`."""
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
