"""Near closing time, who closes the program or locks the screen is reminded once of the closing list (CALL-13)."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.services import checklists
from crmdesk.services.checklists import ListRow
from crmdesk.services.context import Context
from crmdesk.ui import dialogs


def wants_list(owner: QWidget, ctx: Context) -> bool:
    """Ask whether the closing list is to be opened instead of closing; a no closes, and nothing else blocks."""
    app = QGuiApplication.instance()
    if isinstance(app, QGuiApplication) and app.isSavingSession():
        return False  # the PC is shutting down: a question would only be in its way
    found = _open_list(ctx)
    if found is None:
        return False
    question = _("The closing list is not done yet: {done} of {total} lines are settled. Open it now?")
    return dialogs.ask(
        owner, question.format(done=found.ticked, total=found.total), yes=_("Open the list"), no=_("Close the program")
    )


def closing_words(ctx: Context) -> str:
    """Return the sentence a locked screen shows near closing time, '' when nothing is left to do."""
    found = _open_list(ctx)
    if found is None:
        return ""
    words = _("The closing list is not done yet: {done} of {total} lines are settled.")
    return words.format(done=found.ticked, total=found.total)


def _open_list(ctx: Context) -> ListRow | None:
    try:
        return checklists.find_closing(ctx)
    except CrmError:  # the data can't be reached: nobody is kept from going home
        return None
