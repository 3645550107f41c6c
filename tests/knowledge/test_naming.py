"""What uploaded files are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.naming import MAX_NAME, distinct, document_name


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("shoes.md", "shoes.md"),
        ("handbook/returns/shoes.md", "handbook/returns/shoes.md"),
        ("handbook\\returns\\shoes.md", "handbook/returns/shoes.md"),
        ("./handbook//shoes.md", "handbook/shoes.md"),
        ("../../etc/passwd.md", "passwd.md"),
        ("handbook/../../shoes.md", "shoes.md"),
        ("/etc/passwd.md", "passwd.md"),
        ("C:\\Users\\ann\\shoes.md", "shoes.md"),
        ("\\\\server\\share\\shoes.md", "shoes.md"),
        ("my \n  shoes\u202e.md", "my shoes.md"),
        ("退货/鞋.md", "退货/鞋.md"),
        (" C:\\shoes.md", "shoes.md"),
        ("./C:/shoes.md", "shoes.md"),
        (" /etc/shoes.md", "shoes.md"),
        ("Q: how.md", "Q: how.md"),
        ("", "document"),
        ("..", "document"),
        ("a/..", "a"),
        ("x" * 300 + ".md", "x" * 180 + "x" * 17 + ".md"),
    ],
)
def test_a_name_is_a_path_that_leads_nowhere_else(sent: str, name: str) -> None:
    assert document_name(sent) == name


@given(st.text(alphabet="ab./\\: \u202e\0C", max_size=40))
def test_wild_names_are_harmless(sent: str) -> None:
    name = document_name(sent)
    assert 0 < len(name) <= MAX_NAME
    assert not name.startswith("/")
    assert not {"", ".", ".."} & set(name.split("/"))
    assert "\\" not in name
    assert document_name(name) == name


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert distinct("a/b.md", {"b.md"}) == "a/b.md"
    assert distinct("a/b.md", {"a/b.md", "a/b (2).md"}) == "a/b (3).md"
    assert distinct("a.b/c", {"a.b/c"}) == "a.b/c (2)"


def test_a_number_keeps_a_name_within_its_length() -> None:
    name = "x" * 197 + ".md"
    assert distinct(name, {name}) == "x" * 193 + " (2).md"
