"""How well the library finds and quotes, through the real database, index, embedder and retriever.

    python -m tests.benchmarks.reading [--data xquad.en.json] [--limit N] [--compose N] [--json FILE]

Data is in the form of SQuAD: each paragraph becomes a document of its own. Without data, the sample handbook is read
and asked its own questions. Every tenth question is asked a second time with the document that answers it removed.

`--compose N` also puts N of the questions, spread over all, to the whole Assistant with its language model.

Weights were chosen on the even articles, so the odd ones are also reported apart. They are not wholly unseen: the
small penalty on length was added because of how many words were quoted on the odd ones.
"""

import argparse
import json
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from collab.config import Settings
from collab.dialogue.records import Decision, Done
from collab.people.access import Role
from collab.services import Services
from knowledge.answerability import THRESHOLD, confidence
from knowledge.database import Database, utc_now
from knowledge.embedding import SentenceEmbedder, packaged_embedder_path
from knowledge.evidence import Evidence
from knowledge.library import Library
from knowledge.quoting import Quote, best_quotes
from knowledge.retrieval import Retriever

ROOT = Path(__file__).parents[2]
REACH = "everyone"
ABSENT_EVERY = 10  # questions


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the texts of which any answers it, and the document they stand in."""

    text: str
    golds: tuple[str, ...]
    document: str
    is_held_out: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question while its document was there."""

    rank: int  # of the document among the passages found, 0 the best; 99 when it is not among them
    contains_gold: bool
    words: int
    sentences: int
    supported: int
    is_found: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares (0 to 1) of questions, except `mean_words` and `questions`; `supported` is a share of answer sentences."""

    questions: int
    hit_at_1: float
    hit_at_3: float
    hit_at_5: float
    contains_gold: float
    mean_words: float
    supported: float
    not_found_when_absent: float
    not_found_when_present: float


# --- data -------------------------------------------------------------------------------------------------------------


def squad(path: Path) -> tuple[dict[str, bytes], list[Question]]:
    """Documents by name, and questions, of a file in the form of SQuAD."""
    documents: dict[str, bytes] = {}
    questions: list[Question] = []
    for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        for place, paragraph in enumerate(article["paragraphs"]):
            name = f"{number:02}-{place}.txt"
            documents[name] = paragraph["context"].encode()
            for asked in paragraph["qas"]:
                golds = tuple(answer["text"] for answer in asked["answers"])
                questions.append(Question(asked["question"], golds, name, is_held_out=number % 2 == 1))
    return documents, questions


def handbook() -> tuple[dict[str, bytes], list[Question]]:
    """The sample handbook and its questions."""
    documents = {path.name: path.read_bytes() for path in sorted((ROOT / "assets" / "handbook").glob("*.md"))}
    asked = json.loads((ROOT / "tests" / "handbook.json").read_text(encoding="utf-8"))
    questions = [
        Question(item["question"], (item["must"],), item["document"], is_held_out=number % 2 == 1)
        for number, item in enumerate(asked["answerable"] + asked["chinese"])
    ]
    return documents, questions


# --- asking -----------------------------------------------------------------------------------------------------------


def ask(retriever: Retriever, question: str) -> tuple[Evidence, tuple[Quote, ...], bool]:
    """What `Retriever.answer` does, with the evidence kept."""
    evidence = retriever.gather(question, [REACH])
    quotes = best_quotes(evidence)
    return evidence, quotes, confidence(evidence, quotes) >= THRESHOLD


def outcome(retriever: Retriever, question: Question) -> Outcome:
    """One question with everything in the library."""
    evidence, quotes, is_found = ask(retriever, question.text)
    places = [found.passage.document for found in evidence.found]
    passages = {found.passage.id: found.passage.text for found in evidence.found}
    text = " ".join(quote.text for quote in quotes)
    return Outcome(
        rank=places.index(question.document) if question.document in places else 99,
        contains_gold=any(gold in text for gold in question.golds),
        words=len(text.split()),
        sentences=len(quotes),
        supported=sum(is_supported(quote.text, passages[quote.passage_id]) for quote in quotes),
        is_found=is_found,
    )


def absent(
    library: Library, retriever: Retriever, documents: dict[str, bytes], asked: Sequence[Question]
) -> list[bool]:
    """For each question, in order, whether nothing is found once its document is gone."""
    by_document: dict[str, list[int]] = defaultdict(list)
    for place, question in enumerate(asked):
        by_document[question.document].append(place)
    silent = [False] * len(asked)
    for name, places in by_document.items():
        library.remove(next(record.id for record in library.list([REACH]) if record.name == name))
        for place in places:
            silent[place] = not ask(retriever, asked[place].text)[2]
        library.add(name, documents[name], REACH)
    return silent


# --- counting ---------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"\w+")


def is_supported(sentence: str, passage: str) -> bool:
    """Whether every number and name of the sentence and .7 of its longer words occur in the passage.

    Counted apart from the product's own check.
    """
    known = {word.casefold() for word in _WORD.findall(passage)}
    told = _WORD.findall(sentence)
    facts = [word for place, word in enumerate(told) if word[0].isdigit() or (place and word[0].isupper())]
    content = [word for word in told if len(word) > 3]
    shared = sum(word.casefold() in known for word in content)
    return all(word.casefold() in known for word in facts) and shared >= 0.7 * len(content)


def figures(outcomes: Sequence[Outcome], silent: Sequence[bool]) -> Figures:
    """The shares over these outcomes, and over the questions that were asked with their document gone."""
    count = max(1, len(outcomes))

    def share(holds: Sequence[bool]) -> float:
        return round(sum(holds) / max(1, len(holds)), 4)

    return Figures(
        questions=len(outcomes),
        hit_at_1=share([one.rank < 1 for one in outcomes]),
        hit_at_3=share([one.rank < 3 for one in outcomes]),
        hit_at_5=share([one.rank < 5 for one in outcomes]),
        contains_gold=share([one.contains_gold for one in outcomes]),
        mean_words=round(sum(one.words for one in outcomes) / count, 2),
        supported=round(sum(one.supported for one in outcomes) / max(1, sum(one.sentences for one in outcomes)), 4),
        not_found_when_absent=share(silent),
        not_found_when_present=share([not one.is_found for one in outcomes]),
    )


def measure(documents: dict[str, bytes], questions: Sequence[Question], folder: Path) -> dict[str, object]:
    """All figures, those of the held-out half beside them, and the speed."""
    database = Database(folder / "reading.db")
    database.migrate()
    library = Library(database, SentenceEmbedder(packaged_embedder_path()), utc_now)
    started = time.perf_counter()
    for name, content in documents.items():
        library.add(name, content, REACH)
    read_s = time.perf_counter() - started
    retriever = Retriever(library)
    started = time.perf_counter()
    outcomes = [outcome(retriever, question) for question in questions]
    ask_s = time.perf_counter() - started
    tenth = list(questions[::ABSENT_EVERY])
    silent = absent(library, retriever, documents, tenth)
    database.close()
    held_out = figures(
        [one for one, question in zip(outcomes, questions, strict=True) if question.is_held_out],
        [quiet for quiet, question in zip(silent, tenth, strict=True) if question.is_held_out],
    )
    return asdict(figures(outcomes, silent)) | {
        "documents": len(documents),
        "asked_when_absent": len(tenth),
        "read_s": round(read_s, 2),
        "questions_per_s": round(len(questions) / ask_s, 1),
        "held_out": asdict(held_out),
    }


# --- the whole Assistant ----------------------------------------------------------------------------------------------

_CITED = re.compile(r"(.+?) \[(\d+)\]", re.DOTALL)


def compose(documents: dict[str, bytes], questions: Sequence[Question], folder: Path) -> dict[str, float]:
    """What people get to read: shares of grounded answers, except `grounded` (of all) and `mean_words`."""
    services = Services(Settings(data=folder))
    services.models.load()
    admin = services.accounts.add("Ada", "a long pass phrase 42", Role.ADMIN)
    for name, content in documents.items():
        services.library.add(name, content, REACH)
    turns = []
    for question in questions:
        *_, done = services.assistant.reply(admin, None, question.text)
        assert isinstance(done, Done)
        turns.append((question, done.turn))
    grounded = [(question, turn) for question, turn in turns if turn.decision is Decision.GROUNDED]
    count = max(1, len(grounded))
    cited = [
        (sentence, services.library.passage(turn.sources[int(n) - 1].passage_id, [REACH]).text)
        for _, turn in grounded
        for sentence, n in _CITED.findall(turn.answer)
    ]
    services.close()
    texts = [re.sub(r" \[\d+\]", "", turn.answer) for _, turn in grounded]
    golds = [any(gold in text for gold in question.golds) for (question, _), text in zip(grounded, texts, strict=True)]
    worded = ["why.only_quotes" not in turn.reasons for _, turn in grounded]
    return {
        "composed_questions": len(turns),
        "composed_grounded": round(len(grounded) / max(1, len(turns)), 4),
        "composed_by_model": round(sum(worded) / count, 4),
        "composed_contains_gold": round(sum(golds) / count, 4),
        "composed_mean_words": round(sum(len(text.split()) for text in texts) / count, 2),
        "composed_supported": round(sum(is_supported(*pair) for pair in cited) / max(1, len(cited)), 4),
    }


def main() -> None:
    """Prints a table, and writes the same as JSON where asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="a file in the form of SQuAD; without it, the sample handbook")
    parser.add_argument("--limit", type=int, help="ask the first N questions only")
    parser.add_argument("--compose", type=int, help="put N questions to the whole Assistant, with its language model")
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    documents, questions = squad(options.data) if options.data else handbook()
    with TemporaryDirectory() as folder:
        questions = questions[: options.limit]
        result = measure(documents, questions, Path(folder))
        if options.compose:
            some = questions[:: max(1, len(questions) // options.compose)][: options.compose]
            result |= compose(documents, some, Path(folder) / "application")
    held_out = result["held_out"]
    assert isinstance(held_out, dict)
    print(f"{'':24}{'all':>10}{'held out':>10}")
    for key, value in result.items():
        if key != "held_out":
            print(f"{key:24}{value!s:>10}{held_out.get(key, '')!s:>10}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
