"""PDF: pages, headings from the outline, and files that cannot be read."""

from io import BytesIO

import pytest
from pypdf import PdfWriter

from knowledge import documents
from knowledge.documents import Section, read_document
from knowledge.errors import DamagedDocumentError, EncryptedDocumentError, NoTextError, TooManyPagesError
from tests.knowledge.formats.files import encrypted_pdf, manual, pdf


def test_pages_headings_and_paragraphs() -> None:
    rule = "Items may be returned within thirty days of delivery if they are unused and in their original packaging."
    assert read_document("a.pdf", manual()) == [
        Section("Returns", f"{rule} {rule}", 1),
        Section("Returns › Shoes", "Shoes come back with their box, and boots with two boxes.", 1),
        Section("Returns › Shoes", "Laces stay.", 2),
        Section("Shipping", "We ship daily.", 3),
    ]


def test_pages_without_an_outline() -> None:
    assert read_document("a.PDF", pdf("One.", "", "Three.")) == [Section("", "One.", 1), Section("", "Three.", 3)]


def test_password() -> None:
    with pytest.raises(EncryptedDocumentError):
        read_document("a.pdf", encrypted_pdf("secret"))


def test_protected_against_changes_only() -> None:
    assert read_document("a.pdf", encrypted_pdf("")) == [Section("", "Secret.", 1)]


def test_no_text() -> None:
    with pytest.raises(NoTextError):
        read_document("scan.pdf", pdf("", ""))


def test_too_many_pages() -> None:
    writer = PdfWriter()
    for _ in range(documents.MAX_PAGES + 1):
        writer.add_blank_page(100, 100)
    file = BytesIO()
    writer.write(file)
    with pytest.raises(TooManyPagesError, match="2001 pages"):
        read_document("a.pdf", file.getvalue())


def test_something_may_stand_before_it() -> None:
    assert read_document("a.pdf", b"\n" * 100 + pdf("One.")) == [Section("", "One.", 1)]


def test_damaged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(DamagedDocumentError):
        read_document("a.pdf", manual()[:300])
    (said,) = caplog.text.splitlines()  # not a page of traceback for each file that a stranger sends
    assert "A .pdf file could not be parsed: " in said
