"""What becomes of the rows of a file: new, there already, in conflict, refused. It decides, and writes nothing.

A question stands for one answer. Within a file the first row that has a question keeps it: the same answer again adds
only the questions that are new, another answer is a conflict, which only the file's author can solve. Against what is
there already, the same answer adds what its correction was not taught yet and gives it the row's end, and another
answer is a conflict that `--on-conflict replace` decides for the file.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from collab.feedback.exchange.entries import Entry, Refused
from collab.feedback.tables import Kind
from collab.feedback.wording import shortened
from knowledge.text import normalise

SHOWN = 1_000  # findings of a kind that are kept in words; the rest is counted
SHOWN_CHARS = 60  # of a question or an answer


class OnConflict(StrEnum):
    """What a file's answer does to another one that is there."""

    SKIP = "skip"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Holder:
    """The correction that a question stands for already; one that was rejected does not stand."""

    correction_id: str
    question: str
    answer: str
    valid_until: datetime | None = None
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """An entry with the questions that it will stand for, and the corrections whose answers it contradicts. Where `to`
    has the same answer to its question, the entry has what that one is taught beside, and `until` is the end that it is
    to have in place of its own.
    """

    entry: Entry
    against: tuple[Holder, ...] = ()
    to: Holder | None = None
    until: datetime | None = None

    @property
    def is_free(self) -> bool:
        """Whether it does something, and nothing stands against it."""
        return not self.against and (self.to is None or bool(self.entry.examples or self.until))

    @property
    def reaching(self) -> tuple[str, ...]:
        """The questions that it would answer for everyone at once."""
        if self.entry.is_pending or self.entry.kind is Kind.STYLE:
            return ()
        return self.entry.questions if self.to is None else self.entry.aliases

    def waiting(self, hub: str) -> "Step":
        """The same, to be looked at by somebody else because of one of its questions."""
        return replace(self, entry=replace(self.entry, is_pending=True, hub=hub))


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that somebody should look at, and why: it is in conflict, or says again what is said already."""

    number: int
    question: str
    reason: str


@dataclass(slots=True)
class ImportPlan:
    """What an import of a file will do. `written` are the numbers of the rows that it will keep.

    `replaced` are those of them that take another answer's place; the other conflicts are `skipped`; `added` rows teach
    a correction that is there; `unchanged` ones say nothing that is not there, or in the file, already; of all that are
    kept, `held` ones will wait, once they are weighed. `additions`, `repeated`, `waiting`, `conflicts` and `refused`
    are the first thousand of each.
    """

    new: int = 0
    added: int = 0
    unchanged: int = 0
    skipped: int = 0
    refusals: int = 0
    held: int = 0
    additions: list[Finding] = field(default_factory=list)
    repeated: list[Finding] = field(default_factory=list)
    waiting: list[Finding] = field(default_factory=list)
    conflicts: list[Finding] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    written: set[int] = field(default_factory=set)
    replaced: set[int] = field(default_factory=set)
    owners: dict[int, int] = field(default_factory=dict)  # a question's fingerprint -> the first row that has it
    answers: dict[int, int] = field(default_factory=dict)  # a row that owns questions -> its answer's fingerprint
    ends: dict[int, datetime] = field(default_factory=dict)  # a row that owns questions -> its end, if it has one

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
        own = self.owned(entry)
        if own is None:
            first = min(self.owners[one] for one in prints)
            self._repeat(entry, f"row {first} of the file{_left_out(entry, self.ends.get(first))}")
            return None
        self.answers[entry.number] = _print(entry.answer)
        if entry.valid_until is not None:
            self.ends[entry.number] = entry.valid_until
        return own

    def owned(self, entry: Entry) -> Entry | None:
        """The entry with its own questions only, those that no earlier row has."""
        own = [text for one, text in questions_of(entry).items() if self.owners.get(one) == entry.number]
        return narrowed(entry, own)

    def judge(self, entry: Entry, step: Step | None, on_conflict: OnConflict) -> None:
        """Counts what the entry will do to what is there."""
        if step is None:
            self._repeat(entry, "what is there")
            return
        if step.to is not None and not step.is_free:
            self._repeat(entry, "what is there" + _kept(entry, step, step.to))
            return
        if step.to is not None:
            self.added += 1
            _note(self.additions, entry, _gets(step) + _kept(entry, step, step.to))
        elif step.is_free:
            self.new += 1
        elif on_conflict is OnConflict.REPLACE:
            self.replaced.add(entry.number)
            _note(self.conflicts, entry, f"replaces: {shortened(step.against[0].answer, SHOWN_CHARS)}")
        else:
            self._conflict(entry, f"there already: {shortened(step.against[0].answer, SHOWN_CHARS)}")
            return
        self.written.add(entry.number)

    def hold(self, entry: Entry) -> None:
        """Notes a row that will wait if it has a hub."""
        if entry.hub is not None:
            self.held += 1
            _note(self.waiting, entry, shortened(entry.hub, SHOWN_CHARS))

    def _conflict(self, entry: Entry, reason: str) -> None:
        self.skipped += 1
        _note(self.conflicts, entry, reason)

    def _repeat(self, entry: Entry, where: str) -> None:
        self.unchanged += 1
        _note(self.repeated, entry, where)


def _left_out(entry: Entry, first_end: datetime | None) -> str:
    """What a row that says the same as an earlier one has beside, and that row does not get."""
    is_other_end = entry.valid_until not in (None, first_end)
    names = [name for name, has in (("will_not", entry.will_not), ("valid_until", is_other_end)) if has]
    ways = "is not taken, write it" if len(names) == 1 else "are not taken, write them"
    return f"; its {' and '.join(names)} {ways} there" if names else ""


def _kept(entry: Entry, step: Step, to: Holder) -> str:
    """Where what is there does not get the end of the row, and why."""
    if entry.valid_until in (None, to.valid_until, step.until):
        return ""
    if normalise(entry.question) != normalise(to.question):
        return f"; the row of “{shortened(to.question, SHOWN_CHARS)}” gives its end"
    return ", which keeps its own end"


def _gets(step: Step) -> str:
    counts = ((len(step.entry.aliases), "that it answers"), (len(step.entry.will_not), "that it must not answer"))
    gets = [f"{count} {what}" for count, what in counts if count]
    if step.until is not None and step.to is not None:
        before = f"in place of {_until(step.to.valid_until)}" if step.to.valid_until else "where it had none"
        gets.append(f"the end {_until(step.until)} {before}")
    return " and ".join(gets)


def _until(end: datetime) -> str:
    """The last day, where it ends with one in UTC."""
    day = end.replace(tzinfo=None) - timedelta(microseconds=1)
    return f"{day:%Y-%m-%d}" if day.time() == time.max else f"{end:%Y-%m-%d %H:%M} UTC"


def _note(found: list[Finding], entry: Entry, reason: str) -> None:
    if len(found) < SHOWN:
        found.append(Finding(entry.number, shortened(entry.question, SHOWN_CHARS), reason))


def step(entry: Entry, held: Mapping[int, Holder]) -> Step | None:
    """What is left to do for an entry beside what is there; None when all of it is there, or was rejected."""
    prints = questions_of(entry)
    there = {one: held[one] for one in prints if one in held}
    against = {one.correction_id: one for one in there.values() if one.answer != entry.answer}
    same = {one for one, holder in there.items() if holder.answer == entry.answer}
    texts = [text for one, text in prints.items() if one not in same]
    first = held.get(fingerprint(entry.kind, entry.question))
    if first and first.stands and not against and entry.kind is Kind.FACT:
        return Step(replace(entry, aliases=tuple(texts)), to=first)
    left = narrowed(entry, texts)
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
