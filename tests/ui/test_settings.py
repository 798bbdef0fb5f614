"""The settings desk: this PC, printers, office, staff, backup, check-up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.core.paths import user_config_dir
from crmdesk.printing import spool
from crmdesk.services.backups import find_backups
from crmdesk.services.context import Context
from crmdesk.services.office import load_office
from crmdesk.services.staff import find_staff, sign_in
from crmdesk.ui import language, tasks
from crmdesk.ui.page import MAX_MINIMUM
from crmdesk.ui.settings.page import SECTIONS, SettingsPage
from tests.helpers.office import Staff


@pytest.fixture
def page(qtbot: QtBot, desk: Context) -> Iterator[SettingsPage]:
    made = SettingsPage(desk)
    qtbot.addWidget(made)
    made.resize(1198, 680)
    made.show()
    made.load()
    yield made
    assert tasks.stop_all()


def save(qtbot: QtBot, section: Any) -> None:
    section.save_button.click()


def test_this_pc_is_kept_in_its_settings_file(qtbot: QtBot, page: SettingsPage, desk: Context) -> None:
    section: Any = page.section("pc")
    section.form.field("station_name").setText("接待台 1")
    section.form.field("lock").set_value(5)
    section.form.set_dirty(True)
    save(qtbot, section)
    kept = json.loads((user_config_dir() / "settings.json").read_text(encoding="utf-8"))
    assert (kept["station_name"], kept["lock_after_minutes"]) == ("接待台 1", 5)
    assert desk.settings.station_name == "接待台 1" and not section.dirty


def test_a_long_name_is_refused_under_the_field(qtbot: QtBot, page: SettingsPage) -> None:
    section: Any = page.section("pc")
    section.form.field("station_name").setText("x" * 60)
    save(qtbot, section)
    assert "station_name" in section.form.errors()


def test_printers_are_kept_per_paper(
    qtbot: QtBot, page: SettingsPage, desk: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "printers", lambda: ["Slip241", "Label"])
    page.show_section("printers")
    section: Any = page.section("printers")
    section._printer["sales_slip"].set_value("Slip241")
    section._copies["sales_slip"].set_value(3)
    save(qtbot, section)
    setting = desk.settings.paper("sales_slip")
    assert (setting.printer, setting.copies) == ("Slip241", 3)
    assert desk.settings.paper("carton_label").printer == ""


def test_the_office_is_saved_for_everybody(qtbot: QtBot, page: SettingsPage, desk: Context) -> None:
    page.show_section("office")
    section: Any = page.section("office")
    section.form.field("company").setText("天竺銀樓")
    section.form.field("carriers").setText("新竹物流, 黑貓，自取")
    save(qtbot, section)
    office = load_office(desk.db)
    assert office.company == "天竺銀樓" and office.carriers == ("新竹物流", "黑貓", "自取")


def test_lists_of_words_have_the_comma_of_the_language(page: SettingsPage, qapp: QApplication) -> None:
    page.show_section("office")
    section: Any = page.section("office")
    field = section.form.field("departments")
    assert ", " in field.value() and "、" not in field.value()
    language.switch(qapp, "zh_TW")
    assert "、" in field.value() and "," not in field.value() and not section.dirty


def test_a_new_member_of_the_staff_can_sign_in(qtbot: QtBot, page: SettingsPage, desk: Context) -> None:
    page.show_section("staff")
    section: Any = page.section("staff")
    section.begin_new()
    section.form.field("name").setText("林小芬")
    qtbot.keyClicks(section.form.field("login"), "lin")
    qtbot.keyClicks(section.form.field("password"), "silver-925")
    section.form.field("roles").tick("sales").click()
    save(qtbot, section)
    assert sign_in(desk, "lin", "silver-925").roles == ("reception", "sales")
    assert section.table.current().login == "lin"


def test_a_short_password_is_refused_and_the_form_kept(qtbot: QtBot, page: SettingsPage, desk: Context) -> None:
    page.show_section("staff")
    section: Any = page.section("staff")
    section.begin_new()
    section.form.load({"name": "林小芬", "login": "lin", "password": "123", "roles": ("sales",), "active": True})
    save(qtbot, section)
    assert list(section.form.errors()) == ["password"] and section.form.values()["name"] == "林小芬"
    assert len(find_staff(desk)) == 6


def test_who_lacks_the_right_only_reads(qtbot: QtBot, desk: Context, staff: Staff) -> None:
    page = SettingsPage(desk.acting_as(staff.mei))
    qtbot.addWidget(page)
    page.show()
    for key in ("office", "staff"):
        page.show_section(key)
        section: Any = page.section(key)
        assert not section.save_button.ready
        assert section.form.field("company" if key == "office" else "name").isReadOnly()


def test_unsaved_changes_are_asked_about(qtbot: QtBot, page: SettingsPage, boxes: Any) -> None:
    section: Any = page.section("pc")
    qtbot.keyClicks(section.form.field("station_name"), "Desk")
    boxes.expect_ask(False)
    assert not page.show_section("office") and page.current == "pc"
    boxes.expect_ask(True)
    assert page.show_section("office")


def test_a_long_section_behind_does_not_make_the_next_one_scroll(page: SettingsPage) -> None:
    for key, _icon, _kind in SECTIONS:
        page.show_section(key)
        section = page.section(key)
        assert not page.hasHeightForWidth(), key  # PageFrame would make the page as high as the longest section
        assert section.height() <= page.height(), key


def test_a_backup_is_made_now(qtbot: QtBot, page: SettingsPage, desk: Context) -> None:
    page.show_section("backup")
    section: Any = page.section("backup")
    assert section.table.rows() == []
    assert dict(page.shown_hints())["Ctrl+Enter"] == section.now.text() == "Back up now"
    section.now.click()
    qtbot.waitUntil(lambda: len(section.table.rows()) == 1)
    assert [b.name for b in find_backups(desk)] == [section.table.rows()[0].name]


def test_the_check_up_says_all_is_well(qtbot: QtBot, page: SettingsPage) -> None:
    page.show_section("check")
    section: Any = page.section("check")
    assert dict(page.shown_hints())["Ctrl+Enter"] == "Check again"
    qtbot.waitUntil(lambda: section.verdict.text() == "Everything is in order.")


def test_sections_are_reached_by_keys_and_fit_in_every_language(
    qtbot: QtBot, page: SettingsPage, look: Callable[..., None]
) -> None:
    for code in ("en", "zh_TW", "zh_CN"):
        look(language=code)
        for key, _icon, _kind in SECTIONS:
            page.menu.press(key)
            assert page.current == key
            qtbot.waitUntil(lambda: not tasks.running())
            hint = page.minimumSizeHint()
            assert hint.width() <= MAX_MINIMUM.width() and hint.height() <= MAX_MINIMUM.height(), (code, key)


def test_the_page_is_freed_on_close(desk: Context, freed: Callable[[Callable[[], QWidget]], None]) -> None:
    freed(lambda: SettingsPage(desk))
