"""What several packs say on one matter, the one that counts marked; and what else a clause orders."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import _, ngettext
from crmdesk.rules.clauses import Clause
from crmdesk.rules.policies import Policy, Setting
from crmdesk.ui.regulation.words import in_words, write_value
from crmdesk.ui.widgets import ClauseTag, ElideLabel, Label, Pill, row

TAG = 76  # wide enough for every clause's tag, so that the packs stand under each other


def matters_of(policy: Policy, clause_id: str) -> list[str]:
    """Return the matters that this clause and others number."""
    return [
        key for key, matter in policy.matters.items()
        if len({clause for clause, _key in matter.settings}) > 1
        and any(clause == clause_id for clause, _key in matter.settings)
    ]  # fmt: skip


def orders_of(policy: Policy, clause: Clause) -> list[str]:
    """Return in words what a clause orders besides its numbers: number series, copies, deciders, checklists."""
    pack = policy.packs[clause.pack]
    words = [_("Numbers like {pattern}").format(pattern=series.pattern) for series in pack.series.values()
             if series.clause == clause.id]  # fmt: skip
    for copies in pack.copies.values():
        if copies.clause == clause.id:
            receivers = "、".join(in_words(receiver) for receiver in copies.receivers)
            words.append(_("Copies go to: {receivers}").format(receivers=receivers))
    for chain in pack.chains.values():
        if chain.clause == clause.id:
            deciders = (" + " if chain.together else " → ").join(in_words(level.title) for level in chain.levels)
            words.append(_("Decided by: {deciders}").format(deciders=deciders))
    for checklist in pack.checklists.values():
        if checklist.clause == clause.id:
            count = len(checklist.lines)
            lines = ngettext("{count} line", "{count} lines", count).format(count=count)
            words.append(_("Checklist: {title} ({lines})").format(title=in_words(checklist.title), lines=lines))
    words += [in_words(wanted.text) for wanted in pack.requirements.values() if wanted.clause == clause.id]
    return words


class MatterBox(QWidget):
    """One matter: its title, and under it what each pack says."""

    def __init__(self, policy: Policy, matter: str, here: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        column.addWidget(Label(in_words(policy.matters[matter].title), "strong", wrap=True))
        self.rows: list[tuple[str, bool]] = []
        for setting in policy.settings(matter):
            self.rows.append((setting.clause.id, setting.wins))
            column.addWidget(_SettingLine(policy, setting, here))


class _SettingLine(QWidget):
    def __init__(self, policy: Policy, setting: Setting, here: str) -> None:
        super().__init__()
        active = setting.clause.id in policy
        pack = ElideLabel(in_words(policy.packs[setting.clause.pack].title), "body", "text" if active else "faint")
        value = Label(write_value(setting.number), "strong" if setting.wins else "body")
        value.set_colour("accent" if setting.wins else "text" if active else "faint")
        line = row(spacing=8)
        place = QWidget()
        place.setFixedWidth(TAG)
        tag = ClauseTag(setting.clause.id, place)
        tag.setEnabled(setting.clause.id != here)
        place.setLayout(row(tag, None))
        line.addWidget(place)
        line.addWidget(pack, 1)
        if setting.wins:
            line.addWidget(Pill(_("counts here"), "accent"))
        line.addWidget(value)
        self.setLayout(line)
        words = [setting.clause.id, write_value(setting.number), _("counts here") if setting.wins else ""]
        self.setAccessibleName(", ".join(word for word in words if word))
