"""How the numbered pieces of a document are called: pages, or the slides of a presentation."""

from pathlib import PurePath

from collab.texts import Texts

SLIDES = ".pptx"


def page_of(t: Texts, document: str, page: int | None) -> str:
    """The page or slide in words, by the name of the document; empty where it has none."""
    if not page:
        return ""
    return t("source.slide" if PurePath(document).suffix.lower() == SLIDES else "source.page", page=page)
