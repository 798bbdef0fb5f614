"""Settings: this PC, its printers, the office, the staff, backups, and a check-up."""

from __future__ import annotations

from crmdesk.ui.settings.page import PAGES

__all__ = ["PAGES"]
