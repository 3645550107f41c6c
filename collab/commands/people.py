"""Commands about people: who may use it, in which role, with which keys."""

import argparse
from typing import TYPE_CHECKING

from collab.commands.terminal import read_password
from collab.people.access import OPERATOR, Role
from collab.services import Services

if TYPE_CHECKING:
    from collab.commands import Commands


def add_to(commands: "Commands") -> None:
    """Adds `people` and what it does."""
    people = commands.add_parser("people", help="who may use it").add_subparsers(required=True, metavar="ACT")
    add = people.add_parser("add", help="add a person; the password is asked for, or read from standard input")
    add.add_argument("name")
    add.add_argument("--role", choices=[role.value for role in Role], default=Role.MEMBER.value)
    add.set_defaults(run=add_person)
    key = people.add_parser("key", help="make an API key for a person; it is on the last line")
    key.add_argument("name")
    key.add_argument("--for", dest="purpose", metavar="WHAT", default="command line", help="what it is called in lists")
    key.set_defaults(run=make_key)
    keys = people.add_parser("keys", help="a person's API keys, with when each was used last")
    keys.add_argument("name")
    keys.set_defaults(run=list_keys)
    revoke = people.add_parser("revoke", help="take an API key back; `keys` tells its id")
    revoke.add_argument("key", metavar="KEY-ID")
    revoke.set_defaults(run=revoke_key)
    everybody = people.add_parser("list", help="everybody, with their roles")
    everybody.set_defaults(run=list_people)
    role = people.add_parser("role", help="change a person's role")
    role.add_argument("name")
    role.add_argument("role", choices=[role.value for role in Role])
    role.set_defaults(run=change_role)
    password = people.add_parser("password", help="give a person a new password, as add does, and sign them out")
    password.add_argument("name")
    password.set_defaults(run=change_password)
    disable = people.add_parser("disable", help="shut a person out, with their sessions and keys")
    disable.add_argument("name")
    disable.set_defaults(run=disable_person)
    enable = people.add_parser("enable", help="let a person in again, with their password and role of before")
    enable.add_argument("name")
    enable.set_defaults(run=enable_person)


def add_person(services: Services, given: argparse.Namespace) -> int:
    """Adds a person with a role."""
    person = services.accounts.add(given.name, read_password(), Role(given.role))
    print(f"Added {person.name} as {person.role}.")
    return 0


def make_key(services: Services, given: argparse.Namespace) -> int:
    """Prints a new key alone on the last line."""
    key = services.keys.make_for(given.name, given.purpose)
    print(f"A new key for {given.name}. It is shown once; earlier keys go on working.")
    print("Send it as the header `Authorization: Bearer KEY`.")
    print(key)
    return 0


def list_keys(services: Services, given: argparse.Namespace) -> int:
    """A line for each key: its id, its name, when it was made, and when it was used last."""
    for key in services.keys.list(OPERATOR, services.accounts.id_of(given.name)):
        used = f"used {key.last_used_at:%Y-%m-%d %H:%M} UTC" if key.last_used_at else "never used"
        print(f"{key.id}\t{key.name or '-'}\tmade {key.created_at:%Y-%m-%d}\t{used}")
    return 0


def revoke_key(services: Services, given: argparse.Namespace) -> int:
    """Takes a key back, at once."""
    key = services.keys.revoke(OPERATOR, given.key)
    print(f"The key {key.name or key.id} of {key.person} is refused from now on.")
    return 0


def list_people(services: Services, given: argparse.Namespace) -> int:
    """A line for each person."""
    for person in services.accounts.list(OPERATOR):
        print(f"{person.name}\t{person.role}" + ("" if person.is_active else "\tdisabled"))
    return 0


def change_role(services: Services, given: argparse.Namespace) -> int:
    """Changes what a person may do, at once."""
    person = services.accounts.set_role(OPERATOR, services.accounts.id_of(given.name), Role(given.role))
    print(f"{person.name} is {person.role} now.")
    return 0


def change_password(services: Services, given: argparse.Namespace) -> int:
    """Gives a new password."""
    services.accounts.actor_named(given.name)  # before anybody types one for nothing
    person = services.accounts.set_password(given.name, read_password())
    print(f"{person.name} has a new password, and is signed out everywhere.")
    return 0


def disable_person(services: Services, given: argparse.Namespace) -> int:
    """Shuts a person out."""
    person = services.accounts.disable(OPERATOR, services.accounts.id_of(given.name))
    print(f"{person.name} can no longer sign in.")
    return 0


def enable_person(services: Services, given: argparse.Namespace) -> int:
    """Lets a person in again."""
    person = services.accounts.enable(OPERATOR, services.accounts.id_of(given.name))
    print(f"{person.name} can sign in again, as {person.role}. API keys of before stay refused.")
    return 0
