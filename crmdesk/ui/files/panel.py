"""The files of one record: added from the disk, by drag or by paste; opened, saved, taken away."""

from __future__ import annotations

import shutil
import stat
import tempfile
import weakref
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError, UserError
from crmdesk.core.i18n import N_, _
from crmdesk.services import attachments
from crmdesk.services.attachments import FileRow, NewFile, StoredFile
from crmdesk.services.context import Context
from crmdesk.ui import dialogs, errors, tasks
from crmdesk.ui.files.row import FileLine
from crmdesk.ui.files.thumbnails import as_bytes, thumbnail_of
from crmdesk.ui.widgets import Button, Label, row

FILTER = "*.jpg *.jpeg *.png *.gif *.webp *.bmp *.tif *.tiff *.heic *.pdf *.doc *.docx *.xls *.xlsx *.ppt *.pptx " \
         "*.odt *.ods *.odp *.txt *.csv *.md"  # fmt: skip
MOST_AT_ONCE = 20


class FilesPanel(QWidget):
    """``show_record(kind, id)`` lists the files; who may not change the record only opens and saves them."""

    said = Signal(str)
    changed = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self._kind, self._id = "", 0
        self._rows: list[FileRow] = []
        self._folder = ""
        self.add_button = Button("", icon="paperclip", size="row")
        self.hint = Label("", "label", "muted", wrap=True)
        self.empty = Label("", "body", "muted", wrap=True)
        self.lines: list[FileLine] = []
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        head = row(self.add_button, spacing=10)
        head.addWidget(self.hint, 1)
        self.body.addLayout(head)
        self.body.addWidget(self.empty)
        self.list = QVBoxLayout()
        self.list.setSpacing(6)
        self.body.addLayout(self.list)
        self.add_button.clicked.connect(self.choose)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.add_button.setText(_("Add file"))
        self.hint.setText(_("or drag it here, or paste it; at most {count} MB").format(
            count=self.ctx.office.attachment_mb
        ))  # fmt: skip
        self.empty.setText(_("No files yet."))
        self._fill()

    def show_record(self, kind: str, record_id: int) -> None:
        """Show the files of a record."""
        self._kind, self._id = kind, record_id
        self.load()

    def load(self) -> None:
        """Read the list again."""
        if not self._id:
            return
        try:
            self._rows = attachments.find_attachments(self.ctx, self._kind, self._id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._fill()

    @property
    def may_change(self) -> bool:
        """Whether files may be added here and taken away."""
        return bool(self._id) and attachments.may_change(self.ctx, self._kind)

    def _fill(self) -> None:
        for line in self.lines:
            line.hide()
            line.deleteLater()
        self.lines = []
        may = self.may_change
        self.setAcceptDrops(may)
        self.add_button.setVisible(may)
        self.hint.setVisible(may)
        self.empty.setVisible(not self._rows)
        for found in self._rows:
            line = FileLine(self.ctx, found, may)
            line.open_asked.connect(self.open)
            line.save_asked.connect(self.save)
            line.remove_asked.connect(self.remove)
            self.lines.append(line)
            self.list.addWidget(line)

    # adding -----------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for a file and add it."""
        words = N_("Pictures, PDF, office documents, text")
        path = dialogs.open_file(self, _("Add file"), f"{_(words)} ({FILTER})")
        if path:
            self.add_paths([path])

    def add_paths(self, paths: list[str]) -> None:
        """Read files and keep them, in a task; one that is refused is told, those before it stay."""
        kind, record_id = self._kind, self._id
        if not self.may_change:
            return
        if len(paths) > MOST_AT_ONCE:
            dialogs.inform(self, _("At most {count} files at a time, please.").format(count=MOST_AT_ONCE))
            return
        work = partial(_add_files, self.ctx, kind, record_id, paths)
        tasks.run(self, work, self._added, self._failed, title=_("Adding files…"))

    def paste(self) -> bool:
        """Add what is on the clipboard; False when there is no file and no picture."""
        mime = QGuiApplication.clipboard().mimeData()
        return mime is not None and self.add_mime(mime)

    def add_mime(self, mime: QMimeData) -> bool:
        """Add what was pasted or dragged; files count before a picture."""
        if not self.may_change:
            return False
        paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.add_paths(paths)
            return True
        if mime.hasImage():
            image = mime.imageData()
            picture = image if isinstance(image, QImage) else QImage(image)
            if not picture.isNull():
                self._add_picture(picture)
                return True
        return False

    def _add_picture(self, picture: QImage) -> None:
        now = self.ctx.clock.local(self.ctx.clock.now())
        name = f"{now:%Y%m%d-%H%M%S}.png"
        work = partial(_add_picture, self.ctx, self._kind, self._id, name, picture.copy())
        tasks.run(self, work, self._added, self._failed, title=_("Adding files…"))

    def _added(self, names: list[str]) -> None:
        self.load()
        self.changed.emit()
        if names:
            self.said.emit(_("Added: {names}").format(names=", ".join(names)))

    def _failed(self, error: Exception) -> None:
        self.load()
        if isinstance(error, CrmError):
            dialogs.inform(self, error.message)
            return
        raise error

    # taking out -------------------------------------------------------------------------------------------------

    def open(self, attachment_id: int) -> None:
        """Open a copy nobody can write to with the program of this PC; what is changed in it is not kept."""
        work = partial(_read, self.ctx, attachment_id)
        tasks.run(self, work, self._open_copy, self._failed, title=_("Reading the file…"))

    def _open_copy(self, file: StoredFile) -> None:
        path = self._copy(file)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            dialogs.inform(self, _("This PC has no program that opens {name}. Please save it.").format(name=file.name))

    def _copy(self, file: StoredFile) -> Path:
        if not self._folder:
            self._folder = tempfile.mkdtemp(prefix="crmdesk-")
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        place = Path(tempfile.mkdtemp(dir=self._folder)) / file.name
        place.write_bytes(file.data)
        place.chmod(stat.S_IREAD)
        return place

    def save(self, attachment_id: int) -> None:
        """Write a file to a place that is asked for."""
        try:
            file = attachments.read_attachment(self.ctx, attachment_id)
        except CrmError as error:
            dialogs.inform(self, error.message)
            return
        path = dialogs.save_file(self, _("Save the file as"), file.name)
        if not path:
            return
        try:
            Path(path).write_bytes(file.data)
        except OSError:
            dialogs.inform(self, _("The file can't be written there. Please choose another place."))
            return
        self.said.emit(_("Saved: {name}").format(name=Path(path).name))

    def remove(self, attachment_id: int) -> None:
        """Take a file away after asking; the history keeps that it was here."""
        name = next((found.name for found in self._rows if found.id == attachment_id), "")
        question = _("Take {name} away? Its content is gone then; the history keeps its name.").format(name=name)
        if not dialogs.ask(self, question, yes=_("Take away"), no=_("Keep"), danger=True):
            return
        try:
            attachments.remove_attachment(self.ctx, attachment_id)
        except CrmError as error:
            dialogs.inform(self, error.message)
        self.load()
        self.changed.emit()

    # Qt ---------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and self.paste():
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if mime.hasImage() or any(url.isLocalFile() for url in mime.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.add_mime(event.mimeData()):
            event.acceptProposedAction()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "list"):
            self.retranslate()
        super().changeEvent(event)


def _add_files(ctx: Context, kind: str, record_id: int, paths: list[str], progress: tasks.Progress) -> list[str]:
    names: list[str] = []
    for path in paths:
        try:
            file = attachments.read_file(ctx, path, progress.report)
            names.append(_keep(ctx, kind, record_id, file))
        except UserError as error:
            if len(paths) == 1 or not names:
                raise
            raise UserError(
                _("{sentence} Added before it: {names}").format(sentence=error.message, names=", ".join(names))
            ) from error
    return names


def _add_picture(
    ctx: Context, kind: str, record_id: int, name: str, picture: QImage, progress: tasks.Progress
) -> list[str]:
    return [_keep(ctx, kind, record_id, NewFile(name, as_bytes(picture, "PNG")))]


def _keep(ctx: Context, kind: str, record_id: int, file: NewFile) -> str:
    file = replace(file, thumbnail=thumbnail_of(file.data))
    attachments.add_attachment(ctx, kind, record_id, file)
    return file.name


def _read(ctx: Context, attachment_id: int, progress: tasks.Progress) -> StoredFile:
    return attachments.read_attachment(ctx, attachment_id)
