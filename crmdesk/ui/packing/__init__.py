"""The packing station: the queue of slips, the counting in full screen, and the alarm of a wrong piece."""

from __future__ import annotations

from crmdesk.ui.packing.page import PAGES

__all__ = ["PAGES"]
