"""Every word on the screen, by key and language. It knows no records and no markup."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import collab.errors  # noqa: F401  the error tree must be whole before its templates are read
from knowledge.errors import CollabError

LANGUAGES = ("en", "zh")
LOCALES = Path(__file__).parents[1] / "assets" / "locales"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Texts:
    """The words of one language: `texts("chat.send")`, `texts("chat.place", place=3)`."""

    def __init__(self, language: str, catalogue: Mapping[str, str], zone: tzinfo = UTC) -> None:
        self.language = language
        self._catalogue = catalogue
        self._zone = zone

    def in_zone(self, name: str) -> "Texts":
        """The same words, with times as they are in the zone of this name, such as `Asia/Shanghai`; else in UTC."""
        return Texts(self.language, self._catalogue, ZoneInfo(name) if name in _zones() else UTC)

    def __call__(self, key: str, **params: object) -> str:
        """The text for `key`, its placeholders filled. Raises KeyError for a key that is in no catalogue."""
        text = self._catalogue[key]
        return text.format(**params) if params else text

    def has(self, key: str) -> bool:
        """Whether there is a text for `key`."""
        return key in self._catalogue

    def error(self, code: str, params: Mapping[str, object]) -> str:
        """What went wrong, for a person. An unknown code gives the general sentence; `word.<value>` names a value."""
        key = f"error.{code}"
        named = {name: self._catalogue.get(f"word.{value}", value) for name, value in params.items()}
        return self._catalogue[key if key in self._catalogue else "error.error"].format(**named)

    def local(self, moment: datetime) -> datetime:
        """The same moment on the reader's clock."""
        return moment.astimezone(self._zone)

    def time(self, moment: datetime) -> str:
        """Hours and minutes: `14:05`."""
        return self.local(moment).strftime("%H:%M")

    def date(self, moment: datetime) -> str:
        """A day: `3 Nov 2026` or `2026年11月3日`."""
        moment = self.local(moment)
        if self.language == "zh":
            return f"{moment.year}年{moment.month}月{moment.day}日"
        return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"

    def age(self, moment: datetime, now: datetime) -> str:
        """How long ago, in the largest whole unit."""
        minutes = max(0, int((now - moment).total_seconds() // 60))
        if minutes < 1:
            return self("age.now")
        for unit, size in (("days", 1440), ("hours", 60), ("minutes", 1)):
            if minutes >= size:
                count = minutes // size
                return self(f"age.{unit}" if count != 1 or self.language == "zh" else f"age.{unit}.one", count=count)
        raise AssertionError("one of the units always fits")


def say(language: str, key: str) -> str:
    """One text of the product in a language."""
    return load_texts(language)(key)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def load_texts(language: str) -> Texts:
    """Reads the catalogue of `language`; the English sentences of errors stand in the error classes."""
    catalogue: dict[str, str] = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))
    if language == "en":
        catalogue |= error_templates()
    return Texts(language, catalogue)


def error_templates() -> dict[str, str]:
    """The English sentence of every error, as `error.<code>`."""
    return {f"error.{error.code}": error.template for error in _tree(CollabError)}


def _tree(root: type[CollabError]) -> Iterator[type[CollabError]]:
    yield root
    for child in root.__subclasses__():
        yield from _tree(child)
