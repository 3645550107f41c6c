"""What is counted, worked out by hand; and what Prometheus reads of it."""

from collab.metrics import LATELY_S, Metrics


def test_registries_have_nothing_in_common() -> None:
    one, other = Metrics(["model"]), Metrics(["model"])
    one.answered("model", 0.1, 0.2)
    assert one.registry.get_sample_value("collab_answers_total", {"decision": "model"}) == 1
    assert other.registry.get_sample_value("collab_answers_total", {"decision": "model"}) == 0


def test_the_text_is_what_prometheus_reads() -> None:
    metrics = Metrics(["model"], ["queue_full"])
    metrics.answered("model", 0.2, 0.4)
    metrics.generated(30, 1.5)
    lines = metrics.text().decode().splitlines()
    assert "# TYPE collab_answers_total counter" in lines
    assert 'collab_answers_total{decision="model"} 1.0' in lines
    assert 'collab_first_text_seconds_bucket{le="0.15"} 0.0' in lines
    assert 'collab_first_text_seconds_bucket{le="0.25"} 1.0' in lines
    assert "collab_generated_tokens_total 30.0" in lines
    assert "collab_generation_seconds_total 1.5" in lines
    assert 'collab_refusals_total{code="queue_full"} 0.0' in lines, "so that its first growth is seen"


def test_every_metric_says_what_it_is() -> None:
    for family in Metrics().registry.collect():
        assert len(family.documentation.split()) >= 3, family.name


def test_lately_is_the_last_quarter_of_an_hour() -> None:
    now = 0.0
    metrics = Metrics(ticks=lambda: now)
    metrics.answered("model", 50, 60)
    now = LATELY_S + 1.0
    for seconds in range(1, 21):
        metrics.answered("model", seconds / 10, seconds)
        metrics.waited(seconds)
    metrics.refused("queue_full")
    metrics.failed("engine_broken")
    lately = metrics.lately()
    assert (lately.answers, lately.refusals, lately.errors) == (20, 1, 1)
    assert (lately.answer_s, lately.first_text_s, lately.first_text_slow_s) == (10.5, 1.05, 1.9)
    assert (lately.wait_s, lately.wait_slow_s) == (10.5, 19)


def test_where_nothing_was_timed_nothing_is_told() -> None:
    lately = Metrics().lately()
    assert (lately.answers, lately.answer_s, lately.wait_slow_s) == (0, None, None)


def test_this_process_takes_some_memory() -> None:
    assert Metrics().resident_bytes() > 10_000_000


def test_a_busy_quarter_of_an_hour_is_counted_whole_and_kept_no_longer() -> None:
    now = [0.0]
    metrics = Metrics(ticks=lambda: now[0])
    for second in range(1_800):
        now[0] = float(second)
        for _ in range(10):
            metrics.answered("grounded", 0.1, 0.2)
    assert metrics.lately().answers == 9_010  # of the seconds 899 to 1,799, both among them
    assert len(metrics._recent["first"]) == 9_010
