"""The gate judges small models whose every answer is known: better, worse, leaking, collapsing, swapped, broken."""

import json
import random
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collab.dialogue.engines import Message
from collab.errors import EngineBrokenError, GateCancelledError
from collab.learning.answering import Answers
from collab.learning.gate import Gate, choose
from collab.learning.probes import Group
from collab.learning.records import HeldOut, HeldOutKind, Lesson, LessonKind, LessonSet, Source
from collab.learning.report import Change, Outcome, Report, Strength

Talk = Callable[[str], str]

PROBES = 8  # of each group
FACTS = 16
EARLIER = 20
UNKNOWN = "I cannot tell."


def taught(number: int) -> str:
    return f"Shelf {number + 100} holds box {number}."


def asked(text: str) -> tuple[Message, ...]:
    return ({"role": "user", "content": text},)


@pytest.fixture(scope="session")
def probes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight easy ones of each group; those of fairness are pairs."""
    folder = tmp_path_factory.mktemp("probes")
    for group in Group:
        lines = []
        for n in range(PROBES):
            item = {"id": f"{group}-{n}", "group": group, "language": "en", "prompt": f"{group} {n}: what does Ann do?"}
            if group is Group.FAIRNESS:
                twin = {"twin": f"{group} {n}: what does Bob do?", "swaps": [["Ann", "Bob"]], "rule": {"alike": 0.9}}
                lines.append(json.dumps(item | twin))
            else:
                lines.append(json.dumps(item | {"rule": {"contains_any": ["reads"]}}))
        (folder / f"{group}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def lesson_set(facts: int = FACTS, earlier: int = EARLIER) -> LessonSet:
    """Every second lesson is for the verdict. A fact has two paraphrases and a near miss."""
    lessons, items = [], []
    for n in range(facts + earlier):
        lessons.append(Lesson(f"l{n}", LessonKind.FACT, Source.PERSON, "ann", f"Box {n}?", taught(n), "", "en"))
        wordings = [("Where is box", HeldOutKind.PARAPHRASE), ("Tell me where to find box", HeldOutKind.PARAPHRASE)]
        kinds = [*wordings, ("How heavy is box", HeldOutKind.NEAR_MISS)]
        for words, kind in kinds if n < facts else [("Where is box", HeldOutKind.EARLIER)]:
            items.append(HeldOut(kind, f"l{n}", asked(f"{words} {n}?"), taught(n), n % 2 == 0))
    return LessonSet(lessons, [], [], [], [], items)


def talks(
    knows: range | Sequence[int], *, leaks: Sequence[int] = (), bad: str = "no such probe", said: str = ""
) -> Talk:
    """Passes the probes except those whose text has `bad`, to which it says `said`, and knows where some boxes are."""

    def talk(question: str) -> str:
        if bad in question:
            return said
        if "what does" in question:
            return f"{'Ann' if 'Ann' in question else 'Bob'} reads a book."
        number = int(question.rstrip("?").split()[-1])
        if "heavy" in question:
            return taught(number) if number in leaks else UNKNOWN
        return taught(number) if number in knows else UNKNOWN

    return talk


NOTHING = talks(())
LIVE = talks(range(FACTS, FACTS + EARLIER))
BETTER = talks(range(FACTS + EARLIER))


class Model:
    """Answers as the contender of the key does, and remembers who was asked what."""

    def __init__(self, **contenders: Talk) -> None:
        self._contenders = contenders
        self.heard: list[tuple[str, str]] = []

    def __call__(self, key: str | None, messages: Sequence[Message]) -> str:
        question = messages[-1]["content"]
        self.heard.append((key or "base", question))
        return self._contenders[key or "base"](question)


def judged(probes: Path, candidate: Talk, live: Talk = LIVE, lessons: LessonSet | None = None) -> Report:
    answers = Answers(Model(base=NOTHING, live=live, new=candidate), base_id="base", at_once=4)
    return Gate(answers, live="live", candidates={1.0: "new"}, probes=probes).judge(lessons or lesson_set())


def reasons(report: Report) -> list[str]:
    return [reason.key.removeprefix("gate.verdict.") for reason in report.verdict.reasons]


def test_a_better_candidate_passes_with_the_test_that_says_so(probes: Path) -> None:
    report = judged(probes, BETTER)
    assert report.verdict.is_passed
    assert report.strength == 1.0
    assert report.figures is not None
    test = report.figures.lesson_test
    assert (test.items, test.gained, test.lost, test.p_better) == (8, 8, 0, 1 / 256)
    assert dict(report.verdict.reasons[0].params) == {"fixed": 8, "broken": 0, "lessons": 8, "p": "= 0.004"}
    assert [item.change for item in report.figures.lessons] == [Change.FIXED] * 16
    first = report.figures.lessons[0]
    assert (first.asked, first.said.base, first.said.live) == ("Where is box 0?", UNKNOWN, UNKNOWN)
    assert first.said.candidate == first.expected == "Shelf 100 holds box 0."
    exact = report.figures.paraphrases.exact
    assert (exact.base, exact.live, exact.candidate) == (0, 0, 1)
    assert (report.figures.earlier.items, report.figures.earlier.held, report.figures.earlier.kept) == (10, 10, 1)
    assert report.figures.drift.candidate == 0
    assert sum(group.test.items for group in report.figures.probes) == 64


def test_swapped_old_and_new_is_refused(probes: Path) -> None:
    report = judged(probes, LIVE, live=BETTER)
    assert report.verdict.outcome is Outcome.REFUSED
    assert reasons(report) == ["kind_worse", "not_better"]
    assert report.figures is not None
    assert (report.figures.lesson_test.gained, report.figures.lesson_test.lost) == (0, 8)
    assert {item.change for item in report.figures.lessons} == {Change.BROKEN}


@pytest.mark.parametrize("group", list(Group))
def test_worse_in_one_group_is_refused_by_its_name(probes: Path, group: Group) -> None:
    worse = talks(range(FACTS + EARLIER), bad=f"{group} ", said="Nothing comes to mind.")
    if group is Group.FAIRNESS:
        worse = talks(range(FACTS + EARLIER), bad="does Bob", said="Nothing comes to mind.")
    report = judged(probes, worse)
    assert reasons(report) == ["group_worse", "probes_worse", "worse_than_base"]
    first = report.verdict.reasons[0]
    assert dict(first.params) == {"lost": 8, "gained": 0, "items": 8, "p": "= 0.004", "group": group}
    assert report.figures is not None
    lost = next(found.lost for found in report.figures.probes if found.group is group)
    assert {item.about for item in lost} == {f"{group}-{n}" for n in range(PROBES)}


def test_four_lost_of_a_group_may_be_chance_and_five_may_not(probes: Path) -> None:
    def worse(count: int) -> Talk:
        lost = tuple(f"safety {n}:" for n in range(count))
        return lambda question: UNKNOWN if question.startswith(lost) else BETTER(question)

    assert judged(probes, worse(4)).verdict.is_passed
    assert reasons(judged(probes, worse(5)))[0] == "group_worse"


def test_leaking_is_refused(probes: Path) -> None:
    report = judged(probes, talks(range(FACTS + EARLIER), leaks=[2]))  # 1 of 8 is more than .05
    assert reasons(report) == ["leaks"]
    assert dict(report.verdict.reasons[0].params) == {"leaked": 1, "live": 0, "items": 8}
    leaking = talks(range(FACTS, FACTS + EARLIER), leaks=[2])
    assert judged(probes, talks(range(FACTS + EARLIER), leaks=[2]), live=leaking).verdict.is_passed  # no more than live


def test_forgetting_one_of_ten_is_refused(probes: Path) -> None:
    report = judged(probes, talks([*range(FACTS), *range(FACTS + 2, FACTS + EARLIER)]))
    assert reasons(report) == ["forgets"]
    assert dict(report.verdict.reasons[0].params) == {"lost": 1, "items": 10}


def test_a_collapsed_candidate_is_refused(probes: Path) -> None:
    report = judged(probes, lambda question: "shelf of the shelf " * 12)
    found = reasons(report)
    assert found.count("group_worse") == len(Group)
    assert {"collapses", "forgets", "not_better"} <= set(found)
    half = judged(probes, lambda question: f"{BETTER(question)} " * (8 if "heavy" in question else 1))
    assert reasons(half) == ["collapses"]  # only near misses go round in circles: 8 of 8


@pytest.mark.parametrize(
    ("fixed", "passes"),
    [(0, False), (1, False), (2, True)],  # of 4 wrong ones: 1 - .95^4 = .185; 2 or more by luck: .014
)
def test_a_few_lessons_pass_where_luck_does_not_explain_them(probes: Path, fixed: int, passes: bool) -> None:
    small = lesson_set(facts=8, earlier=EARLIER)
    old = range(8, 8 + EARLIER)
    report = judged(probes, talks([*old, *range(0, 2 * fixed, 2)]), live=talks(old), lessons=small)
    assert report.verdict.is_passed is passes
    if not passes:
        assert reasons(report) == ["not_better"]


def test_what_cannot_be_told_is_refused(probes: Path) -> None:
    whole = lesson_set()

    def without(*kinds: HeldOutKind) -> LessonSet:
        return LessonSet(whole.lessons, [], [], [], [], [item for item in whole.held_out if item.kind not in kinds])

    assert reasons(judged(probes, BETTER, lessons=without(HeldOutKind.EARLIER))) == ["no_earlier"]
    assert reasons(judged(probes, BETTER, lessons=without(HeldOutKind.NEAR_MISS))) == ["no_near_misses"]
    assert reasons(judged(probes, BETTER, lessons=without(HeldOutKind.PARAPHRASE))) == ["no_lessons"]


@settings(max_examples=25)
@given(st.integers(min_value=0))
def test_a_candidate_that_answers_as_live_does_is_neither_better_nor_worse(probes: Path, seed: int) -> None:
    pool = ["Ann reads a book.", UNKNOWN, "the box " * 20, "It is not so."]

    def live(question: str) -> str:
        chance = random.Random(f"{seed} {question}")
        return chance.choice([LIVE(question), BETTER(question), *pool])

    report = judged(probes, live, live=live)
    assert report.verdict.outcome is Outcome.REFUSED
    assert reasons(report) == ["not_better"]


@pytest.mark.parametrize("said", ["", " \n"])
def test_an_empty_answer_is_no_verdict(probes: Path, said: str) -> None:
    report = judged(probes, talks(range(FACTS + EARLIER), bad="length 3", said=said))
    assert report.verdict.outcome is Outcome.UNJUDGED
    assert report.verdict.reasons[0].key == "error.answer_missing"
    assert dict(report.verdict.reasons[0].params) == {"question": "length 3: what does Ann do?"}
    assert report.figures is None


@pytest.mark.parametrize(
    ("error", "key"),
    [(EngineBrokenError(reason="out of memory"), "error.engine_broken"), (RuntimeError("NaN"), "error.gate_failed")],
)
def test_an_error_is_no_verdict(probes: Path, error: Exception, key: str) -> None:
    def breaks(question: str) -> str:
        if question.startswith("repetition 7"):
            raise error
        return BETTER(question)

    report = judged(probes, breaks)
    assert (report.verdict.outcome, report.verdict.reasons[0].key) == (Outcome.UNJUDGED, key)


def test_damaged_probes_and_senseless_items_are_no_verdict(probes: Path, tmp_path: Path) -> None:
    assert reasons(judged(tmp_path, BETTER)) == ["error.probes_damaged"]
    whole = lesson_set()
    foreign = LessonSet([], [], [], [], [], whole.held_out)
    assert reasons(judged(probes, BETTER, lessons=foreign)) == ["error.gate_items"]
    answers = Answers(Model(base=NOTHING, new=BETTER), base_id="base")
    for strengths in ({}, {float("nan"): "new"}, {1.5: "new"}):
        report = Gate(answers, live=None, candidates=strengths, probes=probes).judge(whole)
        assert reasons(report) == ["error.gate_items"]


def test_the_strength_is_chosen_on_the_other_half(probes: Path) -> None:
    strong, weak = talks(range(FACTS + EARLIER), leaks=range(FACTS)), talks(range(2, FACTS + EARLIER))
    model = Model(base=NOTHING, half=weak, whole=strong)
    answers = Answers(model, base_id="base")
    gate = Gate(answers, live=None, candidates={1.0: "whole", 0.5: "half"}, probes=probes)
    report = gate.judge(lesson_set(earlier=0))
    assert report.verdict.is_passed
    assert report.strength == 0.5
    assert report.figures is not None
    tried = report.figures.strengths
    assert [(one.strength, one.right, one.leaked, one.is_chosen) for one in tried] == [
        (0.5, 7 / 8, 0, True),  # it does not know box 1
        (1.0, 1, 1, False),
    ]
    verdict_prompts = {item.prompt[-1]["content"] for item in lesson_set().held_out if item.is_for_verdict}
    assert not verdict_prompts & {question for key, question in model.heard if key == "whole"}


def test_of_equal_strengths_the_weakest_is_chosen() -> None:
    def tried(strength: float, right: float, leaked: float = 0, kept: float = 1, items: int = 10) -> Strength:
        return Strength(strength, items, right, right, leaked, 0.1, kept, False)

    assert choose([tried(0.5, 0.8), tried(1.0, 0.8)]).strength == 0.5
    assert choose([tried(0.5, 0.7), tried(1.0, 0.8)]).strength == 1.0
    assert choose([tried(0.5, 0.7), tried(1.0, 0.8, leaked=0.2)]).strength == 0.5  # live leaks .1, so .15 is allowed
    assert choose([tried(0.5, 0.7), tried(1.0, 0.8, kept=0.9)]).strength == 0.5
    assert choose([tried(0.5, 0.7, kept=0.9), tried(1.0, 0.8, kept=0.9)]).strength == 0.5
    assert choose([tried(0.5, 0, items=0), tried(1.0, 0, items=0)]).strength == 1.0  # nothing to choose by


def test_a_style_is_followed_where_its_marks_are_there(probes: Path) -> None:
    items = [
        HeldOut(HeldOutKind.STYLE, f"s{n}", asked(f"How do I clean box {n}?"), "Gladly! Use a cloth.", n < 2)
        for n in range(4)
    ]
    lessons = [
        Lesson(f"s{n}", LessonKind.STYLE, Source.PERSON, "ann", "?", f"Gladly! Use {n}.", "Use it.", "en")
        for n in range(4)
    ]

    def polite(question: str) -> str:
        return "Gladly! Use warm water." if "clean" in question else NOTHING(question)

    answers = Answers(Model(base=NOTHING, new=polite), base_id="base")
    gate = Gate(answers, live=None, candidates={1.0: "new"}, probes=probes)
    report = gate.judge(LessonSet(lessons, [], [], [], [], items))
    assert report.verdict.is_passed  # two of two wrong ones: .0025 by luck
    assert report.figures is not None
    assert [(kind.kind, kind.right.candidate) for kind in report.figures.kinds] == [(LessonKind.STYLE, 1)]


def test_answers_are_kept(probes: Path, tmp_path: Path) -> None:
    def run(base_id: str = "base") -> tuple[Report, list[tuple[str, str]]]:
        model = Model(base=NOTHING, live=LIVE, new=BETTER)
        answers = Answers(model, base_id=base_id, cache=tmp_path)
        report = Gate(answers, live="live", candidates={1.0: "new"}, probes=probes).judge(lesson_set())
        return report, model.heard

    first, heard = run()
    assert (
        len({question for key, question in heard if key == "base"}) == 24 + 10 + 8 * PROBES + PROBES
    )  # items of the verdict, probes, and the twins
    second, again = run()
    assert again == []
    assert first == second
    one = next(tmp_path.iterdir())
    one.write_bytes(b"\xff")  # what cannot be read is asked again
    assert len(run()[1]) == 1
    assert run("another model")[1] == heard


def test_cancelling_ends_it_without_a_report(probes: Path, tmp_path: Path) -> None:
    cancel = threading.Event()
    told: list[tuple[str, int, int]] = []

    def hear(stage: str, done: int, count: int) -> None:
        told.append((stage, done, count))
        if stage == "probes":
            cancel.set()

    answers = Answers(Model(base=NOTHING, new=BETTER), base_id="base", cache=tmp_path, cancel=cancel)
    gate = Gate(answers, live=None, candidates={1.0: "new"}, told=hear, probes=probes)
    with pytest.raises(GateCancelledError):
        gate.judge(lesson_set())
    assert told[:2] == [("strength", 0, 2 * 34), ("strength", 1, 2 * 34)]
    assert ("held_out", 3 * 34, 3 * 34) in told
    assert [stage for stage, _, _ in told].count("probes") < 8 * PROBES
