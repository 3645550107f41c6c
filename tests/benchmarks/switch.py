"""Whether anybody notices that the model's adapter is changed while many people have answers written.

    python -m tests.benchmarks.switch [--people N] [--json FILE]

Two adapters are trained, each to say a text of its own. Twenty people ask again and again, as many of them at a time as
the model has slots; meanwhile the adapter is changed twice. An answer is mixed where it has no word that only the
adapter taught that its turn names, or one that only the other taught. Letter by letter they are not compared: what is
computed together with other answers is rounded otherwise than what is computed alone.
"""

import functools
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from collab.config import Settings
from collab.dialogue.engines import LanguageModel, packaged
from collab.dialogue.engines.llama_cpp import LlamaCppModel
from collab.dialogue.engines.lora_gguf import adapter_name, convert
from collab.dialogue.records import Done, TurnRecord
from collab.people.access import Actor, Role
from collab.services import Services
from knowledge.database import new_id
from tests.adapters import train
from tests.benchmarks import report
from tests.fakes import EchoModel, add_people

PEOPLE = 20
TOKENS = 160  # of an answer at most
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight")
TEXTS = tuple(
    " ".join(f"{who} {number} {does}." for number in NUMBERS) for who, does in (("Gull", "sails"), ("Sheep", "naps"))
)
THINGS = ("museum", "harbour", "forest", "castle", "river", "market", "school", "mountain")
_PAUSE_S = 0.01

Make = Callable[[], LanguageModel]


@dataclass
class Seen:
    """What came of it: the turns, why answers failed, and of each switch the seconds until the new adapter wrote, those
    until the last answer of the old one had ended, and how many answers were under way.
    """

    turns: list[TurnRecord] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    switched_s: list[float] = field(default_factory=list)
    drained_s: list[float] = field(default_factory=list)
    under_way: list[int] = field(default_factory=list)


def mixed(turns: Sequence[TurnRecord], texts: Mapping[str, str]) -> list[TurnRecord]:
    """The turns that do not say what their adapter was taught, or say what another was; `texts` by adapter."""
    words = {adapter: set(text.split()) for adapter, text in texts.items()}

    def is_mixed(turn: TurnRecord) -> bool:
        said, own = set(turn.answer.split()), words[turn.adapter or ""]
        others = set[str]().union(*(some for adapter, some in words.items() if adapter != turn.adapter))
        return bool(said & (others - own)) or not said & (own - others)

    return [turn for turn in turns if is_mixed(turn)]


def people(services: Services, count: int) -> list[Actor]:
    """Members."""
    actors = [Actor(new_id(), f"Person {number}", Role.MEMBER) for number in range(count)]
    add_people(services.database, *actors)
    return actors


def switched_under(services: Services, actors: Sequence[Actor], switches: Sequence[tuple[str, Make]]) -> Seen:
    """Everybody asks again and again; each time that the live adapter has answered some, it is changed for the next."""
    seen, done = Seen(), threading.Event()
    askers = [threading.Thread(target=_ask, args=(services, actor, seen, done)) for actor in actors]
    for asker in askers:
        asker.start()
    try:
        for adapter, make in switches:
            seen.under_way.append(_under_way(services, seen))
            begun = time.perf_counter()
            services.models.switch(make, adapter)
            seen.switched_s.append(time.perf_counter() - begun)
            while services.models.engine().draining:
                time.sleep(_PAUSE_S)
            seen.drained_s.append(time.perf_counter() - begun)
        _under_way(services, seen)
    finally:
        done.set()
        for asker in askers:
            asker.join()
    return seen


def _ask(services: Services, actor: Actor, seen: Seen, done: threading.Event) -> None:
    for number in itertools.count():
        if done.is_set():
            return
        question = f"Write a long story about a {THINGS[number % len(THINGS)]} and {actor.name}."
        try:
            *_, last = services.assistant.reply(actor, None, question)
        except Exception as error:  # noqa: BLE001 - whatever it was is counted
            seen.failed.append(f"{type(error).__name__}: {error}")
            done.wait(1)
            continue
        assert isinstance(last, Done)
        seen.turns.append(last.turn)
        if last.turn.is_stopped or not last.turn.answer:
            seen.failed.append(f"{last.turn.reasons}")


def _under_way(services: Services, seen: Seen) -> int:
    """Waits until answers of the live adapter have ended and more are being written; how many are."""
    engine, before = services.models.engine(), len(seen.turns)
    while len(seen.failed) < PEOPLE:
        of_live = sum(turn.adapter == engine.adapter for turn in seen.turns[before:])
        running, _ = services.queue.load
        if of_live >= engine.slots and running > engine.slots // 2:
            return running
        time.sleep(_PAUSE_S)
    return 0


def adapted(base: Path, trained: Mapping[Path, str], cache: Path) -> tuple[dict[str, Make], dict[str, str]]:
    """By the names of these adapters: what starts the packaged model with one of them, and the text that it says."""
    gguf = packaged.packaged_gguf()
    makes: dict[str, Make] = {}
    for folder in trained:
        held = {adapter_name(folder): convert(folder, base, cache)}
        makes[adapter_name(folder)] = functools.partial(LlamaCppModel, gguf, name=packaged.NAME, adapters=held)
    return makes, {adapter_name(folder): text for folder, text in trained.items()}


def measure(folder: Path, count: int) -> dict[str, float]:
    """The figures, on the packaged model and a data folder of its own."""
    base = packaged.ready_folder(folder / "base", lambda stage, share: None)
    trained = {train(base, text, folder / text[:4], steps=16): text for text in TEXTS}
    makes, texts = adapted(base, trained, folder)
    first, second = makes
    services = Services(Settings(data=folder / "data", answer_seconds=600, answer_tokens=TOKENS), engine=EchoModel())
    try:
        services.models.load()
        services.models.switch(makes[first], first)
        seen = switched_under(services, people(services, count), [(name, makes[name]) for name in (second, first)])
    finally:
        services.close()
    of_several = mixed(seen.turns, texts)
    for turn in of_several:
        print(f"Mixed: {turn.question} ({turn.adapter}) {turn.answer}")
    return {
        "people": count,
        "switches": len(seen.switched_s),
        "answers": len(seen.turns),
        "under way at a switch, fewest": min(seen.under_way),
        "failed answers": len(seen.failed),
        "mixed transcripts": len(of_several),
        "s to the new adapter, longest": max(seen.switched_s),
        "s to the old one's end, longest": max(seen.drained_s),
    }


def main() -> None:
    """Prints the figures and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report.show(measure(Path(folder), options.people), options.json)


if __name__ == "__main__":
    main()
