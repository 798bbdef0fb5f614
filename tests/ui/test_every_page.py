"""Every desk's page: in every language, small enough, speaking it, usable without seeing, and freed when closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from crmdesk.core.i18n import translator
from crmdesk.services.context import Context
from crmdesk.ui import tasks
from crmdesk.ui.desks import page_specs
from crmdesk.ui.page import MAX_MINIMUM, Page, PageSpec
from tests.ui.conftest import settle

SPECS = page_specs()
DESKS = {
    *("calls", "reception", "sales", "cash", "packing", "repairs", "complaints", "checklists"),
    *("customers", "items", "month", "regulation", "settings"),
}
INPUTS = (QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QAbstractButton)


def test_every_desk_of_the_office_day_has_its_page() -> None:
    assert {spec.key for spec in SPECS} >= DESKS


@pytest.fixture(params=SPECS, ids=[spec.key for spec in SPECS])
def page(request: pytest.FixtureRequest, desk: Context, qapp: QApplication) -> Iterator[Page]:
    """A page as the manager opens it, shown with an empty office."""
    spec: PageSpec = request.param
    made = spec.factory(desk)
    made.resize(1198, 690)
    made.show()
    made.load()
    _finish(qapp)
    yield made
    made.hide()
    made.deleteLater()
    settle(qapp)
    assert tasks.stop_all()  # a closer look may have begun a moment ago


def _finish(app: QApplication) -> None:
    """Let work that a page gave to the worker arrive."""
    end = QDeadlineTimer(10_000)
    while tasks.running():
        assert not end.hasExpired(), "a page's work does not end"
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def test_it_speaks_every_language_and_fits(page: Page, look: Callable[..., None], qapp: QApplication) -> None:
    for code in ("en", "zh_TW", "zh_CN"):
        _speaks_and_fits(page, look, qapp, code)


def _speaks_and_fits(page: Page, look: Callable[..., None], qapp: QApplication, code: str) -> None:
    look(language=code)
    settle(qapp)
    least = page.minimumSizeHint()
    if not page.full_screen:
        assert least.width() <= MAX_MINIMUM.width(), "wider than a small screen"
        assert least.height() <= MAX_MINIMUM.height(), "higher than a small screen"
    english = [text for text in _texts(page) if _is_untranslated(text, code)]
    assert english == []
    for key, word in page.shown_hints():
        assert key and word
        assert not _is_untranslated(word, code)


def _visible(page: QWidget) -> Iterator[QWidget]:
    return (widget for widget in page.findChildren(QWidget) if widget.isVisible())


def _texts(page: QWidget) -> Iterator[str]:
    for widget in _visible(page):
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
            yield widget.placeholderText()
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(place) for place in range(widget.count()))
        yield widget.accessibleName()
        yield widget.toolTip()


def _is_untranslated(text: str, code: str) -> bool:
    """Whether a text on a Chinese screen is an English source text that has a translation of its own."""
    return code != "en" and len(text) > 2 and text.isascii() and translator(code).gettext(text) != text


def test_every_input_has_a_name_for_who_cannot_see_it(page: Page) -> None:
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in _visible(page)
        if isinstance(widget, INPUTS)
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not isinstance(widget.parent(), QComboBox)
        and widget.objectName() != "qt_tableview_cornerbutton"
    ]
    assert nameless == []


@pytest.mark.parametrize("spec", SPECS, ids=[spec.key for spec in SPECS])
def test_it_is_freed_when_closed(
    spec: PageSpec, desk: Context, qapp: QApplication, freed: Callable[[Callable[[], QWidget]], None]
) -> None:
    def make() -> QWidget:
        made = spec.factory(desk)
        made.show()
        made.load()
        _finish(qapp)
        return made

    freed(make)
