"""Keys by their words on a real database: what is telling, what is within reach, and what keeps the table in step."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from knowledge.database import Database
from knowledge.rare_words import MANY, found_by_words, rebuild
from knowledge.tables import MemoryKey
from knowledge.text import normalise

ALL = ["everyone"]


def put(database: Database, *texts: str, reach: str = "everyone", sign: int = 1) -> list[int]:
    keys = [
        MemoryKey(correction_id="c", text=text, normal=normalise(text), sign=sign, reach=reach, embedder="words")
        for text in texts
    ]
    with database.write() as session:
        session.add_all(keys)
    return [key.id for key in keys]


def found(database: Database, question: str, reaches: list[str] = ALL, most: int = 5) -> list[int]:
    with database.read() as session:
        return found_by_words(session, question, reaches, most)


def test_a_code_is_found_among_very_many_that_are_alike(database: Database) -> None:
    ids = put(database, *(f"What does error E-{number} mean?" for number in range(4000, 4400)))
    assert found(database, "error e-4031, what is it") == [ids[31]]


def test_a_name_of_words_that_are_frequent_alone_is_found_as_they_stand_together(database: Database) -> None:
    names = [f"{make} {model}" for make in ("Aralon", "Fellwalk") for model in range(300, 340)]
    ids = put(database, *(f"How do I clean the filter of the {name}?" for name in names))
    best, other = found(database, "cleaning a Fellwalk 312")
    assert (best, other) == (ids[names.index("Fellwalk 312")], ids[names.index("Aralon 312")])


@pytest.mark.parametrize("question", ["王小明的电话是多少", "Ｅ-４０３１怎么办", "在MacBook上怎么装Office"])
def test_names_and_codes_are_found_in_chinese(database: Database, question: str) -> None:
    put(database, *(f"第{number}号表格在哪里" for number in range(30)))
    ids = put(database, "请问王小明在哪个部门", "E-4031是什么错误", "MacBook坏了找谁")
    assert found(database, question) == [ids[["王", "Ｅ", "在"].index(question[0])]]


def test_what_more_words_tell_comes_first(database: Database) -> None:
    one, both = put(database, "Who repairs the barograph?", "Who repairs the barograph in Lerwick?")
    assert found(database, "Is there a barograph in Lerwick?") == [both, one]
    assert found(database, "Is there a barograph in Lerwick?", most=1) == [both]


def test_words_of_many_keys_tell_nothing_and_only_keys_within_reach_are_counted(database: Database) -> None:
    ids = put(database, *(f"Where is barograph {number}?" for number in range(MANY)))
    put(database, *(f"Where is barograph {number}?" for number in range(90)), reach="person:b")
    assert sorted(found(database, "barograph", most=99)) == ids
    put(database, "Where is barograph z?")
    assert found(database, "barograph") == []
    assert found(database, "barograph", ["person:c"]) == []


def test_negative_examples_are_not_found(database: Database) -> None:
    put(database, "Who repairs the barograph?", sign=-1)
    assert found(database, "barograph") == []


def test_it_keeps_in_step_with_the_keys(database: Database) -> None:
    one, other = put(database, "Who repairs the barograph?", "Who repairs the theodolite?")
    with database.write() as session:
        session.execute(sa.update(MemoryKey).where(MemoryKey.id == one).values(normal="who repairs the sextant"))
        session.execute(sa.delete(MemoryKey).where(MemoryKey.id == other))
    assert (found(database, "barograph"), found(database, "theodolite")) == ([], [])
    assert found(database, "sextant") == [one]


@given(st.text(max_size=60))
@example("0\x000")  # which ends a query in the middle
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_question_is_read_as_a_query(database: Database, question: str) -> None:
    assert found(database, question + ' " OR * ^ NEAR(a b) -') == []


def test_the_words_are_made_anew_from_the_keys(database: Database) -> None:
    right, lost = put(database, "What does error E-4031 mean?", "What does error E-4032 mean?")
    put(database, "Not error E-4033", sign=-1)
    with database.write() as session:
        session.execute(sa.text("DELETE FROM memory_keys_fts WHERE rowid = :id"), {"id": lost})
        session.execute(sa.text("INSERT INTO memory_keys_fts (rowid, normal) VALUES (99, 'e-4031 of a ghost')"))
    with database.write() as session:
        assert rebuild(session) == 2
        rows = session.scalars(sa.text("SELECT id FROM memory_keys_fts_docsize ORDER BY id")).all()
    assert rows == [right, lost]
    assert (found(database, "E-4031"), found(database, "E-4032"), found(database, "E-4033")) == ([right], [lost], [])
