"""Reading a rendered paper back: its text page by page, and the codes a scanner sees on the picture of a page."""

from __future__ import annotations

import unicodedata
from io import BytesIO

import zxingcpp
from PIL import Image
from pypdf import PdfReader

from crmdesk.printing.preview import pages_to_pictures


def texts(pdf: bytes) -> list[str]:
    """Return the text of each page, composed and without any spaces (the papers set gaps as they like)."""
    pages = PdfReader(BytesIO(pdf)).pages
    return ["".join(unicodedata.normalize("NFC", page.extract_text()).split()) for page in pages]


def sizes_mm(pdf: bytes) -> set[tuple[float, float]]:
    """Return the page sizes that occur, in millimetres to a tenth."""
    boxes = [page.mediabox for page in PdfReader(BytesIO(pdf)).pages]
    return {(round(float(box.width) * 25.4 / 72, 1), round(float(box.height) * 25.4 / 72, 1)) for box in boxes}


def codes(pdf: bytes, dpi: float) -> list[dict[str, str]]:
    """Return what a scanner reads on each page: format name to text."""
    found = []
    for picture in pages_to_pictures(pdf, dpi):
        image = Image.frombytes("RGBA", (picture.width, picture.height), picture.rgba).convert("L")
        found.append({code.format.name: code.text for code in zxingcpp.read_barcodes(image)})
    return found


def squeezed(text: str) -> str:
    """Return a text as :func:`texts` would show it."""
    return "".join(text.split())
