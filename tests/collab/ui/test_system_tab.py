"""System on real services: who sees the room, and that its words follow the numbers."""

from dataclasses import replace
from typing import Any

import pytest

from collab.people.access import Actor, Role
from collab.system import Concern
from collab.texts import load_texts
from collab.ui import frame, system_tab
from collab.ui.acts.frame import Go
from collab.ui.acts.system import Watch
from collab.ui.present import system
from collab.ui.screen import Screen
from tests.collab.people.conftest import PASSWORD
from tests.collab.test_system import WELL

WORST: dict[str, Any] = {
    "free_bytes": 1_400_000_000,
    "is_schema_current": False,
    "has_failed": True,
    "waiting": 16,
    "lag": 3_000,
    "lately": replace(WELL.lately, answers=9, errors=1, first_text_slow_s=7.25),
}


@pytest.fixture
def ada(screen: Screen) -> Actor:
    return screen.services.accounts.add("Ada", PASSWORD, Role.ADMIN)


def test_administrators_alone_are_shown_the_room(screen: Screen, expert: Actor, ada: Actor) -> None:
    for actor, sees in ((expert, False), (ada, True)):
        (update,) = frame.handle(screen, actor, Go(act="go", room="system"))
        assert ('data-testid="room-system"' in update["side"]) is sees
        assert ('data-testid="fact-memory"' in update["system"]) is sees
        assert ("This needs the role admin" in update.get("toast", "")) is not sees


def test_it_is_shown_again_as_it_is_then(screen: Screen, ada: Actor, member: Actor) -> None:
    (before,) = system_tab.handle(screen, ada, Watch(act="watch"))
    assert "Nobody yet" in before["system"]
    list(screen.services.assistant.reply(member, None, "Write a short poem."))
    (after,) = system_tab.handle(screen, ada, Watch(act="watch"))
    assert '<strong dir="auto">1</strong>' in after["system"]
    assert "echo" in after["system"]


def test_where_all_is_well_it_says_so() -> None:
    room = system.room(load_texts("en"), WELL)
    assert 'data-testid="well"' in room
    assert 'data-testid="concern' not in room
    assert "50 GB free" in room


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_not_well_is_said_with_what_to_do(language: str) -> None:
    report = replace(WELL, **WORST)
    room = system.room(load_texts(language), report)
    assert 'data-testid="well"' not in room
    for concern in set(Concern) - {Concern.NO_SPACE}:
        assert f'data-testid="concern-{concern}"' in room
    assert "system." not in room, "every word has its text"
    assert "1.4 GB" in room
    assert "3000" in room
    assert load_texts(language).has("system.concern.no_space.how")


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (4_200_000, "4.2 MB"), (42_400_000, "42 MB"), (1_400_000_000, "1.4 GB")],
)
def test_sizes_as_people_read_them(count: int, words: str) -> None:
    assert system.size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "Nobody yet"), (0.02, "&lt; 0.1 s"), (0.26, "0.3 s"), (9.94, "9.9 s"), (42.4, "42 s")]
)
def test_seconds_as_people_read_them(seconds: float | None, words: str) -> None:
    room = system.room(load_texts("en"), replace(WELL, lately=replace(WELL.lately, first_text_s=seconds)))
    assert f'How soon do they see something?</dt><dd><strong dir="auto">{words}</strong>' in room
