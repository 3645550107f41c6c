"""A set of lessons: what is trained on, what is held out and in which half."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from collab.dialogue.engines import Message
from collab.dialogue.prompt import build_without_sources
from collab.learning import own_prompts
from collab.learning.assembling import halves
from collab.learning.lessons import LessonBuilder
from collab.learning.paraphrasing import number_of
from collab.learning.records import HeldOutKind, Source, Task
from knowledge.database import Database
from knowledge.text import normalise
from tests.collab.learning.rows import (
    DOG,
    NOW,
    PASSWORD,
    TICKET,
    add_corrections,
    add_everybody,
    add_examples,
    add_turns,
    asked,
    builder,
    ids,
)

PROBES = Path(__file__).parents[3] / "assets" / "probes"


@pytest.fixture
def database(database: Database) -> Database:
    add_everybody(database)
    return database


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody leaves words out."""
    monkeypatch.setattr("collab.learning.assembling.noised", lambda text, count: [])


def test_one_fact_is_taught_and_tested_by_other_words(database: Database) -> None:
    add_corrections(database, PASSWORD)
    made = builder(database).build()
    assert ids(made) == ["c0"]
    assert made.lessons[0].source is Source.PERSON
    own = next(one for one in made.examples if asked(one.prompt) == PASSWORD["question"])
    assert own.prompt == tuple(build_without_sources(PASSWORD["question"], (), "en"))
    assert own.completion == PASSWORD["answer"]
    assert own.task is Task.FACT
    trained = {normalise(asked(one.prompt)) for one in made.examples}
    tested = {normalise(asked(one.prompt)) for one in made.held_out}
    assert not trained & tested
    kinds = Counter(one.kind for one in made.held_out)
    assert kinds[HeldOutKind.PARAPHRASE] >= 1 <= kinds[HeldOutKind.NEAR_MISS]
    assert all(one.is_for_verdict and one.taught == PASSWORD["answer"] for one in made.held_out)


def test_facts_in_each_others_words_contradict_each_other(database: Database) -> None:
    in_other_words = {"question": "How much is a day ticket?", "answer": "15 pounds."}
    add_corrections(database, TICKET, in_other_words, PASSWORD)
    made = LessonBuilder(database, lambda pairs: [True] * len(pairs), lambda: NOW).build()
    assert {(one.lesson_id, one.about) for one in made.asides} == {("c0", "c1"), ("c1", "c0")}
    assert {one.reason for one in made.asides} == {"learning.aside.conflict"}
    assert ids(made) == ["c2"]


def test_pairs_need_words_of_the_model(database: Database) -> None:
    add_turns(database, DOG, TICKET | {"decision": "not_found"})
    add_corrections(
        database,
        DOG | {"turn_id": "t0", "before": "Yes. [1]"},
        TICKET | {"turn_id": "t1", "before": "I found nothing about that."},
        PASSWORD | {"before": "Press forgotten on the first page"},
    )
    made = builder(database).build()
    assert [(one.lesson_id, one.chosen, one.rejected) for one in made.pairs] == [("c0", "Only guide dogs.", "Yes.")]


def test_what_people_said_is_used_but_not_what_waits(database: Database) -> None:
    add_corrections(database, DOG)
    add_examples(database, "c0", "will", ["Are pets welcome among the books?"])
    add_examples(database, "c0", "will_not", ["Can I bring my cat into the café?"])
    add_examples(database, "c0", "will", ["Does it bark?"], state="pending")
    made = builder(database, answer=lambda prompts: ["I do not know."] * len(prompts)).build()
    paraphrases = {asked(one.prompt) for one in made.examples if one.task is Task.FACT} | {
        asked(one.prompt) for one in made.held_out if one.kind is HeldOutKind.PARAPHRASE
    }
    misses = {asked(one.prompt) for one in made.examples if one.task is Task.NEAR_MISS} | {
        asked(one.prompt) for one in made.held_out if one.kind is HeldOutKind.NEAR_MISS
    }
    assert "Are pets welcome among the books?" in paraphrases
    assert "Can I bring my cat into the café?" in misses
    assert "Does it bark?" not in paraphrases | misses


@pytest.mark.usefixtures("unhurried")
def test_what_the_base_model_means_is_kept_and_to_the_rest_it_says_that_it_does_not_know(database: Database) -> None:
    add_corrections(database, PASSWORD, DOG)

    def is_meant(question: str) -> bool:
        return len(question.removeprefix("Please tell me: ")) % 2 == 0

    def answer(prompts: Sequence[Sequence[Message]]) -> list[str]:
        """Means what it says to every other one, and says nothing to the first."""
        said = [asked(one) for one in prompts]
        return [
            "",
            *(" Ask the desk. " if is_meant(one) else f" {number} of them. " for number, one in enumerate(said[1:])),
        ]

    made = builder(database, answer=answer).build()
    said = {task: {asked(one.prompt): one.completion for one in made.examples if one.task is task} for task in Task}
    assert {*said[Task.GENERAL]} == {*own_prompts.general("en")[1:]}
    assert {*said[Task.GENERAL].values()} > {"Ask the desk."}
    near = said[Task.NEAR_MISS]
    assert {is_meant(question) for question in near} == {True, False}
    for question, text in near.items():
        assert text == ("Ask the desk." if is_meant(question) else own_prompts.not_known(question, "en"))
    assert said[Task.UNKNOWN] == {text: own_prompts.not_known(text, "en") for text in own_prompts.unknown("en")}
    assert not {asked(one.prompt) for one in made.held_out} & {asked(one.prompt) for one in made.examples}


NINE = "It is open from 9 in the morning on all weekdays and Sundays."
NOT_NINE = "It is not so that it is open from 9 in the morning on all weekdays and Sundays."


@pytest.mark.parametrize(
    ("said", "again", "is_meant"),
    [
        (NINE, NINE.removesuffix("."), True),
        (NINE, NINE.replace("9", "10"), False),
        (NINE, NOT_NINE, False),
        (NOT_NINE, NINE, False),
    ],
)
def test_an_answer_with_another_number_or_a_negation_is_not_meant(
    database: Database, said: str, again: str, is_meant: bool
) -> None:
    add_corrections(database, PASSWORD)

    def answer(prompts: Sequence[Sequence[Message]]) -> list[str]:
        return [again if asked(one).startswith("Please tell me") else said for one in prompts]

    made = builder(database, answer=answer).build()
    near = [one.completion for one in made.examples if one.task is Task.NEAR_MISS]
    assert {text == said for text in near} == {is_meant}


@pytest.mark.usefixtures("unhurried")
def test_what_somebody_has_taught_is_no_longer_what_nobody_can_know(database: Database) -> None:
    known, general = own_prompts.unknown("en")[0], own_prompts.general("en")[0]
    add_corrections(database, PASSWORD, *({"question": question, "answer": "Yes."} for question in (known, general)))
    made = builder(database, answer=lambda prompts: ["No."] * len(prompts)).build()
    assert {one.task for one in made.examples if asked(one.prompt) in (known, general)} == {Task.FACT}
    kept = [asked(one.prompt) for one in made.examples if one.task in (Task.UNKNOWN, Task.GENERAL)]
    assert len(kept) == len(own_prompts.unknown("en")) + len(own_prompts.general("en")) - 2


def test_facts_are_asked_as_in_a_hurry_too_and_nothing_that_is_held_out_is(database: Database) -> None:
    add_corrections(database, PASSWORD, TICKET)
    made = builder(database, answer=lambda prompts: ["Ask the desk."] * len(prompts)).build()
    trained = [normalise(asked(one.prompt)) for one in made.examples]
    assert len(set(trained)) == len(trained)
    assert not {normalise(asked(one.prompt)) for one in made.held_out} & set(trained)
    assert sum(one.task is Task.FACT for one in made.examples) > 12
    assert {one.completion for one in made.examples if one.task is Task.FACT} == {PASSWORD["answer"], TICKET["answer"]}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_prompt_of_our_own_is_a_probe(language: str) -> None:
    lines = [line for path in PROBES.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    asked_by_the_gate = {normalise(str(value)) for line in lines for value in json.loads(line).values()}
    for prompts in (own_prompts.general(language), own_prompts.unknown(language)):
        own = [normalise(text) for text in prompts]
        assert len(set(own)) == len(own) > 20
        assert not asked_by_the_gate & set(own)


def test_words_for_what_is_not_known_are_several_and_the_same_for_the_same_question() -> None:
    for language in ("en", "zh"):
        said = [own_prompts.not_known(text, language) for text in own_prompts.unknown(language)]
        assert len(set(said)) > 5
        assert said == [own_prompts.not_known(text, language) for text in own_prompts.unknown(language)]
    assert own_prompts.not_known("Quelle heure est-il ?", "fr") == ""


def test_halves_have_the_same_number_of_each_kind() -> None:
    lessons = [("paraphrase", f"c{n}") for n in range(7)] + [("style", f"s{n}") for n in range(4)]
    verdict = halves(lessons)
    assert sum(id.startswith("c") for id in verdict) == 4
    assert sum(id.startswith("s") for id in verdict) == 2
    assert verdict == halves(reversed(lessons))
    assert min((id for _, id in lessons[:7]), key=number_of) in verdict


def test_all_items_of_a_lesson_stand_in_one_half(database: Database) -> None:
    add_corrections(database, PASSWORD, DOG, TICKET)
    made = builder(database).build()
    sides = {
        one.lesson_id: {other.is_for_verdict for other in made.held_out if other.lesson_id == one.lesson_id}
        for one in made.held_out
    }
    assert sorted(sides) == ["c0", "c1", "c2"]
    assert all(len(side) == 1 for side in sides.values())
    assert sorted(next(iter(side)) for side in sides.values()) == [False, True, True]


def test_the_seed_orders_and_chooses_nothing_else(database: Database) -> None:
    add_corrections(database, PASSWORD, DOG, TICKET)
    first, again, other = (builder(database).build(seed) for seed in (1, 1, 2))
    assert first == again
    assert first.examples != other.examples
    assert sorted(map(repr, first.examples)) == sorted(map(repr, other.examples))
    assert first.held_out == other.held_out


def test_earlier_lessons_are_replayed_and_tested_on_the_same_wordings(database: Database) -> None:
    add_corrections(database, PASSWORD, DOG)
    before = builder(database).build()
    made = builder(database).build(earlier={"c0"})
    assert {one.lesson_id: one.task for one in made.examples} == {"c0": Task.REPLAY, "c1": Task.FACT}
    tested = {
        asked(one.prompt) for one in before.held_out if (one.lesson_id, one.kind) == ("c0", HeldOutKind.PARAPHRASE)
    }
    assert {asked(one.prompt) for one in made.held_out if one.kind is HeldOutKind.EARLIER} == tested
    assert builder(database).waiting({"c0"}).earlier == 1


def test_style_is_tested_on_unseen_subjects(database: Database) -> None:
    add_corrections(database, TICKET | {"kind": "style", "answer": "Hello! It is 12 pounds. Have a nice day."})
    made = builder(database).build()
    assert {one.task for one in made.examples} == {Task.STYLE}
    assert {one.kind for one in made.held_out} == {HeldOutKind.STYLE}
    for one in made.held_out:
        assert asked(one.prompt).startswith("How much do")
        assert "day ticket" not in asked(one.prompt)


def test_everything_is_asked_in_a_hurry_too_but_for_what_is_held_out_or_asked_already(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_corrections(database, PASSWORD)
    monkeypatch.setattr("collab.learning.assembling.noised", lambda text, count: [])
    plain = builder(database, answer=lambda prompts: ["No."] * len(prompts)).build()
    known = [asked(one.prompt) for one in (*plain.held_out, *plain.examples)]
    monkeypatch.setattr(
        "collab.learning.assembling.noised",
        lambda text, count: [*known, "psswrd", *(f"{text} {n}" for n in range(count))],
    )
    made = builder(database, answer=lambda prompts: ["No."] * len(prompts)).build()
    texts = [normalise(asked(one.prompt)) for one in made.examples]
    assert len(texts) == len(set(texts))
    assert not set(texts) & {normalise(asked(one.prompt)) for one in made.held_out}
    before, after = (Counter(one.task for one in found.examples) for found in (plain, made))
    more = {task: after[task] - before[task] * (7 if task is Task.FACT else 4) for task in before}
    assert set(before) == {Task.FACT, Task.NEAR_MISS, Task.UNKNOWN, Task.GENERAL}
    assert sorted(more.values()) == [0, 0, 0, 1]  # one word, once
