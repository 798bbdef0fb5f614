"""A sheet of paper: drawing in millimetres from the top left corner, text set on its baseline, everything black.

``Sheet`` knows nothing of any paper; the papers say what stands where. Thermal sheets snap rules, boxes and codes to
the printer's dots.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from crmdesk.printing import barcodes, fonts
from crmdesk.printing.linebreak import wrap

MM = 72 / 25.4
HAIR, THIN, BOLD_RULE = 0.13, 0.25, 0.5
ELLIPSIS = "…"
LEADING = 1.32

rl_config.useA85 = 0  # binary streams: a quarter smaller and faster; every printer since PDF 1.2 reads them

Align = Literal["left", "right", "centre"]


@dataclass(frozen=True)
class Fit:
    """How a text that must not be lost goes into a box: size, its lines, and whether some of it did not fit."""

    size: float
    lines: tuple[str, ...]
    leading: float
    text: str
    cut: bool


class Sheet:
    """One PDF being drawn; sizes of type in points, all else in millimetres."""

    def __init__(
        self,
        width: float,
        height: float,
        language: str,
        *,
        title: str = "",
        dots: float = 0.0,
        offset: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """``dots`` per millimetre of a thermal printer (0: no grid); ``offset`` moves everything, for tractor paper."""
        self.width, self.height, self.language = width, height, language
        self._dots = dots
        self._dx, self._dy = offset
        self._buffer = BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=(width * MM, height * MM), pageCompression=1, invariant=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor("")
        self._canvas.setCreator("CRM Desk")
        self._pen = 0.0

    # -- pages ---------------------------------------------------------------------------------------------------

    def next_page(self) -> None:
        """Finish the page and begin another of the same size."""
        self._canvas.showPage()
        self._pen = 0.0

    def to_bytes(self) -> bytes:
        """Finish the last page and return the whole PDF."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def _x(self, x: float) -> float:
        return (x + self._dx) * MM

    def _y(self, y: float) -> float:
        return (self.height - y - self._dy) * MM

    def snap(self, value: float) -> float:
        """Return the length moved to the nearest whole dot of a thermal printer; unchanged on other paper."""
        return round(value * self._dots) / self._dots if self._dots else value

    # -- text ----------------------------------------------------------------------------------------------------

    def measure(self, text: str, size: float, bold: bool = False, spacing: float = 0.0) -> float:
        """Return the width of one line in millimetres; ``spacing`` points are added after each character."""
        text = fonts.clean(text)
        return (fonts.advance(text, self.language, bold) * size + spacing * max(0, len(text) - 1)) / MM

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = "left",
        width: float | None = None,
        least: float = 0.8,
        spacing: float = 0.0,
    ) -> float:
        """Set one line with its baseline at ``y`` and return the width it took.

        With ``width`` it shrinks down to ``least`` of the size, then loses its end to an ellipsis: only for texts that
        may lose something (see :meth:`fit` for those that may not).
        """
        text = fonts.clean(text).replace("\n", " ")
        if not text:
            return 0.0
        taken = self.measure(text, size, bold, spacing)
        if width is not None and taken > width:
            size, text = self._squeeze(text, size, bold, width, least, spacing)
            taken = self.measure(text, size, bold, spacing)
        if align == "right":
            x -= taken
        elif align == "centre":
            x -= taken / 2
        self._show(self._x(x), self._y(y), text, size, bold, spacing)
        return taken

    def _squeeze(
        self, text: str, size: float, bold: bool, width: float, least: float, spacing: float
    ) -> tuple[float, str]:
        """Return the size and as much of the text as fits into the width."""
        taken = self.measure(text, size, bold, spacing)
        smaller = math.floor(size * width / taken * 20) / 20
        if smaller >= size * least:
            return smaller, text
        size *= least
        while text and self.measure(text.rstrip() + ELLIPSIS, size, bold, spacing) > width:
            text = text[: -max(1, len(text) // 20)]
        return size, text.rstrip() + ELLIPSIS

    def _emit(self, code: str) -> None:
        """Write drawing operators to the page: ReportLab's own calls format each number so slowly that a slip took
        twice as long.
        """
        self._canvas._code.append(code)

    def _show(
        self, x: float, y: float, text: str, size: float, bold: bool, spacing: float = 0.0, mode: int = 0
    ) -> None:
        """Put runs on the page; points from the bottom left. ``mode`` 1 draws outlines only."""
        document = self._canvas._doc
        parts = [f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm"]
        if spacing:
            parts.append(f"{spacing:g} Tc")
        if mode:
            parts.append(f"{mode} Tr")
        for run in fonts.runs(text, self.language, bold):
            font = fonts.by_name(run.font)
            for subset, codes in font.splitString(run.text, document):
                parts.append(f"{font.getSubsetInternalName(subset, document)} {size:g} Tf <{codes.hex()}> Tj")
        if spacing:
            parts.append("0 Tc")
        if mode:
            parts.append("0 Tr")
        parts.append("ET")
        self._emit(" ".join(parts))

    def wrap(self, text: str, size: float, width: float, bold: bool = False) -> list[str]:
        """Break a text into lines of at most ``width`` millimetres."""
        points = width * MM / size
        return wrap(fonts.clean(text), lambda piece: fonts.advance(piece, self.language, bold), points)

    def fit(
        self,
        text: str,
        width: float,
        height: float,
        size: float,
        least: float,
        *,
        bold: bool = False,
        lines: int | None = None,
        leading: float = LEADING,
    ) -> Fit:
        """Find the largest size, from ``size`` down to ``least``, at which the whole text stands in the box.

        What does not fit even at ``least`` is cut with an ellipsis and ``cut`` is set: the paper then owes a second
        sheet with the whole text.
        """
        clean = fonts.clean(text)
        trial = size
        while True:
            found = self.wrap(clean, trial, width, bold)
            most = max(1, int(1 + (height * MM - trial) / (trial * leading) + 1e-6))
            if lines is not None:
                most = min(most, lines)
            if len(found) <= most:
                return Fit(trial, tuple(found), trial * leading / MM, clean, False)
            if trial <= least:
                break
            trial = max(least, trial - 0.5)
        kept = found[:most]
        last = kept[-1]
        while last and self.measure(last + ELLIPSIS, trial, bold) > width:
            last = last[:-1]
        kept[-1] = last + ELLIPSIS
        return Fit(trial, tuple(kept), trial * leading / MM, clean, True)

    def lines(self, x: float, y: float, fit: Fit, *, bold: bool = False, align: Align = "left") -> float:
        """Set the lines of a fit, the first baseline at ``y``; return the baseline of the last."""
        for i, line in enumerate(fit.lines):
            self.text(x, y + i * fit.leading, line, fit.size, bold=bold, align=align)
        return y + (len(fit.lines) - 1) * fit.leading

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        most: int | None = None,
        leading: float = LEADING,
    ) -> float:
        """Set a text over as many lines as it needs (at most ``most``, then …); return the baseline of the last."""
        found = self.wrap(text, size, width, bold)
        if most is not None and len(found) > most:
            found = [*found[: most - 1], self._ended(found[most - 1], size, bold, width)]
        for i, line in enumerate(found):
            self.text(x, y + i * size * leading / MM, line, size, bold=bold)
        return y + (len(found) - 1) * size * leading / MM

    def _ended(self, line: str, size: float, bold: bool, width: float) -> str:
        while line and self.measure(line + ELLIPSIS, size, bold) > width:
            line = line[:-1]
        return line + ELLIPSIS

    def vertical(self, x: float, y: float, text: str, size: float, *, bold: bool = False, pitch: float = 1.18) -> float:
        """Set a text downwards, centred on ``x`` from ``y``: han one below the other, Latin turned to the right.

        Returns the y below it.
        """
        text = fonts.clean(text)
        if any(ord(character) >= 0x2E80 for character in text):
            step = size * pitch / MM
            for character in text:
                if character == " ":
                    y += step / 2
                    continue
                self.text(x, y + size * 0.88 / MM, character, size, bold=bold, align="centre")
                y += step
            return y
        length = self.measure(text, size, bold)
        self._canvas.saveState()
        self._canvas.translate(self._x(x), self._y(y))
        self._canvas.rotate(-90)
        self._show(0, -size * 0.35, text, size, bold)
        self._canvas.restoreState()
        return y + length

    # -- lines and boxes -----------------------------------------------------------------------------------------

    def _width(self, weight: float) -> None:
        if weight != self._pen:
            self._emit(f"{weight * MM:.3f} w")
            self._pen = weight

    def rule(self, x: float, y: float, to: float, weight: float = THIN) -> None:
        """Draw a horizontal rule from ``x`` to ``to``, its middle at ``y``."""
        weight = max(self.snap(weight), 1 / self._dots) if self._dots else weight
        self._width(weight)
        middle = self._y(self._middle(y, weight))
        self._emit(f"{self._x(self.snap(x)):.2f} {middle:.3f} m {self._x(self.snap(to)):.2f} {middle:.3f} l S")

    def upright(self, x: float, y: float, to: float, weight: float = THIN) -> None:
        """Draw a vertical rule from ``y`` down to ``to``."""
        weight = max(self.snap(weight), 1 / self._dots) if self._dots else weight
        self._width(weight)
        middle = self._x(self._middle(x, weight))
        self._emit(f"{middle:.3f} {self._y(self.snap(y)):.2f} m {middle:.3f} {self._y(self.snap(to)):.2f} l S")

    def _middle(self, at: float, weight: float) -> float:
        """Return the middle line of a stroke whose edges lie on whole dots."""
        return self.snap(at - weight / 2) + weight / 2 if self._dots else at

    def dots(
        self, x: float, y: float, to: float, *, dash: Sequence[float] = (0.25, 0.75), weight: float = THIN
    ) -> None:
        """Draw a dotted rule: the parting of rows (``dash`` in millimetres on and off)."""
        self._emit(f"[{' '.join(f'{part * MM:.3f}' for part in dash)}] 0 d")
        self.rule(x, y, to, weight)
        self._emit("[] 0 d")

    def box(self, x: float, y: float, width: float, height: float, weight: float = THIN) -> None:
        """Draw a frame whose outer edges are the given rectangle's middle lines."""
        weight = max(self.snap(weight), 1 / self._dots) if self._dots else weight
        self._width(weight)
        x, y = self._middle(x, weight), self._middle(y, weight)
        across, down = self.snap(width), self.snap(height)
        self._emit(f"{self._x(x):.3f} {self._y(y + down):.3f} {across * MM:.3f} {down * MM:.3f} re S")

    def polyline(self, points: Sequence[tuple[float, float]], weight: float = THIN) -> None:
        """Draw a line through the points."""
        if len(points) < 2:
            return
        self._width(weight)
        steps = [f"{self._x(x):.2f} {self._y(y):.2f} {'l' if i else 'm'}" for i, (x, y) in enumerate(points)]
        self._emit(" ".join(steps) + " S")

    def circle(self, x: float, y: float, radius: float, *, filled: bool = False, weight: float = THIN) -> None:
        """Draw a circle; an unfilled one is white inside."""
        self._width(weight)
        self._canvas.setFillGray(0 if filled else 1)
        self._canvas.circle(self._x(x), self._y(y), radius * MM, stroke=1, fill=1)
        self._canvas.setFillGray(0)

    def ring(self, x: float, y: float, radius: float) -> None:
        """Draw a black ring between two white ones, to be seen on any photo."""
        canvas = self._canvas
        for grey, weight in ((1, radius * 0.5), (0, radius * 0.2)):
            canvas.setStrokeGray(grey)
            canvas.setLineWidth(weight * MM)
            canvas.circle(self._x(x), self._y(y), radius * MM, stroke=1, fill=0)
        canvas.setStrokeGray(0)
        self._pen = 0.0

    def disc(self, x: float, y: float, radius: float) -> None:
        """Draw a white disc with a black rim and a white halo: the ground of a number on a photo."""
        canvas = self._canvas
        canvas.setFillGray(1)
        canvas.circle(self._x(x), self._y(y), radius * 1.15 * MM, stroke=0, fill=1)
        self.circle(x, y, radius, weight=0.35)

    def bars(self, rectangles: Iterable[tuple[float, float, float, float]], grey: float, weight: float = THIN) -> None:
        """Draw outlined rectangles (x, y, width, height) filled with a light grey: chart bars only."""
        self._width(weight)
        self._canvas.setFillGray(grey)
        for x, y, width, height in rectangles:
            self._canvas.rect(self._x(x), self._y(y + height), width * MM, height * MM, stroke=1, fill=1)
        self._canvas.setFillGray(0)

    def check(self, x: float, y: float, size: float = 2.6, weight: float = 0.45) -> None:
        """Draw a ✓ in a square of ``size`` whose left bottom corner is at ``x``, ``y``."""
        points = [
            (x + 0.1 * size, y - 0.45 * size),
            (x + 0.38 * size, y - 0.15 * size),
            (x + 0.95 * size, y - 0.9 * size),
        ]
        self.polyline(points, weight)

    def cross(self, x: float, y: float, size: float = 2.6, weight: float = 0.5) -> None:
        """Draw a × in a square of ``size`` whose left bottom corner is at ``x``, ``y``."""
        inset = 0.12 * size
        self.polyline([(x + inset, y - inset), (x + size - inset, y - size + inset)], weight)
        self.polyline([(x + inset, y - size + inset), (x + size - inset, y - inset)], weight)

    def tick_box(self, x: float, y: float, label: str, checked: bool, size: float = 10, *, bold: bool = False) -> float:
        """Draw a box, ticked or empty, with its label; baseline at ``y``; return the x after the label."""
        side = size * 0.98 / MM
        self.box(x, y - side * 0.86, side, side, THIN)
        if checked:
            self.check(x + side * 0.06, y + side * 0.12, side * 0.92, 0.45)
        return x + side + 1.0 + self.text(x + side + 1.0, y, label, size, bold=bold)

    # -- codes and pictures --------------------------------------------------------------------------------------

    def qr(self, x: float, y: float, text: str, module: float) -> float:
        """Draw a QR symbol, its left top module at the point (the caller keeps 4 modules free); return its side."""
        side, found = barcodes.qr_bars(text)
        x, y = self.snap(x), self.snap(y)
        unit = module * MM
        cells = " ".join(f"{bar.x} {-bar.y - 1} {bar.width} 1 re" for bar in found)
        self._emit(f"q {unit:.5f} 0 0 {unit:.5f} {self._x(x):.4f} {self._y(y):.4f} cm {cells} f Q")
        return side * module

    def bars_width(self, text: str, module: float) -> float:
        """Return the width of a Code 128 without its quiet zones."""
        return barcodes.code128_bars(text)[0] * module

    def code128(self, x: float, y: float, text: str, module: float, height: float) -> float:
        """Draw Code 128 bars from the left top point (10 modules beside them stay free); return their width."""
        width, found = barcodes.code128_bars(text)
        x, y = self.snap(x), self.snap(y)
        cells = " ".join(f"{start} 0 {size} 1 re" for start, size in found)
        left, bottom = self._x(x), self._y(y + height)
        self._emit(f"q {module * MM:.5f} 0 0 {height * MM:.4f} {left:.4f} {bottom:.4f} cm {cells} f Q")
        return width * module

    def picture(
        self, x: float, y: float, width: float, height: float, data: bytes
    ) -> tuple[float, float, float, float]:
        """Draw a photo (JPEG or PNG) as large as fits into the box, centred; return where it stands.

        OSError when the bytes are no picture.
        """
        image = ImageReader(BytesIO(data))
        across, down = image.getSize()
        scale = min(width / across, height / down)
        w, h = across * scale, down * scale
        left, top = x + (width - w) / 2, y + (height - h) / 2
        self._canvas.drawImage(image, self._x(left), self._y(top + h), w * MM, h * MM, mask="auto")
        return left, top, w, h

    def diagonal(self, text: str, size: float) -> None:
        """Write a word across the page in outline letters, so that what lies under it stays readable."""
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(self.width * MM / 2, self.height * MM / 2)
        canvas.rotate(math.degrees(math.atan2(self.height, self.width)) * 0.8)
        canvas.setLineWidth(0.9)
        text = fonts.clean(text)
        self._show(-fonts.advance(text, self.language, True) * size / 2, -size * 0.35, text, size, True, mode=1)
        canvas.restoreState()
        self._pen = 0.0
