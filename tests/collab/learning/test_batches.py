"""Which examples stand in which update."""

from collections import Counter

from collab.learning.batches import batches, taught_per_update
from collab.learning.records import Example, Task
from tests.collab.learning.tiny_model import asked, lesson_set


def made(**kinds: int) -> list[Example]:
    return [Example(Task(kind), "", asked(f"{kind} {n}"), "x" * n) for kind, most in kinds.items() for n in range(most)]


def tasks(examples: list[Example], update: list[int]) -> Counter[str]:
    return Counter(examples[place].task.value for place in update)


def test_half_of_an_update_stays_as_it_is_and_few_are_not_said_over_and_over() -> None:
    examples = made(fact=20, near_miss=4, replay=25, general=64, unknown=1)
    found = [tasks(examples, update) for update in batches(examples, 16, 12, seed=0)]
    assert all(update["fact"] == 6 for update in found)
    assert Counter(update["general"] for update in found) == {3: 12, 4: 3, 2: 1}
    assert all(update["replay"] >= 1 for update in found)
    assert sum(found, Counter()) == {"fact": 96, "general": 50, "replay": 31, "near_miss": 13, "unknown": 2}


def test_every_lesson_comes_once_before_any_comes_again() -> None:
    examples = made(fact=8, general=1)
    first, second, third = batches(examples, 3, 8, seed=3)
    taught = [sorted(place for place in update if place < 8) for update in (first, second, third)]
    assert sorted(taught[0] + taught[1]) == list(range(8))
    assert not set(taught[2]) & {8}


def test_a_lesson_with_many_wordings_comes_as_often_as_one_with_few() -> None:
    examples = [
        Example(Task.FACT, id, asked(f"{id} {n}"), "x") for id, most in (("a", 30), ("b", 2)) for n in range(most)
    ]
    found = [place for update in batches(examples, 10, 4, seed=0) for place in update]
    assert Counter(examples[place].lesson_id for place in found) == {"a": 20, "b": 20}
    assert len({place for place in found if examples[place].lesson_id == "a"}) == 20  # none again before all others
    assert sorted(Counter(place for place in found if place >= 30).values()) == [10, 10]


def test_a_few_styles_are_not_drowned_by_many_wordings_of_facts() -> None:
    examples = made(fact=400, style=25, general=9)
    found = sum((tasks(examples, update) for update in batches(examples, 10, 12, seed=0)), Counter())
    assert found == {"fact": 48, "style": 12, "general": 60}


def test_an_update_goes_from_short_to_long_and_the_seed_decides() -> None:
    examples = made(fact=20, near_miss=20)
    some = batches(examples, 4, 6, seed=1)
    assert some == batches(examples, 4, 6, seed=1) != batches(examples, 4, 6, seed=2)
    lengths = [[len(examples[p].completion) + len(examples[p].prompt[0]["content"]) for p in update] for update in some]
    assert lengths == [sorted(update) for update in lengths]


def test_without_anything_to_keep_all_are_lessons_and_the_other_way_round() -> None:
    assert taught_per_update(made(fact=1), 8) == 8
    assert taught_per_update(made(fact=1, replay=1), 7) == 4
    assert taught_per_update(made(general=1), 8) == 0
    assert [taught_per_update(made(fact=1, replay=1), size) for size in (1, 2, 3)] == [1, 1, 2]
    assert batches(made(general=1), 2, 3, seed=0) == [[0, 0, 0], [0, 0, 0]]
    assert len(lesson_set().examples) == 8
