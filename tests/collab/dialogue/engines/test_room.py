"""Room that is shared: what is free is taken, who came first gets first, and who gives up holds up nobody."""

import threading
from functools import partial

from collab.dialogue.engines.room import Room
from tests.waiting import until


def never() -> bool:
    return False


def test_what_is_free_is_taken_and_given_back() -> None:
    room = Room(100)
    assert [room.take(60), room.take(60), room.take(40)] == [True, False, True]
    room.give(60)
    assert room.take(60)


def test_who_waits_for_much_comes_before_who_wants_little_later() -> None:
    room, had = Room(100), list[str]()
    assert room.take(80)

    def wait(name: str, tokens: int) -> None:
        room.wait(tokens, never)
        had.append(name)
        room.give(tokens)

    wishes = ("much", 90), ("little", 20)
    threads = [threading.Thread(target=partial(wait, *wish), daemon=True) for wish in wishes]
    for n, thread in enumerate(threads, 1):
        thread.start()
        until(lambda n=n: len(room._line) == n)  # type: ignore[misc]
    assert not room.take(20)  # which is free, and not for who comes last
    room.give(80)
    for thread in threads:
        thread.join(30)
    assert had == ["much", "little"]


def test_who_gives_up_leaves_the_line() -> None:
    room, gone = Room(100), threading.Event()
    assert room.take(80)
    waiting = threading.Thread(target=room.wait, args=(90, gone.is_set), daemon=True)
    waiting.start()
    until(lambda: len(room._line) == 1)
    gone.set()
    waiting.join(30)
    assert room.take(20)
