"""The pane where somebody signs in: who, password, station, place of the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.clock import Clock
from crmdesk.core.i18n import _, language
from crmdesk.core.settings import STATIONS
from crmdesk.ui.login.tiles import PeopleTiles, Person
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import row
from crmdesk.ui.widgets.edits import Choice, PasswordEdit
from crmdesk.ui.widgets.labels import Label
from crmdesk.ui.widgets.segments import Segments

LANGUAGE_WORDS = (("zh_TW", "繁體"), ("zh_CN", "简体"), ("en", "English"))
HERE, ELSEWHERE = "here", "elsewhere"
NOON, EVENING = 12, 18


class SignInPane(QWidget):
    """Emits ``sign_in_requested(login, password)``; says nothing about how a password is checked."""

    sign_in_requested = Signal(str, str)
    language_chosen = Signal(str)
    station_chosen = Signal(str)
    other_place_requested = Signal()
    quit_requested = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._hours: tuple[time, time] | None = None
        self._place = ""
        self._busy = False
        self._locked = False
        self._waiting = False
        self._manager = ""
        self._seconds = 0
        self._countdown = QTimer(self)
        self._countdown.setInterval(1000)
        self._countdown.timeout.connect(self._count_down)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self.greeting = Label("", "figure")
        self.day = Label("", "row", "muted")
        self.languages = Segments(LANGUAGE_WORDS, value=language(), size="small", translate=False)
        self.who_label = Label("", "body", "muted")
        self.tiles = PeopleTiles()
        self.password_label = Label("", "body", "muted")
        self.caps = Label("", "label", "warning")
        self.caps.setVisible(False)
        self.password = PasswordEdit(size="big")
        self.password_label.setBuddy(self.password)
        self.error = Label("", "body", "danger", wrap=True)
        self.error.setVisible(False)
        self.station_label = Label("", "body", "muted")
        self.station = Choice(tuple(STATIONS.items()))
        self.place_label = Label("", "body", "muted")
        self.place = Choice((), translate=False)
        self.enter = Button("", key="Enter", kind="primary", size="station")
        self.leave = Button("", kind="link")
        self.forgotten = Button("", kind="link")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row(self.greeting, None, self.languages))
        column.addSpacing(4)
        column.addWidget(self.day)
        column.addSpacing(18)
        column.addWidget(self.who_label)
        column.addSpacing(6)
        column.addWidget(self.tiles)
        column.addSpacing(12)
        column.addLayout(row(self.password_label, None, self.caps))
        column.addSpacing(6)
        column.addWidget(self.password)
        column.addSpacing(4)
        column.addWidget(self.error)
        column.addSpacing(8)
        places = row(spacing=12)
        for label, field, share in ((self.station_label, self.station, 2), (self.place_label, self.place, 3)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(label)
            part.addWidget(field)
            places.addLayout(part, share)
        column.addLayout(places)
        column.addSpacing(16)
        column.addWidget(self.enter)
        column.addSpacing(10)
        column.addLayout(row(self.leave, None, self.forgotten))

    def _connect(self) -> None:
        self.languages.value_changed.connect(self._language_changed)
        self.station.value_changed.connect(self._station_changed)
        self.place.value_changed.connect(self._place_changed)
        self.tiles.accepted.connect(self.focus_password)
        self.tiles.chosen.connect(self._person_chosen)
        self.password.caps_lock.connect(self.caps.setVisible)
        self.password.returnPressed.connect(self._submit)
        self.password.value_changed.connect(self._typed)
        self.password.installEventFilter(self)
        self.enter.clicked.connect(self._submit)
        self.leave.clicked.connect(self.quit_requested)
        self.forgotten.clicked.connect(self._forgotten)

    # what the app tells -----------------------------------------------------------------------------------------

    def show_people(self, people: Sequence[Person], login: str = "") -> None:
        """Show who may sign in; ``login`` is chosen."""
        self.tiles.set_people(people, login)
        self._manager = next((person.name for person in people if person.can_help), "")
        self._mirror()

    def show_place(self, spoken: str) -> None:
        """Show where the data lies."""
        self._place = spoken
        self._fill_place()

    def show_opening(self, hours: tuple[time, time] | None) -> None:
        """Show beside the date when the office opens, or once it is open, until when."""
        self._hours = hours
        self._show_day()

    def set_station(self, station: str, name: str = "") -> None:
        """Show which station this PC is; its own name stands in the place of the kind's."""
        choices = [(key, name if key == station and name else text) for key, text in STATIONS.items()]
        self.station.set_choices(choices)
        self.station.set_value(station)

    def set_busy(self, busy: bool) -> None:
        """Say that the password is being checked."""
        self._busy = busy
        self._mirror()

    def set_waiting(self, waiting: bool) -> None:
        """Say that the data is being opened: nobody can sign in yet."""
        self._waiting = waiting
        self._mirror()

    def show_notice(self, sentence: str) -> None:
        """Show a sentence that is no fault of the user's, like a cable that is out."""
        self.error.set_colour("warning")
        self._say(sentence)

    def set_locked(self, locked: bool) -> None:
        """Greet somebody who comes back to a locked screen instead of a new day."""
        self._locked = locked
        self.retranslate()

    def show_error(self, sentence: str, seconds: int = 0) -> None:
        """Say why it did not work; ``seconds`` is how long the next try has to wait."""
        self.set_busy(False)
        self.password.clear()
        self.error.set_colour("danger")
        self._say(sentence)
        self._seconds = seconds
        if seconds:
            self._countdown.start()
        self._mirror()
        self.focus_password()

    def focus_password(self) -> None:
        """Put the focus where the password is typed."""
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_people(self) -> None:
        """Put the focus on the people, so that one digit or an arrow chooses."""
        self.tiles.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Forget what was typed."""
        self.password.clear()
        self._say("")
        self.caps.setVisible(False)
        self.set_busy(False)

    # what the user does -----------------------------------------------------------------------------------------

    def _submit(self) -> None:
        if self._busy or self._seconds or self._waiting:
            return
        login = self.tiles.login()
        if not login:
            return
        if not self.password.text():
            self.error.set_colour("danger")
            self._say(_("Please type your password."))
            self.focus_password()
            return
        self._say("")
        self.set_busy(True)
        self.sign_in_requested.emit(login, self.password.text())

    def _person_chosen(self, login: str) -> None:
        self.password.clear()
        self._say("")

    def _typed(self) -> None:
        if not self._seconds:
            self._say("")

    def _forgotten(self) -> None:
        self.error.set_colour("muted")
        if self._manager:
            self._say(
                _("{name} can set a new password for you: Settings, Staff.").format(name=self._manager)
            )
        else:
            self._say(_("The manager can set a new password for you: Settings, Staff."))

    def _language_changed(self) -> None:
        self.language_chosen.emit(str(self.languages.value()))

    def _station_changed(self) -> None:
        self.station_chosen.emit(str(self.station.value()))

    def _place_changed(self) -> None:
        if self.place.value() == ELSEWHERE:
            self.place.set_value(HERE)
            self.other_place_requested.emit()

    def _count_down(self) -> None:
        self._seconds -= 1
        if self._seconds <= 0:
            self._seconds = 0
            self._countdown.stop()
            self._say("")
        self._mirror()

    # showing ----------------------------------------------------------------------------------------------------

    def _say(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.password.setAccessibleDescription(sentence)

    def _mirror(self) -> None:
        people = bool(self.tiles.people())
        if self._waiting:
            words = _("Opening the data…")
        elif self._busy:
            words = _("Checking…")
        elif self._seconds:
            words = _("Wait {count} s").format(count=self._seconds)
        else:
            words = _("Unlock") if self._locked else _("Sign in")
        self.enter.setText(words)
        self.enter.set_ready(people and not self._busy and not self._seconds and not self._waiting)
        self.password.setReadOnly(self._busy)

    def _fill_place(self) -> None:
        self.place.set_choices(((HERE, self._place), (ELSEWHERE, _("Another place…"))))
        self.place.set_value(HERE)

    def _show_day(self) -> None:
        local = self._clock.local(self._clock.now())
        weekday = QLocale(language()).standaloneDayName(
            QDate(local.year, local.month, local.day).dayOfWeek(),
            QLocale.FormatType.LongFormat if language() == "en" else QLocale.FormatType.ShortFormat,
        )
        month = QLocale(language()).standaloneMonthName(local.month) if language() == "en" else local.month
        words = _("{weekday}, {day} {month}").format(weekday=weekday, day=local.day, month=month)
        self.day.setText(self._with_hours(words, local.time()))

    def _with_hours(self, date: str, now: time) -> str:
        if self._hours is None:
            return date
        opens, closes = self._hours
        if now < opens:
            return _("{date}, open from {time}").format(date=date, time=f"{opens:%H:%M}")
        if now < closes:
            return _("{date}, open until {time}").format(date=date, time=f"{closes:%H:%M}")
        return _("{date}, closed since {time}").format(date=date, time=f"{closes:%H:%M}")

    def retranslate(self) -> None:
        """Write every text in the language in force; what was typed stays."""
        hour = self._clock.local(self._clock.now()).hour
        if self._locked:
            self.greeting.setText(_("Locked"))
        elif hour < NOON:
            self.greeting.setText(_("Good morning"))
        elif hour < EVENING:
            self.greeting.setText(_("Good afternoon"))
        else:
            self.greeting.setText(_("Good evening"))
        self._show_day()
        self.languages.set_value(language())
        self.languages.setAccessibleName(_("Language"))
        self.who_label.setText(_("Who are you?"))
        self.password_label.setText(_("Password"))
        self.password.setAccessibleName(_("Password"))
        self.caps.setText(_("Caps lock is on"))
        self.station_label.setText(_("Station"))
        self.station.setAccessibleName(_("Station"))
        self.place_label.setText(_("Data"))
        self.place.setAccessibleName(_("Data"))
        self.leave.setText(_("Quit"))
        self.forgotten.setText(_("Forgotten the password?"))
        self._fill_place()
        self._mirror()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down in the password field choose another person: the field has no other use for them."""
        if watched is self.password and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.tiles.move_choice(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.text() in tuple("123456789"):
                self.tiles.choose(int(event.text()) - 1)
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
