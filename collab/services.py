"""Composes the application from its settings. app.py, the command line and the benchmarks all start here."""

from pathlib import Path

_HERE = Path(__file__).parent
MIGRATIONS = tuple(_HERE / folder / "migrations" for folder in ("people", "dialogue", "feedback"))
