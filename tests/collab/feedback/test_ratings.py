"""Thumbs."""

import pytest

from collab.errors import ChoiceUnknownError, TextTooLongError
from collab.feedback.ratings import RatingRecord, Reason, Thumb
from knowledge.errors import NotFoundError
from tests.collab.feedback.conftest import MEL, OLI, House


def test_a_later_thumb_replaces_the_earlier_one(house: House) -> None:
    turn = house.turn(MEL)
    house.ratings.rate(MEL, turn, "up")
    saved = house.ratings.rate(MEL, turn, "down", "outdated", " since\u200b June ")
    assert saved == RatingRecord(turn, Thumb.DOWN, Reason.OUTDATED, "since June")
    assert house.ratings.of(MEL, [turn, "nope"]) == {turn: saved}
    assert house.acts() == ["turn_rated", "turn_rated"]


def test_the_same_thumb_again_keeps_what_was_said(house: House) -> None:
    turn = house.turn(MEL)
    said = house.ratings.rate(MEL, turn, "down", "outdated", "Since June.")
    assert house.ratings.rate(MEL, turn, "down") == said
    assert house.ratings.of(MEL, [turn]) == {turn: said}
    assert house.ratings.rate(MEL, turn, "down", comment="").comment is None
    house.ratings.rate(MEL, turn, "down", "style")
    assert house.ratings.rate(MEL, turn, "up").reason is None


def test_only_own_turns_can_be_rated_and_only_own_ratings_are_seen(house: House) -> None:
    turn = house.turn(MEL)
    house.ratings.rate(MEL, turn, "up")
    for stranger, id in ((OLI, turn), (MEL, "nope")):
        with pytest.raises(NotFoundError):
            house.ratings.rate(stranger, id, "down")
    assert house.ratings.of(OLI, [turn]) == {}


def test_what_is_refused_is_not_kept(house: House) -> None:
    turn = house.turn(MEL)
    with pytest.raises(ChoiceUnknownError):
        house.ratings.rate(MEL, turn, "sideways")
    with pytest.raises(ChoiceUnknownError):
        house.ratings.rate(MEL, turn, "down", "boring")
    with pytest.raises(TextTooLongError):
        house.ratings.rate(MEL, turn, "down", None, "x" * 2_001)
    assert house.ratings.of(MEL, [turn]) == {}


def test_a_comment_of_nothing_is_no_comment(house: House) -> None:
    assert house.ratings.rate(MEL, house.turn(MEL), "up", comment=" \u200b").comment is None
