"""A table of service methods, each called by each role: what comes of a call, and whether a method is missing."""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from _pytest.mark import ParameterSet

from collab.config import Settings
from collab.people.access import Actor
from collab.services import Services
from knowledge.errors import CollabError, NotFoundError
from tests.fakes import EchoModel, WordEmbedder, add_people

_Ground = TypeVar("_Ground")
Method = tuple[type, str]
Calls = Sequence[tuple[Callable[[_Ground, Actor], object], dict[str, str]]]


def rows(table: Mapping[Method, Calls[_Ground]]) -> list[ParameterSet]:
    """Every call with what is expected of it by caller, named for its method."""
    return [
        pytest.param(call, expected, id=f"{kind.__name__}.{name}-{number}")
        for (kind, name), calls in table.items()
        for number, (call, expected) in enumerate(calls)
    ]


@contextmanager
def serving(folder: Path, people: Iterable[Actor]) -> Iterator[Services]:
    """The services on a new folder, with these people."""
    services = Services(Settings(data=folder), embedder=WordEmbedder(), engine=EchoModel("Nine euros."))
    services.models.load()
    add_people(services.database, *people)
    yield services
    services.close()


def outcome(call: Callable[[_Ground, Actor], object], ground: _Ground, actor: Actor) -> str:
    """`ok`, or the code of the error."""
    try:
        call(ground, actor)
    except CollabError as error:
        return error.code
    return "ok"


def found(result: object) -> None:
    """Nothing that comes back is as good as not found."""
    if not result:
        raise NotFoundError(what="one")


def assert_complete(table: Mapping[Method, Calls[_Ground]], without_a_person: Collection[Method]) -> None:
    """Every public method of the services is in the table, and takes the person first; or it is known to need none."""
    methods = {
        (kind, name)
        for kind in {kind for kind, _ in table}
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == set(table) | set(without_a_person)
    for kind, name in table:
        assert list(inspect.signature(getattr(kind, name)).parameters)[1] == "actor"
