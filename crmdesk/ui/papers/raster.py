"""Print a PDF page by page as pictures, for systems whose printers take no PDF (Windows)."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.printing.preview import page_sizes, pages_to_pictures

DPI = 300


def printer_names() -> list[str]:
    """Return the printers Qt knows on this PC."""
    return list(QPrinterInfo.availablePrinterNames())


def print_pdf(pdf: bytes, printer_name: str, title: str, *, copies: int = 1) -> None:
    """Paint each page of a PDF onto the printer, in its own size; UserError when the printer is gone."""
    info = QPrinterInfo.printerInfo(printer_name)
    if info.isNull():
        raise UserError(_("The printer {printer} is not there. The paper waits.").format(printer=printer_name))
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setResolution(DPI)
    printer.setDocName(title)
    printer.setCopyCount(copies)
    printer.setFullPage(True)
    painter = QPainter()
    for number, (picture, (width, height)) in enumerate(zip(pages_to_pictures(pdf, DPI), page_sizes(pdf), strict=True)):
        size = QPageSize(QSizeF(width, height), QPageSize.Unit.Point, matchPolicy=QPageSize.SizeMatchPolicy.ExactMatch)
        printer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
        started = painter.begin(printer) if number == 0 else printer.newPage()
        if not started:
            raise UserError(_("The printer {printer} did not start. The paper waits.").format(printer=printer_name))
        image = QImage(picture.rgba, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGBA8888)
        painter.drawImage(QRectF(painter.viewport()), image)
    painter.end()
