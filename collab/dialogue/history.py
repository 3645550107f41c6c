"""What was said before, as a new question is understood and the model is told it. Pure."""

from collections.abc import Sequence

from collab.dialogue.records import Decision, TurnRecord
from collab.dialogue.understanding import Exchange, read
from collab.people.access import EVERYONE
from knowledge.text import clean

MOST_TURNS = 8
QUESTION_CHARS = 8_000
ANSWER_CHARS = 20_000  # of each answer that a caller says was given before


NO_QUESTION = frozenset({"why.small_talk", "why.you_know_better"})
"""The reasons of turns that asked nothing: what follows does not lean on them."""


def kept(path: Sequence[TurnRecord]) -> list[Exchange]:
    """The last turns of a path that asked something. Nobody is told again what was hidden."""
    asked = [turn for turn in path if NO_QUESTION.isdisjoint(turn.reasons)]
    return [
        Exchange(
            turn.question,
            "" if turn.is_hidden else turn.answer,
            turn.is_follow_up,
            turn.reach == EVERYONE and turn.correction_id is None,
            turn.decision is not Decision.NOT_FOUND,
        )
        for turn in asked[-MOST_TURNS:]
    ]


def told(earlier: Sequence[tuple[str, str]]) -> list[Exchange]:
    """(question, answer) pairs of a conversation that is not kept here; nobody knows what those answers rest on."""
    history: list[Exchange] = []
    for question, answer in earlier[-MOST_TURNS:]:
        asked = clean(question).text.strip()[:QUESTION_CHARS]
        is_follow_up = read(asked, history).is_follow_up
        history.append(Exchange(asked, clean(answer).text[:ANSWER_CHARS], is_follow_up, is_open=False))
    return history
