"""The frame around every desk: rail, top line, banner, pages, status line, and the keys that work everywhere."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.ui import actions, errors, window_place
from crmdesk.ui.help_panel import HelpPanel
from crmdesk.ui.page import Page, PageFrame, PageSpec
from crmdesk.ui.shell import Shell
from crmdesk.ui.user_menu import UserMenu
from crmdesk.ui.widgets.frame_lines import StatusLine, TopLine
from crmdesk.ui.widgets.labels import key_sequence
from crmdesk.ui.widgets.messages import BannerRoom, Toast
from crmdesk.ui.widgets.pill import clauses
from crmdesk.ui.widgets.rail import Rail
from crmdesk.ui.widgets.search_box import Match

LEAST = QSize(960, 560)
FOLD_RAIL_BELOW = 1200  # logical pixels: 1366 at 125 %
FOLD_PANEL_BELOW = 1000
HISTORY = 30


class MainWindow(QMainWindow):
    """The one window; pages are made the first time they are opened and stay."""

    page_shown = Signal(str)
    refreshed = Signal()  # the pages were read again: what is counted beside them is counted again too
    closing = Signal()

    def __init__(self, shell: Shell, pages: Sequence[PageSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shell = shell
        self._specs = {spec.key: spec for spec in pages if shell.allowed(spec.right) or not spec.right}
        self._pages: dict[str, Page] = {}
        self._frames: dict[str, PageFrame] = {}
        self._current = ""
        self._history: list[tuple[str, dict[str, Any]]] = []
        self._banner_page: Page | None = None
        self._build()
        self._bind_keys()
        self._connect()
        window_place.restore(self, shell.memory.get("window"))
        self.retranslate()

    # building ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        central = QWidget()
        central.setObjectName("ground")
        central.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rail = Rail([s for s in self._specs.values() if s.in_rail(self.shell.allowed)], self.shell.company)
        self.top = TopLine(self.shell.user_name)
        self._banners = BannerRoom()
        self.banner = self._banners.banner
        self.stack = QStackedWidget()
        self.status = StatusLine()
        right, row = QVBoxLayout(), QHBoxLayout(central)
        self._column = right
        for box in (right, row):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(self._banners)
        right.addWidget(self.stack, 1)
        right.addWidget(self.status)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.setCentralWidget(central)
        self.toast = Toast(central)
        self.help = HelpPanel(central)
        self.menu = UserMenu(self.shell, self)
        self.setMinimumSize(LEAST.boundedTo(self.screen().availableSize()))  # small at 200 %: the pages scroll then

    def _connect(self) -> None:
        self.rail.chosen.connect(self._rail_chosen)
        self.top.search.searched.connect(self._search)
        self.top.search.picked.connect(self._picked)
        self.top.search.entered.connect(self._entered)
        self.top.user.clicked.connect(self._open_menu)
        self.menu.help_asked.connect(self.toggle_help)
        self.menu.page_asked.connect(self._page_asks)
        self.top.overdue_clicked.connect(self._open_today)
        self.top.today_clicked.connect(self._open_today)
        self._banners.answered.connect(self._banner_answered)
        clauses.asked.connect(self._clause_asked)

    def _bind_keys(self) -> None:
        self._openers: dict[str, actions.Action] = {}
        self._opener_keys: list[QShortcut] = []
        for action in actions.OPENING:
            if action.page in self._specs:
                shortcut = QShortcut(key_sequence(action.key), self)
                shortcut.activated.connect(self._opener_pressed)
                self._openers[shortcut.key().toString()] = action
                self._opener_keys.append(shortcut)
        for action, slot in (
            (actions.SEARCH, self.focus_search),
            (actions.LOCK, self._lock),
            (actions.SWITCH_USER, self._switch_user),
            (actions.HELP, self.toggle_help),
            (actions.BACK, self.go_back),
            (actions.REFRESH, self._refresh_current),
            (actions.FOLD, self._fold_panel),
        ):
            QShortcut(key_sequence(action.key), self).activated.connect(slot)

    def _opener_pressed(self) -> None:
        shortcut = self.sender()
        if isinstance(shortcut, QShortcut):
            action = self._openers[shortcut.key().toString()]
            self.shell.answers(action.key) or self.show_page(action.page, **dict(action.how))

    # pages ------------------------------------------------------------------------------------------------------

    @property
    def current_key(self) -> str:
        """The key of the page shown, '' before the first."""
        return self._current

    def keys(self) -> list[str]:
        """Return the keys of all pages this user may open."""
        return list(self._specs)

    def page(self, key: str) -> Page:
        """Return a page, made now if it was not opened yet; KeyError if this user may not open it."""
        if key not in self._pages:
            page = self._specs[key].factory(self.shell.ctx)
            frame = PageFrame(page)
            self._pages[key], self._frames[key] = page, frame
            self.stack.addWidget(frame)
            page.subtitle_changed.connect(self._show_heads)
            page.title_changed.connect(self._show_heads)
            page.hints_changed.connect(self._show_hints)
            page.open_requested.connect(self._page_asks)
            page.back_requested.connect(self.go_back)
            page.said.connect(self.notify)
            page.offered.connect(self.toast.offer)
            page.saved.connect(self.toast.settle)
            page.banner_requested.connect(self._page_banner)
        return self._pages[key]

    def made_pages(self) -> dict[str, Page]:
        """Return the pages made so far (for change notices)."""
        return dict(self._pages)

    def show_page(self, key: str, /, **arguments: Any) -> bool:
        """Open a page with these arguments; False if it may not be opened or the present one wants to stay."""
        if key not in self._specs:
            self.notify(_("Your role does not use this desk."), "warning")
            return False
        present = self._pages.get(self._current)
        if present is not None and key != self._current and not present.leave():
            self.rail.mark(self._rail_key(self._current))
            return False
        try:
            page: Page | None = self.page(key)
        except CrmError as error:  # the data can't be reached and this desk was not opened yet: the present one stays
            traceback.clear_frames(error.__traceback__)
            errors.show_error(self, error)
            page = None
        if page is None:
            gc.collect()  # the half-made page has to go in this thread: collected in a worker's, Qt would crash
            self.rail.mark(self._rail_key(self._current))
            return False
        if (key, arguments) != (self._history[-1] if self._history else None):
            self._history = [*self._history[-HISTORY:], (key, arguments)]
        self._current = key
        self.stack.setCurrentWidget(self._frames[key])
        self._ask(page.load, **arguments)
        self._dress_for(page)
        page.first_focus()
        self.page_shown.emit(key)
        return True

    def go_back(self) -> bool:
        """Open the page that was open before; False if there is none."""
        if len(self._history) < 2:
            return False
        last = self._history.pop()
        key, arguments = self._history.pop()
        if not self.show_page(key, **arguments):
            self._history += [(key, arguments), last]
            return False
        return True

    def _rail_key(self, key: str) -> str:
        spec = self._specs.get(key)
        return (spec.parent or key) if spec else ""

    def _dress_for(self, page: Page) -> None:
        full = page.full_screen
        self.rail.setVisible(not full)
        self.top.setVisible(not full)
        self.status.setVisible(not full)
        self.rail.mark(self._rail_key(self._current))
        self._show_heads()
        self._show_hints()
        self._fit()
        if self.help.isVisible():
            self._fill_help()

    def _show_heads(self, *args: object) -> None:
        page, spec = self._pages.get(self._current), self._specs.get(self._current)
        if page is None or spec is None:
            return
        self.top.title.setText(title := page.title() or _(spec.title))
        self.top.subtitle.setText(page.head(self.rail.count_of(self._current)))
        self.setWindowTitle(_("{title} · CRM Desk").format(title=title))

    def _show_hints(self) -> None:
        page = self._pages.get(self._current)
        hints = page.shown_hints() if page is not None else []
        keys = {key for key, _word in (page.key_hints() if page is not None else [])}
        for action in actions.OPENING[:2]:
            if action.page in self._specs and action.key not in keys and action.page != self._current:
                hints.append((action.key, _(action.title)))
        for shortcut in self._opener_keys:  # a key the page uses itself wins: two owners of one key would both be deaf
            shortcut.setEnabled(self._openers[shortcut.key().toString()].key not in keys)
        hints.append((actions.HELP.key, _(actions.HELP.title)))
        self.status.set_hints(hints, max(200, self.width() - self.rail.width() - 480))
        self.toast.step_aside()

    def _page_asks(self, key: str, arguments: dict[str, Any]) -> None:
        self.show_page(key, **arguments)

    def _rail_chosen(self, key: str) -> None:
        self.show_page(key)

    def _open_today(self) -> None:
        self.show_page("today")

    def _ask(self, work: Callable[..., None], *values: Any, **arguments: Any) -> None:
        """Let a page read its data; what it can't reach is told above it, and it keeps showing what it had."""
        try:
            work(*values, **arguments)
        except CrmError as error:
            errors.show_error(self, error)

    def _refresh_current(self) -> None:
        page = self._pages.get(self._current)
        if page is not None:
            self._ask(page.refresh, None)
        self.refreshed.emit()

    def refresh(self, notice: Any = None) -> None:
        """Hand a change notice to every page made so far."""
        for page in list(self._pages.values()):
            self._ask(page.refresh, notice)
        self.refreshed.emit()

    # what the app tells -----------------------------------------------------------------------------------------

    def set_counts(self, counts: dict[str, tuple[int, bool]]) -> None:
        """Show at each desk how many wait and whether one is overdue."""
        for key, (count, overdue) in counts.items():
            self.rail.set_count(key, count, overdue=overdue)
        self._show_heads()

    def set_due(self, overdue: int, today: int) -> None:
        """Show the two pills of the top line."""
        self.top.set_due(overdue, today)

    def set_connection(self, place: str, *, ok: bool | None = None, station: str = "") -> None:
        """Show where data goes and whether it can be reached (None: as before), and the name of this PC."""
        self.shell.place, self.shell.station = place, station or self.shell.station
        self.status.station.setText(self.shell.station)
        ok = self._connected = self._connected if ok is None else ok
        words = _("Connected: {place}") if ok else _("No connection: {place}")
        self.status.place.setText(words.format(place=place) if place else "")
        self.status.dot.set_colour("ok" if ok else "danger")
        self.status.dot.setVisible(bool(place))

    _connected = True

    def set_saved(self, time: str) -> None:
        """Show when something was written last; '' shows nothing."""
        self._saved_at = time
        if time and self._connected:
            self.tell_lost("")  # what was written shows that the cable is in
        self.status.saved.setText(_("Saved {time}").format(time=time) if time else "")

    _saved_at = ""

    def set_user(self, name: str, role: str = "") -> None:
        """Show another person."""
        self.shell.user_name, self.shell.user_role = name, role
        self.top.user.set_name(name)

    def tell(self, text: str, tone: str = "info", action: str = "") -> None:
        """Show a banner above every page; '' takes it away."""
        self._banner_page = None
        self._banners.tell(text, tone, action)

    def tell_lost(self, text: str) -> None:
        """Show that the data is out of reach; '' takes only that away, not what a page says."""
        self._banners.tell_lost(text)

    def put_banner(self, banner: QWidget) -> None:
        """Give a further banner its place above every page."""
        self._column.insertWidget(1, banner)

    def notify(self, text: str, tone: str = "ok") -> None:
        """Show a short message that goes by itself."""
        self.toast.say(text, tone)

    def _page_banner(self, tone: str, text: str, action: str) -> None:
        page = self.sender()
        self.tell(text, tone, action)
        self._banner_page = page if isinstance(page, Page) and text else None

    def _banner_answered(self) -> None:
        page, self._banner_page = self._banner_page, None
        if page is not None:
            page.banner_answered.emit()

    # search, user, help -----------------------------------------------------------------------------------------

    def focus_search(self) -> None:
        """Put the focus into the search field (Ctrl+K)."""
        self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.search.selectAll()

    def _search(self, text: str) -> None:
        self.top.search.show_matches(self.shell.search(text) if text else [])

    def _picked(self, match: Match) -> None:
        self.top.search.clear()
        self.shell.open_match(match)

    def _entered(self, text: str) -> None:
        if text and self.shell.open_code(text):
            self.top.search.clear()
        elif text:
            self.notify(_("Nothing found for “{text}”.").format(text=text), "warning")

    def _lock(self) -> None:
        self.shell.lock()

    def _switch_user(self) -> None:
        self.shell.switch_user()

    def _clause_asked(self, clause: str) -> None:
        self.shell.show_clause(clause)

    def _open_menu(self) -> None:
        self.menu.fill()
        self.menu.popup(self.top.user.mapToGlobal(self.top.user.rect().bottomLeft()))

    def toggle_help(self) -> None:
        """Show or hide the keys and clauses of the page (F1)."""
        if self.help.isVisible():
            self.help.hide()
            return
        self._fill_help()
        self.help.open()

    def _fill_help(self) -> None:
        page = self._pages.get(self._current)
        offered = (a for a in (*actions.OPENING, *actions.FRAME) if not a.page or a.page in self._specs)
        general = [(a.key, _(a.title)) for a in offered]
        keys = page.shown_hints() if page is not None else []
        kept = [(c, self.shell.clause_text(c)) for c in (page.clauses() if page is not None else [])]
        self.help.fill(self.top.title.text(), keys, general, kept)

    # size and place ---------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        self.rail.set_narrow(self.width() < FOLD_RAIL_BELOW)
        page = self._pages.get(self._current)
        if page is not None and page.side_panel is not None and not self._panel_by_hand:
            page.side_panel.setVisible(self.width() >= FOLD_PANEL_BELOW)

    _panel_by_hand = False

    def _fold_panel(self) -> None:
        page = self._pages.get(self._current)
        if page is not None and page.side_panel is not None:
            self._panel_by_hand = True
            page.side_panel.setVisible(page.side_panel.isHidden())

    def retranslate(self) -> None:
        """Write every text of the frame in the language in force."""
        self.top.retranslate()
        self.set_connection(self.shell.place)
        self.set_saved(self._saved_at)
        self._show_heads()
        self._show_hints()
        if self.help.isVisible():
            self._fill_help()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._panel_by_hand = False
        self._fit()
        self._show_hints()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        page = self._pages.get(self._current)
        if (page is not None and not page.leave()) or not self.shell.may_close():
            event.ignore()
            return
        self.shell.memory["window"] = window_place.place_of(self)
        self.closing.emit()
        event.accept()
