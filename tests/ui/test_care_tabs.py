"""Files, write-ups, care, deposits and the filtered time line on the customer's card, by keys and clicks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from crmdesk.services import attachments, care, customers, deposits, drafts, follows
from crmdesk.services.care import CareForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm
from crmdesk.ui import dialogs, tasks
from crmdesk.ui.customers.card_view import CardView
from crmdesk.ui.customers.care_tab import CareTab
from crmdesk.ui.customers.deposits_tab import DepositsTab
from crmdesk.ui.customers.follow_tab import FollowTab
from crmdesk.ui.files.button import FilesButton
from crmdesk.ui.files.panel import FilesPanel
from crmdesk.ui.files.row import FileLine
from crmdesk.ui.kept import back_again
from tests.helpers.office import Staff


class Answers:
    """Boxes answered in advance; what was said is kept."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.answer: Any = None

    def inform(self, owner: object, text: str) -> None:
        self.said.append(text)

    def ask(self, owner: object, question: str, yes: str, no: str, danger: bool) -> bool:
        self.said.append(question)
        return bool(self.answer)

    def choose(self, owner: object, question: str, choices: Any) -> Any:
        return self.answer

    def get_text(self, owner: object, prompt: str, text: str, required: bool, kind: str) -> Any:
        return self.answer

    def open_file(self, owner: object, title: str, filters: str) -> Any:
        return self.answer

    def save_file(self, owner: object, title: str, name: str, filters: str) -> Any:
        return self.answer


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    given = Answers()
    monkeypatch.setattr(dialogs, "provider", given)
    return given


@pytest.fixture
def chen(desk: Context) -> int:
    return customers.create_customer(desk, CustomerForm("陳", "wholesale", "A", birthday="1980-11-23")).id


@pytest.fixture
def view(desk: Context, chen: int, qtbot: QtBot) -> CardView:
    shown = CardView(desk)
    qtbot.addWidget(shown)
    shown.resize(404, 680)
    shown.show_card(customers.get_customer(desk, chen))
    shown.show()
    return shown


def done(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not tasks.running(), timeout=5000)


@pytest.mark.clause("CRM-30")
def test_files_are_dragged_in_saved_and_taken_away(
    desk: Context, view: CardView, chen: int, qtbot: QtBot, tmp_path: Path, answers: Answers
) -> None:
    view.tabs.choose("files")
    panel: FilesPanel = view.more_tabs["files"].panel
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    picture.save(str(tmp_path / "ring.png"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "ring.png"))])
    assert panel.add_mime(mime)
    done(qtbot)
    row = attachments.find_attachments(desk, "customer", chen)[0]
    assert row.thumbnail and QImage.fromData(row.thumbnail).width() == 160
    assert [line.name_label.accessibleName() for line in panel.findChildren(FileLine)] == ["ring.png"]
    answers.answer = str(tmp_path / "copy.png")
    panel.save(row.id)
    assert (tmp_path / "copy.png").read_bytes() == (tmp_path / "ring.png").read_bytes()
    answers.answer = True
    panel.lines[0].remove_button.click()
    assert not attachments.find_attachments(desk, "customer", chen) and not panel.lines
    pasted = QMimeData()
    pasted.setImageData(picture)
    assert panel.add_mime(pasted)
    done(qtbot)
    assert attachments.find_attachments(desk, "customer", chen)[0].name == "20261122-094100.png"


def test_a_renamed_program_is_refused_with_a_sentence(
    view: CardView, qtbot: QtBot, tmp_path: Path, answers: Answers
) -> None:
    view.tabs.choose("files")
    (tmp_path / "photo.jpg").write_bytes(b"MZ" + b"\x00" * 99)
    answers.answer = str(tmp_path / "photo.jpg")
    view.more_tabs["files"].panel.add_button.click()
    done(qtbot)
    assert len(answers.said) == 1 and "photo.jpg is not kept here" in answers.said[0]


def test_a_write_up_half_typed_waits_for_its_customer(desk: Context, view: CardView, chen: int) -> None:
    other = customers.create_customer(desk, CustomerForm("林", "retail")).id
    view.tabs.choose("follow")
    tab: FollowTab = view.more_tabs["follow"]
    tab.form.load({"text": "喜歡翡翠"})
    tab.form.set_dirty(True)
    view.show_card(customers.get_customer(desk, other))
    assert tab.form.values()["text"] == ""
    view.show_card(customers.get_customer(desk, chen))
    assert tab.form.values()["text"] == "喜歡翡翠" and tab.form.dirty
    tab.save_button.click()
    row = follows.find_follows(desk, chen)[0]
    assert row.text == "喜歡翡翠" and row.handed_to and not tab.form.dirty


def test_a_write_up_half_typed_is_there_again_after_a_crash(desk: Context, chen: int, qtbot: QtBot) -> None:
    other = customers.create_customer(desk, CustomerForm("林", "retail")).id

    def start(customer: int) -> FollowTab:
        """Open the tab as the program does after a start; what was open before is left as a kill leaves it."""
        tab = FollowTab(desk)
        qtbot.addWidget(tab)
        tab.said.connect(said.append)
        tab.show_card(customers.get_customer(desk, customer))
        return tab

    said: list[str] = []
    tab = start(chen)
    tab.form.field("text").insertPlainText("喜歡翡翠")
    tab.kept._timer.timeout.emit()
    tab = start(other)
    assert (tab.form.values()["text"], said) == ("", [])
    tab = start(chen)
    assert tab.form.values()["text"] == "喜歡翡翠" and tab.form.dirty and said == [back_again()]
    tab.save()
    tab.show_card(customers.get_customer(desk, other))
    tab.save()  # nothing was typed here
    assert tab.form.errors() == {"text": "Please write down what you learned."}
    assert [row.text for row in follows.find_follows(desk, chen)] == ["喜歡翡翠"]
    assert not drafts.find_drafts(desk, "follow") and start(chen).form.values()["text"] == ""
    tab.show()
    tab.form.field("text").insertPlainText("週二休息")
    tab.close()  # the program is left within the three seconds
    assert len(drafts.find_drafts(desk, "follow")) == 1


def test_a_birthday_is_kept_and_wanted_goods_are_told(
    desk: Context, view: CardView, chen: int, answers: Answers
) -> None:
    care.note_care(desk, CareForm(chen, "wanted", "翡翠戒"))
    view.tabs.choose("care")
    tab: CareTab = view.more_tabs["care"]
    answers.answer = "phone"
    tab.greet(care.find_occasions(desk, chen)[0])
    assert not care.find_occasions(desk, chen)
    note = next(row for row in care.find_care(desk, chen) if row.kind == "wanted")
    tab.arrived(note)
    note = next(row for row in care.find_care(desk, chen) if row.kind == "wanted")
    answers.answer = "星期五來"
    tab.settle(note)
    assert next(row for row in care.find_care(desk, chen) if row.kind == "wanted").result == "星期五來"
    tab.form.load({"kind": "illness", "text": "住院"})
    tab.save_button.click()
    assert any(row.kind == "illness" for row in care.find_care(desk, chen))


def test_deposits_are_closed_to_who_may_not_see_money(
    desk: Context, view: CardView, chen: int, staff: Staff, qtbot: QtBot, answers: Answers
) -> None:
    view.tabs.choose("deposits")
    tab: DepositsTab = view.more_tabs["deposits"]
    tab.form.load({"amount": 3000, "purpose": "展示櫃"})
    tab.save_button.click()
    assert len(deposits.find_deposits(desk, chen)) == 1
    assert "3,000" in {label.text() for label in tab.findChildren(QLabel)}  # no cents where the office has none
    answers.answer = True
    tab.give_back(deposits.find_deposits(desk, chen)[0])
    assert deposits.find_deposits(desk, chen)[0].returned_by == desk.user.name
    other = DepositsTab(desk.acting_as(staff.mei))
    qtbot.addWidget(other)
    other.show_card(customers.get_customer(desk, chen))
    other.show()
    assert other.closed.isVisible() and not other.form.isVisible()


def test_the_time_line_is_narrowed_by_desk_and_words(desk: Context, view: CardView, chen: int) -> None:
    care.note_care(desk, CareForm(chen, "wanted", "翡翠戒"))
    view.tabs.choose("timeline")
    tab = view.timeline_tab
    tab.load()
    assert len(tab.timeline._entries) == 2
    tab.desk_choice.set_value("care")
    tab.load()
    assert [entry.second for entry in tab.timeline._entries] == ["翡翠戒"]
    tab.desk_choice.set_value("")
    tab.search_box.set_value("nothing like it")
    tab.load()
    assert tab.more.text() == "Nothing found."


def test_the_files_of_a_record_open_beside_the_work(desk: Context, chen: int, qtbot: QtBot) -> None:
    attachments.add_attachment(desk, "customer", chen, attachments.NewFile("a.pdf", b"%PDF-1"))
    button = FilesButton(desk)
    qtbot.addWidget(button)
    button.show_record("customer", chen)
    assert (button.text(), button.accessibleName()) == ("1", "Files 1")
    button.click()
    assert button.window_shown is not None and button.window_shown.findChild(FileLine) is not None
    button.window_shown.close()
    assert button.window_shown is None
