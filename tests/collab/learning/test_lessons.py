"""Lessons from rows: what is taught, and what is set aside and why."""

from collections import Counter
from datetime import timedelta

import pytest

from collab.learning.records import HeldOutKind, LessonKind, LessonSet, Source, Task
from collab.people.access import personal
from knowledge.database import Database
from tests.collab.learning.rows import (
    DOG,
    EDO,
    EVE,
    MEL,
    NOW,
    OLI,
    PASSWORD,
    START,
    TICKET,
    add_corrections,
    add_everybody,
    add_turns,
    asked,
    builder,
    ids,
    reasons,
)


@pytest.fixture
def database(database: Database) -> Database:
    add_everybody(database)
    return database


def test_nothing_makes_an_empty_set(database: Database) -> None:
    assert builder(database).build() == LessonSet([], [], [], [], [], [])
    waiting = builder(database).waiting()
    assert (waiting.kinds, waiting.sources, waiting.ages, waiting.asides, waiting.earlier) == ({}, {}, {}, {}, 0)


def test_what_is_not_live_or_not_for_everyone_is_no_lesson(database: Database) -> None:
    add_corrections(
        database,
        DOG | {"state": "pending"},
        DOG | {"state": "withdrawn"},
        DOG | {"reach": personal(EVE)},
        DOG | {"is_lesson": False},
    )
    assert builder(database).build() == LessonSet([], [], [], [], [], [])


def test_restricted_sources_and_dates_are_set_aside(database: Database) -> None:
    add_turns(database, DOG | {"reach": personal(MEL)})
    add_corrections(database, DOG | {"turn_id": "t0"}, TICKET | {"valid_until": NOW + timedelta(days=9)})
    assert reasons(builder(database).build()) == {"c0": "restricted", "c1": "passing"}


def test_personal_data_is_masked_and_no_answer(database: Database) -> None:
    add_corrections(
        database,
        {"question": "Whom do I write to about a refund?", "answer": "Write to jo@example.com."},
        {
            "question": "Is order 4711-998 on its way?",
            "answer": "It left today.",
            "kind": "style",
            "before": "Ask jo@a.org",
        },
        {"question": "How long is the report?", "answer": "x" * 4_001},
        {"question": "Is it blank?", "answer": " \u200b "},
    )
    made = builder(database).build()
    assert reasons(made) == {"c0": "personal", "c2": "long", "c3": "empty"}
    (lesson,) = made.lessons
    assert (lesson.question, lesson.replaced) == ("Is order [number] on its way?", "Ask [e-mail]")


def test_repeated_and_contradicting_answers(database: Database) -> None:
    add_corrections(
        database,
        TICKET | {"kind": "style"},
        {"question": "how much does the day ticket cost", "answer": "12 pounds", "author_id": MEL.id, "kind": "style"},
        PASSWORD | {"kind": "style"},
        {"question": "How do I reset my password", "answer": "Ask Edo.", "author_id": EDO.id, "kind": "style"},
        DOG,
    )
    made = builder(database).build()
    assert {(one.lesson_id, one.reason.rpartition(".")[2], one.about) for one in made.asides} == {
        ("c1", "duplicate", "c0"),  # the expert's stays, though it is older
        ("c2", "conflict", "c3"),
        ("c3", "conflict", "c2"),
    }
    assert ids(made) == ["c0", "c4"]


def test_thumbs(database: Database) -> None:
    hello, joke = {"question": "Hello there!", "answer": "Hi! [1]"}, {"question": "Tell me a joke.", "answer": "No."}
    add_turns(
        database,
        hello | {"rating": "up"},
        joke | {"rating": "down"},
        joke | {"rating": "up", "answer": "Knock knock.", "model": "big"},
        hello | {"rating": "up", "is_stopped": True},
        hello | {"rating": "up", "decision": "not_found"},
        hello | {"rating": "up", "model": None},
        hello | {"rating": "up", "reach": personal(MEL)},
        hello | {"rating": "down", "is_hidden": True},
        hello | {"rating": "up", "reasons": ["why.only_quotes"], "decision": "grounded"},
    )
    made = builder(database, is_stronger=lambda model: model == "big").build()
    assert [(one.id, one.source, one.liked) for one in made.lessons] == [
        ("t0", Source.MODEL, True),
        ("t1", Source.MODEL, False),
        ("t2", Source.STRONGER, True),
    ]
    assert sorted((one.lesson_id, one.completion, one.is_liked) for one in made.judged) == [
        ("t0", "Hi!", True),
        ("t1", "No.", False),
        ("t2", "Knock knock.", True),
    ]
    as_asked = [one for one in made.examples if asked(one.prompt) in (hello["question"], joke["question"])]
    assert sorted((one.lesson_id, one.task) for one in as_asked) == [("t0", Task.REPLAY), ("t2", Task.REPLAY)]
    assert {(one.lesson_id, one.task) for one in made.examples} == {("t0", Task.REPLAY), ("t2", Task.REPLAY)}
    assert made.held_out == []


def test_a_correction_settles_thumbs_and_people_may_differ(database: Database) -> None:
    joke = {"question": "Tell me a joke.", "answer": "No."}
    add_turns(
        database,
        DOG | {"rating": "up", "answer": "Yes, of course."},
        DOG | {"rating": "down", "answer": "Yes, of course, bring it."},
        joke | {"rating": "up"},
        joke | {"rating": "down", "person": OLI},
    )
    add_corrections(database, DOG)
    made = builder(database).build()
    assert reasons(made) == {"t0": "corrected", "t2": "conflict", "t3": "conflict"}
    assert ids(made) == ["c0", "t1"]


def test_what_waits_is_counted(database: Database) -> None:
    add_turns(database, {"question": "Hello there!", "answer": "Hi!", "rating": "up"})
    add_corrections(
        database,
        PASSWORD | {"created_at": NOW - timedelta(hours=1)},
        DOG | {"kind": "style", "created_at": NOW - timedelta(days=6)},
        TICKET | {"created_at": START},
        {"question": "Is it?", "answer": "", "created_at": START},
    )
    waiting = builder(database).waiting()
    assert waiting.kinds == {LessonKind.FACT: 2, LessonKind.STYLE: 1, LessonKind.RATING: 1}
    assert waiting.sources == {Source.PERSON: 3, Source.MODEL: 1}
    assert waiting.ages == {"day": 1, "week": 1, "older": 2}
    assert waiting.asides == {"learning.aside.empty": 1}


def test_ten_thousand(database: Database) -> None:
    add_corrections(
        database,
        *(
            {"question": f"Where is room {n} of house {n % 97}?", "answer": f"On floor {n}.", "author_id": who}
            for n, who in enumerate([EVE.id, EDO.id, OLI.id, MEL.id] * 2_500)
        ),
    )
    waiting = builder(database).waiting()
    assert waiting.kinds == {"fact": 10_000}
    made = builder(database).build(most=40)
    assert ids(made) == [f"c{n}" for n in range(9_960, 10_000)]
    assert Counter(reasons(made).values()) == {"later": 9_960}
    tested = {one.lesson_id for one in made.held_out if one.kind is HeldOutKind.PARAPHRASE}
    assert tested == set(ids(made))
