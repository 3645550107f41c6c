"""How fast the language model is: time to load, to the first words, and tokens a second, with the peak memory.

    python -m tests.benchmarks.engine [--json FILE] [--runs N] [--tokens N]

It measures the model that the settings name, the packaged one by default, in fresh processes and a fresh data folder.
"""

import multiprocessing
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from collab.config import load_settings
from collab.dialogue.engines import LanguageModel, Message, load_engine
from collab.dialogue.prompt import build, build_without_sources
from tests.benchmarks import report

Figures = dict[str, float]

_QUOTE = "Students pay 9 euros on showing a valid card, and children below six years of age enter free of charge."
_PROMPTS: dict[str, list[Message]] = {
    "2 quotes": build("What do students pay?", [_QUOTE] * 2, "en"),
    "20 quotes": build("What do students pay?", [_QUOTE] * 20, "en"),
}
_STORY = build_without_sources("Tell a long story about a museum and its visitors.", [], "en")


def measure_load(data: Path) -> Figures:
    """Seconds from a fresh process to a model that can answer, and its memory in MiB."""
    start_s = time.perf_counter()
    load_engine(load_settings().model_copy(update={"data": data}), lambda stage, share: None).close()
    return {"load_s": time.perf_counter() - start_s, "peak_mib": _peak_mib()}


def measure_speed(data: Path, runs: int, tokens: int) -> Figures:
    """Medians over `runs`, after one answer that is not counted."""
    engine = load_engine(load_settings().model_copy(update={"data": data}), lambda stage, share: None)
    _first_words_s(engine, _STORY)
    figures = {
        f"first_words_s, {name}": statistics.median(_first_words_s(engine, prompt) for _ in range(runs))
        for name, prompt in _PROMPTS.items()
    }
    figures["tokens_per_s"] = statistics.median(_tokens_per_s(engine, tokens) for _ in range(runs))
    figures["stop_s"] = statistics.median(_stop_s(engine) for _ in range(runs))
    engine.close()
    return figures | {"peak_mib, answering": _peak_mib()}


def _first_words_s(engine: LanguageModel, messages: list[Message]) -> float:
    start_s = time.perf_counter()
    next(engine.stream(messages, max_tokens=4, cancel=threading.Event()), None)
    return time.perf_counter() - start_s


def _tokens_per_s(engine: LanguageModel, tokens: int) -> float:
    """Without the first piece, which waits for the prompt. A piece is a token, but for characters of several tokens."""
    arrived_s = [time.perf_counter() for _ in engine.stream(_STORY, max_tokens=tokens, cancel=threading.Event())]
    return (len(arrived_s) - 1) / (arrived_s[-1] - arrived_s[0])


def _stop_s(engine: LanguageModel) -> float:
    """From pressing stop to the end of the computation."""
    cancel = threading.Event()
    answering = engine.stream(_STORY, max_tokens=500, cancel=cancel)
    next(answering)
    cancel.set()
    start_s = time.perf_counter()
    list(answering)
    return time.perf_counter() - start_s


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_a_fresh_process(measure: Callable[..., Figures], *args: object) -> Figures:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(measure, *args).result()


def main() -> None:
    """Prints the figures as a table and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=64)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        cold, warm = _in_a_fresh_process(measure_load, data), _in_a_fresh_process(measure_load, data)
        figures = {f"{name}, cold": value for name, value in cold.items()}
        figures |= {f"{name}, warm": value for name, value in warm.items()}
        figures |= _in_a_fresh_process(measure_speed, data, options.runs, options.tokens)
    report.show(figures, options.json)


if __name__ == "__main__":
    main()
