"""The archive on the customer's card: what is known by section, the family, who brought whom, who looked (CRM-20)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from crmdesk.core import birthdays
from crmdesk.core.dates import format_day, format_day_short, format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _, dotted, ngettext
from crmdesk.core.text import shorten
from crmdesk.rules.archive import CARE_LEVELS, CONSENTS, GREETINGS, ORIGINS, REFERRAL_WAYS, SECTIONS
from crmdesk.rules.rights import Right
from crmdesk.services.archive import Archive, get_archive
from crmdesk.services.archive_fields import value_words
from crmdesk.services.archive_links import find_links
from crmdesk.services.archive_looks import find_looks
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard
from crmdesk.services.customer_forms import FIELD_TITLES, CustomerForm
from crmdesk.services.referrals import find_referrals, find_same_trade, introduce
from crmdesk.ui import errors
from crmdesk.ui.customers.closed_panel import ClosedPanel
from crmdesk.ui.widgets import Button, ElideLabel, Label, Progress, Rule, Scroll, row
from crmdesk.ui.widgets.labels import plain_tip

_INDENT = 16
_LINK_ROOM = 330  # pixels of a line on the card's side of the page


class ArchiveTab(Scroll):
    """``show_card`` reads the archive of the card's customer; asks for the form and for other customers by signals."""

    edit_asked = Signal(str)
    record_asked = Signal(str, int)
    said = Signal(str)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        self.host = QWidget()
        super().__init__(self.host, parent=parent)
        self.ctx = ctx
        self._card: CustomerCard | None = None
        self._rows = 0
        view = QVBoxLayout(self.host)
        view.setContentsMargins(0, 4, 8, 4)
        view.setSpacing(10)
        self.bar = Progress()
        self.count = Label("", "strong")
        self.fill_button = Button("", kind="link", size="row")
        self.fill_button.clicked.connect(self._fill)
        line = row(spacing=10)
        line.addWidget(self.bar, 1)
        line.addWidget(self.count)
        line.addWidget(self.fill_button)
        view.addLayout(line)
        self.links = Label("", "label", "muted", wrap=True)  # how far the file is: collected … used (CRM-29)
        view.addWidget(self.links)
        self.panel = ClosedPanel(ctx)
        self.panel.opened.connect(self.load)
        self.panel.asked.connect(self._asked)
        view.addWidget(self.panel)
        self.facts = QGridLayout()
        self.facts.setVerticalSpacing(6)
        self.facts.setHorizontalSpacing(14)
        self.facts.setColumnStretch(0, 1)  # long English names give way to what is known
        self.facts.setColumnStretch(1, 2)
        view.addLayout(self.facts)
        view.addStretch(1)
        self._missing = ""

    def show_card(self, card: CustomerCard) -> None:
        """Show the archive of this customer."""
        self._card = card
        self.load()

    def load(self) -> None:
        """Read the archive again."""
        card = self._card
        if card is None:
            return
        try:
            archive = get_archive(self.ctx, card.id)
            tree = find_referrals(self.ctx, card.id)
            trade = find_same_trade(self.ctx, card.id)
            links = find_links(self.ctx, card.id, filled=archive.filled, total=archive.total)
            looks = find_looks(self.ctx, card.id, limit=8) if archive.may_edit_closed else []
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.bar.set(archive.filled, archive.total)
        parts = [("✓" if link.done else "○", _(link.name), link.detail) for link in links]
        said = ["\u00a0".join(filter(None, part)) for part in parts]
        self.links.setText("\n".join((dotted(*said[:3]), dotted(*said[3:]))))  # no name breaks in two
        self.count.setText(_("{percent}%").format(percent=archive.percent))
        self._missing = next((name for name in archive.missing), "")
        missing = len(archive.missing)
        self.fill_button.setText(ngettext("fill {count} field", "fill {count} fields", missing).format(count=missing))
        self.fill_button.setVisible(bool(missing) and self.ctx.may(Right.CUSTOMER_EDIT))
        inside = self.panel.isAncestorOf(QApplication.focusWidget() or self)
        self.panel.show_archive(archive)
        if inside and self.panel.isHidden():
            self.fill_button.setFocus(Qt.FocusReason.OtherFocusReason)  # else it goes to the first desk of the rail
        self._clear()
        self._show_known(card.form, archive)
        for section, title in SECTIONS.items():
            lines = [(f.name, value_words(f, archive.values[f.key])) for f in archive.fields
                     if f.section == section and f.key in archive.values]  # fmt: skip
            if section == "family":
                lines = [*self._family(archive), *lines]
            self._group(_(title), lines)
        if len(tree) > 1:
            self._head(_("Who brought whom"))
            for branch in tree:
                words = dotted(branch.name, branch.company, _(REFERRAL_WAYS.get(branch.way, "")) if branch.way else "")
                self._link(branch.id, words, indent=branch.depth, here=branch.here, strong=branch.core)
        if trade:
            self._head(_("Of the same occupation"))
            for match in trade:
                self._link(match.id, dotted(match.name, match.company, match.region), acquaint=True)
        self._group(_("Looked into"), [(look.by, self._moment(look.at)) for look in looks])

    def _moment(self, at: object) -> str:
        local = self.ctx.clock.local(at)  # type: ignore[arg-type]  # a moment
        return f"{format_day_short(local.date())} {format_time(local)}"

    def _show_known(self, form: CustomerForm, archive: Archive) -> None:
        consent = _(CONSENTS[form.may_contact]) if form.may_contact in CONSENTS and form.may_contact else ""
        if consent and form.consent_on:
            consent = f"{consent} ({format_day(form.consent_on)})"
        self._group("", [
            (_title("occupation"), form.occupation),
            (_title("origin"), _(ORIGINS.get(form.origin, "")) if form.origin else ""),
            (_title("care_level"), _(CARE_LEVELS.get(form.care_level, "")) if form.care_level else ""),
            (_title("may_contact"), consent),
            (_title("custodian_id"), archive.custodian),
            (_title("referrer_id"), archive.referrer),
            (_title("referral_note"), form.referral_note),
        ])  # fmt: skip

    def _family(self, archive: Archive) -> list[tuple[str, str]]:
        lines = []
        for person in archive.relatives or ():
            greeting = _(GREETINGS[person.greeting]) if person.greeting in GREETINGS and person.greeting else ""
            parts = (person.name, birthdays.shown(person.birthday), greeting, person.phone, person.note)
            lines.append((person.relation, dotted(*parts)))
        return lines

    # lines ------------------------------------------------------------------------------------------------------

    def _clear(self) -> None:
        self._rows = 0
        while (item := self.facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _head(self, title: str) -> None:
        if self._rows:
            self.facts.addWidget(Rule(), self._rows, 0, 1, 2)
            self._rows += 1
        self.facts.addWidget(Label(title, "label_strong", "muted"), self._rows, 0, 1, 2)
        self._rows += 1

    def _group(self, title: str, lines: list[tuple[str, str]]) -> None:
        known = [(name, text) for name, text in lines if text]
        if known and title:
            self._head(title)
        for name, text in known:
            self.facts.addWidget(Label(name, "body", "muted", wrap=True), self._rows, 0, Qt.AlignmentFlag.AlignTop)
            value = Label(shorten(text, 400), "body", wrap=True, align=Qt.AlignmentFlag.AlignRight)
            self.facts.addWidget(value, self._rows, 1, Qt.AlignmentFlag.AlignTop)
            self._rows += 1

    def _link(
        self, customer_id: int, words: str, *, indent: int = 0, here: bool = False, strong: bool = False,
        acquaint: bool = False,
    ) -> None:  # fmt: skip
        holder = QWidget()
        line = row(spacing=6)
        line.setContentsMargins(indent * _INDENT, 0, 0, 0)
        holder.setLayout(line)
        if here:
            line.addWidget(ElideLabel(words, "strong"), 1)
        else:
            button = Button(words, icon="star" if strong else "", kind="link", size="row")
            button.setObjectName(str(customer_id))
            button.clicked.connect(self._open)
            line.addWidget(button)
            line.addStretch(1)
            room = _LINK_ROOM - indent * _INDENT
            if acquaint and self.ctx.may(Right.CUSTOMER_EDIT):
                made = Button(_("Introduce"), kind="quiet", size="row")
                made.setObjectName(str(customer_id))
                made.clicked.connect(self._acquaint)
                line.addWidget(made)
                room -= made.sizeHint().width() + 12
            letters = min(len(words), 40)
            while button.sizeHint().width() > room and letters > 4:  # else the whole tab is cut at its right
                letters -= 1
                button.setText(shorten(words, letters))
            button.setToolTip(plain_tip(words) if letters < len(words) else "")
        self.facts.addWidget(holder, self._rows, 0, 1, 2)
        self._rows += 1

    # asking -----------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        self.edit_asked.emit(self._missing)

    def _asked(self) -> None:
        self.load()
        self.said.emit(_("Asked. You may look as soon as it is approved, for that day."))

    def _open(self) -> None:
        if (sender := self.sender()) is not None:
            self.record_asked.emit("customer", int(sender.objectName()))

    def _acquaint(self) -> None:
        sender, card = self.sender(), self._card
        if sender is None or card is None:
            return
        try:
            introduce(self.ctx, card.id, int(sender.objectName()))
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.said.emit(_("Noted in both time lines."))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "panel") and self.isVisible():
            self.load()
        super().changeEvent(event)


def _title(name: str) -> str:
    return _(FIELD_TITLES[name])
