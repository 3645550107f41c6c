"""Past dialogues become proposals: what they asked and how it was answered, grouped, as entries that wait for review.

Nothing of it is ever live by itself: a person reads every proposal first. The text of a dialogue is not kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from collab.feedback import wording
from collab.feedback.dialogues.grouping import ALIASES, Told, group
from collab.feedback.dialogues.messages import conversations
from collab.feedback.dialogues.mining import Pair, mine
from collab.feedback.exchange.entries import Entry, Refused, distinct
from collab.feedback.exchange.files import Row, Unreadable
from knowledge.embedding import Embedder


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a file of dialogues gives: entries, most asked first, numbered from 1; and what could not be used."""

    entries: tuple[Entry, ...]
    conversations: int
    pairs: int
    refused: tuple[Refused, ...]


def propose(rows: Iterable[Row | Unreadable], embedder: Embedder, told: Told = lambda done, total: None) -> Proposals:
    """Reads all dialogues, finds questions with replies, and groups what repeats, of which `told` hears."""
    refused: list[Refused] = []
    pairs: list[Pair] = []
    count = 0
    for dialogue in conversations(rows, refused):
        count += 1
        if pair := mine(dialogue):
            pairs.append(pair)
    groups = sorted(group(pairs, embedder, told), key=lambda one: -one.count)
    entries = []
    for number, one in enumerate(groups, start=1):
        question, answer = wording.question(one.best.question), wording.answer(one.best.reply)
        entries.append(
            Entry(
                number=number,
                question=question,
                aliases=distinct(question, one.questions)[:ALIASES],
                answer=answer.text,
                is_pending=True,
                asked=one.count,
                invisible_at=answer.invisible_at,
            )
        )
    return Proposals(tuple(entries), count, len(pairs), tuple(refused))
