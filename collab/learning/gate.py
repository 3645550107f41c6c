"""The gate: may a candidate adapter be promoted? Base, live and candidate answer the same prompts, memory off.

1. The strength of the candidate is chosen on the held-out items that the verdict does not fall on: of the strengths
   that leak and forget no more than is allowed, the one with the most taught answers; the weakest of equals.
2. At that strength all three answer the other items and the probes.
3. `verdict` decides. Whatever goes wrong on the way, a missing or empty answer included, leaves a report that did not
   pass.

It trains nothing, switches nothing and reads no tables.
"""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from collab.dialogue.prompt import build_without_sources
from collab.errors import GateCancelledError, GateItemsError
from collab.learning.answering import Answers, Prompt
from collab.learning.figures import Probed, figures_of, held, probed, strength_of
from collab.learning.probes import FOLDER, Probe, read_probes
from collab.learning.records import HeldOut, Lesson, LessonSet
from collab.learning.report import Figures, Report, Said, Strength
from collab.learning.verdict import KEPT, LEAK, decide, unjudged
from knowledge.errors import CollabError

logger = logging.getLogger(__name__)

Told = Callable[[str, int, int], None]
"""Hears the stage (`strength`, `held_out`, `probes`), and how many of how many answers it has."""


def choose(tried: Sequence[Strength]) -> Strength:
    """The strength for the verdict, marked. Where none keeps the limits it is the weakest, and where nothing that was
    taught is asked for, the strongest that keeps them.
    """
    allowed = [one for one in tried if one.leaked <= one.leaked_live + LEAK and one.kept >= KEPT]
    if not allowed:
        return replace(min(tried, key=lambda one: one.strength), is_chosen=True)
    if not any(one.items for one in tried):
        return replace(max(allowed, key=lambda one: one.strength), is_chosen=True)
    best = max(allowed, key=lambda one: (one.right, round(one.f1, 2), -one.strength))
    return replace(best, is_chosen=True)


class Gate:
    """Compares one candidate with the live adapter and the bare model."""

    def __init__(
        self,
        answers: Answers,
        *,
        live: str | None,
        candidates: Mapping[float, str],
        told: Told = lambda stage, done, count: None,
        probes: Path = FOLDER,
    ) -> None:
        """`live`: the key of the live adapter, None where the bare model is live. `candidates`: the keys of the
        candidate by its strength, above 0 (live) up to 1 (as it was trained).
        """
        self._answers = answers
        self._live = live
        self._candidates = dict(candidates)
        self._told = told
        self._folder = probes

    def judge(self, lessons: LessonSet) -> Report:
        """The report; it never passes a candidate that was not wholly judged. Raises GateCancelledError."""
        try:
            figures = self._figures(lessons)
            return Report.from_json(Report(decide(figures, has_live=self._live is not None), figures).to_json())
        except GateCancelledError:
            raise
        except CollabError as error:
            logger.warning("the gate could not judge: %s", error)
            return Report(unjudged(f"error.{error.code}", dict(error.params)), None)
        except Exception:  # a job ends here: whatever it was, nothing is promoted, and the log has the trace
            logger.exception("the gate failed")
            return Report(unjudged("error.gate_failed", {}), None)

    def _figures(self, lessons: LessonSet) -> Figures:
        probes = read_probes(self._folder)
        known = {lesson.id: lesson for lesson in lessons.lessons}
        _check(self._candidates, lessons.held_out, known)
        strengths = self._strengths([item for item in lessons.held_out if not item.is_for_verdict], known)
        key = next(self._candidates[one.strength] for one in strengths if one.is_chosen)
        items = [item for item in lessons.held_out if item.is_for_verdict]
        said = self._three("held_out", key, [item.prompt for item in items])
        judged = [held(item, three, known) for item, three in zip(items, said, strict=True)]
        return figures_of(strengths, judged, self._probed(key, probes))

    def _strengths(self, items: Sequence[HeldOut], known: Mapping[str, Lesson]) -> list[Strength]:
        prompts = [item.prompt for item in items]
        steps = len(self._candidates) + 1
        live = self._asked("strength", self._live, prompts, 0, steps)
        tried = []
        for place, (strength, key) in enumerate(sorted(self._candidates.items()), start=1):
            said = self._asked("strength", key, prompts, place, steps)
            tried.append(strength_of(strength, items, live, said, known))
        chosen = choose(tried)
        return [chosen if one.strength == chosen.strength else one for one in tried]

    def _probed(self, key: str, probes: Sequence[Probe]) -> list[Probed]:
        asked = [_prompt(text, probe.language) for probe in probes for text in probe.prompts]
        said = iter(self._three("probes", key, asked))
        return [probed(probe, [next(said) for _ in probe.prompts]) for probe in probes]

    def _three(self, stage: str, key: str, prompts: Sequence[Prompt]) -> list[Said]:
        answers = [self._asked(stage, one, prompts, place, 3) for place, one in enumerate((None, self._live, key))]
        return [Said(*three) for three in zip(*answers, strict=True)]

    def _asked(self, stage: str, key: str | None, prompts: Sequence[Prompt], place: int, steps: int) -> list[str]:
        """The answers of one of the models, which is the `place`-th of `steps` that are asked in this stage."""
        count = len(prompts)
        return self._answers.all(key, prompts, lambda done: self._told(stage, place * count + done, steps * count))


def _prompt(text: str, language: str) -> Prompt:
    return tuple(build_without_sources(text, (), language))


def _check(candidates: Mapping[float, str], items: Sequence[HeldOut], known: Mapping[str, Lesson]) -> None:
    """Raises GateItemsError for what cannot be judged."""
    if not candidates or not all(math.isfinite(strength) and 0 < strength <= 1 for strength in candidates):
        raise GateItemsError(why="the strengths of the new adapter are not between 0 and 1")
    if not all(item.prompt and item.taught.strip() and item.lesson_id in known for item in items):
        raise GateItemsError(why="a held-out question has no words, no taught answer or no lesson")
