import pytest

from collab.errors import NotAllowedError
from collab.people.access import Actor, Role, personal, reaches_of, require

MEL = Actor("p1", "Mel", Role.MEMBER)


def test_a_role_includes_itself_and_the_lower_ones() -> None:
    allowed = [(mine, needed) for mine in Role for needed in Role if mine.includes(needed)]
    assert allowed == [
        ("member", "member"),
        ("expert", "member"),
        ("expert", "expert"),
        ("admin", "member"),
        ("admin", "expert"),
        ("admin", "admin"),
    ]


def test_a_person_is_reached_by_what_is_for_everyone_and_by_their_own() -> None:
    assert reaches_of(MEL) == ("everyone", "person:p1")
    assert personal(MEL) == personal("p1") == "person:p1"


def test_a_member_may_not_do_what_needs_an_expert() -> None:
    with pytest.raises(NotAllowedError) as told:
        require(MEL, Role.EXPERT)
    assert told.value.status == 403
    assert str(told.value) == (
        "This needs the role expert, and you are member. Ask an administrator to do it or to change your role."
    )


def test_an_admin_may_do_what_needs_an_expert() -> None:
    require(Actor("p2", "Ada", Role.ADMIN), Role.EXPERT)
    assert Role.ADMIN.includes(Role.EXPERT)
