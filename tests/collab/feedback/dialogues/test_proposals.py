"""What repeats is one proposal with its count, and waits for review; opposites stay apart."""

import pytest

from collab.feedback.dialogues.grouping import group
from collab.feedback.dialogues.mining import Lacking, Pair
from collab.feedback.dialogues.proposals import propose
from collab.feedback.exchange.files import Row, Unreadable
from knowledge.embedding import SentenceEmbedder, packaged_embedder_path
from knowledge.scope import CrossEncoder
from tests.collab.feedback.conftest import ADA, EVE, MEL
from tests.collab.feedback.exchange.conftest import Desk, desk  # noqa: F401
from tests.fakes import WordEmbedder


def rows(*dialogues: tuple[str, str]) -> list[Row | Unreadable]:
    return [
        Row(2 * n + place, {"conversation": str(n), "speaker": speaker, "text": text})
        for n, pair in enumerate(dialogues, start=1)
        for place, (speaker, text) in enumerate(zip(("customer", "agent"), pair, strict=True))
    ]


SHOES = "Worn shoes can be returned within 41 days."
PARCEL = "The parcel office in Mill Lane opens at noon."


def test_what_repeats_is_one_proposal_with_its_count() -> None:
    found = propose(
        rows(
            ("When does the parcel office open?", PARCEL),
            ("Can worn shoes be returned?", SHOES),
            ("can worn shoes be returned", "Yes, worn shoes can be returned."),
            ("Hi", "Hello!"),
            ("Hello, can worn shoes be returned?", "Shoes? About these I know nothing."),
        ),
        WordEmbedder(),
    )
    assert (found.conversations, found.pairs) == (5, 4)
    assert found.lacking == {Lacking.QUESTION: [8], Lacking.REPLY: []}
    assert [(one.number, one.question, one.answer, one.asked, one.is_pending) for one in found.entries] == [
        (1, "Can worn shoes be returned?", SHOES, 3, True),
        (2, "When does the parcel office open?", PARCEL, 1, True),
    ]


def test_proposals_wait_and_come_once(desk: Desk) -> None:  # noqa: F811
    entries = propose(rows(("Can worn shoes be returned?", SHOES)), WordEmbedder()).entries
    plan = desk.imports.plan(ADA, entries)
    desk.imports.write(ADA, entries, plan, "chats.csv", lambda done, of: None)
    (made,) = desk.house.corrections.list(EVE)
    assert (made.state, made.author, made.asked, made.live_for) == ("pending", "Ada", 1, "author")
    assert desk.house.answers(MEL, made.question) is None
    assert desk.imports.plan(ADA, entries).unchanged == 1


def test_what_could_not_be_read_is_told() -> None:
    found = propose([Unreadable(2, "not JSON"), Row(3, {"speaker": "x"})], WordEmbedder())
    assert [one.reason for one in found.refused] == ["not JSON", "it has no conversation"]
    assert found.entries == ()


@pytest.mark.models
def test_wordings_meet_and_opposites_stay_apart() -> None:
    questions = (
        "How do I turn on the heating?",
        "How do I turn off the heating?",
        "how can i turn the heating on?",
        "Where can I park my bicycle?",
        "How do I turn on the heating",
        "怎么打开暖气？",
        "怎么打开暖气",
    )
    pairs = [Pair(n, question, f"Reply {n}.", float(n)) for n, question in enumerate(questions)]
    path = packaged_embedder_path()
    groups = group(pairs, SentenceEmbedder(path), askedness=CrossEncoder(path))
    assert [(one.questions[0], one.count, one.best.number) for one in groups] == [
        (questions[0], 3, 4),
        (questions[1], 1, 1),
        (questions[3], 1, 3),
        (questions[5], 2, 6),
    ]
    assert groups[0].questions == [questions[0], questions[2]]
