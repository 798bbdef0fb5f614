"""Today: what is overdue, due today and in the next seven days, for me, my station, my role; the first page shown."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_day_short, format_time
from crmdesk.core.errors import CrmError, UserError
from crmdesk.core.i18n import N_, _, dotted, ngettext
from crmdesk.rules.rights import Right
from crmdesk.services import compliance, today, today_steps
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.today import GROUPS, Board, Task
from crmdesk.ui import dialogs, errors, tasks
from crmdesk.ui.opening import PAGE_OF
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.today import words
from crmdesk.ui.today.board_list import BoardList, Heading, Line
from crmdesk.ui.today.task_panel import TaskPanel
from crmdesk.ui.widgets import Card, CountTile, EmptyState, Segments, row

TARGET = 95  # percent kept in time that the month's chart draws its line at


class TodayPage(Page):
    """The board: tiles, rows, and the chosen task at the right."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.board = Board()
        self._share: str | None = None
        self._asked_share = False
        self.tiles = {key: CountTile() for key in (*GROUPS, "share")}
        self.filter = Segments([(key, today.FILTERS[key]) for key in today.filters_of(ctx)], value="me", size="small")
        self.list = BoardList()
        self.empty = EmptyState("circle-check", "", "")
        self.panel = TaskPanel(ctx)
        card = Card(margins=1, spacing=0)
        bar = row(None, self.filter)
        bar.setContentsMargins(18, 10, 17, 2)
        card.body.addLayout(bar)
        card.body.addWidget(self.list, 1)
        card.body.addWidget(self.empty, 1)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(row(*self.tiles.values(), spacing=12))
        left.addWidget(card, 1)
        self.split(left, self.panel, 330)
        self.filter.value_changed.connect(self.reload)
        self.list.chosen.connect(self._show_chosen)
        self.list.settled.connect(self.settle)
        self.list.snooze_asked.connect(self.snooze)
        self.list.hand_asked.connect(self.hand_on)
        self.panel.settle_asked.connect(self._settle_chosen)
        self.panel.snooze_asked.connect(self._snooze_chosen)
        self.panel.hand_asked.connect(self._hand_chosen)
        for key, tile in self.tiles.items():
            tile.opened.connect(self._tile_opened)
            tile.setProperty("group", key)
        self.retranslate()

    # the frame ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.list.setAccessibleName(_("What is to be done"))
        self.filter.setAccessibleName(_("Whose tasks"))
        self.empty.tell(_("Nothing waits here."))
        if self.board.tasks or self._read_once:
            self.reload()
        self.panel.retranslate()

    _read_once = False

    def key_hints(self) -> KeyHints:
        """Return the keys of the board."""
        if self.panel.task is None:
            return []
        hints = [("↑ ↓", _("Choose")), ("Enter", ""), ("S", _("Snooze"))]
        return [*hints, ("H", _("Pass on"))] if self.panel.task.row_id else hints

    def clauses(self) -> list[str]:
        """Return the clauses of what is shown."""
        return list(dict.fromkeys(task.clause for task in self.board.tasks if task.clause))[:12]

    def load(self, **arguments: Any) -> None:
        """Show the board; ``show`` is a filter."""
        if arguments.get("show") in today.filters_of(self.ctx):
            self.filter.set_value(arguments["show"])
        self.reload()
        self._ask_share()

    def refresh(self, notice: Any = None) -> None:
        """Read the board again: what was settled anywhere is gone; behind another page it waits until it is opened."""
        if self.isVisibleTo(self.window()):
            self.reload()

    def first_focus(self) -> None:
        """Put the keys on the rows."""
        self.list.setFocus()

    # showing ------------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read and show the board of the chosen filter."""
        self._read_once = True
        self.panel.set_ctx(self.ctx)
        try:
            self.board = today.get_board(self.ctx, str(self.filter.value() or "me"))
        except CrmError as error:  # what was read before stays in sight
            errors.show_error(self, error)
            return
        self._show_tiles()
        lines: list[Heading | Line] = []
        for group, title in GROUPS.items():
            found = self.board.group(group)
            if not found:
                continue
            lines.append(
                Heading(_(title), self._count(group), self._hours() if group == "today" else "",
                        "danger" if group == "overdue" else "")
            )  # fmt: skip
            lines += [self._line(task) for task in found]
        self.list.set_lines(lines)
        self.list.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        self.set_subtitle(self._subtitle_words())

    def _count(self, group: str) -> str:
        return f"{self.board.count(group)}{'+' if group in self.board.more else ''}"

    def _line(self, task: Task) -> Line:
        tone = {"overdue": "danger", "week": "later"}.get(task.group, "")
        clause = task.clause if task.clause in self.ctx.policy else ""
        return Line(
            words.due_short(self.ctx, task), task.icon, task.customer, task.title, clause, task.action or _("Open"),
            tone, task,
        )  # fmt: skip

    def head(self, waiting: int) -> str:
        """Return the day only: the tiles count."""
        return self.subtitle

    def _subtitle_words(self) -> str:
        day = self.ctx.clock.today()
        local = self.ctx.clock.local(self.ctx.clock.now())
        _kind, note = calendar_of(self.ctx).reason(day)
        date = _("{month_day} {weekday}").format(month_day=format_day_short(day), weekday=words.weekday_word(local))
        return dotted(date, note)

    def _hours(self) -> str:
        windows = calendar_of(self.ctx).windows(self.ctx.clock.today())
        if not windows:
            return _("closed today")
        hours = _(", ").join(map(str, windows)).replace("-", "–")
        return _("Working time {hours}").format(hours=hours)

    def _show_tiles(self) -> None:
        board = self.board
        first = {group: next(iter(board.group(group)), None) for group in GROUPS}
        oldest, following, last = first["overdue"], first["today"], next(iter(board.group("week")[-1:]), None)
        local = self.ctx.clock.local
        self.tiles["overdue"].set(
            self._count("overdue"), "danger" if oldest else "muted", label=_("Overdue"),
            second=words.due_short(self.ctx, oldest) if oldest else _("nothing is late"),
        )  # fmt: skip
        self.tiles["today"].set(
            self._count("today"), label=_("Today"),
            second=_("next {time}").format(time=format_time(local(following.due_at))) if following else "",
        )  # fmt: skip
        self.tiles["week"].set(
            self._count("week"), label=_("Next 7 days"),
            second=_("until {weekday}").format(weekday=words.weekday_word(local(last.due_at))) if last else "",
        )  # fmt: skip
        if self._share is not None:
            number = int(self._share)
            self.tiles["share"].set(
                f"{number}%", "ok" if number >= TARGET else "warning", label=_("Kept in time"),
                second=_("month, goal {target}%").format(target=TARGET),
            )  # fmt: skip
        else:
            snoozed = ngettext("{count} is mine", "{count} are mine", board.snoozed)
            self.tiles["share"].set(
                str(board.snoozed), label=_("Snoozed"), second=snoozed.format(count=board.snoozed)
            )

    def _ask_share(self) -> None:
        """Count what was kept this month, in the background and once: the board never waits for it."""
        if self._asked_share or not self.ctx.may(Right.MONTH):
            return
        self._asked_share = True
        ctx, day = self.ctx, self.ctx.clock.today()

        def work(progress: object) -> int | None:
            months = compliance.get_compliance(ctx, day.year, day.month)
            kept, broken = sum(row.kept for row in months), sum(row.broken for row in months)
            return round(100 * kept / (kept + broken)) if kept + broken else None

        tasks.run(self, work, self._share_counted, self._share_failed, title=_("Counting"), cancellable=True)

    def _share_counted(self, share: int | None) -> None:
        self._share = None if share is None else str(share)
        self._show_tiles()

    def _share_failed(self, error: Exception) -> None:
        if not isinstance(error, CrmError):
            raise error

    def _tile_opened(self) -> None:
        group = self.sender().property("group")
        if group == "share":
            self.open("month") if self._share is not None else self._show_filter("snoozed")
            return
        found = self.board.group(group)
        if found:
            self.list.choose(found[0].key)
            self.list.setFocus()

    def _show_filter(self, key: str) -> None:
        self.filter.set_value(key)
        self.reload()

    # doing --------------------------------------------------------------------------------------------------------

    def settle(self, task: Task) -> None:
        """Go to the place where a task is settled."""
        if not task.row_id:
            self.open(task.desk, **dict(task.arguments))
            return
        page, argument = task.desk, task.argument
        if not page:
            page, argument = PAGE_OF.get(task.kind, ("", ""))
        if page:
            self.open(page, **{argument: task.record_id}, **dict(task.arguments))

    def snooze(self, task: Task) -> None:
        """Put a task off with the reason, or wake one that is put off."""
        if task.snoozed_until is not None:
            today_steps.wake(self.ctx, task)
            self.reload()
            return
        choices = [(key, _(word)) for key, word in today_steps.UNTIL.items()]
        choice = dialogs.choose(self, _("Until when? {task}").format(task=task.title), choices)
        reason = dialogs.get_text(self, _("Why does it wait?")) if choice else None
        if reason is None:
            return
        try:
            until = self.ctx.clock.local(today_steps.snooze(self.ctx, task, str(choice), reason))
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.say(_("Comes back {day} {time}.").format(day=format_day_short(until.date()), time=format_time(until)))
        self.saved.emit()
        self.reload()

    def hand_on(self, task: Task) -> None:
        """Hand a task to a colleague; what no record stands for is everybody's."""
        if not task.row_id:
            return
        try:
            colleagues = today.find_colleagues(self.ctx, task)
            if not colleagues:
                raise UserError(_("Nobody else may settle this."))
            to_id = dialogs.choose(self, _("Pass on to whom? {task}").format(task=task.title), colleagues)
            note = dialogs.get_text(self, _("A word to the colleague:"), required=False) if to_id else None
            if note is None:
                return
            name = today_steps.hand_on(self.ctx, task, int(to_id), note)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.say(_("Handed on to {name}").format(name=name))
        self.saved.emit()
        self.reload()

    def _show_chosen(self, task: Task | None) -> None:
        self.panel.show_task(task)
        self.hints_changed.emit()  # not every task can be handed on

    def _settle_chosen(self) -> None:
        if self.panel.task is not None:
            self.settle(self.panel.task)

    def _snooze_chosen(self) -> None:
        if self.panel.task is not None:
            self.snooze(self.panel.task)

    def _hand_chosen(self) -> None:
        if self.panel.task is not None:
            self.hand_on(self.panel.task)


PAGE = PageSpec("today", N_("Today"), "list-checks", "", TodayPage)
