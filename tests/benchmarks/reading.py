"""How well documents are found, quoted and put into words, through the real services with the packaged models.

    python -m tests.benchmarks.reading [--data xquad.en.json] [--limit N] [--compose N] [--json FILE]

Data is in the form of SQuAD: each paragraph becomes a document of its own. Without data, the sample handbook is read
and asked its own questions. Every tenth question is asked a second time with the document that answers it removed.

`contains_gold` and `mean_words` are of the best quotes for every question. `answered_with_gold` is the share of all
questions that are answered, not refused as not found, by quotes that hold the gold answer.

`--compose N` puts N of the questions, spread evenly, to the whole Assistant with its language model; 0 leaves that out.
`supported` is a share of the sentences of those answers, `supported_by_model` of those in the model's own words: what
is quoted is supported by nature.

Weights were chosen on the even articles, so the odd ones are also reported apart. They are not wholly unseen: the
small penalty on length was added because of how many words were quoted on the odd ones.
"""

import json
import re
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from collab.config import Settings
from collab.dialogue.records import Decision, Done, TurnRecord
from collab.people.access import Actor, Role
from collab.services import Services
from tests.benchmarks import report
from tests.benchmarks.claims import common_words, is_borne_out
from tests.running import PASSWORD

ROOT = Path(__file__).parents[2]
REACH = "everyone"
ABSENT_EVERY = 10  # questions
COMPOSED = 60  # questions


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the texts of which any answers it, and the document they stand in."""

    text: str
    golds: tuple[str, ...]
    document: str
    is_held_out: bool

    def is_answered_by(self, text: str) -> bool:
        """Whether the text has one of the golds to the letter."""
        return any(gold in text for gold in self.golds)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question while its document was there."""

    question: Question
    rank: int  # of the document among the passages found, 0 the best; 99 when it is not among them
    quoted: str
    is_answered: bool
    is_silent_when_absent: bool | None  # None: not asked


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


def ask(services: Services, question: Question, is_silent_when_absent: bool | None) -> Outcome:
    """One question with everything in the library."""
    places = [found.passage.document for found in services.retriever.find(question.text, [REACH])]
    answer = services.retriever.answer(question.text, [REACH])
    return Outcome(
        question=question,
        rank=places.index(question.document) if question.document in places else 99,
        quoted=" ".join(quote.text for quote in answer.quotes),
        is_answered=answer.is_answered,
        is_silent_when_absent=is_silent_when_absent,
    )


def silences(services: Services, documents: dict[str, bytes], asked: Sequence[Question]) -> dict[Question, bool]:
    """For each question, whether nothing is found once its document is gone."""
    by_document: dict[str, list[Question]] = defaultdict(list)
    for question in asked:
        by_document[question.document].append(question)
    silent = {}
    for name, questions in by_document.items():
        services.library.remove(next(record.id for record in services.library.list([REACH]) if record.name == name))
        for question in questions:
            silent[question] = not services.retriever.answer(question.text, [REACH]).is_answered
        services.library.add(name, documents[name], REACH)
    return silent


def spread(questions: Sequence[Question], count: int) -> list[Question]:
    """So many of the questions, evenly over all."""
    count = min(count, len(questions))
    return [questions[place * len(questions) // count] for place in range(count)]


# --- counting ---------------------------------------------------------------------------------------------------------


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Shares of questions, but for `questions` and the means."""
    answered = [one for one in outcomes if one.is_answered]
    silent = [one.is_silent_when_absent for one in outcomes if one.is_silent_when_absent is not None]
    golden = [one.question.is_answered_by(one.quoted) for one in outcomes]
    return {
        "questions": len(outcomes),
        **report.shares(
            hit_at_1=[one.rank < 1 for one in outcomes],
            hit_at_3=[one.rank < 3 for one in outcomes],
            hit_at_5=[one.rank < 5 for one in outcomes],
            contains_gold=golden,
            answered_with_gold=[gold and one.is_answered for gold, one in zip(golden, outcomes, strict=True)],
        ),
        **mean_words(mean_words=[one.quoted for one in outcomes], answered_mean_words=[one.quoted for one in answered]),
        **report.shares(not_found_when_present=[not one.is_answered for one in outcomes]),
        "asked_when_absent": len(silent),
        **report.shares(not_found_when_absent=silent),
    }


def mean_words(**texts: Sequence[str]) -> dict[str, float]:
    """How long the texts are; left out where there are none."""
    return {name: sum(len(text.split()) for text in some) / len(some) for name, some in texts.items() if some}


# --- the whole Assistant ----------------------------------------------------------------------------------------------

_SENTENCE = re.compile(r"(.+?)(?: \[(\d+)\]\s*|$)", re.DOTALL)  # the last one may lack its mark


def compose(services: Services, documents: dict[str, bytes], questions: Sequence[Question]) -> dict[str, float]:
    """What people get to read, and whether the cited passages say it."""
    services.models.load()
    reader = services.accounts.add("Ada", PASSWORD, Role.ADMIN)
    turns = [answered(services, reader, question) for question in questions]
    common = common_words(content.decode() for content in documents.values())
    grounded = [turn for turn in turns if turn.decision is Decision.GROUNDED]
    worded = [turn for turn in grounded if "why.only_quotes" not in turn.reasons]
    supported = {turn.id: support(services, turn, common) for turn in grounded}
    in_own_words = [holds for turn in worded for holds in supported[turn.id]]
    texts = {turn.id: re.sub(r" \[\d+\]", "", turn.answer) for turn in turns}
    golden = [
        turn.decision is Decision.GROUNDED and question.is_answered_by(texts[turn.id])
        for turn, question in zip(turns, questions, strict=True)
    ]
    return {
        "composed_questions": len(turns),
        **report.shares(
            composed_grounded=[turn.decision is Decision.GROUNDED for turn in turns],
            composed_by_model=[turn in worded for turn in grounded],
            composed_contains_gold=golden,
        ),
        **mean_words(composed_mean_words=[texts[turn.id] for turn in grounded]),
        "supported_sentences": sum(map(len, supported.values())),
        **report.shares(supported=[holds for one in supported.values() for holds in one]),
        "supported_by_model_sentences": len(in_own_words),
        **report.shares(supported_by_model=in_own_words),
    }


def answered(services: Services, reader: Actor, question: Question) -> TurnRecord:
    """The turn, once it is kept."""
    *_, done = services.assistant.reply(reader, None, question.text)
    assert isinstance(done, Done)
    return done.turn


def support(services: Services, turn: TurnRecord, common: Collection[str]) -> list[bool]:
    """For each sentence of an answer, whether the passage it cites says it; one that cites none is not supported."""
    passages = {str(source.n): services.library.passage(source.passage_id, [REACH]).text for source in turn.sources}
    return [
        is_borne_out(sentence, passages.get(number, ""), common) for sentence, number in _SENTENCE.findall(turn.answer)
    ]


# --- all of it --------------------------------------------------------------------------------------------------------


def measure(
    documents: dict[str, bytes], questions: Sequence[Question], composed: int, folder: Path
) -> dict[str, object]:
    """All figures, those of the held-out half beside them, and the speed."""
    services = Services(Settings(data=folder))
    started = time.perf_counter()
    for name, content in documents.items():
        services.library.add(name, content, REACH)
    read_s = time.perf_counter() - started
    silent = silences(services, documents, questions[::ABSENT_EVERY])
    outcomes = [ask(services, question, silent.get(question)) for question in questions]
    result = {
        "documents": len(documents),
        "read_s": read_s,
        **figures(outcomes),
        **(compose(services, documents, spread(questions, composed)) if composed else {}),
        "held_out": figures([one for one in outcomes if one.question.is_held_out]),
    }
    services.close()
    return result


def main() -> None:
    """Prints a table, and writes the same as JSON where asked to."""
    parser = report.options(__doc__)
    parser.add_argument("--data", type=Path, help="a file in the form of SQuAD; without it, the sample handbook")
    parser.add_argument("--limit", type=int, help="ask the first N questions only")
    parser.add_argument(
        "--compose", type=int, default=COMPOSED, help="put N questions to the whole Assistant (default: %(default)s)"
    )
    options = parser.parse_args()
    documents, questions = squad(options.data) if options.data else handbook()
    with TemporaryDirectory() as folder:
        report.show(measure(documents, questions[: options.limit], options.compose, Path(folder)), options.json)


if __name__ == "__main__":
    main()
