"""Saving the call in front: errors by their fields, conflicts in the banner, an answer that got lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.core.errors import AlreadySaved, ConflictError, CrmError, ValidationError
from crmdesk.core.i18n import _
from crmdesk.services import calls
from crmdesk.services.calls import Saved
from crmdesk.ui import errors

if TYPE_CHECKING:
    from crmdesk.ui.calls.page import CallsPage


class CallSaver:
    """Writes what the page holds; ``told`` is said before the next sentence: this call was saved already."""

    def __init__(self, page: CallsPage) -> None:
        self._page = page
        self.told = ""

    def save(self, action: str = "") -> Saved | None:
        """Save the sheet; errors are shown by their fields and None is returned."""
        page = self._page
        page.held.collect()
        if problems := page.form_view.problems():
            page.form_view.show_errors(problems)
            return None
        sheet = page.held.sheet
        form = sheet.once.stamp(sheet.form)
        how = {"call_id": sheet.call_id, "version": sheet.version}
        page.held.writing = True
        try:
            if action == "transfer":
                saved = calls.transfer_call(page.ctx, form, **how)
            elif action == "escalate":
                saved = calls.escalate_call(page.ctx, form, **how)
            else:
                saved = calls.save_call(page.ctx, form, complete=action == "finish", **how)
        except ValidationError as error:
            rest = page.form_view.show_errors(error.fields)
            if rest:
                said = next(iter(rest.values()))
                if error.clause and len(rest) == len(error.fields):
                    said = _("{sentence} ({clause})").format(sentence=said, clause=error.clause)
                page.say(said, "warning")
            return None
        except ConflictError as error:
            page.warn(error.message)
            return None
        except AlreadySaved as error:
            return self._saved_before(error, action)
        except CrmError as error:
            errors.show_error(page, error)
            return None
        finally:
            page.held.writing = False
        sheet.once.renew()
        sheet.call_id, sheet.version, sheet.number, sheet.state = saved.id, saved.version, saved.number, saved.state
        page.form_view.show_errors({})
        page.saved.emit()
        return saved

    def _saved_before(self, error: AlreadySaved, action: str) -> Saved | None:
        """Go on with the call whose answer got lost; what was typed or meant since then is saved now."""
        page = self._page
        sheet = page.held.sheet
        try:
            card = calls.get_call(page.ctx, error.record_id)
        except CrmError as other:
            errors.show_error(page, other)
            return None
        sheet.call_id, sheet.version, sheet.number, sheet.state = card.id, card.version, card.number, card.state
        self.told = error.message
        unfinished = bool(action) and card.state in ("draft", "read_back")
        changed = sheet.once.changed(sheet.form)
        sheet.once.renew()
        if unfinished or changed:
            return self.save(action if unfinished else "")
        page.form_view.show_errors({})
        page.saved.emit()
        return Saved(card.id, card.number, card.version, card.state)
