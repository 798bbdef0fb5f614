"""The program's log: a small rotating file for the person who helps, without customer data."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start_log(folder: Path, *, verbose: bool = False) -> Path:
    """Write the log to ``folder`` (1 MB, three old files kept) and return the file's path."""
    path = folder / "crmdesk.log"
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter(FORMAT))
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, logging.handlers.RotatingFileHandler)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    for chatty in ("alembic", "sqlalchemy", "PIL", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return path
