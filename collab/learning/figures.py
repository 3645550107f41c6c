"""From answers to figures: which are right, what leaked, was forgotten, got worse. Pure, and no judge of them.

An answer to a fact is right where it says what was taught (`matching`), one in a style where it has the marks of the
style (`manner`). The wordings of one lesson rise and fall together, so the exact test counts lessons, not wordings: a
lesson is right where more than half of its items are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from collab.learning import manner, matching, paired
from collab.learning.paired import Paired
from collab.learning.probes import Group, Probe, passes
from collab.learning.records import HeldOut, HeldOutKind, Lesson, LessonKind
from collab.learning.report import (
    Change,
    Drift,
    Earlier,
    Figures,
    Item,
    Kind,
    Leaks,
    Likeness,
    ProbeGroup,
    Report,
    Said,
    Shares,
    Strength,
)

TAUGHT = (HeldOutKind.PARAPHRASE, HeldOutKind.STYLE)


@dataclass(frozen=True, slots=True)
class Held:
    """A held-out item with the three answers, and whether each is right: for a near miss, whether it leaks."""

    item: HeldOut
    lesson: Lesson
    said: Said
    base: bool
    live: bool
    candidate: bool


@dataclass(frozen=True, slots=True)
class Probed:
    """A probe with the three answers to each of its prompts, and whether each of the three passes."""

    probe: Probe
    said: tuple[Said, ...]
    base: bool
    live: bool
    candidate: bool

    @property
    def counts(self) -> bool:
        """A Chinese one counts only where the base model passes it: other models cannot get worse at Chinese."""
        return self.probe.language != "zh" or self.base


def hits(item: HeldOut, said: str, lessons: Mapping[str, Lesson]) -> bool:
    """Whether an answer is right; of a near miss, whether it gives the taught answer."""
    lesson = lessons[item.lesson_id]
    if item.kind is HeldOutKind.NEAR_MISS:
        return matching.contains(said, item.taught) or matching.says(item.taught, said)
    if lesson.kind is LessonKind.STYLE:
        styles = [other for other in lessons.values() if other.kind is LessonKind.STYLE]
        return manner.follows(lesson, said, styles)
    return matching.says(item.taught, said)


def held(item: HeldOut, said: Said, lessons: Mapping[str, Lesson]) -> Held:
    """The item, judged."""
    right = [hits(item, answer, lessons) for answer in (said.base, said.live, said.candidate)]
    return Held(item, lessons[item.lesson_id], said, *right)


def probed(probe: Probe, said: Sequence[Said]) -> Probed:
    """The probe, judged."""
    base, live = passes(probe, [one.base for one in said]), passes(probe, [one.live for one in said])
    return Probed(probe, tuple(said), base, live, passes(probe, [one.candidate for one in said]))


def figures_of(strengths: Sequence[Strength], items: Sequence[Held], probes: Sequence[Probed]) -> Figures:
    """All of them, from the items and probes of the verdict."""
    taught = [one for one in items if one.item.kind in TAUGHT]
    counting = [one for one in probes if one.counts]
    said = [one.said for one in items] + [said for one in probes for said in one.said]
    free = [[not matching.is_stuck(text) for text in (one.base, one.live, one.candidate)] for one in said]
    return Figures(
        strengths=tuple(strengths),
        lessons=tuple(_item(one) for one in taught),
        lesson_right=_shares(lessons := _lessons(taught)),
        lesson_test=_compared(lessons),
        kinds=tuple(_kinds(taught)),
        paraphrases=_likeness([one for one in taught if one.item.kind is HeldOutKind.PARAPHRASE]),
        near_misses=_leaks([one for one in items if one.item.kind is HeldOutKind.NEAR_MISS]),
        earlier=_earlier([one for one in items if one.item.kind is HeldOutKind.EARLIER]),
        probes=tuple(_probe_group(group, [one for one in counting if one.probe.group is group]) for group in Group),
        probe_test=_compared(counting),
        base_test=paired.compare([one.base for one in counting], [one.candidate for one in counting]),
        stuck=Shares(*(1 - _share(one[at] for one in free) if free else 0.0 for at in range(3))),
        stuck_test=paired.compare([live for _, live, _ in free], [candidate for _, _, candidate in free]),
        drift=_drift([one for one in counting if one.probe.group is Group.GENERAL]),
    )


def rights(report: Report) -> dict[str, bool | None]:
    """Of the lessons that the gate asked the candidate about, whether it answers most of their questions right."""
    if report.figures is None:
        return {}
    asked: dict[str, list[bool]] = {}
    for item in report.figures.lessons:
        asked.setdefault(item.about, []).append(item.change in (Change.FIXED, Change.KEPT))
    for item in report.figures.earlier.forgotten:
        asked.setdefault(item.about, []).append(False)
    return {id: 2 * sum(right) > len(right) for id, right in asked.items()}


def strength_of(
    strength: float, items: Sequence[HeldOut], live: Sequence[str], said: Sequence[str], lessons: Mapping[str, Lesson]
) -> Strength:
    """What a strength does on the items that it is chosen by."""
    before = [hits(item, answer, lessons) for item, answer in zip(items, live, strict=True)]
    after = [hits(item, answer, lessons) for item, answer in zip(items, said, strict=True)]
    taught = [at for at, item in enumerate(items) if item.kind in TAUGHT]
    misses = [at for at, item in enumerate(items) if item.kind is HeldOutKind.NEAR_MISS]
    earlier = [at for at, item in enumerate(items) if item.kind is HeldOutKind.EARLIER and before[at]]
    return Strength(
        strength=strength,
        items=len(taught),
        right=_share(after[at] for at in taught),
        f1=_mean(matching.f1(items[at].taught, said[at]) for at in taught),
        leaked=_share(after[at] for at in misses),
        leaked_live=_share(before[at] for at in misses),
        kept=_share(after[at] for at in earlier) if earlier else 1.0,
        is_chosen=False,
    )


def _item(one: Held) -> Item:
    return Item(
        about=one.item.lesson_id,
        asked=one.item.prompt[-1]["content"],
        expected=one.item.taught,
        said=one.said,
        change=_change(one.live, one.candidate),
    )


def _change(before: bool, after: bool) -> Change:
    if before:
        return Change.KEPT if after else Change.BROKEN
    return Change.FIXED if after else Change.MISSED


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Of a lesson."""

    base: bool
    live: bool
    candidate: bool


Outcomes = Sequence[Held] | Sequence[Probed] | Sequence[_Outcome]


def _lessons(items: Sequence[Held]) -> list[_Outcome]:
    by_lesson: dict[str, list[Held]] = {}
    for one in items:
        by_lesson.setdefault(one.item.lesson_id, []).append(one)
    return [
        _Outcome(_most(one.base for one in own), _most(one.live for one in own), _most(one.candidate for one in own))
        for own in by_lesson.values()
    ]


def _kinds(items: Sequence[Held]) -> list[Kind]:
    by_kind = {kind: _lessons([one for one in items if one.lesson.kind is kind]) for kind in LessonKind}
    return [Kind(kind, _shares(own), _compared(own)) for kind, own in by_kind.items() if own]


def _likeness(items: Sequence[Held]) -> Likeness:
    def mean(measure: Callable[[str, str], float]) -> Shares:
        said = [(one.item.taught, one.said) for one in items]
        return Shares(
            base=_mean(measure(taught, three.base) for taught, three in said),
            live=_mean(measure(taught, three.live) for taught, three in said),
            candidate=_mean(measure(taught, three.candidate) for taught, three in said),
        )

    return Likeness(len(items), mean(matching.exact_match), mean(matching.f1))


def _leaks(items: Sequence[Held]) -> Leaks:
    return Leaks(len(items), _shares(items), tuple(_item(one) for one in items if one.candidate))


def _earlier(items: Sequence[Held]) -> Earlier:
    known = [one for one in items if one.live]
    kept = _share(one.candidate for one in known) if known else 1.0
    return Earlier(len(items), len(known), kept, tuple(_item(one) for one in known if not one.candidate))


def _probe_group(group: Group, probes: Sequence[Probed]) -> ProbeGroup:
    lost = [one for one in probes if one.live and not one.candidate]
    examples = [
        Item(one.probe.id, prompt, "", said, Change.BROKEN)
        for one in lost
        for prompt, said in zip(one.probe.prompts, one.said, strict=True)
    ]
    return ProbeGroup(group, _shares(probes), _compared(probes), tuple(examples))


def _drift(probes: Sequence[Probed]) -> Drift:
    said = [one for probe in probes for one in probe.said]
    live = _mean(1 - matching.f1(one.base, one.live) for one in said)
    return Drift(len(said), live, _mean(1 - matching.f1(one.base, one.candidate) for one in said))


def _compared(outcomes: Outcomes) -> Paired:
    return paired.compare([one.live for one in outcomes], [one.candidate for one in outcomes])


def _shares(outcomes: Outcomes) -> Shares:
    return Shares(
        base=_share(one.base for one in outcomes),
        live=_share(one.live for one in outcomes),
        candidate=_share(one.candidate for one in outcomes),
    )


def _most(right: Iterable[bool]) -> bool:
    return _share(right) > 0.5


def _share(right: Iterable[bool]) -> float:
    return _mean(right)


def _mean(values: Iterable[float]) -> float:
    """0 where there are none: the number of items stands beside each figure."""
    found = list(values)
    return sum(found) / len(found) if found else 0.0
