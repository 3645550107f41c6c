"""What a check comes to: how well it stands, and a sentence that says what to do where it does not."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """`problem`: something does not work. `warning`: it works, and should be looked at."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    check: str
    health: Health
    message: str


def ok(check: str, message: str) -> Finding:
    """All is well."""
    return Finding(check, Health.OK, message)


def warning(check: str, message: str) -> Finding:
    """It works, and should be looked at."""
    return Finding(check, Health.WARNING, message)


def problem(check: str, message: str) -> Finding:
    """It does not work."""
    return Finding(check, Health.PROBLEM, message)
