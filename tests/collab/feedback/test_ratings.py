"""Thumbs."""

import pytest

from collab.errors import ChoiceUnknownError, ConversationTemporaryError, TextTooLongError
from collab.feedback.ratings import RatingRecord, Reason, Thumb
from knowledge.errors import NotFoundError
from tests.collab.feedback.conftest import EVE, MEL, OLI, QUESTION, House, source


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


def test_a_thumb_up_has_no_reason_and_hides_nothing(house: House) -> None:
    turn = house.turn(MEL)
    assert house.ratings.rate(MEL, turn, "up", "unsafe", "Nice.") == RatingRecord(turn, Thumb.UP, None, "Nice.")
    assert not house.conversations.turn(MEL, turn).is_hidden
    assert house.notices.unread(EVE) == []


def test_outdated_names_a_source_of_the_turn(house: House) -> None:
    turn = house.turn(MEL, sources=(source("everyone", 2),))
    assert house.ratings.rate(MEL, turn, "down", "outdated", passage_id=2).passage_id == 2
    with pytest.raises(NotFoundError):
        house.ratings.rate(MEL, turn, "down", "outdated", passage_id=1)
    assert house.ratings.of(MEL, [turn])[turn].passage_id == 2


def test_not_relevant_may_name_any_passage_that_one_may_read(house: House) -> None:
    turn = house.turn(MEL)
    assert house.ratings.rate(MEL, turn, "down", "not_relevant", passage_id=9).passage_id == 9
    with pytest.raises(NotFoundError):
        house.ratings.rate(MEL, turn, "down", "not_relevant", passage_id=11)
    assert house.ratings.rate(MEL, turn, "down", "style", passage_id=9).passage_id is None
    assert house.ratings.rate(MEL, turn, "down", "not_relevant").passage_id is None


def test_nothing_is_rated_in_a_chat_that_is_not_kept(house: House) -> None:
    chat = house.conversations.begin(MEL, QUESTION, is_temporary=True)
    turn = house.follow(MEL, chat.id, None, QUESTION)
    with pytest.raises(ConversationTemporaryError):
        house.ratings.rate(MEL, turn, "down")
    with pytest.raises(ConversationTemporaryError):
        house.corrections.submit(MEL, turn_id=turn, answer="By appointment.")
