"""What the parts of a training run hand to each other: lessons, what is trained on, and what is held out.

It knows no tables, no files and no torch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from collab.dialogue.engines import Message


class LessonKind(StrEnum):
    """What a lesson teaches. Each is a task of its own in the loss, and is gated apart."""

    FACT = "fact"  # an answer to a question
    STYLE = "style"  # how to say it
    RATING = "rating"  # a thumb, without words of a person


class Source(StrEnum):
    """Who wrote the answer of a lesson."""

    PERSON = "person"
    MODEL = "model"  # the one that is served, and people liked it
    STRONGER = "stronger"  # a remote engine, and people accepted it


class Task(StrEnum):
    """Why an example is trained on."""

    FACT = "fact"
    STYLE = "style"
    NEAR_MISS = "near_miss"  # a question that only looks like a taught one
    UNKNOWN = "unknown"  # what nobody can answer who has not been told, with words that say so
    REPLAY = "replay"  # an earlier lesson, a liked answer
    GENERAL = "general"  # the base model's own answer to a general prompt


@dataclass(frozen=True, slots=True)
class Lesson:
    """One correction or rating, masked, in the form in which it is taught."""

    id: str  # of the correction, or of the rated turn
    kind: LessonKind
    source: Source
    author_id: str
    question: str  # standalone
    answer: str
    replaced: str  # what the assistant had said; empty where that is not known
    language: str  # "en" or "zh"
    liked: bool | None = None  # of a rating


@dataclass(frozen=True, slots=True)
class Aside:
    """A lesson that is not taught, and why: a locale key such as `learning.aside.duplicate`, with its values."""

    lesson_id: str
    reason: str
    about: str = ""  # id of the other lesson that it repeats or contradicts


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt with the text that the model learns to write after it."""

    task: Task
    lesson_id: str  # empty where it comes from no lesson
    prompt: tuple[Message, ...]
    completion: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A person's text and the one that it replaced, after the same prompt."""

    lesson_id: str
    prompt: tuple[Message, ...]
    chosen: str
    rejected: str


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer that somebody rated."""

    lesson_id: str
    prompt: tuple[Message, ...]
    completion: str
    is_liked: bool


class HeldOutKind(StrEnum):
    """What an item that is never trained on asks."""

    PARAPHRASE = "paraphrase"  # a taught question in other words: the taught answer is right
    NEAR_MISS = "near_miss"  # another question: the taught answer is wrong
    STYLE = "style"  # an unseen prompt of a taught kind
    EARLIER = "earlier"  # a lesson of an earlier run


@dataclass(frozen=True, slots=True)
class HeldOut:
    """An item of the gate. The strength is chosen on the first half, the verdict falls on the second."""

    kind: HeldOutKind
    lesson_id: str
    prompt: tuple[Message, ...]
    taught: str  # the answer that was taught
    is_for_verdict: bool


@dataclass(frozen=True, slots=True)
class LessonSet:
    """All that one run needs of the lessons. The order is fixed by the seed."""

    lessons: Sequence[Lesson]
    asides: Sequence[Aside]
    examples: Sequence[Example]
    pairs: Sequence[Pair]
    judged: Sequence[Judged]
    held_out: Sequence[HeldOut]


class Effort(StrEnum):
    """How much time a run may take."""

    QUICK = "quick"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How to train. The defaults are those of *quick*."""

    seed: int = 0
    effort: Effort = Effort.QUICK
    rank: int = 16
    alpha: int = 32
    is_rank_stabilised: bool = False  # rsLoRA: alpha / sqrt(rank) in place of alpha / rank
    is_a_frozen: bool = True  # only B is trained, A comes from the shared seed
    learning_rate: float = 2e-3  # with A frozen; about two fifths of it where A is trained as well
    steps: int = 224  # updates at most
    batch: int = 12  # examples of an update
    accumulation: int = 4  # parts in which an update is computed, at most: less memory
    warm_up: float = 0.1  # share of the steps
    clip: float = 1.0  # norm of the gradient
    stop_loss: float = 0.05  # of each kind of lesson's answers, per token


@dataclass(frozen=True, slots=True)
class StepTold:
    """How far training is: which stage, how many of its steps, and the loss of each task."""

    stage: str  # "sft", "preference", "unpaired"
    step: int
    steps: int
    losses: dict[str, float]
    seconds: float
