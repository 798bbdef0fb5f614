"""The set-up window: steps left, one question right, Back and Next at the foot."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crmdesk import __version__
from crmdesk.core import address
from crmdesk.core.clock import Clock
from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import LANGUAGE_NAMES, _, language
from crmdesk.core.settings import STATIONS, Settings
from crmdesk.services import setup
from crmdesk.services.secrets import keep_password
from crmdesk.ui import tasks
from crmdesk.ui.login.brand import NARROW
from crmdesk.ui.setup.pages import (
    CompanyStep,
    FinishStep,
    LanguageStep,
    ManagerStep,
    PlaceStep,
    StationStep,
    Step,
)
from crmdesk.ui.setup.panel import StepPanel
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import row

FORM_WIDTH = 600
PANEL = 440
SAMPLE_SEED = 1


class SetupWindow(QWidget):
    """Asks, checks, and writes at the end; ``finished`` carries the address of the data, password included."""

    language_chosen = Signal(str)
    finished = Signal(str)
    cancelled = Signal()

    def __init__(self, settings: Settings, clock: Clock, *, url: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings, self._clock = settings, clock
        self._found: setup.Found | None = None
        self._busy = False
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.language_step = LanguageStep()
        self.place_step = PlaceStep(url)
        self.company_step = CompanyStep(setup.CURRENCIES)
        self.station_step = StationStep(settings)
        self.manager_step = ManagerStep()
        self.finish_step = FinishStep()
        self._all: list[Step] = [
            self.language_step, self.place_step, self.company_step, self.station_step, self.manager_step,
            self.finish_step,
        ]  # fmt: skip
        self.stack = QStackedWidget()
        for step in self._all:
            self.stack.addWidget(step)
            step.accepted.connect(self.go_on)
        self.panel = StepPanel()
        self.back = Button("", icon="arrow-left", size="side")
        self.next = Button("", kind="primary", key="Ctrl+Enter", size="side")
        self.leave = Button("", kind="link")
        self._lay_out()
        self.back.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        self.leave.clicked.connect(self.cancelled)
        self.language_step.options.value_changed.connect(self._language_changed)
        self.place_step.test_requested.connect(self.test_connection)
        self.retranslate()
        self._show(self.language_step)

    def _lay_out(self) -> None:
        form = QVBoxLayout()
        form.setContentsMargins(0, 48, 0, 32)
        form.setSpacing(16)
        self.stack.setMaximumWidth(FORM_WIDTH)
        form.addWidget(self.stack, 1)
        form.addLayout(row(self.leave, None, self.back, self.next))
        host = QWidget()
        host.setMaximumWidth(FORM_WIDTH)
        host.setLayout(form)
        right = QHBoxLayout()
        right.setContentsMargins(32, 0, 32, 0)
        right.addStretch(1)
        right.addWidget(host, 100)
        right.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.panel)
        whole.addLayout(right, 1)
        self.setMinimumSize(960, 600)

    # going through ----------------------------------------------------------------------------------------------

    @property
    def step(self) -> Step:
        """The question shown now."""
        return self._all[self.stack.currentIndex()]

    @property
    def joins(self) -> bool:
        """Whether the office exists already and this PC only joins it."""
        return self._found is not None and self._found.set_up

    def steps(self) -> list[Step]:
        """Return the questions of this set-up; a PC that joins is asked neither company nor account."""
        skipped = (self.company_step, self.manager_step) if self.joins else ()
        return [step for step in self._all if step not in skipped]

    def show_place(self) -> None:
        """Begin with the place of the data: this PC is set up already, or its data can't be opened."""
        self._show(self.place_step)

    def go_on(self) -> None:
        """Check this question and show the next one; the last one writes."""
        if self._busy:
            return
        errors = self._errors()
        self.step.show_errors(errors)
        if errors:
            return
        if self.step is self.place_step and self.place_step.tested != self.place_step.url():
            self._test(then_on=True)
            return
        steps = self.steps()
        place = steps.index(self.step)
        if place == len(steps) - 1:
            self._write()
        else:
            self._show(steps[place + 1])

    def go_back(self) -> None:
        """Show the question before; what was typed stays."""
        steps = self.steps()
        place = steps.index(self.step)
        if place > 0 and not self._busy:
            self._show(steps[place - 1])

    def _errors(self) -> dict[str, str]:
        own = self.step.errors()
        if own:
            return own
        if self.step in (self.company_step, self.manager_step):
            form = self.company_step.form if self.step is self.company_step else self.manager_step.form
            try:
                setup.check_setup(self.form())
            except ValidationError as error:
                return {name: sentence for name, sentence in error.fields.items() if name in form.names()}
        if self.step is self.station_step:
            values = self.station_step.form.values()
            return setup.station_errors(str(self.station_step.options.value()), values["station_name"])
        return {}

    def form(self) -> setup.SetupForm:
        """Return everything that was answered."""
        company, manager = self.company_step.form.values(), self.manager_step.form.values()
        return setup.SetupForm(
            language=language(),
            company=company["company"],
            currency=company["currency"] or "",
            station=str(self.station_step.options.value()),
            station_name=self.station_step.form.values()["station_name"],
            login=manager["login"],
            name=manager["name"],
            password=manager["password"],
            kind=str(company["kind"] or ""),
        )

    def _show(self, step: Step) -> None:
        if step is self.finish_step:
            self.finish_step.set_rows(self._summary(), joins=self.joins)
            self.finish_step.show_problem("")
        self.stack.setCurrentWidget(step)
        self._mirror()
        step.first_focus()
        if step is self.finish_step and self.joins:
            self.next.setFocus()

    def _summary(self) -> list[tuple[str, str]]:
        form, url = self.form(), self.place_step.url()
        file = address.file_of(url)
        company = self._found.company if self.joins and self._found else form.company
        rows = [(_("Language"), LANGUAGE_NAMES[form.language])]
        rows.append((_("Data"), str(file) if file else address.with_password(url, "").partition("://")[2]))
        if company:
            rows.append((_("Company"), company))
        if not self.joins:
            rows.append((_("Kind of office"), dict(setup.find_office_kinds())[form.kind]))
            rows.append((_("Currency"), _(setup.CURRENCIES[form.currency])))
            rows.append((_("The manager's account"), f"{form.name} ({form.login})"))
        rows.append((_("This PC"), form.station_name or _(STATIONS[form.station])))
        return rows

    # the server -------------------------------------------------------------------------------------------------

    def test_connection(self) -> None:
        """Try the address out, away from the window; nothing is written."""
        errors = self.place_step.errors()
        self.place_step.show_errors(errors)
        if not errors and not self._busy:
            self._test(then_on=False)

    def _test(self, *, then_on: bool) -> None:
        url = self.place_step.url()
        self._then_on = then_on
        self._tested_url = url
        self._set_busy(True)
        self.place_step.set_testing(True)

        def work(progress: object) -> object:
            return setup.test_database(url)

        tasks.run(self, work, self._test_done, self._test_failed, title=_("Connecting…"), cancellable=False)

    _then_on = False
    _tested_url = ""

    def _test_done(self, found: Any) -> None:
        self._set_busy(False)
        self.place_step.set_testing(False)
        self._found = found
        self.place_step.show_result(found.sentence, "ok")
        self.place_step.tested = self._tested_url
        self._mirror()
        if self._then_on:
            self.go_on()
        else:
            self.next.setFocus()

    def _test_failed(self, error: Exception) -> None:
        self._set_busy(False)
        self.place_step.set_testing(False)
        self._found = None
        if not isinstance(error, CrmError):
            self.place_step.show_result(_("The server could not be tried out. The report says more."), "danger")
            raise error
        self.place_step.show_result(error.message, "danger")
        if isinstance(error, setup.PasswordNeeded):
            self.place_step.form.focus_first("password")

    # writing ----------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        form, url, joins = self.form(), self.place_step.url(), self.joins
        settings, clock = self._settings, self._clock
        sample = bool(self.finish_step.sample.value()) and not joins
        keep = bool(self.place_step.keep.value())
        settings.language, settings.station = form.language, form.station
        settings.station_name = form.station_name.strip()
        self.finish_step.show_problem("")
        self._set_busy(True)

        def work(progress: Any) -> str:
            db = setup.open_database(url, clock, create=True)
            try:
                if not setup.is_set_up(db):
                    ctx = setup.create_office(db, settings, clock, form)
                    if sample:
                        fill(ctx, form.login, progress)
            finally:
                db.close()
            if address.password_of(url) and keep:
                keep_password(url, address.password_of(url))
            return url

        tasks.run(self, work, self._written, self._write_failed, title=_("Setting up…"), cancellable=False)

    def _written(self, url: str) -> None:
        self._set_busy(False)
        self.finished.emit(url)

    def _write_failed(self, error: Exception) -> None:
        self._set_busy(False)
        if isinstance(error, ValidationError):
            for step in (self.company_step, self.manager_step, self.station_step):
                if any(name in error.fields for name in step.form.names()):
                    self._show(step)
                    step.show_errors(error.fields)
                    return
        if isinstance(error, CrmError):
            self.finish_step.show_problem(error.message)
            return
        self.finish_step.show_problem(_("It could not be set up. The report says more."))
        raise error

    # showing ----------------------------------------------------------------------------------------------------

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.setCursor(Qt.CursorShape.BusyCursor if busy else Qt.CursorShape.ArrowCursor)
        self._mirror()

    def _mirror(self) -> None:
        steps = self.steps()
        place = steps.index(self.step) if self.step in steps else 0
        self.panel.set_steps([step.step_title for step in steps], place)
        self.back.setVisible(place > 0)
        last = place == len(steps) - 1
        self.next.setText((_("Join the office") if self.joins else _("Set up the office")) if last else _("Next"))
        self.next.set_icon("check" if last else "arrow-right")
        self.next.set_ready(not self._busy)
        self.back.set_ready(not self._busy)

    def _language_changed(self) -> None:
        self.language_chosen.emit(str(self.language_step.options.value()))

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.setWindowTitle(_("Set up · CRM Desk"))
        self.panel.set_foot(_("version {version}").format(version=__version__))
        self.back.setText(_("Back"))
        self.leave.setText(_("Cancel"))
        self._mirror()
        if self.step is self.finish_step:
            self.finish_step.set_rows(self._summary(), joins=self.joins)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.panel.setFixedWidth(PANEL if self.width() >= 1180 else NARROW)

    def closeEvent(self, event: Any) -> None:
        self.cancelled.emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def fill(ctx: Any, login: str, progress: Any) -> None:
    """Fill a new office with the sample data, as its manager."""
    from crmdesk.services.context import User
    from crmdesk.services.sample import fill_sample
    from crmdesk.services.staff import find_staff

    person = next(row for row in find_staff(ctx) if row.login == login.strip())
    fill_sample(ctx.acting_as(User(person.id, person.login, person.name, person.roles)), SAMPLE_SEED, progress.report)
