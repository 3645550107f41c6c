"""A presentation has slides, and everything else pages."""

import pytest

from collab.texts import load_texts
from collab.ui.present.paged import page_of


@pytest.mark.parametrize(
    ("document", "page", "told"),
    [
        ("guide.pdf", 3, "page 3"),
        ("talks/Deck.PPTX", 3, "slide 3"),
        ("guide.pdf", None, ""),
        ("deck.pptx", None, ""),
    ],
)
def test_what_a_piece_is_called(document: str, page: int | None, told: str) -> None:
    assert page_of(load_texts("en"), document, page) == told
