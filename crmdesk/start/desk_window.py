"""Makes somebody's main window with the desks of their role, and tells windows about the connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import time
from typing import Any

import crmdesk
from crmdesk.core.i18n import _, language
from crmdesk.core.paths import user_log_dir
from crmdesk.core.settings import Settings
from crmdesk.rules.rights import ROLES, Right, rights_of
from crmdesk.ui.login.tiles import Person

_FIRST = "today"  # what is to be done now, at every station


class _Allowed:
    """Which desks a user sees; a right the rules don't know hides nothing by mistake, it raises."""

    def __init__(self, user: Any) -> None:
        self._rights = user.rights

    def __call__(self, right: str) -> bool:
        return not right or Right(right) in self._rights


def make_window(ctx: Any, settings: Settings, place: str, **hands: Callable[..., Any]) -> Any:
    """Return the main window of ``ctx.user`` with its first page open; ``hands`` are what its menu calls."""
    from crmdesk.ui.desks import page_specs
    from crmdesk.ui.main_window import MainWindow
    from crmdesk.ui.opening import Opener
    from crmdesk.ui.shell import Shell

    user = ctx.user
    opener = Opener(ctx)
    shell = Shell(
        ctx=ctx,
        company=ctx.office.company,
        user_name=user.name,
        user_role=", ".join(_(ROLES[role]) for role in user.roles if role in ROLES),
        station=ctx.station,
        place=place,
        language=settings.language,
        theme=settings.theme,
        scale=settings.scale,
        memory=settings.windows.setdefault(f"user.{user.login}", {}),
        allowed=_Allowed(user),
        search=opener.search,
        open_match=opener.open_match,
        open_code=opener.open_code,
        show_clause=opener.show_clause,
        clause_text=opener.clause_text,
        may_close=opener.may_close,
        **hands,
    )
    window = MainWindow(shell, page_specs())
    opener.begin(window)
    keys = window.keys()
    if keys:
        window.show_page(_FIRST if _FIRST in keys else keys[0])
    return window


def persons(people: Iterable[Any]) -> list[Person]:
    """Return the staff as the sign-in window shows them."""
    return [
        Person(p.login, p.name, ROLES.get(p.roles[0], "") if p.roles else "", Right.STAFF in rights_of(p.roles))
        for p in people
    ]


def person_ctx(ctx: Any, people: Iterable[Any], login: str) -> Any:
    """Return the context of the member of the staff with this sign-in name; None if there is none."""
    from crmdesk.services.context import User

    for p in people:
        if p.login == login:
            return ctx.acting_as(User(p.id, p.login, p.name, tuple(p.roles)))
    return None


def give_office(ctx: Any, windows: Iterable[Any]) -> None:
    """Give the office as it is now to windows that stand already."""
    for window in windows:
        fresh = ctx.acting_as(window.shell.ctx.user)
        window.shell.ctx = fresh
        for page in window.made_pages().values():
            page.take_office(fresh)


def tell_connection(window: Any, place: str, *, connected: bool) -> None:
    """Say in a window that the data is out of reach, or within reach again."""
    window.set_connection(place, ok=connected)
    if connected:
        window.tell_lost("")
        window.notify(_("Connected again. Everything shown is up to date."), "ok")
    else:
        words = _("No connection to the office's data. Your text is kept; it is tried again by itself.")
        window.tell_lost(words)


def title_of(policy: Any) -> str:
    """Return the short name of a regulation in the language in force."""
    title: str = policy.title.get(language(), policy.title["en"])
    return title


def about(window: Any, place: str) -> None:
    """Say which version this is and where its data and its log are."""
    from crmdesk.ui import dialogs

    words = _("CRM Desk {version}\nData: {place}\nLog: {log}")
    dialogs.inform(window, words.format(version=crmdesk.__version__, place=place, log=user_log_dir()))


def hours_today(ctx: Any) -> tuple[time, time] | None:
    """Return when the office opens and closes today, None on a closed day."""
    from crmdesk.services.deadlines import hours_of

    return hours_of(ctx.office, ctx.clock.zone, ctx.clock.today())
