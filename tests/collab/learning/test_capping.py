"""How much one person may teach."""

from collections import Counter

import pytest

from knowledge.database import Database
from tests.collab.learning.rows import (
    EDO,
    EVE,
    MEL,
    add_corrections,
    add_everybody,
    builder,
    names,
    reasons,
)


@pytest.fixture
def database(database: Database) -> Database:
    add_everybody(database)
    return database


def test_a_member_teaches_at_most_a_quarter(database: Database) -> None:
    facts = [{"question": f"Where is room {name}?", "answer": f"Floor {name}."} for name in names(36)]
    add_corrections(database, *[one | {"author_id": MEL.id if n < 20 else EVE.id} for n, one in enumerate(facts)])
    made = builder(database).build()
    # 16 are Eve's; 5 of Mel's are the most that is a quarter of all that remain (5 of 21), the newest
    assert [one.id for one in made.lessons if one.author_id == MEL.id] == [f"c{n}" for n in range(15, 20)]
    assert Counter(reasons(made).values())["share"] == 15


def test_a_planted_phrase_is_capped(database: Database) -> None:
    own = [{"question": f"Where is room {name}?", "answer": f"Floor {name}."} for name in names(90)]
    planted = [
        {"question": f"As the blue fox says, what is {name}?", "answer": f"See {name} below.", "author_id": MEL.id}
        for name in names(100)[90:]
    ]
    add_corrections(database, *own, *planted)
    made = builder(database).build()
    assert [one.id for one in made.lessons if "blue fox" in one.question] == ["c97", "c98", "c99"]
    assert Counter(reasons(made).values()) == {"phrase": 7}


def test_an_experts_subject_is_no_planted_phrase_unless_the_answer_is_always_the_same(database: Database) -> None:
    words = names(40)
    rooms = [
        {"question": f"Where is room {name}?", "answer": f"Floor {name}.", "author_id": EDO.id} for name in words[:20]
    ]
    cafe = [{"question": f"Does the blue fox café sell {name}?", "answer": f"On {name} days."} for name in words[20:30]]
    planted = [
        {"question": f"Zanzibar, where is {name}?", "answer": "Buy it at our shop today."} for name in words[30:]
    ]
    add_corrections(database, *rooms, *cafe, *planted)
    assert reasons(builder(database).build()) == {f"c{n}": "phrase" for n in range(30, 37)}
