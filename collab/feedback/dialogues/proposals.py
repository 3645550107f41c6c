"""Past dialogues become proposals: what they asked and how it was answered, grouped, as entries that wait for review.

Nothing of it is ever live by itself: a person reads every proposal first. The text of a dialogue is not kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from collab.feedback import wording
from collab.feedback.dialogues.grouping import ALIASES, Group, Told, group
from collab.feedback.dialogues.messages import conversations
from collab.feedback.dialogues.mining import Lacking, Pair, mine
from collab.feedback.exchange.entries import Entry, Refused, distinct
from collab.feedback.exchange.files import Row, Unreadable
from knowledge.embedding import Embedder
from knowledge.scope import Askedness


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a file of dialogues gives: entries, most asked first, numbered from 1; and what could not be used.

    `pairs` counts the conversations with a question and its answer, `answered` the questions that need no proposal.
    `lacking` has, for what a conversation lacks, the rows where those that lack it begin.
    """

    entries: tuple[Entry, ...]
    conversations: int
    pairs: int
    answered: int
    lacking: Mapping[Lacking, Sequence[int]]
    refused: tuple[Refused, ...]


def propose(
    rows: Iterable[Row | Unreadable],
    embedder: Embedder,
    answered: Callable[[str], bool] = lambda question: False,
    told: Told = lambda done, total: None,
    askedness: Askedness | None = None,
) -> Proposals:
    """Reads all dialogues, finds questions with replies, and groups what repeats; `told` hears how many are read. What
    is `answered` already is left out.
    """
    refused: list[Refused] = []
    pairs: list[Pair] = []
    lacking: dict[Lacking, list[int]] = {lack: [] for lack in Lacking}
    count = 0
    for dialogue in conversations(rows, refused):
        count += 1
        found = mine(dialogue)
        if isinstance(found, Pair):
            pairs.append(found)
        else:
            lacking[found].append(min(message.number for message in dialogue))
    groups = sorted(group(pairs, embedder, told, askedness), key=lambda one: -one.count)
    asked = [one for one in groups if not answered(one.best.question)]
    entries = tuple(_entry(number, one) for number, one in enumerate(asked, start=1))
    return Proposals(entries, count, len(pairs), len(groups) - len(asked), lacking, tuple(refused))


def _entry(number: int, group: Group) -> Entry:
    question, answer = wording.question(group.best.question), wording.answer(group.best.reply)
    return Entry(
        number=number,
        question=question,
        aliases=distinct(question, group.questions)[:ALIASES],
        answer=answer.text,
        is_pending=True,
        asked=group.count,
        invisible_at=answer.invisible_at,
    )
