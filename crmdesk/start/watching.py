"""Listens for what others save: the server tells, a file is looked at."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from crmdesk.services.news import News, joined
from crmdesk.ui.live import LiveUpdates


def watch(ctx: Any, parent: QObject) -> tuple[News, LiveUpdates]:
    """Return the source of news and the signals made of it; the caller closes the one and stops the other."""
    news = News(ctx.db)
    live = LiveUpdates(joined, ctx.db.changes.origin, parent)
    ctx.db.changes.subscribe(live.hear)
    if news.by_listening:
        live.watch_by_listening(news.listen)
    else:
        live.watch_by_polling(news.poll)
    return news, live
