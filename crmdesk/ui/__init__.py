"""Everything that imports PySide6."""

from __future__ import annotations

import sys


def _leave_sources_unread() -> None:
    """Spare the start 20 ms and the memory 20 MiB.

    PySide reads and keeps the source of every module imported after it, to see whether it may use ``__feature__``
    (snake_case). Nothing here does; a PySide that works otherwise is left as it is.
    """
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = _no_features  # type: ignore[union-attr]  # hasattr has just looked


def _no_features(module: object) -> bool:
    return False


_leave_sources_unread()
