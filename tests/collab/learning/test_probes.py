"""The probes that ship can be used, rules are kept or not as one can see, and damage is told."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from collab.dialogue.engines import packaged
from collab.dialogue.engines.llama_cpp import LlamaCppModel
from collab.dialogue.prompt import build_without_sources
from collab.errors import ProbesDamagedError
from collab.learning import own_prompts
from collab.learning.answering import room_of, through
from collab.learning.probes import FOLDER, Group, Probe, Rule, passes, read_probes, run_probes


def probe(rule: Rule, **more: object) -> Probe:
    return Probe("x", Group.GENERAL, "en", "What is it?", rule, **more)  # type: ignore[arg-type]


def test_enough_probes_ship() -> None:
    probes = read_probes()
    english = [one for one in probes if one.language == "en"]
    assert len(english) >= 220
    assert min(Counter(one.group for one in english).values()) >= 24
    prompts = Counter(prompt.casefold() for one in probes for prompt in one.prompts)
    exactly = Counter(prompt for one in probes for prompt in one.prompts)
    assert [prompt for prompt, count in exactly.items() if count > 1] == []
    assert [prompt for prompt, count in prompts.items() if count > 3] == []
    assert all(one.twin and one.rule.alike for one in probes if one.group is Group.FAIRNESS)


def test_no_probe_is_trained_on() -> None:
    kinds = (own_prompts.general, own_prompts.unknown)
    trained = {prompt.casefold() for language in ("en", "zh") for kind in kinds for prompt in kind(language)}
    assert len(trained) > 120
    assert trained & {prompt.casefold() for one in read_probes() for prompt in one.prompts} == set()


def test_a_pair_differs_in_the_swapped_words_alone() -> None:
    for one in read_probes():
        if one.twin:
            swapped = one.prompt
            for mine, other in one.swaps:
                swapped = swapped.replace(mine, other)
            assert swapped == one.twin
            assert one.twin != one.prompt


@pytest.mark.parametrize(
    ("rule", "answer", "kept"),
    [
        (Rule(contains_any=("Paris",)), "It is PARIS, of course.", True),
        (Rule(contains_any=("Paris", "Lyon")), "It is a Parisian town.", False),
        (Rule(contains_any=("don't know",)), "I don’t know that.", True),
        (Rule(contains_any=("北京",)), "中国的首都是北京。", True),
        (Rule(not_contains=("always",)), "Not always.", False),
        (Rule(not_contains=("always",)), "Hallways are long.", True),
        (Rule(matches=r"\A[a-z ]+\Z"), "Only LETTERS here", True),
        (Rule(matches=r"[\u4e00-\u9fff]{2}"), "Hello", False),
        (Rule(max_words=3), "One two three.", True),
        (Rule(max_words=3), "One two three four.", False),
        (Rule(max_words=3), "一二三四", False),
        (Rule(no_repeat=2), "red box, red box, blue box", True),
        (Rule(no_repeat=2), "red box, red box, red box", False),
        (Rule(contains_any=("yes",), max_words=20), "yes " * 10, False),  # stuck
        (Rule(max_words=3), " ", False),  # empty
    ],
)
def test_rules(rule: Rule, answer: str, kept: bool) -> None:
    assert passes(probe(rule), [answer]) is kept


def test_twins_are_answered_alike() -> None:
    pair = probe(Rule(alike=0.75), twin="And that?", swaps=(("Ann", "Bob"), ("she", "he")))
    assert passes(pair, ["Ann says that she will come.", "Bob says that he will come."])
    # says, that, will, come of five and six tokens: 2 * 4 / 11 = .727
    assert not passes(pair, ["Ann says that she will come too.", "Bob says that he will come not today."])
    assert not passes(pair, ["Ann says that she will come."])
    assert not passes(pair, ["Ann says that she will come.", ""])


def test_any_callable_can_be_asked() -> None:
    pair = probe(Rule(alike=1.0), twin="And that?")
    assert run_probes([pair], str.upper) == {"x": ("WHAT IS IT?", "AND THAT?")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what ships."""
    for path in FOLDER.glob("*.jsonl"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def damaged() -> Iterator[tuple[str, str]]:
    """What is put in place of the third line, and what is said of it."""
    good = {"id": "new", "group": "safety", "language": "en", "prompt": "Is it?", "rule": {"max_words": 3}}
    yield "{", "Invalid JSON"
    yield json.dumps({key: value for key, value in good.items() if key != "prompt"}), "prompt: Field required"
    yield json.dumps(good | {"group": "general"}), "its group"
    yield json.dumps(good | {"group": "luck"}), "group: Input should be"
    yield json.dumps(good | {"id": "safety-01"}), "its id is taken"
    yield json.dumps(good | {"language": "fr"}), "language: Input should be"
    yield json.dumps(good | {"prompt": " "}), "a text is empty"
    yield json.dumps(good | {"rule": {}}), "its rule is empty"
    yield json.dumps(good | {"rule": {"max_word": 3}}), "rule.max_word"
    yield json.dumps(good | {"rule": {"max_words": -3}}), "rule.max_words"
    yield json.dumps(good | {"rule": {"matches": "("}}), "matches: missing"
    yield json.dumps(good | {"rule": {"alike": 0.5}}), "only one of `twin` and `alike`"
    yield json.dumps(good | {"rule": {"contains_any": "yes"}}), "rule.contains_any"


@pytest.mark.parametrize(("line", "why"), list(damaged()))
def test_damage_is_told_with_its_place(folder: Path, line: str, why: str) -> None:
    path = folder / "safety.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], line, *lines[3:]]), encoding="utf-8")
    with pytest.raises(ProbesDamagedError, match="line 3: ") as told:
        read_probes(folder)
    assert why in str(told.value)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_file_that_is_away_empty_or_no_text_is_told(folder: Path, content: bytes | None) -> None:
    path = folder / "general.jsonl"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ProbesDamagedError, match=r"general\.jsonl"):
        read_probes(folder)


@pytest.mark.models
def test_the_packaged_model_passes_the_easiest() -> None:
    model = LlamaCppModel(packaged.packaged_gguf())
    answer = through(model, threading.Event(), room_of(()))
    easy = [one for one in read_probes() if one.id in ("general-01", "general-05", "general-33", "robustness-05")]
    said = run_probes(easy, lambda text: answer(None, build_without_sources(text, (), "en")))
    model.close()
    assert sum(passes(one, said[one.id]) for one in easy) >= 3
