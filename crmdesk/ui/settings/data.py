"""Backups of the data, and the check-up that says in plain words what is wrong with this PC."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from crmdesk.core.address import default_url
from crmdesk.core.i18n import N_, _
from crmdesk.services import backups, doctor
from crmdesk.ui import tasks
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.settings.section import Section
from crmdesk.ui.widgets import Button, Column, Label, RecordTable, Scroll, row
from crmdesk.ui.widgets.emptying import empty

COLUMNS = (
    Column("name", N_("File"), 260, stretch=True, bold=True),
    Column("made", N_("Made"), 150),
    Column("size", N_("Size"), 100, align="right"),
)


class _Line(NamedTuple):
    id: str
    name: str
    made: str
    size: str


class BackupSection(Section):
    """The copies made so far, and one more now."""

    name = N_("Backup")
    sentence = N_("A copy is made every day when somebody signs in, checked at once; the newest 30 are kept.")

    def __init__(self, ctx: Any) -> None:
        super().__init__(ctx)
        self.table = RecordTable(COLUMNS, row_height=36)
        self.table.set_empty(N_("No backup yet."))
        self.place = Label("", "label", "muted", wrap=True)
        self.now = Button("", icon="save", kind="primary", key="Ctrl+Enter")
        self.elsewhere = Button("", icon="folder-open")
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.place)
        self.body.addLayout(row(self.now, self.elsewhere, None))
        self.now.clicked.connect(self.save)
        self.elsewhere.clicked.connect(self._elsewhere)
        self.retranslate()

    def load(self) -> None:
        lines = [
            _Line(b.name, b.name, f"{self.ctx.clock.local(b.made_at):%Y-%m-%d %H:%M}", f"{b.size / 1_048_576:,.1f} MB")
            for b in backups.find_backups(self.ctx)
        ]
        self.table.set_rows(lines)
        folder = backups.backup_folder(self.ctx)
        if folder is None:
            self.place.setText(_("The data is kept on the office server; it is backed up there (pg_dump, see README)."))
        else:
            self.place.setText(_("Folder: {path}. Copy it to another disk from time to time.").format(path=folder))
        self.now.set_ready(folder is not None)
        self.elsewhere.setVisible(folder is not None)

    def save(self) -> None:
        self._run(None)

    def _elsewhere(self) -> None:
        folder = choose_folder(self, _("Where to put the backup"))
        if folder:
            self._run(Path(folder))

    def _run(self, folder: Path | None) -> None:
        ctx = self.ctx

        def work(progress: object) -> object:
            return backups.backup_now(ctx, folder)

        tasks.run(self, work, self._done, self.failed.emit, title=_("Making a backup"), cancellable=False)

    def _done(self, path: Path) -> None:
        self.load()
        self.said.emit(_("The backup is made and checked: {name}").format(name=path.name), "ok")

    def first_focus(self) -> None:
        self.now.setFocus()

    def retranslate(self) -> None:
        super().retranslate()
        self.table.setAccessibleName(_("Backups"))
        self.now.setText(_("Back up now"))
        self.elsewhere.setText(_("To another folder…"))


class CheckSection(Section):
    """What ``crmdesk doctor`` says, in the window."""

    name = N_("Check-up")
    sentence = N_("What the program needs on this PC, and what is wrong, in plain words. No customer data is in it.")

    def __init__(self, ctx: Any) -> None:
        super().__init__(ctx)
        self._findings: list[doctor.Finding] = []
        self._host = QWidget()
        self._column = QVBoxLayout(self._host)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(6)
        self.again = Button("", icon="refresh-cw", kind="primary", key="Ctrl+Enter")
        self.copy = Button("", icon="copy")
        self.verdict = Label("", "strong")
        self.body.addWidget(Scroll(self._host, least=160), 1)
        self.body.addLayout(row(self.again, self.copy, 8, self.verdict, None))
        self.again.clicked.connect(self.save)
        self.copy.clicked.connect(self._copy)
        self.retranslate()

    def load(self) -> None:
        if not self._findings:
            self.save()

    def save(self) -> None:
        ctx = self.ctx
        url = ctx.db.engine.url.render_as_string(hide_password=False) or default_url()

        def work(progress: object) -> object:
            return doctor.diagnose(ctx.settings, url, ctx.clock)

        tasks.run(self, work, self._show, self.failed.emit, title=_("Checking"), cancellable=False)

    def _show(self, findings: Any) -> None:
        self._findings = findings
        empty(self._column)
        topic = ""
        for finding in findings:
            self._column.addWidget(_FindingLine(finding, finding.topic if finding.topic != topic else ""))
            topic = finding.topic
        self._column.addStretch(1)
        bad = doctor.faults(findings)
        self.verdict.setText(doctor.verdict_words(bad))
        self.verdict.set_colour("danger" if bad else "ok")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(doctor.write_report(self._findings))
        self.said.emit(_("Copied. It can be sent to whoever helps you."), "ok")

    def first_focus(self) -> None:
        self.again.setFocus()

    def retranslate(self) -> None:
        super().retranslate()
        self.again.setText(_("Check again"))
        self.copy.setText(_("Copy report"))
        if self._findings:
            self._findings = []
            self.save()


class _FindingLine(QWidget):
    def __init__(self, finding: doctor.Finding, topic: str) -> None:
        super().__init__()
        name = Label(topic, "body", "muted")
        name.setFixedWidth(150)
        sign = IconLabel("circle-check" if finding.ok else "octagon-alert", "ok" if finding.ok else "danger", 16)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(finding.text, "body", "text" if finding.ok else "danger", wrap=True))
        if finding.advice:
            words.addWidget(Label(finding.advice, "label", "muted", wrap=True))
        line = row(name, sign, spacing=8)
        line.addLayout(words, 1)
        line.setContentsMargins(0, 2, 0, 2)
        self.setLayout(line)


def choose_folder(owner: QWidget, title: str) -> str:
    """Ask for a folder; '' for Cancel."""
    return QFileDialog.getExistingDirectory(owner, title)
