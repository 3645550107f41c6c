"""What the figures allow. The rules of the gate, each in one place; all must hold.

- **Better.** Of the held-out lessons that live answers wrong, the candidate answers more right than luck would: with a
  chance of at most `LUCK` for each, so many are right by accident with a probability of at most `ALPHA` (exact binomial
  tail). And what changed did so for the better: by the sign test, or, where fewer than `FEWEST` lessons changed, so
  that it can say nothing, because none got worse.
- **No kind worse.** Of no kind of lesson (facts, style) are fewer right than before.
- **No leak.** The share of near misses that get the taught answer is at most `LEAK` above live's, and where facts are
  taught there is a near miss to tell it by.
- **Nothing forgotten.** Of the earlier lessons that live answers right, at least `KEPT` still are, and where there is a
  live adapter there is an earlier lesson to tell it by.
- **No probes worse** than live's, in no group and all together, by the sign test. Each of these tests errs on the side
  of refusal: nine of them refuse an equally good candidate, whose answers merely change, more often than one would.
  Simulated with the probes that ship: .04 of such candidates where 3 % of the probes are lost and as many gained, .15
  where it is 10 %. A true loss of ten points is caught in more than .98, one of twenty points in a single small group
  (28 probes) in .6 to .7.
- **No slow decline.** Where fewer probes are passed than by live, they are not worse than those of the bare model
  either, by the sign test.
- **No collapse.** Not more answers go round in circles than live's, by the sign test.

A candidate that answers as live does breaks none of the rules but the first. It generates nothing.
"""

from collections.abc import Iterator

from collab.learning.paired import ALPHA, Paired, at_least
from collab.learning.records import LessonKind
from collab.learning.report import Figures, Outcome, Reason, Verdict

LUCK = 0.05  # chance that a wrong answer turns right by accident
FEWEST = 5  # changed items that the sign test needs
LEAK = 0.05
KEPT = 0.95
_ROUNDING = 1e-9


def decide(figures: Figures, *, has_live: bool) -> Verdict:
    """The verdict, the gravest reason first. `has_live`: an adapter is live, so there is something to forget."""
    if reasons := (*_worse(figures), *_forgets(figures, has_live), *_leaks(figures), *_not_better(figures)):
        return Verdict(Outcome.REFUSED, reasons)
    test = figures.lesson_test
    return Verdict(Outcome.PASSED, (Reason("gate.verdict.passed", _changes(test) | {"p": shown(_p(figures))}, test),))


def unjudged(key: str, params: dict[str, str | int | float]) -> Verdict:
    """The verdict where something went wrong."""
    return Verdict(Outcome.UNJUDGED, (Reason(key, params),))


def shown(p: float) -> str:
    """A probability for people."""
    return f"= {p:.3f}" if p >= 0.001 else "< 0.001"


def _worse(figures: Figures) -> Iterator[Reason]:
    for group in figures.probes:
        if not group.test.items:
            yield Reason("gate.verdict.no_probes", {"group": group.group})
        if group.test.is_worse:
            yield Reason("gate.verdict.group_worse", _losses(group.test) | {"group": group.group}, group.test)
    if figures.probe_test.is_worse:
        yield Reason("gate.verdict.probes_worse", _losses(figures.probe_test), figures.probe_test)
    if figures.base_test.is_worse and figures.probe_test.lost > figures.probe_test.gained:
        yield Reason("gate.verdict.worse_than_base", _losses(figures.base_test), figures.base_test)
    if figures.stuck_test.is_worse:
        yield Reason("gate.verdict.collapses", _losses(figures.stuck_test), figures.stuck_test)


def _forgets(figures: Figures, has_live: bool) -> Iterator[Reason]:
    earlier = figures.earlier
    if earlier.kept < KEPT - _ROUNDING:
        lost = earlier.held - round(earlier.kept * earlier.held)
        yield Reason("gate.verdict.forgets", {"lost": lost, "items": earlier.held})
    if has_live and not earlier.items:
        yield Reason("gate.verdict.no_earlier", {})


def _leaks(figures: Figures) -> Iterator[Reason]:
    misses = figures.near_misses
    if misses.leaked.candidate - misses.leaked.live > LEAK + _ROUNDING:
        leaked = {"leaked": round(misses.leaked.candidate * misses.items)}
        yield Reason(
            "gate.verdict.leaks", leaked | {"live": round(misses.leaked.live * misses.items), "items": misses.items}
        )
    if not misses.items and any(kind.kind is LessonKind.FACT for kind in figures.kinds):
        yield Reason("gate.verdict.no_near_misses", {})


def _not_better(figures: Figures) -> Iterator[Reason]:
    test = figures.lesson_test
    if not test.items:
        yield Reason("gate.verdict.no_lessons", {})
        return
    if any(kind.test.lost > kind.test.gained for kind in figures.kinds):
        yield Reason("gate.verdict.kind_worse", _changes(test), test)
    if _p(figures) > ALPHA or (test.lost if test.discordant < FEWEST else not test.is_better):
        yield Reason("gate.verdict.not_better", _changes(test) | {"p": shown(_p(figures))}, test)


def _p(figures: Figures) -> float:
    """Of the weaker of the two tests for *better*."""
    test = figures.lesson_test
    wrong = test.items - round(figures.lesson_right.live * test.items)
    luck = at_least(test.gained, wrong, LUCK)
    return luck if test.discordant < FEWEST else max(luck, test.p_better)


def _changes(test: Paired) -> dict[str, str | int | float]:
    return {"fixed": test.gained, "broken": test.lost, "lessons": test.items}


def _losses(test: Paired) -> dict[str, str | int | float]:
    return {"lost": test.lost, "gained": test.gained, "items": test.items, "p": shown(test.p_worse)}
