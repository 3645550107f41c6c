"""What it brings that the transformers engine writes answers together and reads no beginning twice; ratios in one run.

    python -m tests.benchmarks.together [--json FILE] [--runs N] [--tokens N]

The peer is the library's own `generate`, one answer after the other, with the same packaged model and threads.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch

from collab.dialogue.engines import Message, packaged
from collab.dialogue.engines.agreement import PROMPTS
from collab.dialogue.engines.transformers import TransformersModel
from tests.benchmarks import report

STREAMS = 4
_INSTRUCTIONS = "You help the visitors of a museum. " + "Be brief, be kind, and say where you know it from. " * 12


def asked(prompt: str) -> list[Message]:
    """A chat of one question."""
    return [{"role": "user", "content": prompt}]


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start_s = time.perf_counter()
    work()
    return time.perf_counter() - start_s


def plain(engine: TransformersModel, tokens: int) -> None:
    """All prompts by `generate`, in the thread that owns the model."""

    def generate() -> None:
        model: Any = engine._model
        for prompt in PROMPTS[:STREAMS]:
            ids = torch.tensor([engine._prompt(asked(prompt), tokens)], device=model.device)
            length = {"min_new_tokens": tokens, "max_new_tokens": tokens}
            model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, **length)

    engine._rounds.run(generate)


def streamed(engine: TransformersModel, tokens: int, streams: int) -> None:
    """All prompts by the engine, so many at a time, and nothing known of them."""
    engine._rounds.run(engine._rounds._prefixes.clear)

    def read(prompt: str) -> None:
        list(engine.stream(asked(prompt), max_tokens=tokens, cancel=threading.Event()))

    with ThreadPoolExecutor(streams) as readers:
        list(readers.map(read, PROMPTS[:STREAMS]))


def second_turn_s(engine: TransformersModel, is_known: bool) -> float:
    """To the first words of a second answer, with the first turn read before or not."""
    talk: list[Message] = [{"role": "system", "content": _INSTRUCTIONS}, *asked(PROMPTS[0])]
    first = "".join(engine.stream(talk, max_tokens=24, cancel=threading.Event()))
    talk += [{"role": "assistant", "content": first}, *asked("And what else?")]
    if not is_known:
        engine._rounds.run(engine._rounds._prefixes.clear)
    return seconds(lambda: next(engine.stream(talk, max_tokens=2, cancel=threading.Event()), None))


def measure(engine: TransformersModel, runs: int, tokens: int) -> dict[str, float]:
    """Medians of ratios, each of two ways that were measured one right after the other."""
    engine._model.generation_config.eos_token_id = None  # every answer is as long as allowed
    timed = TransformersModel(engine._model, engine._tokenizer, engine.name)
    plain(timed, tokens)
    rows = [
        (
            seconds(lambda: plain(timed, tokens)),
            seconds(lambda: streamed(timed, tokens, 1)),
            seconds(lambda: streamed(timed, tokens, STREAMS)),
        )
        for _ in range(runs)
    ]
    turns = [(second_turn_s(timed, False), second_turn_s(timed, True)) for _ in range(runs)]
    timed.close()
    return {
        "tokens/s, plain": STREAMS * tokens / statistics.median(row[0] for row in rows),
        "1 stream / plain": statistics.median(row[0] / row[1] for row in rows),
        "4 streams / plain": statistics.median(row[0] / row[2] for row in rows),
        "first words of a 2nd turn_s": statistics.median(turn[0] for turn in turns),
        "the same, 1st turn known / not": statistics.median(turn[1] / turn[0] for turn in turns),
    }


def main() -> None:
    """Prints the ratios and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=48)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        folder = packaged.ready_folder(Path(data), lambda stage, share: None)
        engine = TransformersModel.load(str(folder), lambda stage, share: None)
        figures = measure(engine, options.runs, options.tokens)
        engine.close()
    report.show(figures, options.json)


if __name__ == "__main__":
    main()
