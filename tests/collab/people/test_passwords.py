import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import NameRefusedError, PasswordRefusedError
from collab.people.passwords import Passwords, name_key, read_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada", "Ada"),
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("李雷", "李雷"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("O'Neill-Šimić, Jr.", "O'Neill-Šimić, Jr."),
        ("x" * 60, "x" * 60),
    ],
)
def test_names_that_are_taken(typed: str, kept: str) -> None:
    assert read_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "x" * 61,
        "a\x00b",
        "a\nb",
        "a\tb",
        "ad\u202ea",  # right-to-left override
        "ad\u200ba",  # zero-width space
        "ada\ufeff",
        "\u3164",  # Hangul filler
        "\u2800",  # Braille blank
        "ada\ufe0f",  # variation selector
        "ada\u00a0b",  # looks like a space and is none
        "ada\ud800",  # lone surrogate
        "ada\ue000",  # private use
        "ad\u00ada",  # soft hyphen
    ],
)
def test_names_that_are_refused(typed: str) -> None:
    with pytest.raises(NameRefusedError):
        read_name(typed)


@given(st.text(max_size=70))
def test_a_name_that_is_taken_shows_every_character(typed: str) -> None:
    try:
        name = read_name(typed)
    except NameRefusedError:
        return
    assert 1 <= len(name) <= 60
    assert read_name(name) == name
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in name)


@pytest.mark.parametrize("other", ["ADA", " ada ", "Ａｄａ", "aDa"])
def test_case_and_width_do_not_matter_for_comparing(other: str) -> None:
    assert name_key(other) == name_key("Ada") == "ada"


def test_a_password_matches_its_own_hash_only() -> None:
    passwords = Passwords()
    kept = passwords.hash("a long pass phrase 42")
    assert kept.startswith("$argon2id$")
    assert passwords.match(kept, "a long pass phrase 42")
    assert not passwords.match(kept, "a long pass phrase 43")
    assert not passwords.match(None, "nobody has this password")


@pytest.mark.parametrize("password", ["", "123456789", "x" * 201])
def test_short_and_long_passwords_are_refused(password: str) -> None:
    passwords = Passwords()
    with pytest.raises(PasswordRefusedError) as told:
        passwords.hash(password)
    assert told.value.params == {"least": 10, "most": 200}
    assert not passwords.match(None, password)
