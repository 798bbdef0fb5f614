"""This PC: station, language, look, lock, sounds; and how each paper leaves it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from crmdesk.core.i18n import LANGUAGE_NAMES, N_, _
from crmdesk.core.settings import STATIONS, PaperSetting
from crmdesk.printing import spool
from crmdesk.services.papers import PAPER_NAMES
from crmdesk.services.setup import station_errors
from crmdesk.ui import dialogs
from crmdesk.ui.settings.section import Section, keep_on_this_pc
from crmdesk.ui.user_menu import SCALES, THEMES
from crmdesk.ui.widgets import Button, Choice, FormGrid, Label, NumberEdit, Scroll, TextEdit, Tick, row

MINUTES = (0, 2, 5, 10, 20, 30, 60)
MOST_COPIES = 9


class ThisPcSection(Section):
    """Settings that belong to this PC only."""

    name = N_("This PC")
    sentence = N_("These apply to this PC only, whoever works at it.")

    def __init__(self, ctx: Any) -> None:
        super().__init__(ctx)
        self.form = FormGrid(columns=2)
        self.form.add("station", N_("Station"), Choice(tuple(STATIONS.items())))
        name_edit = TextEdit(max_length=40, placeholder=N_("e.g. Reception 1"))
        self.form.add("station_name", N_("Name of this PC"), name_edit)
        self.form.add("language", N_("Language"), Choice(tuple(LANGUAGE_NAMES.items()), translate=False))
        self.form.add("theme", N_("Appearance"), Choice(THEMES))
        self.form.add("scale", N_("Size"), Choice([(p, f"{p}%") for p in SCALES], translate=False))
        self.form.add("lock", N_("Lock the screen when idle"), Choice((), translate=False))
        self.form.add("sounds", "", Tick(N_("Sounds for packing and incoming calls")), span=2)
        self.save_button = Button("", key="Ctrl+Enter", kind="primary")
        self.save_button.clicked.connect(self.save)
        self.form.finished.connect(self.save)
        self.body.addWidget(self.form)
        self.body.addLayout(row(self.save_button, None))
        self.body.addStretch(1)
        self.retranslate()

    @property
    def dirty(self) -> bool:
        return self.form.dirty

    def load(self) -> None:
        settings = self.ctx.settings
        self.form.load(
            {
                "station": settings.station,
                "station_name": settings.station_name,
                "language": settings.language,
                "theme": settings.theme,
                "scale": settings.scale,
                "lock": settings.lock_after_minutes,
                "sounds": settings.sounds,
            }
        )

    def save(self) -> None:
        values = self.form.values()
        errors = self.form.problems() or station_errors(str(values["station"]), values["station_name"])
        self.form.set_errors(errors)
        if errors:
            return
        settings = self.ctx.settings
        settings.station, settings.station_name = str(values["station"]), values["station_name"]
        settings.lock_after_minutes, settings.sounds = int(values["lock"]), bool(values["sounds"])
        new_scale = int(values["scale"]) != settings.scale
        shell = getattr(self.window(), "shell", None)  # the frame's own switches: they change every window at once
        new_language, new_theme = values["language"], values["theme"]
        switches_language, switches_theme = new_language != settings.language, new_theme != settings.theme
        settings.language, settings.theme, settings.scale = new_language, new_theme, int(values["scale"])
        try:
            keep_on_this_pc(settings)
        except OSError:
            self.said.emit(_("This PC's settings could not be saved. Please check the disk."), "danger")
            return
        if shell is not None and switches_theme:
            shell.set_theme(new_theme)
        if shell is not None and switches_language:
            shell.set_language(new_language)
        self.form.set_dirty(False)
        self.said.emit(_("Saved. The new size is used from the next start.") if new_scale else _("Saved."), "ok")

    def first_focus(self) -> None:
        self.form.focus_first()

    def retranslate(self) -> None:
        super().retranslate()
        self.form.field("lock").set_choices(
            [(m, _("After {count} minutes").format(count=m) if m else _("Never")) for m in MINUTES]
        )
        self.save_button.setText(_("Save"))


class PrintersSection(Section):
    """For each paper: printer, tray, copies."""

    name = N_("Printers")
    sentence = N_(
        "Which printer of this PC prints which paper. Without one, papers are kept as PDF. "
        "One set is every copy of a paper: three of a sales slip."
    )

    def __init__(self, ctx: Any) -> None:
        super().__init__(ctx)
        self._printer: dict[str, Choice] = {}
        self._tray: dict[str, TextEdit] = {}
        self._copies: dict[str, NumberEdit] = {}
        self._names: dict[str, Label] = {}
        self._dirty = False
        self._none = Label("", "body", "warning", wrap=True)
        self.heads = [Label("", "label", "muted") for _i in range(4)]
        grid_host = QWidget()
        grid = QGridLayout(grid_host)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for place, head in enumerate(self.heads):
            grid.addWidget(head, 0, place)
        for line, kind in enumerate(PAPER_NAMES, 1):
            self._names[kind] = Label("", "strong")
            self._printer[kind] = Choice((), translate=False)
            self._tray[kind] = TextEdit(max_length=60)
            self._copies[kind] = NumberEdit(least=1, most=MOST_COPIES)
            self._copies[kind].setFixedWidth(72)
            line_widgets = (self._names[kind], self._printer[kind], self._tray[kind], self._copies[kind])
            for place, widget in enumerate(line_widgets):
                grid.addWidget(widget, line, place)
                if hasattr(widget, "value_changed"):
                    widget.value_changed.connect(self._touched)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(len(PAPER_NAMES) + 1, 1)
        self.save_button = Button("", key="Ctrl+Enter", kind="primary")
        self.save_button.clicked.connect(self.save)
        self.again = Button("", icon="refresh-cw")
        self.again.clicked.connect(self.load)
        self.body.addWidget(self._none)
        self.body.addWidget(Scroll(grid_host, least=120), 1)
        self.body.addLayout(row(self.save_button, self.again, None))
        self.retranslate()

    @property
    def dirty(self) -> bool:
        return self._dirty

    def _touched(self) -> None:
        self._dirty = True

    def load(self) -> None:
        names = spool.printers()
        self._none.setVisible(not names)
        for kind in PAPER_NAMES:
            setting = self.ctx.settings.paper(kind)
            offered = [("", _("Keep as PDF")), *((name, name) for name in names)]
            if setting.printer and setting.printer not in names:
                offered.append((setting.printer, _("{name} (not there now)").format(name=setting.printer)))
            self._printer[kind].set_choices(offered)
            self._printer[kind].set_value(setting.printer)
            self._tray[kind].set_value(setting.tray)
            self._copies[kind].set_value(setting.copies)
        self._dirty = False

    def save(self) -> None:
        papers: dict[str, PaperSetting] = {}
        for kind in PAPER_NAMES:
            problem = self._copies[kind].problem() or self._tray[kind].problem()
            if problem:
                self.said.emit(problem, "danger")
                (self._copies if self._copies[kind].problem() else self._tray)[kind].setFocus()
                return
            old = self.ctx.settings.paper(kind)
            printer, tray = str(self._printer[kind].value() or ""), str(self._tray[kind].value())
            copies = self._copies[kind].value()
            papers[kind] = PaperSetting(printer, tray, int(str(copies or 1)), old.offset_x, old.offset_y)
        self.ctx.settings.papers = papers
        try:
            keep_on_this_pc(self.ctx.settings)
        except OSError:
            self.said.emit(_("This PC's settings could not be saved. Please check the disk."), "danger")
            return
        self._dirty = False
        self.said.emit(_("Saved."), "ok")

    def first_focus(self) -> None:
        self._printer[next(iter(self._printer))].setFocus()

    def retranslate(self) -> None:
        super().retranslate()
        for head, word in zip(self.heads, (_("Paper"), _("Printer"), _("Tray"), _("Sets")), strict=True):
            head.setText(word)
        self._none.setText(_("No printer is set up on this PC."))
        for kind, name in PAPER_NAMES.items():
            self._names[kind].setText(_(name))
            for field, word in (
                (self._printer[kind], _("Printer")), (self._tray[kind], _("Tray")), (self._copies[kind], _("Sets")),
            ):  # fmt: skip
                field.setAccessibleName(_("{paper}: {word}").format(paper=_(name), word=word))
        self.save_button.setText(_("Save"))
        self.again.setText(_("Look for printers again"))
        if not self._dirty and self._printer and self._printer[next(iter(self._printer))].count():
            self.load()


def may_leave(owner: QWidget, section: Section) -> bool:
    """Ask before unsaved settings are left."""
    return not section.dirty or dialogs.ask(
        owner, _("The changes here are not saved. Leave them?"), yes=_("Leave without saving"), no=_("Stay")
    )
