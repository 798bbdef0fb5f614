"""Pictures of papers against stored ones, with a tolerance for other versions of the renderer.

After a wanted change of a paper: ``CRMDESK_GOLDEN=write pytest tests/printing/test_golden.py``, look at each picture,
and commit them with the change. Texts are English, so that a better translation breaks nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

from crmdesk.printing import render
from crmdesk.printing.documents import Document, Receipt80
from crmdesk.printing.preview import pages_to_pictures
from tests.printing import papers

GOLDEN = Path(__file__).parent / "golden"
DPI = 60
CASES: dict[str, tuple[str, Document, int]] = {
    "sales-slip-counting": ("sales_slip", papers.sales_slip(), 1),
    "sales-slip-30-middle": ("sales_slip", papers.sales_slip(30), 1),
    "carton-label": ("carton_label", papers.carton_label(), 0),
    "receipt": ("receipt", Receipt80(papers.sales_slip(3)), 0),
    "repair-slip-stub": ("repair_slip", papers.repair_slip(), 0),
    "complaint-sheet-quality": ("complaint_sheet", papers.complaint_sheet(), 0),
    "monthly-report": ("monthly_report", papers.monthly_report(), 0),
}


def different(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels that differ clearly after a small blur (which forgives other antialiasing)."""
    if one.size != other.size:
        return 1.0
    blur = ImageFilter.GaussianBlur(1.0)
    histogram = ImageChops.difference(one.filter(blur), other.filter(blur)).histogram()
    return sum(histogram[40:]) / (one.width * one.height)


def picture(name: str) -> Image.Image:
    kind, document, page = CASES[name]
    found = pages_to_pictures(render(kind, document, language="en"), DPI)[page]
    return Image.frombytes("RGBA", (found.width, found.height), found.rgba).convert("L")


@pytest.mark.parametrize("name", sorted(CASES))
def test_paper_looks_as_agreed(name: str) -> None:
    now, path = picture(name), GOLDEN / f"{name}.png"
    if os.environ.get("CRMDESK_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        now.quantize(16).save(path, optimize=True)
    with Image.open(path) as stored:
        assert different(now, stored.convert("L")) < 0.003


def test_a_moved_total_is_seen() -> None:
    now = picture("sales-slip-counting")
    moved = now.copy()
    moved.paste(255, (340, 262, 450, 290))
    assert different(now, moved) > 0.003
