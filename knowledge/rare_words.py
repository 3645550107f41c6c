"""Keys of the memory by their rare words, names and codes, which an embedder hardly tells apart: error E-4031, E-4032.

A word is telling where few keys have it. What is out of reach counts for nothing. The words are in a full-text table
that triggers keep in step with the keys. It knows no vectors and decides nothing.
"""

import math
import re
from collections.abc import Collection
from itertools import pairwise

from sqlalchemy.orm import Session

from knowledge.text import normalise
from knowledge.wordlists import STOP_WORDS

MANY = 20  # keys; words that stand in more of them tell nothing
MOST_PIECES = 64  # of a question
SHORTEST = 3  # characters that are found
MOST = 3  # keys

_WORD = re.compile(r"[^\W_\u3400-\u9fff]+(?:[-./'][^\W_\u3400-\u9fff]+)*")
_CHINESE = re.compile("[\u3400-\u9fff]{3,}")


def found_by_words(session: Session, question: str, reaches: Collection[str], most: int = MOST) -> list[int]:
    """Ids of up to `most` positive keys within the reaches that share telling words with a question, best first."""
    telling: dict[int, float] = {}
    for piece in _pieces(normalise(question)):
        ids = _having(session, piece, reaches)
        for id in ids if len(ids) <= MANY else ():
            telling[id] = telling.get(id, 0.0) + math.log(1 + MANY / len(ids))
    return sorted(telling, key=lambda id: (-telling[id], id))[:most]


def rebuild(session: Session) -> int:
    """Makes the table of words anew from the keys, where something kept it from being in step; returns how many."""
    run = session.connection().exec_driver_sql
    run("INSERT INTO memory_keys_fts (memory_keys_fts) VALUES ('delete-all')")
    return run("INSERT INTO memory_keys_fts (rowid, normal) SELECT id, normal FROM memory_keys WHERE sign = 1").rowcount


def _pieces(text: str) -> list[str]:
    """What to look for: words, one with the number beside it (Fellwalk 300), three Chinese characters in a row."""
    found = [word for word in _WORD.finditer(text) if word[0] not in STOP_WORDS]
    beside = [text[one.start() : next.end()] for one, next in pairwise(found) if next.start() - one.end() <= 1]
    pairs = [pair for pair in beside if any(character.isdigit() for character in pair) and pair.isprintable()]
    chinese = [run[0][start : start + 3] for run in _CHINESE.finditer(text) for start in range(len(run[0]) - 2)]
    pieces = [piece for piece in (*(word[0] for word in found), *pairs, *chinese) if len(piece) >= SHORTEST]
    return list(dict.fromkeys(pieces))[:MOST_PIECES]


def _having(session: Session, piece: str, reaches: Collection[str]) -> list[int]:
    """Keys within the reaches that have a piece; one more than MANY at most."""
    within = ", ".join("?" * len(reaches))
    found = session.connection().exec_driver_sql(
        # CROSS JOIN keeps the order: from the words to their keys, until there are too many
        "SELECT memory_keys.id FROM memory_keys_fts CROSS JOIN memory_keys ON memory_keys.id = memory_keys_fts.rowid"
        f" WHERE memory_keys_fts MATCH ? AND memory_keys.reach IN ({within}) LIMIT {MANY + 1}",
        (f'"{piece}"', *reaches),
    )
    return [id for (id,) in found]
