import pytest

from collab.errors import TooManyTriesError
from collab.people.tries import Tries
from tests.collab.people.conftest import HandClock


def fail(tries: Tries, times: int, name: str = "ada", address: str = "1.2.3.4") -> None:
    for _ in range(times):
        tries.begin(name, address)


def wait_s(tries: Tries, name: str = "ada", address: str = "1.2.3.4") -> int:
    with pytest.raises(TooManyTriesError) as told:
        tries.begin(name, address)
    return told.value.retry_after_s


def test_after_five_failures_the_wait_doubles(clock: HandClock) -> None:
    tries = Tries(clock)
    fail(tries, 5)
    assert wait_s(tries) == 2
    clock.move(seconds=1)
    assert wait_s(tries) == 1
    clock.move(seconds=1)
    fail(tries, 1)
    assert wait_s(tries) == 4


def test_the_wait_ends_at_five_minutes(clock: HandClock) -> None:
    tries = Tries(clock)
    fail(tries, 5)
    for _ in range(12):
        clock.move(seconds=300)
        fail(tries, 1)
    assert wait_s(tries) == 300


def test_a_name_waits_wherever_the_tries_come_from(clock: HandClock) -> None:
    tries = Tries(clock)
    for n in range(5):
        fail(tries, 1, address=f"10.0.0.{n}")
    assert wait_s(tries, address="10.0.0.99") == 2


def test_an_address_waits_whatever_names_it_tries(clock: HandClock) -> None:
    tries = Tries(clock)
    for n in range(20):
        fail(tries, 1, name=f"name{n}")
    assert wait_s(tries, name="another") == 2
    fail(tries, 1, name="another", address="5.6.7.8")


def test_success_forgets_the_name_but_not_what_else_came_from_the_address(clock: HandClock) -> None:
    tries = Tries(clock)
    for n in range(19):
        fail(tries, 1, name=f"victim{n}")
    fail(tries, 1, name="mine")
    tries.succeed("mine", "1.2.3.4")
    fail(tries, 1, name="victim")
    assert wait_s(tries, name="mine") == 2


def test_an_hour_of_quiet_forgets(clock: HandClock) -> None:
    tries = Tries(clock)
    fail(tries, 5)
    clock.move(hours=1, seconds=1)
    fail(tries, 5)
    assert wait_s(tries) == 2


def test_flooding_with_names_does_not_grow_memory_or_free_the_address(clock: HandClock) -> None:
    tries = Tries(clock)
    for n in range(11_000):
        fail(tries, 1, name=f"n{n}", address=f"a{n}")
    assert len(tries._counts) == 10_000
