"""A conversation as a tree: each turn follows one, and what is shown is the path to the current one. Pure."""

from collections.abc import Sequence

from collab.dialogue.records import TurnRecord


def path(turns: Sequence[TurnRecord], last: str | None) -> list[TurnRecord]:
    """The turns from the first to the one with the id `last`; none without it."""
    by_id = {turn.id: turn for turn in turns}
    found: list[TurnRecord] = []
    turn = by_id.get(last or "")
    while turn is not None:
        found.append(turn)
        turn = by_id.get(turn.previous_id or "")
    return found[::-1]


def versions(turns: Sequence[TurnRecord], turn: TurnRecord) -> list[TurnRecord]:
    """The turns in the same place of the conversation, this one among them, in the order in which they were made."""
    return [other for other in turns if other.previous_id == turn.previous_id]


def newest(turns: Sequence[TurnRecord], start: str) -> str:
    """Where one comes from the turn `start` by always taking the newest that follows."""
    following = {turn.previous_id: turn.id for turn in turns if turn.previous_id is not None}
    at = start
    while at in following:
        at = following[at]
    return at
