"""Other wordings, by rules and by a model; none stays that the scope decision does not take for the same question."""

from collections.abc import Sequence

import pytest

from collab.learning.near_misses import near_misses, other_subjects
from collab.learning.paraphrasing import by_rules, paraphrases
from collab.learning.sameness import Pair, ScopeSameness, same_words
from knowledge.embedding import SentenceEmbedder, packaged_embedder_path
from knowledge.multilingual import MultilingualEmbedder, packaged_multilingual_path
from knowledge.scope import CrossEncoder
from knowledge.text import normalise
from knowledge.wordlists import STOP_WORDS
from tests.fakes import WordEmbedder


def all_same(pairs: Sequence[Pair]) -> list[bool]:
    return [True] * len(pairs)


def none_same(pairs: Sequence[Pair]) -> list[bool]:
    return [False] * len(pairs)


def by_surface(question: str) -> tuple[list[str], list[str]]:
    """The rules' wordings: in other words, and in another surface."""
    made = list(by_rules(question))
    return [one.text for one in made if not one.on_surface], [one.text for one in made if one.on_surface]


@pytest.mark.parametrize(
    ("question", "deep"),
    [
        ("How do I open my locker?", "How should I open my locker?"),
        ("Do I need to bring a photo?", "Am I required to bring a photo?"),
        ("When does the sauna close?", "At what time does the sauna close?"),
        ("What happens if it rains?", "What if it rains?"),
        ("怎么重置密码？", "如何重置密码？"),
        ("图书馆在哪里？", "图书馆在什么地方？"),
        ("能不能带宠物？", "是否可以带宠物？"),
    ],
)
def test_openers(question: str, deep: str) -> None:
    assert deep in by_surface(question)[0]


@pytest.mark.parametrize(
    ("question", "surface"),
    [
        ("What is a debit note?", "What's a debit note?"),
        ("Where's the gym?", "Where is the gym?"),
        ("Why can't I log in?", "Why cannot I log in?"),
        ("Is tea free?", "Is tea free? Thank you!"),
        ("I lost my key.", "Hi there, I lost my key."),
        ("Is tea free?", "Hi there, is tea free?"),
        ("Is tea free?", "Good morning! Is tea free?"),
        ("几点开门？", "请问，几点开门？"),
        ("几点开门？", "几点开门？谢谢！"),
    ],
)
def test_surfaces(question: str, surface: str) -> None:
    assert surface in [one.text for one in by_rules(question)]


def test_one_slip_in_a_long_word() -> None:
    slips = [text for text in by_surface("Is parking free?")[1] if "free?" in text and "parking" not in text]
    assert len(slips) == 1
    word = slips[0].removeprefix("Is ").removesuffix(" free?")
    assert word[0] + word[-1] == "pg"
    assert sorted(set(word)) == sorted(set("parking")) or len(word) == 6


def test_the_same_question_gives_the_same_wordings() -> None:
    assert paraphrases(["Is parking free?"], all_same) == paraphrases(["Is parking free?"], all_same)


def test_none_stays_that_is_not_the_same() -> None:
    assert paraphrases(["Is parking free?", "几点开门？"], none_same) == [(), ()]
    assert paraphrases(["Is parking free?"], same_words) == [()]
    assert paraphrases([], all_same) == []


def test_what_a_model_makes_is_held_to_the_same_check() -> None:
    def rephrase(questions: Sequence[str]) -> list[list[str]]:
        return [["Must one pay\n for parking?", "IS PARKING FREE", "", "What is for lunch?"] for _ in questions]

    def same(pairs: Sequence[Pair]) -> list[bool]:
        return ["lunch" not in asked for _, asked in pairs]

    (made,) = paraphrases(["Is parking free?"], same, rephrase)
    texts = [one.text for one in made]
    assert texts[0] == "Must one pay for parking?"
    assert "What is for lunch?" not in texts
    assert len({"is parking free", *map(normalise, texts)}) == len(texts) + 1


def test_all_are_compared_in_one_call() -> None:
    calls = []

    def same(pairs: Sequence[Pair]) -> list[bool]:
        calls.append(len(pairs))
        return [True] * len(pairs)

    made = paraphrases(["Is parking free?", "How do I open my locker?", "几点开门？"], same)
    assert calls == [sum(map(len, made))]


@pytest.mark.parametrize(
    "text", ["?", "", " ", "a", "。", "?" * 500, "x" * 8_000, "How do I " * 900, "怎么" * 900, "🙂"]
)
def test_wild_questions(text: str) -> None:
    same = ScopeSameness(WordEmbedder())
    paraphrases([text], same)
    near_misses([text], [()], same)


def test_near_misses_ask_of_another_subject() -> None:
    (made,) = near_misses(["Why was my card declined?"], [()], none_same)
    assert len(made) == 4
    assert all(text.startswith("Why was ") and text.endswith(" declined?") and "card" not in text for text in made)
    (first, second) = near_misses(
        ["How much does a day ticket cost?", "How much does a cot cost?"], [(), ()], none_same
    )
    assert first[0] == "How much does a cot cost?"
    assert second[0] == "How much does a day ticket cost?"
    assert "健身房几点开门？" in near_misses(["图书馆几点开门？"], [()], none_same)[0]


@pytest.mark.parametrize(
    ("question", "before", "after"),
    [
        ("Which floor is the canteen on?", "Which floor is ", " on?"),
        ("How early must a group book?", "How early must ", " book?"),
        ("Which channel do the radios use?", "Which channel do ", " use?"),
        ("Where do broken helmets go?", "Where do ", " go?"),
        ("When are invoices paid?", "When are ", " paid?"),
        ("Who signs travel expenses?", "Who signs ", "?"),
        ("How often is stock counted?", "How often is ", " counted?"),
    ],
)
def test_near_misses_ask_of_another_thing_with_an_article_or_without(question: str, before: str, after: str) -> None:
    (made,) = near_misses([question], [()], none_same)
    of_others = [text for text in made if text.startswith(before) and text.endswith(after)]
    others = {text.removeprefix(before).removesuffix(after) for text in of_others}
    assert len(others) >= 3
    assert question.removeprefix(before).removesuffix(after) not in others
    assert not any(word in STOP_WORDS for other in others for word in other.split()[1:])


@pytest.mark.parametrize("question", ["Who signs?", "What is his name?", "Why so early?"])
def test_what_names_no_thing_has_no_other_thing(question: str) -> None:
    assert list(other_subjects(question)) == []


def test_near_misses_ask_of_another_name() -> None:
    questions = ["Which lamp does Blue Harbour use?", "Which piano does Ann of Cleve play?"]
    first, second = near_misses(questions, [(), ()], none_same)
    assert first[0] == "Which lamp does Ann of Cleve use?"
    assert second[0] == "Which piano does Blue Harbour play?"


def test_near_misses_of_people_are_first_and_not_doubted() -> None:
    assert near_misses(["Is parking free?"], [["Is lunch free?"]], all_same) == [("Is lunch free?",)]


@pytest.mark.parametrize(
    "question", ["Is the museum open on Mondays?", "When is the ramp closed?", "Can I pay by card?", "可以带宠物吗？"]
)
def test_what_the_answer_may_be_right_for_is_no_near_miss(question: str) -> None:
    for text in near_misses([question], [()], none_same)[0]:
        assert not normalise(text).startswith(normalise(question))
        assert "n't" not in text
        assert not {"open", "opened", "closed"} & set(normalise(text).split()) - set(normalise(question).split())
        assert "不" not in text


@pytest.mark.models
def test_the_scope_decision_in_pairs() -> None:
    path = packaged_embedder_path()
    chinese = MultilingualEmbedder(packaged_multilingual_path())
    same = ScopeSameness(SentenceEmbedder(path), CrossEncoder(path), chinese)
    assert same(
        [
            ("How do I reset my password?", "What is the way to reset my password?"),
            ("How do I reset my password?", "How do I reset my pasword?"),
            ("How do I reset my password?", "How do I reset my key card?"),
            ("How do I reset my password?", "怎么重置密码？"),
            ("怎么重置密码？", "如何重置密码？"),
            ("怎么重置密码？", "为什么重置密码？"),
            ("¿Dónde está?", "¿Dónde está?"),
        ]
    ) == [True, True, False, False, True, False, True]
    for made in paraphrases(["How much does a day ticket cost?", "图书馆几点开门？"], same):
        assert len([one for one in made if not one.on_surface]) >= 3
