"""The program's keys in one place: what they do, where they lead, and how they are shown.

Pages add their own keys with ``Page.key_hints()``; a key that works everywhere stands here.
"""

from __future__ import annotations

from dataclasses import dataclass

from crmdesk.core.i18n import N_


@dataclass(frozen=True)
class Action:
    """A key of the whole program; ``page`` is the page it opens ('' for the frame's own), ``how`` its arguments."""

    key: str
    title: str
    icon: str
    page: str = ""
    how: tuple[tuple[str, object], ...] = ()
    right: str = ""


#: Keys that open a page from anywhere.
OPENING: tuple[Action, ...] = (
    Action("F2", N_("Call"), "phone-incoming", "calls", (("new", True),)),
    Action("F3", N_("Visit"), "door-open", "reception", (("new", True),)),
    Action("F7", N_("Repair"), "wrench", "repairs", (("new", True),)),
    Action("F8", N_("Complaint"), "message-square-warning", "complaints", (("new", True),)),
    Action("F9", N_("Sales slip"), "shopping-bag", "sales", (("new", True),)),
)

SEARCH = Action("Ctrl+K", N_("Search"), "search")
LOCK = Action("Ctrl+L", N_("Lock"), "lock")
SWITCH_USER = Action("Ctrl+U", N_("Switch user"), "users")
HELP = Action("F1", N_("Help"), "circle-question-mark")
BACK = Action("Alt+Left", N_("Back"), "arrow-left")
REFRESH = Action("F5", N_("Refresh"), "refresh-cw")
FOLD = Action("F12", N_("Hide the side panel"), "chevron-right")

#: Keys of the frame itself, in the order F1 shows them.
FRAME: tuple[Action, ...] = (SEARCH, LOCK, SWITCH_USER, HELP, BACK, REFRESH)
