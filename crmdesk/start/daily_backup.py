"""The backup of the day, made in the background once somebody works."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _

log = logging.getLogger(__name__)


class DailyBackup(QObject):
    """Makes the backup if today has none yet; a failure is said in the window, a bug is only logged."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self._window = window

    def make_if_due(self) -> None:
        """Begin the backup, unless it is not due."""
        from crmdesk.services.backups import backup_now, is_due
        from crmdesk.ui import tasks

        ctx = self._window.shell.ctx
        if is_due(ctx):

            def work(progress: object) -> object:
                return backup_now(ctx)

            title = _("Daily backup")
            tasks.run(self._window, work, self._backed_up, self._failed, title=title, cancellable=False)

    def _backed_up(self, path: Path) -> None:
        log.info("daily backup %s", path.name)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, CrmError):
            words = _("The daily backup failed: {reason}").format(reason=error.message)
            self._window.tell(words, "warning")
