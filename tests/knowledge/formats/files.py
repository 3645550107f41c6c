"""Files as bytes, made for tests: PDF, Word and archives."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate


class _Manual(SimpleDocTemplate):  # type: ignore[misc]
    """A PDF with bookmarks for its headings."""

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 - the name is reportlab's
        if isinstance(flowable, Paragraph) and flowable.style.name.startswith("Heading"):
            self.canv.bookmarkPage(str(id(flowable)))
            self.canv.addOutlineEntry(flowable.getPlainText(), str(id(flowable)), int(flowable.style.name[-1]) - 1)


def _head_and_foot(canvas: Canvas, document: Any) -> None:
    canvas.drawString(70, 820, "Acme handbook")
    canvas.drawString(70, 20, f"Page {document.page} of 3")


def manual() -> bytes:
    styles = getSampleStyleSheet()
    rule = "Items may be returned within thirty days of delivery if they are unused and in their original packaging. "
    story = [
        Paragraph("Returns", styles["Heading1"]),
        Paragraph(rule * 2, styles["BodyText"]),
        Paragraph("Shoes", styles["Heading2"]),
        Paragraph("Shoes come back with their box, and boots", styles["BodyText"]),
        PageBreak(),
        Paragraph("with two boxes. Laces stay.", styles["BodyText"]),
        PageBreak(),
        Paragraph("Shipping", styles["Heading1"]),
        Paragraph("We ship daily.", styles["BodyText"]),
    ]
    file = BytesIO()
    _Manual(file).build(story, onFirstPage=_head_and_foot, onLaterPages=_head_and_foot)
    return file.getvalue()


def pdf(*pages: str) -> bytes:
    return lines_pdf(*((text,) for text in pages))


def lines_pdf(*pages: Sequence[str]) -> bytes:
    """Each page with these lines, Chinese ones in a font that has them."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = BytesIO()
    canvas = Canvas(file)
    for lines in pages:
        for place, line in enumerate(lines):
            canvas.setFont("Helvetica" if line.isascii() else "STSong-Light", 12)
            canvas.drawString(70, 700 - 20 * place, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def encrypted_pdf(password: str) -> bytes:
    writer = PdfWriter(PdfReader(BytesIO(pdf("Secret."))))
    writer.encrypt(password, "owner", algorithm="AES-256")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def word(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def archive_of(name: str) -> bytes:
    """An archive such as Office makes, with this file in it."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr(name, "x")
    return file.getvalue()
