"""The end of a turn is counted once, whichever way it ends."""

from collections.abc import Generator
from pathlib import Path

import pytest

from collab.config import Settings
from collab.dialogue.counting import Counting, new_metrics
from collab.dialogue.records import Event, Waiting
from collab.errors import EngineBrokenError, ModelsLoadingError, QuestionEmptyError, QueueFullError
from collab.metrics import Metrics
from collab.people.access import Actor, Role
from collab.services import Services
from tests.fakes import EchoModel, FailingModel, TimedModel, Watch, WordEmbedder, add_people

MEL = Actor("mel", "Mel", Role.MEMBER)
TASK = "Write a short poem about the sea."


def opened(folder: Path, engine: EchoModel, watch: Watch, *, loaded: bool = True) -> Services:
    services = Services(Settings(data=folder), embedder=WordEmbedder(), engine=engine, metrics=new_metrics(watch))
    add_people(services.database, MEL)
    if loaded:
        services.models.load()
    return services


def value(services: Services, name: str, **labels: str) -> float | None:
    return services.metrics.registry.get_sample_value(name, labels)


def test_an_answer_is_counted_with_its_seconds(tmp_path: Path) -> None:
    watch = Watch()
    services = opened(tmp_path, TimedModel(watch), watch)
    list(services.assistant.reply(MEL, None, TASK))
    assert value(services, "collab_answers_total", decision="model") == 1
    assert value(services, "collab_answers_total", decision="corrected") == 0
    assert value(services, "collab_first_text_seconds_sum") == 2
    assert value(services, "collab_answer_seconds_sum") == 6
    lately = services.metrics.lately()
    assert (lately.answers, lately.first_text_s, lately.answer_s) == (1, 2, 6)
    watch.now += 901  # a quarter of an hour and a second
    assert services.metrics.lately().answers == 0
    services.close()


def test_a_correction_that_answers_is_counted(services: Services, member: Actor) -> None:
    first = list(services.assistant.reply(member, None, "How long can I return shoes?"))[-1].turn
    services.corrections.submit(member, turn_id=first.id, answer="Forty days.")
    list(services.assistant.reply(member, None, "How long can I return shoes?"))
    assert value(services, "collab_answers_total", decision="corrected") == 1


@pytest.mark.parametrize(
    ("error", "counter", "code"),
    [
        (EngineBrokenError(reason="it fell"), "collab_errors_total", "engine_broken"),
        (QueueFullError(waiting=1, retry_after_s=2), "collab_refusals_total", "queue_full"),
    ],
    ids=str,
)
def test_what_goes_wrong_is_counted_by_its_code(tmp_path: Path, error: Exception, counter: str, code: str) -> None:
    services = opened(tmp_path, FailingModel(error), Watch())
    with pytest.raises(type(error)):
        list(services.assistant.reply(MEL, None, TASK))
    assert value(services, counter, code=code) == 1
    assert value(services, "collab_answers_total", decision="model") == 0
    services.close()


def test_what_nobody_thought_of_is_unexpected() -> None:
    def events() -> Generator[Event, None, None]:
        yield Waiting(1, 1)
        raise RuntimeError("nobody thought of it")

    metrics = Metrics()
    with pytest.raises(RuntimeError):
        list(Counting(metrics).events(events()))
    assert metrics.registry.get_sample_value("collab_errors_total", {"code": "unexpected"}) == 1


def test_an_answer_that_was_left_at_its_quotes_counts_the_error_too(tmp_path: Path) -> None:
    services = opened(tmp_path, FailingModel(EngineBrokenError(reason="it fell")), Watch())
    services.library.receive("returns.md", b"# Returns\n\nShoes can be returned within thirty days.", "everyone")
    for document_id in services.library.unread():
        services.library.process(document_id)
    list(services.assistant.reply(MEL, None, "How long can shoes be returned?"))
    assert value(services, "collab_answers_total", decision="grounded") == 1
    assert value(services, "collab_errors_total", code="engine_broken") == 1
    services.close()


def test_a_question_while_models_load_is_a_refusal(tmp_path: Path) -> None:
    services = opened(tmp_path, EchoModel(), Watch(), loaded=False)
    with pytest.raises(ModelsLoadingError):
        services.assistant.reply(MEL, None, TASK)
    assert value(services, "collab_refusals_total", code="models_loading") == 1
    services.close()


def test_a_persons_own_mistake_is_counted_nowhere(services: Services, member: Actor) -> None:
    with pytest.raises(QuestionEmptyError):
        services.assistant.reply(member, None, " ")
    assert value(services, "collab_errors_total", code="question_empty") is None
    assert value(services, "collab_refusals_total", code="question_empty") is None


def test_an_answer_that_is_left_is_kept_and_not_counted(services: Services, member: Actor) -> None:
    events = services.assistant.reply(member, None, TASK)
    next(iter(events))
    events.close()  # what a page that goes away does
    assert value(services, "collab_answers_total", decision="model") == 0
    (conversation,) = services.conversations.list(member)
    (turn,) = services.conversations.turns(member, conversation.id)
    assert turn.is_stopped
