"""From a folder of public sets to the model's files: read, train, fit, write.

FOLDER holds, anywhere below it: `pararel.jsonl` and `clinc150.json` (for pairs), and `relations_dev.jsonl`, whose
development half fits the combination, beside our own cases and held-out intents; none of its subjects is trained on.
A relation can be held out, to see what carries over. The same folder and seed give the same files on one machine.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.embedding import packaged_embedder_path
from knowledge.scope.askedness import WEIGHTS, CrossEncoder
from knowledge.scope.combination import CONSTANTS, as_json
from knowledge.scope.templates import read_templates
from knowledge.scope.training.fitting import DevelopmentSet, Encode, Question, fit
from knowledge.scope.training.pairs import Recipe, read_intents
from knowledge.scope.training.pararel import add_pararel
from knowledge.scope.training.train import Told, encoder, save, train

OWN = Path(__file__).parents[3] / "tests" / "knowledge" / "scope_cases.json"
SEED = 1
PAIRS = 40_000
HELD_OUT = 5  # one intent of so many serves to fit the combination
WORDINGS = 20  # of each of those
ALONE = 400  # questions that nothing answers


def make(
    folder: Path,
    into: Path,
    seed: int = SEED,
    pairs: int = PAIRS,
    without: Iterable[str] = (),
    start: Path | None = None,
    told: Told = lambda line: None,
) -> None:
    """Writes the weights and the constants into a folder; `start` are weights to go on from. Without pairs only the
    constants are fitted. Raises FileNotFoundError.
    """
    into.mkdir(parents=True, exist_ok=True)
    relations = _lines(_find(folder, "relations_dev.jsonl"))
    intents = read_intents(_find(folder, "clinc150.json"))
    templates = read_templates()
    add_pararel(templates, _find(folder, "pararel.jsonl"), frozenset(line["subject"] for line in relations))
    templates.groups[:] = [group for group in templates.groups if group.name not in set(without)]
    base = packaged_embedder_path()
    encode = encoder(base)

    if pairs:
        taught = {name: texts for name, texts in intents.items() if not is_held_out(name)}
        drawn = Recipe(templates, taught, encode, seed).draw(pairs)
        told(
            f"{sum(p.same == 1 for p in drawn)} pairs that ask the same, {sum(p.same == 0 for p in drawn)} that do not"
        )
        save(train(base, drawn, seed, told, start), into / WEIGHTS.name)

    kept = {name: texts for name, texts in intents.items() if is_held_out(name)}
    alone = _alone(_find(folder, "clinc150.json"))
    sets = [_relations(relations, alone), _requests(kept, encode, alone), _own(alone)]
    constants = fit(sets, encode, CrossEncoder(base, into / WEIGHTS.name))
    (into / CONSTANTS.name).write_text(as_json(constants), "utf-8")
    told(f"written to {into}")


def is_held_out(intent: str) -> bool:
    """One intent of five, by its hash."""
    return int(hashlib.sha256(intent.encode()).hexdigest(), 16) % HELD_OUT == 0


def is_development(subject: str) -> bool:
    """Half of all subjects, by their hash; the other half is reported on."""
    return int(hashlib.sha256(subject.encode()).hexdigest(), 16) % 2 == 0


def _relations(lines: Iterable[dict[str, Any]], alone: list[str]) -> DevelopmentSet:
    """The development half of the relations."""
    lines = [line for line in lines if is_development(line["subject"])]
    questions = [Question(text, line["question"]) for line in lines for text in line["paraphrases"]]
    questions += [Question(text, None) for line in lines for text in line["near_misses"]]
    keys = tuple(dict.fromkeys(line["question"] for line in lines))
    return DevelopmentSet(keys, (*questions, *(Question(text, None) for text in alone)))


def _own(alone: list[str]) -> DevelopmentSet:
    """The development half of the repository's own cases."""
    lines = [line for line in json.loads(OWN.read_text("utf-8")) if line["half"] == "dev"]
    questions = [Question(text, line["question"]) for line in lines for text in line["paraphrases"]]
    keys = tuple(line["question"] for line in lines)
    questions += [Question(text, None) for line in lines for text in line["near_misses"] if text not in keys]
    return DevelopmentSet(keys, (*questions, *(Question(text, None) for text in alone)))


def _requests(intents: dict[str, list[str]], encode: Encode, alone: list[str]) -> DevelopmentSet:
    """One correction an intent, found by its most central wording."""
    keys, questions = [], []
    for texts in intents.values():
        vectors = encode(texts)
        key = texts[int(np.argmax(vectors @ vectors.mean(0)))]
        keys.append(key)
        questions += [Question(text, key) for text in texts[:: max(len(texts) // WORDINGS, 1)] if text != key]
    return DevelopmentSet(tuple(keys), (*questions, *(Question(text, None) for text in alone)))


def _alone(path: Path) -> list[str]:
    """Questions of CLINC150 that are of no intent."""
    sets = json.loads(path.read_text("utf-8"))
    return [text for name in ("oos_train", "oos_val") for text, _ in sets[name]][:ALONE]


def _find(folder: Path, name: str) -> Path:
    found = next(iter(sorted(folder.rglob(name))), None)
    if found is None:
        raise FileNotFoundError(f"There is no {name} below {folder}. Put the file there, or name another folder.")
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
