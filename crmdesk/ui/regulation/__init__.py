"""The office's regulation: every clause with its text, its numbers and where the program holds it."""

from __future__ import annotations

from crmdesk.ui.regulation.page import PAGES

__all__ = ["PAGES"]
