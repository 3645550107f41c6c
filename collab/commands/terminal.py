"""What commands share on a terminal: a line of progress, a password, a yes. It knows no services."""

import getpass
import sys

from collab.errors import ConsentMissingError, PasswordMissingError, PasswordsDifferError


def show(line: str) -> None:
    """A line on the terminal that the next one replaces."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()


def require_yes(question: str) -> None:
    """Raises ConsentMissingError unless a person at the terminal answers yes."""
    if not sys.stdin.isatty():
        raise ConsentMissingError
    try:
        answer = input(f"{question} [yes/no] ")
    except EOFError as error:  # Ctrl-D
        raise ConsentMissingError from error
    if answer.strip().lower() not in ("y", "yes"):
        raise ConsentMissingError


def read_password() -> str:
    """The first line of standard input, or what is typed twice. Raises PasswordMissingError, PasswordsDifferError."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line:
            raise PasswordMissingError
        return line.rstrip("\r\n")
    try:
        password, again = getpass.getpass("Password: "), getpass.getpass("Once more: ")
    except EOFError as error:  # Ctrl-D
        raise PasswordMissingError from error
    if again != password:
        raise PasswordsDifferError
    return password
