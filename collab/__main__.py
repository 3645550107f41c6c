"""The command line, on the same database as the web application, which may be running.

It acts for the operator of this machine, who needs no account. What goes wrong is one sentence and exit code 1. What
the commands are and do stands in `collab.commands`.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import closing

from collab.commands import asking, conversations, corrections, documents, people, scope, training, upkeep
from collab.config import load_settings
from collab.services import Services
from knowledge.errors import CollabError

_SUBJECTS = (people, documents, corrections, conversations, asking, training, scope, upkeep)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        if "alone" in given:
            alone: Callable[[argparse.Namespace], int] = given.alone
            return alone(given)
        settings = load_settings()
        logging.basicConfig(level=logging.ERROR)
        with closing(Services(settings)) as services:
            run: Callable[[Services, argparse.Namespace], int] = given.run
            return run(services, given)
    except CollabError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m collab", description="A chat assistant that people correct once.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for subject in _SUBJECTS:
        subject.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
