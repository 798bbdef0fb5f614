"""What is done with a slip that is written: printed, paid, packed, finished, voided, its papers shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.services import sales
from crmdesk.ui import dialogs, errors
from crmdesk.ui.papers.preview import show_papers

if TYPE_CHECKING:
    from crmdesk.ui.sales.page import SalesPage


class SlipActs(QObject):
    """Takes the steps of the slip the page shows; errors are told on the page, and the slip is read again."""

    def __init__(self, page: SalesPage) -> None:
        super().__init__(page)
        self._page = page

    def act(self, what: str) -> None:
        """Do what a button of the panel says: print, pay, pack, papers, finish or delivery."""
        page = self._page
        if what == "print":
            self.print_slip()
        elif what == "delivery":
            page.ask_delivery()
        elif what == "papers":
            self.show_papers()
        elif page.kept is None:
            return  # only a slip that is kept takes a step
        elif what == "pay":
            page.open("cash", sale_id=page.kept[0])
        elif what == "pack":
            page.open("packing", sale_id=page.kept[0])
        elif what == "finish":
            self._step(page.kept, sales.finish_sale)

    def _step(self, kept: tuple[int, int], work: Any, **values: Any) -> None:
        try:
            work(self._page.ctx, *kept, **values)
        except CrmError as error:
            errors.show_error(self._page, error)
        self._page.read(kept[0])

    def print_slip(self) -> None:
        """Give the slip its number and show the three copies; jumps to what is missing (SET-03)."""
        page = self._page
        if not page.grid.commit():
            return
        if missing := page.slip.missing(page.form):
            page.slip.go_to_missing(page.form)
            page.say(missing, "warning")
            return
        if not page.save_now() or page.kept is None:
            return
        try:
            printed = sales.print_sale(page.ctx, *page.kept, consent=True)
        except CrmError as error:
            errors.show_error(page, error)
            return
        page.saved.emit()
        page.read(printed.id)
        show_papers(page, page.ctx, [printed.paper_id])

    def void(self) -> None:
        """Void the slip with a reason (manager) and print it with its mark."""
        page = self._page
        if page.kept and (reason := dialogs.get_text(page, _("Why is this slip voided?"))):
            self._step(page.kept, sales.void_sale, reason=reason)
            if page.card is not None and page.card.state == "void":
                self.show_papers()  # with the mark 作廢

    def show_papers(self) -> None:
        """Show the slip's papers again."""
        card = self._page.card
        if card is not None and card.papers:
            show_papers(self._page, self._page.ctx, [paper.id for paper in card.papers])
