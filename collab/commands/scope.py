"""The command that trains the model which decides whether a correction applies. It needs no database."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collab.commands import Commands


def add_to(commands: "Commands") -> None:
    """Adds `scope train`."""
    scope = commands.add_parser("scope", help="the model that decides whether a correction applies")
    acts = scope.add_subparsers(required=True, metavar="ACT")
    training = acts.add_parser("train", help="train it again from public sets; some minutes on two cores")
    training.add_argument("--data", type=Path, required=True, help="folder of pararel, clinc150 and relations_dev")
    training.add_argument("--into", type=Path, default=Path("assets/models/scope"), help="where its files go")
    training.add_argument("--seed", type=int, default=1)
    training.add_argument("--pairs", type=int, default=40_000, help="training pairs; 0 only fits the constants")
    training.add_argument("--start", type=Path, help="weights to go on from")
    training.add_argument("--without", nargs="*", default=[], metavar="GROUP", help="groups of templates held out")
    training.set_defaults(alone=train)


def train(given: argparse.Namespace) -> int:
    """Trains, fits, and writes what the product loads."""
    from knowledge.scope.training.recipe import make

    try:
        make(given.data, given.into, given.seed, given.pairs, given.without, given.start, print)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
