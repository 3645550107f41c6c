"""What a training run teaches: reads what people corrected and rated, and makes a set of lessons of it.

Masked throughout, without what repeats, contradicts or goes beyond what one person may teach. It writes no rows, and it
trains nothing; models are handed in as callables.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from collab.dialogue.composition import without_citations
from collab.learning.assembling import Answer, assemble, ordered
from collab.learning.capping import cap
from collab.learning.duplicates import collapse
from collab.learning.lesson_rows import Gathered, IsStronger, gather
from collab.learning.paraphrasing import Rephrase
from collab.learning.records import Aside, Lesson, LessonKind, LessonSet
from collab.learning.sameness import SameQuestions
from collab.people.privacy import mask, names_in
from knowledge.database import Clock, Database
from knowledge.text import clean

MOST = 300  # corrections, and as many ratings, that one run teaches anew: the newest; each is compared for .2 s
REPLAYED = 200  # earlier lessons that one run repeats
LONGEST_QUESTION, LONGEST_ANSWER = 2_000, 4_000  # characters

PERSONAL, LONG, EMPTY = "learning.aside.personal", "learning.aside.long", "learning.aside.empty"
LATER = "learning.aside.later"

Masker = Callable[[str], str]
"""Takes personal data out of a text."""

_AGES = (("day", timedelta(days=1)), ("week", timedelta(days=7)), ("month", timedelta(days=30)))


def masked(text: str) -> str:
    """With placeholders for what identifies somebody, names included that a greeting or signature gives away."""
    return mask(text, names_in(text))


def nobody(model: str) -> bool:
    """No model is stronger: where none is remote."""
    return False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the next run would teach, in numbers. `asides` counts by reason, a locale key; `ages` by `day`, `week`,
    `month` and `older`, of the time since the correction or rating was made.
    """

    kinds: Mapping[str, int]
    sources: Mapping[str, int]
    ages: Mapping[str, int]
    asides: Mapping[str, int]
    earlier: int  # of those that stand, how many an earlier run has taught


class LessonBuilder:
    """Makes lessons of rows, in the order that time and ids give.

    `same` is the scope decision; `is_stronger` knows the remote engines by their names; `rephrase` lets a model word
    questions anew; `answer` is the base model, whose own answers keep it as it is where nothing was corrected: without
    it, there are no examples of near misses and general prompts.
    """

    def __init__(
        self,
        database: Database,
        same: SameQuestions,
        clock: Clock,
        masker: Masker = masked,
        is_stronger: IsStronger = nobody,
        rephrase: Rephrase | None = None,
        answer: Answer | None = None,
    ) -> None:
        self._database, self._clock = database, clock
        self._same, self._masker, self._is_stronger = same, masker, is_stronger
        self._rephrase, self._answer = rephrase, answer

    def waiting(self, earlier: Collection[str] = ()) -> Waiting:
        """Counts what the next run would teach. `earlier` are the ids of lessons that were taught already."""
        sorted_out, asides = self._sorted()
        new = [one for one in sorted_out if one.lesson.id not in earlier]
        now = self._clock()
        return Waiting(
            kinds=_counted(one.lesson.kind for one in new),
            sources=_counted(one.lesson.source for one in new),
            ages=_counted(_age(now - one.created_at) for one in new),
            asides=_counted(one.reason for one in asides),
            earlier=len(sorted_out) - len(new),
        )

    def build(self, seed: int = 0, earlier: Collection[str] = (), most: int = MOST) -> LessonSet:
        """All that one run needs. `earlier` are the ids of lessons that earlier runs taught: of those that stand, some
        are replayed. Of the others, the newest are taught, up to `most` corrections and as many ratings.
        """
        sorted_out, asides = self._sorted()
        new, replayed, later = [], [], []
        for is_rating in (False, True):
            own = [one for one in sorted_out if (one.lesson.kind is LessonKind.RATING) is is_rating]
            fresh = [one for one in own if one.lesson.id not in earlier]
            new += fresh[-most:] if most else []
            later += fresh[: max(len(fresh) - most, 0)]
            replayed += [one for one in own if one.lesson.id in earlier]
        asides += [Aside(one.lesson.id, LATER) for one in later]
        repeated = ordered(replayed, seed, lambda one: one.lesson.id)[:REPLAYED]
        made = assemble(new, repeated, self._same, seed, self._rephrase, self._answer)
        return replace(made, asides=[*asides, *made.asides])

    def _sorted(self) -> tuple[list[Gathered], list[Aside]]:
        """What may be taught, and what is set aside whichever run it is."""
        with self._database.read() as session:
            found, asides = gather(session, self._is_stronger)
        tidy = []
        for one in found:
            made = self._tidied(one)
            if isinstance(made, Gathered):
                tidy.append(made)
            else:
                asides.append(Aside(one.lesson.id, made))
        single, repeated = collapse(tidy, self._same)
        kept, beyond = cap(single)
        return kept, [*asides, *repeated, *beyond]

    def _tidied(self, one: Gathered) -> Gathered | str:
        """The lesson as it is taught, or why it is not: an answer that loses something to masking is none any more."""
        lesson = one.lesson
        is_ours = lesson.kind is LessonKind.RATING
        question = _line(lesson.question)
        answer = _text(without_citations(lesson.answer) if is_ours else lesson.answer)
        if not question or not answer:
            return EMPTY
        if len(question) > LONGEST_QUESTION or len(answer) > LONGEST_ANSWER:
            return LONG
        if self._masker(answer) != answer:
            return PERSONAL
        replaced = self._masker(_text(without_citations(lesson.replaced)))[:LONGEST_ANSWER]
        made: Lesson = replace(lesson, question=self._masker(question), answer=answer, replaced=replaced)
        same = tuple(self._masker(_line(text)) for text in one.same)
        return replace(
            one, lesson=made, same=same, different=tuple(self._masker(_line(text)) for text in one.different)
        )


def _line(text: str) -> str:
    return " ".join(clean(text).text.split())


def _text(text: str) -> str:
    """Without what nobody sees, and without blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in clean(text).text.splitlines()).strip()


def _age(age: timedelta) -> str:
    return next((name for name, most in _AGES if age < most), "older")


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(map(str, names)))
