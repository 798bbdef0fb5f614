"""Accounts and roles: a list, and a form beside it."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.rights import ROLES, Right
from crmdesk.services import staff
from crmdesk.ui.settings.section import Section
from crmdesk.ui.widgets import Button, Column, FormGrid, Label, PasswordEdit, RecordTable, Scroll, TextEdit, Tick, row

COLUMNS = (
    Column("name", N_("Name"), 130, stretch=True, bold=True, second="login", tone="tone"),
    Column("roles", N_("Roles"), 190, tone="tone"),
    Column("state", N_("May sign in"), 100, kind="pill", tone="state_tone", translate=True),
)
FORM_WIDTH = 330


class _Line(NamedTuple):
    id: int
    name: str
    login: str
    roles: str
    state: str
    tone: str
    state_tone: str
    row: staff.StaffRow


class RoleTicks(QWidget):
    """All roles to tick; value is the tuple of ticked ones in the order of the rules."""

    value_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        self._ticks = {role: Tick(title) for role, title in ROLES.items()}
        for place, tick in enumerate(self._ticks.values()):
            tick.value_changed.connect(self.value_changed)
            grid.addWidget(tick, place // 2, place % 2)
        self.setFocusProxy(next(iter(self._ticks.values())))

    def tick(self, role: str) -> Tick:
        """Return the tick of one role."""
        return self._ticks[role]

    def value(self) -> object:
        """Return the ticked roles."""
        return tuple(role for role, tick in self._ticks.items() if tick.isChecked())

    def set_value(self, value: Any) -> None:
        """Tick these roles and no others."""
        for role, tick in self._ticks.items():
            tick.set_value(role in (value or ()))


class StaffSection(Section):
    """Who works here; only who has the right changes anything."""

    name = N_("Staff")
    sentence = N_("Accounts are never deleted: who has left may no longer sign in, but stays in the history.")

    def __init__(self, ctx: Any) -> None:
        super().__init__(ctx)
        self._chosen: staff.StaffRow | None = None
        self.table = RecordTable(COLUMNS, row_height=44)
        self.table.set_empty(N_("Nobody works here yet."))
        self.form = FormGrid(columns=1)
        self.form.add("name", N_("Name"), TextEdit(max_length=60), required=True)
        self.form.add("login", N_("Sign-in name"), TextEdit(max_length=40), required=True)
        self.form.add("password", N_("New password"), PasswordEdit(), hint=N_("empty keeps the old one"))
        self.form.add("roles", N_("Roles"), RoleTicks())
        self.form.add("active", "", Tick(N_("May sign in")))
        self.heading = Label("", "card")
        self.new_button = Button("", icon="user-plus", key="Ctrl+N")
        self.save_button = Button("", key="Ctrl+Enter", kind="primary")
        host = QWidget()
        column = QVBoxLayout(host)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.heading)
        column.addWidget(self.form)
        column.addStretch(1)
        side = QVBoxLayout()
        side.addWidget(Scroll(host, least=160), 1)
        side.addLayout(row(self.save_button, None))
        side_host = QWidget()
        side_host.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        side_host.setFixedWidth(FORM_WIDTH)
        left = QVBoxLayout()
        left.addWidget(self.table, 1)
        left.addLayout(row(self.new_button, None))
        lay = row(spacing=20)
        lay.addLayout(left, 1)
        lay.addWidget(side_host)
        self.body.addLayout(lay, 1)
        self.table.chosen.connect(self._choose)
        self.new_button.clicked.connect(self.begin_new)
        self.save_button.clicked.connect(self.save)
        self.form.finished.connect(self.save)
        self.retranslate()

    @property
    def dirty(self) -> bool:
        return self.form.dirty

    def load(self) -> None:
        may = self.ctx.may(Right.STAFF)
        self.new_button.setVisible(may)
        self.save_button.set_ready(may, "" if may else _("The administrator can change these."))
        self.form.set_read_only(not may)
        self._fill(self._chosen.id if self._chosen else None)

    def _fill(self, chosen: int | None) -> None:
        lines = []
        for member in staff.find_staff(self.ctx, all_members=True):
            roles = _(", ").join(_(ROLES[role]) for role in member.roles if role in ROLES)
            state, tone = (N_("Yes"), "ok") if member.active else (N_("No"), "neutral")
            words = "text" if member.active else "muted"
            lines.append(_Line(member.id, member.name, member.login, roles, state, words, tone, member))
        self.table.set_rows(lines)
        if chosen is None or not self.table.select(chosen):
            self.table.select_first()
        self._choose(self.table.current())

    def _choose(self, line: Any) -> None:
        self._chosen = line.row if line is not None else None
        if self._chosen is not None:
            member = self._chosen
            values = {"name": member.name, "login": member.login, "password": ""}
            self.form.load({**values, "roles": member.roles, "active": member.active})
        self._head()

    def begin_new(self) -> None:
        """Start an empty form for somebody new."""
        self._chosen = None
        self.table.clearSelection()
        self.form.load({"name": "", "login": "", "password": "", "roles": ("reception",), "active": True})
        self._head()
        self.form.focus_first()

    def save(self) -> None:
        if not self.form.check():
            return
        values = self.form.values()
        form = staff.StaffForm(values["login"], values["name"], values["roles"], values["password"], values["active"])
        try:
            if self._chosen is None:
                saved = staff.create_staff(self.ctx, form)
            else:
                saved = self._chosen.id
                staff.update_staff(self.ctx, saved, self._chosen.version, form)
        except ValidationError as error:
            self.form.set_errors(error.fields)
            return
        except CrmError as error:
            self.failed.emit(error)
            return
        self._fill(saved)
        self.saved.emit()
        self.said.emit(_("Saved: {name}").format(name=form.name), "ok")

    def first_focus(self) -> None:
        self.table.setFocus()

    def _head(self) -> None:
        self.heading.setText(_("New account") if self._chosen is None else self._chosen.name)
        hint = N_("6 characters or more") if self._chosen is None else N_("empty keeps the old one")
        self.form.set_hint("password", hint)

    def retranslate(self) -> None:
        super().retranslate()
        self.table.setAccessibleName(_("Staff"))
        self.new_button.setText(_("New account"))
        self.save_button.setText(_("Save"))
        self._head()
        if self.table.rows() and not self.form.dirty:
            self._fill(self._chosen.id if self._chosen else None)
