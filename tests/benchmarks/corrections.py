"""How well corrections reach other wordings and leave other questions alone, through the real memory and models.

    python -m tests.benchmarks.corrections [--data FILE.jsonl] [--half dev|test] [--unrelated FILE.jsonl] [--limit N]
                                           [--json FILE]

A line of data is `{id, question, answer, paraphrases[], near_misses[]}`; a near miss is a text, to which nothing may
be applied, or `{question, belongs_to}`, to which nothing or that line's correction may be. Lines that ask the same
question (after normalising) become one correction, the last answer replacing the earlier, as in the product; it counts
as right for each of the lines. A half has the lines whose subject (or id) has an even (dev) or odd (test) SHA-256.
Without data, the repository's own cases are used, with the sample handbook's questions as the unrelated ones; those in
Chinese are in tests/knowledge/scope_chinese.json. A figure without cases is left out.

Figures without a prefix are at the balanced setting, where a wrong answer costs what a miss does; `default_` is as
shipped; `alias_` too, after three wordings of each correction were accepted. `reached`: the right one is applied, or is
among the up to three that are suggested; `applied`: of these; `wrong`: wrongly applied, of all questions. `shuffled_`:
every correction under another's questions; `off_`: an empty memory. `flips`: decisions that change with the question's
surface. `_low` and `_high`: 95 % by bootstrap over lines. Milliseconds are of single calls that embed for themselves;
all else is encoded beforehand.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from knowledge.candidates import EVERYONE
from knowledge.database import Database, utc_now
from knowledge.embedding import SentenceEmbedder, packaged_embedder_path
from knowledge.memory import CorrectionMemory, Recall
from knowledge.multilingual import MultilingualEmbedder, packaged_multilingual_path
from knowledge.roads import is_for_chinese
from knowledge.scope import WRONG_COST, CrossEncoder, Decision
from knowledge.scope.training.recipe import is_development
from knowledge.text import normalise
from tests.benchmarks import report
from tests.benchmarks.prepared import Compared, Encoded
from tests.benchmarks.surfaces import SURFACES
from tests.benchmarks.timing import timings

TESTS = Path(__file__).parents[1]
OWN_CASES = TESTS / "knowledge" / "scope_cases.json"
BALANCED = 1.0  # the cost of a wrong answer, chosen on the development half of the relations
ALIASES = 3
RESURFACED = 300  # paraphrases that are asked again in another surface
ROUNDS = 1000  # of the bootstrap

Ask = Callable[[str], Recall]
Cases = dict[str, list[bool]]


@dataclass(frozen=True, slots=True)
class Line:
    """One edit with the questions it should and should not answer; a near miss may belong to another line."""

    id: str
    question: str
    paraphrases: tuple[str, ...]
    near_misses: tuple[tuple[str, str | None], ...]


def records(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines, or of a JSON list."""
    text = path.read_text("utf-8")
    found: list[dict[str, Any]] = (
        json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines() if line.strip()]
    )
    return found


def _line(number: int, record: dict[str, Any]) -> Line:
    misses = [
        (miss, None) if isinstance(miss, str) else (miss["question"], miss["belongs_to"])
        for miss in record["near_misses"]
    ]
    return Line(record.get("id", str(number)), record["question"], tuple(record["paraphrases"]), tuple(misses))


def learn(database: Database, memory: CorrectionMemory, lines: Sequence[Line]) -> dict[str, str]:
    """Teaches every line, the last of the same question replacing the earlier; line id -> correction id."""
    by_question: dict[str, str] = {}
    for line in lines:
        replaced = by_question.get(normalise(line.question))
        draft = memory.prepare(line.question)
        with database.write() as session:
            if replaced is not None:
                memory.forget(session, replaced)
            memory.learn(session, line.id, [draft], EVERYONE)
        by_question[normalise(line.question)] = line.id
    return {line.id: by_question[normalise(line.question)] for line in lines}


def asking(memory: CorrectionMemory) -> Ask:
    """Asks the memory, each question once."""
    asked: dict[str, Recall] = {}

    def ask(question: str) -> Recall:
        if question not in asked:
            asked[question] = memory.recall(question, (EVERYONE,), utc_now())
        return asked[question]

    return ask


def cases_of(ask: Ask, line: Line, learned: dict[str, str]) -> Cases:
    """What was done with the questions of one line."""
    right = learned[line.id]

    def applied(question: str) -> str | None:
        found = ask(question)
        return found.correction_id if found.decision == Decision.APPLY else None

    asked = [ask(text) for text in line.paraphrases]
    reached = [found for found in asked if right in _offered(found)]
    misses = [(applied(text), learned.get(owner or "")) for text, owner in line.near_misses]
    wrong = [applied(text) not in (None, right) for text in line.paraphrases]
    kept = [got is None or got == owner for got, owner in misses]
    return {
        "edit_success": [applied(line.question) == right],
        "paraphrase_success": [applied(text) == right for text in line.paraphrases],
        "wrong_apply": wrong,
        "near_miss_kept": kept,
        "suggest_rate": [found.decision == Decision.SUGGEST for found in asked],
        "reached": [right in _offered(found) for found in asked],
        "applied": [found.decision == Decision.APPLY for found in reached],
        "wrong": [*wrong, *(not one for one in kept)],
    }


def _offered(recall: Recall) -> set[str | None]:
    """The corrections that the person gets, or may choose from."""
    if recall.decision != Decision.SUGGEST:
        return {recall.correction_id} - {None}
    return {recall.correction_id, *(one.correction_id for one in recall.considered if one.decision != Decision.IGNORE)}


def shares_of(cases: Sequence[Cases]) -> dict[str, float]:
    """The figures over lines, with the harmonic mean of reaching and keeping."""
    joined = {name: [one for case in cases for one in case[name]] for name in cases[0]} if cases else {}
    figures = report.shares(**joined)
    success, kept = figures.get("paraphrase_success"), figures.get("near_miss_kept")
    if success is not None and kept is not None:
        figures["harmonic_mean"] = 2 * success * kept / (success + kept) if success + kept else 0.0
    return figures


def interval(cases: Sequence[Cases], names: Sequence[str]) -> dict[str, float]:
    """The 95 % intervals of some figures, by bootstrap over lines."""
    drawing = random.Random(1)
    rounds = [shares_of(drawing.choices(cases, k=len(cases))) for _ in range(ROUNDS)] if cases else []
    ends = {"low": 2.5, "high": 97.5}
    return {
        f"{name}_{end}": float(np.percentile([one[name] for one in rounds if name in one], percentile))
        for name in names
        for end, percentile in ends.items()
        if any(name in one for one in rounds)
    }


def measure(ask: Ask, lines: Sequence[Line], learned: dict[str, str], unrelated: Sequence[str]) -> dict[str, float]:
    """Asks every question and counts what was done with it."""
    cases = [cases_of(ask, line, learned) for line in lines]
    kept = report.shares(unrelated_kept=[ask(text).decision != Decision.APPLY for text in unrelated])
    return shares_of(cases) | kept | interval(cases, ("paraphrase_success", "near_miss_kept", "harmonic_mean"))


def with_aliases(database: Database, memory: CorrectionMemory, lines: Sequence[Line]) -> list[Line]:
    """Teaches three wordings of each line; returns the lines without them."""
    for line in lines:
        for text in line.paraphrases[:ALIASES]:
            draft = memory.prepare(text)
            with database.write() as session:
                memory.learn(session, line.id, [draft], EVERYONE)
    return [replace(line, paraphrases=line.paraphrases[ALIASES:]) for line in lines]


def flips(ask: Ask, lines: Sequence[Line]) -> dict[str, float]:
    """The share of paraphrases whose decision changes with their surface."""
    drawing = random.Random(1)
    texts = [text for line in lines for text in line.paraphrases]
    texts = drawing.sample(texts, min(RESURFACED, len(texts)))
    changed = {
        name: [_outcome(ask(text)) != _outcome(ask(other)) for text in texts if (other := change(text)) != text]
        for name, change in SURFACES.items()
    }
    return report.shares(flips=[one for some in changed.values() for one in some]) | report.shares(
        **{f"flips_{name}": some for name, some in changed.items()}
    )


def _outcome(recall: Recall) -> tuple[bool, str | None]:
    applies = recall.decision == Decision.APPLY
    return applies, recall.correction_id if applies else None


def own_unrelated(lines: Sequence[Line]) -> list[str]:
    """The questions of the sample handbook that none of the lines asks, in these words, too."""
    handbook = json.loads((TESTS / "handbook.json").read_text("utf-8"))
    asked = {normalise(text) for line in lines for text in (line.question, *line.paraphrases)}
    questions = [*(item["question"] for item in handbook["answerable"]), *handbook["gaps"]]
    return [question for question in questions if normalise(question) not in asked]


def all_figures(lines: Sequence[Line], unrelated: Sequence[str], folder: Path) -> dict[str, float]:
    """Everything that the docstring names."""
    path = packaged_embedder_path()
    paraphrases = [text for line in lines for text in line.paraphrases]
    misses = [text for line in lines for text, _ in line.near_misses]
    texts = [*(line.question for line in lines), *paraphrases, *misses, *unrelated]
    main, second = SentenceEmbedder(path), MultilingualEmbedder(packaged_multilingual_path())
    in_chinese = {text for text in texts if is_for_chinese(text, main)}
    embedder = Encoded(main, [text for text in texts if text not in in_chinese])
    chinese = Encoded(second, [text for text in texts if text in in_chinese])
    compared = Compared(CrossEncoder(path))

    def opened(name: str) -> Database:
        database = Database(folder / f"{name}.db")
        database.migrate()
        return database

    def recalling(database: Database, wrong_cost: float = WRONG_COST) -> CorrectionMemory:
        return CorrectionMemory(database, embedder, compared, wrong_cost, chinese)

    taught = opened("taught")
    learned = learn(taught, recalling(taught), lines)
    figures: dict[str, float] = {
        "edits": len(lines),
        "paraphrases": len(paraphrases),
        "near_misses": len(misses),
        "unrelated": len(unrelated),
    }
    figures |= measure(asking(recalling(taught, BALANCED)), lines, learned, unrelated)
    default = asking(recalling(taught))
    figures |= _named("default", measure(default, lines, learned, unrelated))
    timed = CorrectionMemory(taught, main, CrossEncoder(path), chinese_embedder=second)
    figures |= flips(default, lines) | timings(taught, timed, paraphrases)

    other = dict(zip(learned, [*list(learned.values())[1:], *list(learned.values())[:1]], strict=True))
    figures |= _named("shuffled", shares_of([cases_of(default, line, other) for line in lines]))
    off = asking(recalling(opened("off")))
    figures |= _named("off", shares_of([cases_of(off, line, learned) for line in lines]))
    if any(owner for line in lines for _, owner in line.near_misses):
        rest = with_aliases(taught, recalling(taught), lines)
        figures |= _named("alias", measure(asking(recalling(taught)), rest, learned, unrelated))
    if "default_near_miss_kept" in figures:
        figures["default_hijack_rate"] = 1 - figures["default_near_miss_kept"]
    taught.close()
    return figures


def _named(prefix: str, figures: dict[str, float]) -> dict[str, float]:
    return {f"{prefix}_{name}": value for name, value in figures.items()}


def main() -> None:
    """Prints the figures as a table and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--data", type=Path, help="edits with paraphrases and near misses, a JSON object a line")
    parser.add_argument("--half", choices=("dev", "test"), help="only the lines of this half")
    parser.add_argument("--unrelated", type=Path, help="questions that nothing answers, {question} a line")
    parser.add_argument("--limit", type=int, help="only the first N lines of each file")
    options = parser.parse_args()

    found = [record for record in records(options.data or OWN_CASES) if options.half in (None, half_of(record))]
    lines = [_line(number, record) for number, record in enumerate(found)][: options.limit]
    unrelated = own_unrelated(lines) if options.data is None else []
    if options.unrelated:
        unrelated = [record["question"] for record in records(options.unrelated)]
    with TemporaryDirectory() as folder:
        report.show(all_figures(lines, unrelated[: options.limit], Path(folder)), options.json)


def half_of(record: dict[str, Any]) -> str:
    """Which half a line is in: as it says, or by the hash of its subject."""
    name = record.get("subject") or record.get("id") or record["question"]
    return str(record.get("half") or ("dev" if is_development(name) else "test"))


if __name__ == "__main__":
    main()
