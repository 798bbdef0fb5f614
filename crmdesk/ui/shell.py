"""What the frame needs from outside, as plain values and callables: the app fills it, tests fill it with fakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmdesk.ui.widgets.record_table import Memory
from crmdesk.ui.widgets.search_box import Match


def _nothing(*args: Any) -> None:
    """Stand in for a callable that was not given."""


def _new_memory() -> dict[str, Any]:
    return {}


def _no_matches(text: str) -> list[Match]:
    return []


def _yes() -> bool:
    return True


def _no(key: str) -> bool:
    return False


def _everything(right: str) -> bool:
    return True


@dataclass
class Shell:
    """The outside of the main window.

    ``ctx`` is handed to every page's factory and never looked into. ``allowed(right)`` hides desks the role may not
    use. ``search(text)`` answers Ctrl+K with matches, ``open_match(match)`` and ``open_code(text)`` open what was
    taken or scanned; ``open_code`` returns False when nothing bears that code.
    """

    ctx: Any = None
    company: str = ""
    user_name: str = ""
    user_role: str = ""
    station: str = ""
    place: str = ""
    language: str = "zh_TW"
    theme: str = "system"
    scale: int = 100
    memory: Memory = field(default_factory=_new_memory)
    allowed: Callable[[str], bool] = _everything
    answers: Callable[[str], bool] = _no  # whether a key of the frame answers something else now: a ring
    search: Callable[[str], Sequence[Match]] = _no_matches
    open_match: Callable[[Match], None] = _nothing
    open_code: Callable[[str], bool] = _everything
    switch_user: Callable[[], None] = _nothing
    lock: Callable[[], None] = _nothing
    may_close: Callable[[], bool] = _yes
    set_language: Callable[[str], None] = _nothing
    set_theme: Callable[[str], None] = _nothing
    set_scale: Callable[[int], None] = _nothing
    show_clause: Callable[[str], None] = _nothing
    clause_text: Callable[[str], str] = str
    about: Callable[[], None] = _nothing
    remember: Callable[[], None] = _nothing  # write this PC's settings now: what was said isn't said again
