"""What an administrator can do with people, and what everybody can do with their own account."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from collab.people.access import Role
from collab.ui.acts import Act, Id

Short = Annotated[str, Field(max_length=1_000)]


class Invite(Act):
    """Make a link for somebody new."""

    act: Literal["invite"]
    role: Role
    name: Short = ""


class Reset(Act):
    """Make a link to a new password."""

    act: Literal["reset"]
    person: Id


class TakeBack(Act):
    """End a link that nobody used."""

    act: Literal["take_back"]
    link: Id


class SetRole(Act):
    """Change what a person may do."""

    act: Literal["role"]
    person: Id
    role: Role


class Disable(Act):
    """Shut a person out."""

    act: Literal["disable"]
    person: Id


class Enable(Act):
    """Let a person in again."""

    act: Literal["enable"]
    person: Id


class Revoke(Act):
    """End an API key."""

    act: Literal["revoke"]
    key: Id


class ChangePassword(Act):
    """Another password of one's own."""

    act: Literal["password"]
    old: Short
    password: Short
    again: Short


class MakeKey(Act):
    """Another API key of one's own."""

    act: Literal["make_key"]
    name: Short


class End(Act):
    """Sign another of one's browsers out."""

    act: Literal["end"]
    session: Id


class EndOthers(Act):
    """Sign out everywhere but here."""

    act: Literal["end_others"]


PeopleAct = Invite | Reset | TakeBack | SetRole | Disable | Enable | Revoke
AccountAct = ChangePassword | MakeKey | Revoke | End | EndOthers

PEOPLE_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[PeopleAct, Field(discriminator="act")])
ACCOUNT_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[AccountAct, Field(discriminator="act")])
