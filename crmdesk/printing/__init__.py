"""Papers: plain documents in, PDF bytes out.

``render(kind, document)`` prints any paper, ``find_missing(document)`` must be asked before. Importing this package
reads no font and no PDF library; the first paper does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from crmdesk.printing.documents import Document, Reprint

PAPERS: dict[str, str] = {
    "sales_slip": "crmdesk.printing.sales_slip",
    "return_slip": "crmdesk.printing.sales_slip",
    "carton_label": "crmdesk.printing.carton_label",
    "receipt": "crmdesk.printing.receipt",
    "repair_receipt": "crmdesk.printing.repair_receipt",
    "repair_slip": "crmdesk.printing.repair_slip",
    "complaint_sheet": "crmdesk.printing.complaint_sheet",
    "monthly_report": "crmdesk.printing.monthly_report",
    "list": "crmdesk.printing.list_paper",
}
"""Kind of paper and the module that draws it."""


def render(
    kind: str,
    document: Document,
    *,
    copies: tuple[int, ...] | None = None,
    language: str | None = None,
    reprint: Reprint | None = None,
    **options: Any,
) -> bytes:
    """Return the PDF of a paper; KeyError for an unknown kind.

    ``copies`` are numbers, all when None; ``language`` defaults to the document's own; ``options`` are those of the
    paper (``carbonless`` and ``offset`` of the slips on tractor paper).
    """
    module = import_module(PAPERS[kind])
    return cast(bytes, module.render(document, copies=copies, language=language, reprint=reprint, **options))
