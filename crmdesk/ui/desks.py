"""All pages of the program in the order of the rail; the rights decide which of them a user sees."""

from __future__ import annotations

import importlib
import logging

from crmdesk.ui.page import PageSpec

log = logging.getLogger(__name__)

#: One folder each; its ``page`` module says with ``PAGES`` (or ``PAGE``) how its pages are made.
FOLDERS = (
    "today", "calls", "reception", "sales", "cash", "packing", "repairs", "complaints", "approvals", "checklists",
    "customers", "items", "imports", "month", "regulation", "settings",
)  # fmt: skip


def page_specs() -> tuple[PageSpec, ...]:
    """Return the pages of every desk; a desk that is not built in is left out and named in the log."""
    specs: list[PageSpec] = []
    for folder in FOLDERS:
        try:
            module = importlib.import_module(f"crmdesk.ui.{folder}.page")
        except ModuleNotFoundError as error:
            if not str(error.name).startswith("crmdesk."):
                raise
            log.warning("desk %s: no module %s", folder, error.name)
            continue
        found = getattr(module, "PAGES", None) or (module.PAGE,)
        specs += [spec for spec in found if spec.key not in {known.key for known in specs}]
    return tuple(specs)
