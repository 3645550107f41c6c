"""Cells that a spreadsheet would run as a formula: made harmless on the way out, restored on the way in. Pure text."""

import re

_WOULD_RUN = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MADE_HARMLESS = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def guard(cell: str) -> str:
    """The cell with an apostrophe before what would be run. `unguard` gives back exactly the same text."""
    return f"'{cell}" if _WOULD_RUN.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell without the apostrophe that `guard`, or a person at a spreadsheet, put before it."""
    return cell[1:] if _MADE_HARMLESS.match(cell) else cell
