"""The commands, one module a subject: each says what it takes, calls the services, and prints what came of it.

`add_to` puts a module's commands on the command line. `run` is what a command does with the services; one that must
also work without them says `alone` instead. Both return the exit code.
"""

import argparse
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
