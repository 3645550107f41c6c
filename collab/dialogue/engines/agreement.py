"""Whether llama.cpp writes with an adapter what transformers writes, and which of them is to run it.

Both compute with rounded numbers, and differently: where two words are nearly as good, each may take another one, and
from there on the texts differ for no fault. So transformers reads what llama.cpp wrote and tells, token by token, how
far it stands behind its own choice.
"""

import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from collab.dialogue.engines import LanguageModel, Message, Progress
from collab.dialogue.engines.llama_cpp import LlamaCppModel
from collab.dialogue.engines.lora_gguf import adapter_name, convert
from collab.dialogue.engines.transformers import TransformersModel
from collab.errors import AdapterDiffersError, AdapterNotCarriedError, ModelLoadError
from knowledge.errors import CollabError

TOKENS = 24
NEAR_TIE = 0.5  # logits; rounding makes up to 0.25 here, q and k with their rows in the wrong order 1.0
PROMPTS = (
    "How do I keep bread fresh for a week?",
    "Explain in one sentence what a library is for.",
    "Write a short note that thanks a colleague for help.",
    "What should I check before a long drive in winter?",
    "List three things that every office needs.",
    "Why do leaves turn red in autumn?",
    "A customer asks for a refund. What do you say?",
    "Tell me about the moon as you would tell a child.",
    "Which is heavier, a kilogram of iron or of feathers?",
    "Suggest a name for a small bakery by the sea.",
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What came of the comparison."""

    prompts: int
    equal: int  # answers that transformers writes token by token as well
    widest: float  # how far a token is behind transformers' own choice at most, in logits

    @property
    def holds(self) -> bool:
        return self.widest <= NEAR_TIE


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine that holds one adapter."""

    engine: LanguageModel
    adapter: str
    agreement: Agreement | None  # None where the two were not compared
    reason: CollabError | None  # why it is not llama.cpp; its code and params make a text in any language


def compare(quick: LanguageModel, exact: TransformersModel, adapter: str | None) -> Agreement:
    """Lets `quick` answer ten prompts greedily, one after the other, and `exact` judge the answers."""
    widest = []
    for prompt in PROMPTS:
        asked: list[Message] = [{"role": "user", "content": prompt}]
        said = list(quick.stream(asked, max_tokens=TOKENS, cancel=threading.Event(), adapter=adapter))
        widest.append(max(exact.gaps(asked, said, max_tokens=TOKENS, adapter=adapter), default=0.0))
    return Agreement(len(PROMPTS), widest.count(0.0), max(widest))


def engine_for(
    gguf: Path,
    folder: Callable[[], Path],
    adapter: Path,
    cache: Path,
    progress: Progress,
    *,
    name: str,
    languages: frozenset[str] | None = None,
) -> Choice:
    """The engine that runs a model with an adapter: llama.cpp if it writes the same as transformers, else transformers.

    `gguf` and `folder` are the same model, for each of them; `adapter` is a folder of PEFT; `cache` keeps what is
    converted. Raises AdapterDamagedError, and what loading a model raises.
    """
    key, place = adapter_name(adapter), folder()
    agreement: Agreement | None = None
    reason: CollabError
    try:
        carried = {key: convert(adapter, place, cache)}
        quick = LlamaCppModel.load(gguf, progress, name=name, languages=languages, adapters=carried)
    except (AdapterNotCarriedError, ModelLoadError) as error:
        reason = error
    else:
        with ExitStack() as unless_chosen:
            unless_chosen.callback(quick.close)
            with closing(TransformersModel.load(str(place), progress, adapters={key: adapter}, is_exact=True)) as exact:
                agreement = compare(quick, exact, key)
            if agreement.holds:
                unless_chosen.pop_all()
                return Choice(quick, key, agreement, None)
        gap = f"{agreement.widest:.2f}"
        reason = AdapterDiffersError(path=str(adapter), equal=agreement.equal, prompts=agreement.prompts, gap=gap)
    slow = TransformersModel.load(str(place), progress, name=name, languages=languages, adapters={key: adapter})
    return Choice(slow, key, agreement, reason)
