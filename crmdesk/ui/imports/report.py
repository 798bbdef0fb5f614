"""What became of a file: tried, imported or refused, with the first faults and their rows."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import _, ngettext
from crmdesk.core.money import format_number
from crmdesk.services.imports import ImportResult
from crmdesk.ui.widgets import Label, Scroll, Well

MOST_HEIGHT, AIR = 132, 8


class ResultWell(Well):
    """The result in words; hidden as long as there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(vertical=True, margins=(14, AIR, 6, AIR), parent=parent)
        holder = QWidget()
        self._words = words = QVBoxLayout(holder)
        words.setContentsMargins(0, 0, 8, 0)
        words.setSpacing(4)
        self._scroll = Scroll(holder, least=0)
        self.body.addWidget(self._scroll)
        self.words_label = Label("", "strong", wrap=True)
        self.advice_label = Label("", "body", "warning", wrap=True)
        self.errors_label = Label("", "body", wrap=True)
        for label in (self.words_label, self.advice_label, self.errors_label):
            words.addWidget(label)
        words.addStretch(1)

    def show_fault(self, sentence: str) -> None:
        """Say why nothing could be read or written."""
        self.set_tone("danger")
        self.words_label.setText(sentence)
        self.show()
        self.advice_label.hide()
        self.errors_label.hide()
        self._fit()

    def show_result(self, result: ImportResult | None) -> None:
        """Show what a try or an import found; None hides the well."""
        self.setVisible(result is not None)
        if result is None:
            return
        self.set_tone("danger" if result.error_count else "ok")
        rows = format_number(result.rows)
        if result.error_count:
            text = ngettext(
                "Rows checked: {rows}. {count} error: nothing is written until it is put right.",
                "Rows checked: {rows}. {count} errors: nothing is written until they are put right.",
                result.error_count,
            ).format(rows=rows, count=format_number(result.error_count))
        elif result.written:
            text = _("Imported: {created} new, {updated} updated, in {seconds} seconds.").format(
                created=format_number(result.created),
                updated=format_number(result.updated),
                seconds=f"{result.seconds:.1f}",
            )
        else:
            text = ngettext(
                "The row is good: {created} new, {updated} to be updated. Nothing is written yet.",
                "All {rows} rows are good: {created} new, {updated} to be updated. Nothing is written yet.",
                result.rows,
            ).format(rows=rows, created=format_number(result.created), updated=format_number(result.updated))
        self.words_label.setText(text)
        self.advice_label.setText(result.advice)
        self.advice_label.setVisible(bool(result.advice))
        shown = [*result.errors[:4], *(() if result.error_count else result.duplicates[:4])]
        lines = [
            _("Row {row}, {column}: {message}").format(row=e.row, column=e.column or "—", message=e.message)
            for e in shown
        ]
        more = (result.error_count or len(result.duplicates)) - len(shown)
        if more > 0:
            lines.append(ngettext("and {count} more", "and {count} more", more).format(count=format_number(more)))
        self.errors_label.setText("\n".join(lines))
        self.errors_label.setVisible(bool(lines))
        self._fit()

    def _fit(self) -> None:
        """Be as high as the words, up to a height the rows above can spare; more words scroll."""
        inner = self._words.heightForWidth(max(self._scroll.viewport().width(), 200))
        frame = 2  # of the well, else one line has a scroll bar
        self.setFixedHeight(min(inner + 2 * AIR + frame, MOST_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
