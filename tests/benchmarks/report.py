"""What the benchmarks have in common: their options, shares of cases, a table on the screen and the same as JSON."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def options(doc: str | None) -> argparse.ArgumentParser:
    """A parser whose help is the module's docstring, with `--json`."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    return parser


def shares(**cases: Sequence[bool]) -> dict[str, float]:
    """How many of the cases hold, 0 to 1; a figure without cases is left out."""
    return {name: sum(holds) / len(holds) for name, holds in cases.items() if holds}


def show(figures: Mapping[str, Any], path: Path | None) -> None:
    """Prints a line a figure, and writes them all as JSON where there is a path.

    A figure that is itself a mapping becomes a column beside those of the same names.
    """
    beside = {name: column for name, column in figures.items() if isinstance(column, Mapping)}
    if beside:
        print(f"{'':32}{'all':>12}", *(f"{name:>12}" for name in beside), sep="")
    for name, value in figures.items():
        if name not in beside:
            print(f"{name:32}{_cell(value)}", *(_cell(column.get(name, "")) for column in beside.values()), sep="")
    if path:
        path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def table(rows: Mapping[str, Mapping[str, Any]], path: Path | None) -> None:
    """Prints a line a row under the names of their columns, and writes all as JSON where there is a path."""
    width = max(map(len, rows)) + 2
    print(" " * width, *(f"{name:>12}" for name in next(iter(rows.values()))), sep="")
    for name, row in rows.items():
        print(f"{name:{width}}", *map(_cell, row.values()), sep="")
    if path:
        path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def _cell(value: object) -> str:
    return f"{value:12.4f}" if isinstance(value, float) else f"{value!s:>12}"
