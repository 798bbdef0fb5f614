"""All pages of the program in the order of the rail; the rights decide which of them a user sees."""

from __future__ import annotations

import importlib
import importlib.util

from crmdesk.ui.page import PageSpec

#: One folder each; a folder's ``PAGES`` (or ``PAGE``) says how its pages are made.
FOLDERS = (
    "today", "calls", "reception", "sales", "packing", "repairs", "complaints", "customers", "items", "month",
    "regulation", "settings",
)  # fmt: skip


def page_specs() -> tuple[PageSpec, ...]:
    """Return the pages of every desk that is built in."""
    specs: list[PageSpec] = []
    for folder in FOLDERS:
        for name in (f"crmdesk.ui.{folder}.page", f"crmdesk.ui.{folder}"):
            if importlib.util.find_spec(f"crmdesk.ui.{folder}") is None or importlib.util.find_spec(name) is None:
                continue
            module = importlib.import_module(name)
            found = getattr(module, "PAGES", None) or ((module.PAGE,) if hasattr(module, "PAGE") else ())
            specs += [spec for spec in found if spec not in specs]
            if found:
                break
    return tuple(specs)
