"""The questions of the first start, each a page with a title, a sentence and its fields."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core import address
from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import LANGUAGE_NAMES, N_, _, language
from crmdesk.core.settings import STATIONS, Settings
from crmdesk.services.sample import SAMPLE_PASSWORD
from crmdesk.services.setup import find_office_kinds
from crmdesk.ui.setup.options import Option, OptionList
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import Well, row
from crmdesk.ui.widgets.edits import Choice, PasswordEdit, TextEdit, Tick
from crmdesk.ui.widgets.form import FormGrid
from crmdesk.ui.widgets.labels import Label

HERE, SERVER = "here", "server"
STATION_OPTIONS = (
    Option("reception", "phone", STATIONS["reception"], N_("Calls, visits, sales slips, repairs; the phone's ring.")),
    Option(
        "packing", "package-check", STATIONS["packing"], N_("Counting by scanner, cartons and labels, large letters.")
    ),
    Option("manager", "chart-column", STATIONS["manager"], N_("The month, complaints, approvals, all settings.")),
)
LANGUAGE_OPTIONS = tuple(
    Option(code, "languages", LANGUAGE_NAMES[code], "", raw=True) for code in ("zh_TW", "zh_CN", "en")
)
PLACE_OPTIONS = (
    Option(HERE, "monitor", N_("On this PC"), N_("One PC works alone. Backups are made by themselves every day.")),
    Option(SERVER, "database", N_("On the office's server"), N_("Several PCs work together on PostgreSQL.")),
)


class Step(QWidget):
    """One question; ``step_title`` stands in the panel, ``sentence`` under the page's title."""

    step_title = ""
    sentence = ""
    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title_label = Label("", "figure", wrap=True)
        self.sentence_label = Label("", "row", "muted", wrap=True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        self.body.addWidget(self.title_label)
        self.body.addWidget(self.sentence_label)
        self.body.addSpacing(10)

    def errors(self) -> dict[str, str]:
        """Return what is wrong here by field; {} lets the user go on."""
        return {}

    def show_errors(self, errors: dict[str, str]) -> None:
        """Show sentences under the fields and go to the first."""

    def first_focus(self) -> None:
        """Put the focus where the answer is given."""

    def retranslate(self) -> None:
        """Write title and sentence in the language in force."""
        self.title_label.setText(_(self.step_title))
        self.sentence_label.setText(_(self.sentence))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class _FormStep(Step):
    form: FormGrid

    def show_errors(self, errors: dict[str, str]) -> None:
        self.form.set_errors(errors)

    def first_focus(self) -> None:
        self.form.focus_first()


class LanguageStep(Step):
    """Which language the screens speak; it changes at once."""

    step_title = N_("Language")
    sentence = N_("It can be changed at any time, also while you work.")

    def __init__(self) -> None:
        super().__init__()
        self.options = OptionList(LANGUAGE_OPTIONS, language())
        self.options.accepted.connect(self.accepted)
        self.body.addWidget(self.options)
        self.body.addStretch(1)
        self.retranslate()

    def first_focus(self) -> None:
        self.options.setFocus(Qt.FocusReason.OtherFocusReason)


class PlaceStep(Step):
    """Where the data lies; a server is tried out before one can go on."""

    step_title = N_("Where the data is kept")
    sentence = N_("Nothing is written before the last step.")
    test_requested = Signal()

    def __init__(self, url: str = "") -> None:
        super().__init__()
        server = address.is_server(url)
        self.options = OptionList(PLACE_OPTIONS, SERVER if server else HERE)
        self.options.value_changed.connect(self._changed)
        self.options.accepted.connect(self.accepted)
        self.form = FormGrid(columns=3)
        host_edit = TextEdit(max_length=120, placeholder=N_("office-db or 192.168.1.20"))
        self.form.add("host", N_("Server"), host_edit, span=2)
        self.form.add("port", N_("Port"), TextEdit(max_length=5))
        self.form.add("database", N_("Database"), TextEdit(max_length=63))
        self.form.add("user", N_("User"), TextEdit(max_length=63))
        self.form.add("password", N_("Password"), PasswordEdit())
        self.form.load({"port": str(address.POSTGRES_PORT), "database": "crmdesk", "user": "crmdesk"})
        self.form.changed.connect(self._changed)
        self.form.finished.connect(self.test_requested)
        self.test = Button("", icon="cable")
        self.test.clicked.connect(self.test_requested)
        self.keep = Tick(N_("Keep the password in this PC's password store"))
        self.keep.set_value(True)
        self.result = Well()
        self.result_label = Label("", wrap=True)
        self.result.body.addWidget(self.result_label, 1)
        self.result.hide()
        self.path_label = Label("", "label", "muted", wrap=True)
        self.server_part = QWidget()
        part = QVBoxLayout(self.server_part)
        part.setContentsMargins(0, 4, 0, 0)
        part.setSpacing(8)
        part.addWidget(self.form)
        part.addLayout(row(self.test, 8, self.keep, None))
        self.body.addWidget(self.options)
        self.body.addWidget(self.path_label)
        self.body.addWidget(self.server_part)
        self.body.addWidget(self.result)
        self.body.addStretch(1)
        self.tested = ""  # the address the last good test was made with
        self._given = url if url and not server else ""
        self._changed()
        self.retranslate()

    @property
    def on_server(self) -> bool:
        """Whether the data shall lie on a server."""
        return self.options.value() == SERVER

    def url(self) -> str:
        """Return the address with the password typed."""
        if not self.on_server:
            return self._given or address.default_url()
        values = self.form.values()
        server = address.ServerAddress(values["host"], values["port"], values["database"], values["user"])
        return address.with_password(server.url(), values["password"])

    def errors(self) -> dict[str, str]:
        if not self.on_server:
            return {}
        values = self.form.values()
        try:
            address.ServerAddress(values["host"], values["port"], values["database"], values["user"]).check()
        except ValidationError as error:
            return error.fields
        return {}

    def show_errors(self, errors: dict[str, str]) -> None:
        self.form.set_errors(errors)

    def show_result(self, sentence: str, tone: str) -> None:
        """Show what the test found; '' takes it away."""
        self.result_label.setText(sentence)
        self.result.set_tone(tone)
        self.result_label.set_colour({"ok": "ok", "danger": "danger"}.get(tone, "text"))
        self.result.setVisible(bool(sentence))

    def set_testing(self, testing: bool) -> None:
        """Say that the server is being asked."""
        self.test.set_ready(not testing)
        self.test.setText(_("Connecting…") if testing else _("Test connection"))

    def _changed(self, *args: object) -> None:
        self.tested = ""
        self.show_result("", "")
        self.server_part.setVisible(self.on_server)
        self.path_label.setVisible(not self.on_server)

    def first_focus(self) -> None:
        if self.on_server:
            self.form.focus_first()
        else:
            self.options.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        super().retranslate()
        self.test.setText(_("Test connection"))
        file = address.file_of(self._given or address.default_url())
        self.path_label.setText(_("Data file: {path}").format(path=file))


class CompanyStep(_FormStep):
    """Whose office it is."""

    step_title = N_("Your company")
    sentence = N_("It is printed on every paper. Address and phone can be added later under Settings.")

    def __init__(self, currencies: Any) -> None:
        super().__init__()
        self.form = FormGrid(columns=2)
        self.form.add("company", N_("Company"), TextEdit(max_length=80), span=2, required=True)
        choices = [(code, title) for code, title in currencies.items()]
        self.form.add("currency", N_("Currency"), Choice(choices))
        self.kind = Choice(translate=False)
        self.form.add("kind", N_("Kind of office"), self.kind, hint=N_("its regulation; can be changed later"))
        self.form.load({"currency": "CNY" if language() == "zh_CN" else "TWD"})
        self.form.finished.connect(self.accepted)
        self.body.addWidget(self.form)
        self.problem = Label("", "body", "danger", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.body.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        super().retranslate()
        try:
            kinds = find_office_kinds()
        except CrmError as error:  # a broken pack: said here, and nothing can be set up before it is whole again
            self.problem.setText(error.message)
            self.problem.show()
            return
        kept = self.kind.value() or kinds[0][0]
        self.kind.set_choices(kinds)
        self.kind.set_value(kept)


class StationStep(Step):
    """What this PC is for."""

    step_title = N_("This PC")
    sentence = N_("It decides which desk opens first; every desk can be reached from every PC.")

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.options = OptionList(STATION_OPTIONS, settings.station)
        self.options.accepted.connect(self._to_name)
        self.form = FormGrid(columns=2)
        self.form.add(
            "station_name", N_("Name of this PC"), TextEdit(max_length=40, placeholder=N_("e.g. Reception 1")),
            hint=N_("is shown in the history"),
        )  # fmt: skip
        self.form.load({"station_name": settings.station_name})
        self.form.finished.connect(self.accepted)
        self.body.addWidget(self.options)
        self.body.addSpacing(6)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self.retranslate()

    def _to_name(self) -> None:
        self.form.focus_first()

    def show_errors(self, errors: dict[str, str]) -> None:
        self.form.set_errors(errors)

    def first_focus(self) -> None:
        self.options.setFocus(Qt.FocusReason.OtherFocusReason)


class ManagerStep(_FormStep):
    """The first account, which can make all others."""

    step_title = N_("The manager's account")
    sentence = N_("This person signs in first and makes the accounts of the others.")

    def __init__(self) -> None:
        super().__init__()
        self.form = FormGrid(columns=2)
        self.form.add("name", N_("Name"), TextEdit(max_length=60), required=True)
        self.form.add("login", N_("Sign-in name"), TextEdit(max_length=40), required=True)
        self.form.add("password", N_("Password"), PasswordEdit(), required=True, hint=N_("6 characters or more"))
        self.form.add("again", N_("Password again"), PasswordEdit(), required=True)
        self.form.finished.connect(self.accepted)
        self.caps = Label("", "label", "warning")
        self.caps.hide()
        for name in ("password", "again"):
            self.form.field(name).caps_lock.connect(self.caps.setVisible)
        self.body.addWidget(self.form)
        self.body.addWidget(self.caps)
        self.body.addStretch(1)
        self.retranslate()

    def errors(self) -> dict[str, str]:
        values = self.form.values()
        if values["password"] != values["again"]:
            return {"again": _("The two passwords differ. Please type it again.")}
        return {}

    def retranslate(self) -> None:
        super().retranslate()
        self.caps.setText(_("Caps lock is on"))


class FinishStep(Step):
    """What will be done, and the sample office."""

    step_title = N_("Ready")
    sentence = N_("Please look once more. The next step writes it all.")

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, str]] = []
        self.well = Well(vertical=True, margins=(18, 14, 18, 14))
        self._labels: list[Label] = []
        self.sample = Tick(N_("Fill it with the sample office, to look around first"))
        self.sample_note = Label("", "label", "muted", wrap=True)
        self.problem = Label("", "body", "danger", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.well)
        self.body.addSpacing(6)
        self.body.addWidget(self.sample)
        self.body.addWidget(self.sample_note)
        self.body.addWidget(self.problem)
        self.body.addStretch(1)
        self.retranslate()

    def set_rows(self, rows: list[tuple[str, str]], *, joins: bool) -> None:
        """Show (what, value) pairs; an office that exists already gets no sample data."""
        self.rows = rows
        for label in self._labels:
            label.hide()
            label.deleteLater()
        self._labels = []
        for what, value in rows:
            label = Label(_("{what}: {value}").format(what=what, value=value), "row", wrap=True)
            self._labels.append(label)
            self.well.body.addWidget(label)
        self.sample.setVisible(not joins)
        self.sample_note.setVisible(not joins)

    def show_problem(self, sentence: str) -> None:
        """Say why it could not be written; nothing was."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def first_focus(self) -> None:
        if self.sample.isVisible():
            self.sample.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        super().retranslate()
        self.sample_note.setText(
            _(
                "300 made-up customers, 400 items and three months of work. It can't be mixed with real data later. "
                "The others' password there: {password}"
            ).format(password=SAMPLE_PASSWORD)
        )
