"""What counts as slow: less than two fifths of what was done at best, over a second of work or four steps."""

from collab.dialogue.engines.pace import Pace


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def paced(steps: list[float], tokens: int = 1) -> tuple[Pace, Clock]:
    """A pace after steps of so many seconds."""
    clock = Clock()
    pace = Pace(clock)
    pace.took("read", 1, 1.0)
    pace.begin()
    for step in steps:
        clock.now += step
        pace.took("written", tokens, step)
        pace.did("written", tokens)
    return pace, clock


def test_a_pace_that_holds_is_not_slow() -> None:
    assert not paced([0.01] * 300)[0].is_slow


def test_half_of_the_best_pace_is_not_slow_but_a_third_is() -> None:
    assert not paced([0.01] * 100 + [0.02] * 100)[0].is_slow
    assert paced([0.01] * 100 + [0.03] * 100)[0].is_slow


def test_nothing_at_all_is_slow_once_enough_time_has_passed() -> None:
    pace, clock = paced([0.01] * 100)
    clock.now += 0.5
    assert not pace.is_slow  # half of the last second was good
    clock.now += 0.2
    assert pace.is_slow


def test_long_steps_are_not_taken_for_a_stop() -> None:
    pace, clock = paced([2.0] * 3, tokens=128)
    clock.now += 1.9
    assert not pace.is_slow
    clock.now += 6.0
    assert pace.is_slow


def test_the_beginning_is_not_judged() -> None:
    assert not paced([0.01] * 3 + [0.4])[0].is_slow


def test_tokens_of_several_answers_count_together() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.took("read", 1, 1.0)
    pace.begin()
    clock.now += 0.16
    pace.took("written", 16, 0.16)
    for _ in range(7):
        pace.begin()
    for _ in range(40):  # each of eight gets its token every 0.05 s
        clock.now += 0.05
        for _ in range(8):
            pace.did("written", 1)
    assert not pace.is_slow


def test_tokens_that_are_told_late_all_at_once_do_not_make_the_next_ones_slow() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.took("read", 1, 1.0)
    pace.begin()
    for _ in range(20):  # in bursts of sixteen, of which the server says that they took 0.32 s
        clock.now += 0.32
        pace.took("written", 16, 0.32)
        for _ in range(16):
            pace.did("written", 1)
    assert not pace.is_slow


def test_what_nobody_asks_of_it_is_not_held_against_it() -> None:
    pace, clock = paced([0.01] * 100)
    pace.end()
    clock.now += 100
    assert not pace.is_slow
    pace.begin()
    assert not pace.is_slow


def test_what_is_not_known_is_not_judged() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.took("written", 1, -0.01)
    pace.begin()
    clock.now += 100
    assert not pace.is_slow
