"""The preview of one or more papers: turn the pages, print, save as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QScrollArea, QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.printing.preview import pages_to_pictures
from crmdesk.services import controlled, papers
from crmdesk.ui import dialogs, errors
from crmdesk.ui.widgets import Button, DayEdit, FormGrid, Label, TextEdit, row

DPI = 96
SIZE = (980, 660)


class PaperPreview(QDialog):
    """Shows papers as they will leave the printer, all copies below each other.

    Enter prints all of them, Ctrl+S saves the PDF, Esc leaves. ``printed`` holds the files that were made.
    """

    def __init__(self, ctx: Any, paper_ids: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx, self._ids = ctx, list(paper_ids)
        self.printed: list[Path] = []
        self.setModal(True)
        self.setObjectName("edged")
        self.resize(*SIZE)
        self._pages = QVBoxLayout()
        self._pages.setSpacing(16)
        sheet = QWidget()
        sheet.setObjectName("ground")
        sheet.setLayout(self._pages)
        self._scroll = QScrollArea()
        self._scroll.setWidget(sheet)
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName(_("Pages"))
        self.title_label = Label("", "head")
        self.note_label = Label("", colour="warning", wrap=True)
        self.count_label = Label("", colour="muted")
        self.print_button = Button(key="Enter", kind="primary", icon="printer")
        self.save_button = Button(key="Ctrl+S", icon="save")
        self.close_button = Button(key="Esc")
        self.print_button.setDefault(True)
        self.print_button.clicked.connect(self.print_all)
        self.save_button.clicked.connect(self.save_pdf)
        self.close_button.clicked.connect(self.reject)
        self._build_asking()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.title_label)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.note_label)
        layout.addWidget(self.ask_form)
        layout.addLayout(row(
            self.count_label, None, self.close_button, self.save_button, self.ask_button, self.print_button
        ))  # fmt: skip
        self._pdfs = [papers.render_paper(ctx, paper_id) for paper_id in self._ids]
        self.page_count = self._show_pages()
        self.retranslate()
        self.print_button.setFocus()

    def _build_asking(self) -> None:
        """What a controlled paper needs before it is printed; shown when the printing is refused (SEC-03)."""
        self._asked_for = 0
        self.ask_form = FormGrid(columns=3)
        self.ask_form.add("receiver", N_("Receiver"), TextEdit(max_length=60), clause=controlled.CLAUSE)
        self.ask_form.add("until", N_("May be used until"), DayEdit(self._ctx.clock.today))
        self.ask_form.add("reason", N_("What it is needed for"), TextEdit(max_length=400))
        self.ask_form.hide()
        self.ask_button = Button(kind="primary", icon="gavel")
        self.ask_button.hide()
        self.ask_button.clicked.connect(self.ask_approval)

    def _offer_asking(self, refused: controlled.NotApproved) -> None:
        self._asked_for = refused.paper_id
        self.note_label.setText(refused.message)
        self.note_label.show()
        for widget in (self.ask_form, self.ask_button):
            widget.show()
        self.print_button.hide()
        self.ask_form.focus_first("receiver")

    def ask_approval(self) -> None:
        """Ask for the approval of the printing."""
        values = self.ask_form.values()
        try:
            controlled.ask(
                self._ctx, self._asked_for, receiver=str(values["receiver"]), until=values["until"],
                reason=str(values["reason"]),
            )  # fmt: skip
        except ValidationError as error:
            self.ask_form.set_errors(error.fields)
            return
        except CrmError as error:
            self.note_label.setText(error.message)
            return
        for widget in (self.ask_form, self.ask_button):
            widget.hide()
        self.note_label.setText(_("It is asked for. Once approved, open this paper again and print it."))
        self.close_button.setFocus()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        title = _(", ").join(dict.fromkeys(papers.paper_title(self._ctx, paper_id) for paper_id in self._ids))
        self.setWindowTitle(_("Preview: {title}").format(title=title))
        self.title_label.setText(title)
        self.ask_button.setText(_("Ask for approval"))
        self.print_button.setText(_("Print"))
        self.save_button.setText(_("Save PDF"))
        self.close_button.setText(_("Close"))
        count = self.page_count
        self.count_label.setText(ngettext("{count} page", "{count} pages", count).format(count=count))
        lines = []
        for paper_id in self._ids:
            for field, character, code in papers.missing_glyphs(self._ctx, paper_id):
                lines.append(
                    _("No font of ours has {character} ({code}, in {field}); 〓 will be printed instead.").format(
                        character=character, code=code, field=field
                    )
                )
        self.note_label.setText("\n".join(lines))
        self.note_label.setVisible(bool(lines))

    def _show_pages(self) -> int:
        count = 0
        ratio = self.devicePixelRatioF()
        for pdf in self._pdfs:
            for picture in pages_to_pictures(pdf, DPI * ratio):
                image = QImage(
                    picture.rgba, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGBA8888
                )
                page = QLabel()
                pixmap = QPixmap.fromImage(image)
                pixmap.setDevicePixelRatio(ratio)
                page.setPixmap(pixmap)
                page.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                count += 1
                page.setAccessibleName(_("Page {number}").format(number=count))
                self._pages.addWidget(page)
        self._pages.addStretch(1)
        return count

    def print_all(self) -> None:
        """Print every paper and close; a printer that refuses leaves the window open with the reason."""
        if self.ask_button.isVisible():
            self.ask_approval()
            return
        try:
            self.printed += [print_paper(self._ctx, paper_id) for paper_id in self._ids]
        except controlled.NotApproved as refused:
            self._offer_asking(refused)
            return
        except CrmError as error:
            errors.show_error(self, error)
            self.note_label.setText(error.message)
            self.note_label.setVisible(True)
            return
        self.accept()

    def save_pdf(self) -> None:
        """Write the papers as PDF files where the user says; a controlled one only leaves on paper (SEC-03)."""
        try:
            for paper_id in self._ids:
                papers.check_leaves(self._ctx, paper_id)
        except controlled.NotApproved as refused:
            self._offer_asking(refused)
            return
        for paper_id, pdf in zip(self._ids, self._pdfs, strict=True):
            target = dialogs.save_file(self, _("Save PDF"), f"{paper_id}.pdf", "PDF (*.pdf)")
            if target:
                try:
                    Path(target).write_bytes(pdf)
                except OSError:
                    self.note_label.setText(_("The file can't be written there. Please choose another place."))
                    self.note_label.setVisible(True)
                    return
                self.printed.append(Path(target))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.print_all()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def print_paper(ctx: Any, paper_id: int) -> Path:
    """Queue and print one paper, through CUPS or through Qt, and return its PDF; CrmError when it has to wait."""
    from crmdesk.printing import spool

    job_id = papers.ask_print(ctx, paper_id)
    if spool.available() or not papers.printer_of(ctx, job_id):
        return papers.print_job(ctx, job_id)
    from crmdesk.ui.papers import raster

    path = papers.keep_pdf(ctx, job_id)
    try:
        raster.print_pdf(path.read_bytes(), papers.printer_of(ctx, job_id), path.stem)
    except CrmError as error:
        papers.finish_job(ctx, job_id, error=error.message)
        raise
    papers.finish_job(ctx, job_id)
    return path


def show_papers(page: QWidget, ctx: Any, paper_ids: Sequence[int]) -> list[Path]:
    """Open the preview of papers over a page; returns the files that were printed or saved."""
    preview = PaperPreview(ctx, paper_ids, page.window())
    preview.exec()
    files = preview.printed
    preview.deleteLater()
    return files


def print_now(page: QWidget, ctx: Any, paper_ids: Sequence[int]) -> list[Path]:
    """Print papers at once when a printer is set for them on this PC, else show the preview first."""
    if not all(papers.has_printer(ctx, paper_id) for paper_id in paper_ids):
        return show_papers(page, ctx, paper_ids)
    try:
        return [print_paper(ctx, paper_id) for paper_id in paper_ids]
    except controlled.NotApproved:  # the preview asks for the approval
        return show_papers(page, ctx, paper_ids)
    except CrmError as error:
        errors.show_error(page, error)
        return []
