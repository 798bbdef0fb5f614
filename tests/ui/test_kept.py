"""Half typed forms come back after the program was killed, and go when they are saved or given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from crmdesk.services import customers, drafts, repairs, visits
from crmdesk.services.context import Context
from crmdesk.services.customer_card import get_customer
from crmdesk.services.customer_search import find_customers
from crmdesk.services.customers import ContactEntry, CustomerForm, PhoneEntry
from crmdesk.services.repairs import Photo
from crmdesk.services.visits import VisitForm
from crmdesk.ui.customers.page import CustomersPage
from crmdesk.ui.kept import Kept, plain, typed
from crmdesk.ui.page import Page
from crmdesk.ui.reception.page import ReceptionPage
from crmdesk.ui.repairs import picture
from crmdesk.ui.repairs.page import RepairsPage
from tests.ui.conftest import Boxes

KINDS = ("customer", "visit", "repair", "repair_photos")
pytestmark = pytest.mark.usefixtures("qapp")


class Desk:
    """Opens pages of one desk after the other, as the program does each time it starts."""

    def __init__(self, ctx: Context, qtbot: QtBot) -> None:
        self.ctx, self._qtbot = ctx, qtbot
        self.said: list[str] = []
        self.pages: list[Page] = []

    def start(self, kind: type[Page], **arguments: Any) -> Any:
        """Open the desk; what was open before is left as a kill leaves it: nothing is saved, nothing asked."""
        page = kind(self.ctx)
        self._qtbot.addWidget(page)
        page.said.connect(self._hear)
        page.show()
        self.said.clear()
        page.load(**arguments)
        self.pages.append(page)
        return page

    def _hear(self, text: str, tone: str) -> None:
        self.said.append(text)

    def kept(self) -> list[str]:
        """Return the kinds of the drafts in the database."""
        return [draft.kind for kind in KINDS for draft in drafts.find_drafts(self.ctx, kind)]


@pytest.fixture
def office(desk: Context, qtbot: QtBot) -> Iterator[Desk]:
    """The manager at a desk."""
    made = Desk(desk, qtbot)
    yield made
    for page in made.pages:
        if isinstance(page, CustomersPage):
            page.form_view.form.set_dirty(False)


def write(kept: Kept) -> None:
    """Let the three seconds after the typing be over."""
    assert kept._timer.isActive(), "the typing is not going to be written down"
    kept._timer.stop()
    kept._timer.timeout.emit()


def test_values_come_back_as_they_were() -> None:
    values = {
        "amount": Decimal("1.20"), "day": date(2026, 11, 22), "at": datetime(2026, 11, 22, 1, 2, tzinfo=UTC),
        "told": frozenset({"b", "a"}), "photo": b"\xff\x00", "none": None, "flag": True, "count": 3,
        "phones": (PhoneEntry("0912", "3"),), "inner": {"x": Decimal(2)}, "empty": {},
    }  # fmt: skip
    assert typed(plain(values), PhoneEntry) == values
    with pytest.raises(ValueError, match="PhoneEntry"):
        typed(plain(values))


def test_a_new_customer_comes_back_and_is_saved_once(office: Desk) -> None:
    view = office.start(CustomersPage, new=True).form_view
    view.form.field("name").insert("單大文")
    view.form.changed.emit("name")
    view.phones.set_value((PhoneEntry("0912-345-678", "12"),))
    view.contacts.set_value((ContactEntry("王太太", "老闆娘"),))
    view.form.field("credit_limit").set_value(Decimal(5000))
    view.form.set_dirty(True)
    write(view.kept)

    page = office.start(CustomersPage, new=True)
    again = page.form_view
    assert office.said == ["What you typed before the program ended is here again."]
    form = again.values()
    assert (form.name, form.credit_limit) == ("單大文", Decimal(5000))
    assert (form.phones[0].number, form.contacts[0].role) == ("0912-345-678", "老闆娘")
    assert again.dirty and again.once.token == view.once.token
    again.save()
    assert office.kept() == []
    page.begin_new()
    assert again.values().name == ""
    assert len(find_customers(office.ctx, "")) == 1


def test_a_changed_customer_comes_back_and_a_colleagues_change_is_still_compared(office: Desk) -> None:
    made = customers.create_customer(office.ctx, CustomerForm("單大文", phones=(PhoneEntry("0912345678"),)))
    view = office.start(CustomersPage, id=made.id, edit=True).form_view
    view.form.field("likes").insert("玫瑰金")
    view.form.changed.emit("likes")
    view.form.set_dirty(True)
    write(view.kept)
    card = get_customer(office.ctx, made.id)
    customers.update_customer(office.ctx, card.id, card.version, CustomerForm("單大文", region="台中",
                              phones=card.form.phones))  # fmt: skip

    office.start(CustomersPage, id=made.id)
    assert office.said == [], "only whoever opens the form hears of it"
    again = office.start(CustomersPage, id=made.id, edit=True).form_view
    assert again.values().likes == "玫瑰金"
    again.save()
    card = get_customer(office.ctx, made.id)
    assert (card.form.likes, card.form.region) == ("玫瑰金", "台中")
    assert office.kept() == []


def test_a_customer_given_up_does_not_come_back(office: Desk, boxes: Boxes) -> None:
    view = office.start(CustomersPage, new=True).form_view
    view.form.field("name").insert("單大文")
    view.form.changed.emit("name")
    view.form.set_dirty(True)
    write(view.kept)
    boxes.expect_ask(True)
    view.give_up()
    assert office.kept() == []


def test_somebody_new_on_the_telephone_is_not_mixed_with_the_draft(office: Desk) -> None:
    view = office.start(CustomersPage, new=True).form_view
    view.form.field("name").insert("單大文")
    view.form.changed.emit("name")
    view.form.set_dirty(True)
    write(view.kept)
    again = office.start(CustomersPage, new=True, phone="0933118402").form_view
    assert again.values().name == "" and office.kept() == ["customer"]
    again.form.field("name").insert("王小明")
    again.form.changed.emit("name")
    again.form.set_dirty(True)
    again.save()
    assert office.start(CustomersPage, new=True).form_view.values().name == "單大文"


def test_a_check_in_comes_back(office: Desk) -> None:
    sheet = office.start(ReceptionPage, new=True).guest_sheet
    sheet.guest.field("name").insert("單大文")
    sheet.form.field("purpose").setEditText("看新款")
    sheet.form.field("party_size").set_value(3)
    sheet.guest.field("register").set_value(False)
    sheet.form.changed.emit("purpose")
    write(sheet.kept)

    again = office.start(ReceptionPage, new=True).guest_sheet
    assert office.said == ["What you typed before the program ended is here again."]
    form = again.visit_form()
    assert (form.visitor_name, form.purpose, form.party_size, form.new_customer) == ("單大文", "看新款", 3, None)
    again.save()
    assert office.kept() == []
    assert [visit.name for visit in visits.find_board(office.ctx).in_house] == ["單大文"]
    assert office.start(ReceptionPage, new=True).guest_sheet.visit_form().visitor_name == ""


def test_a_check_in_of_a_known_guest_and_a_changed_visit_come_back(office: Desk) -> None:
    known = customers.create_customer(office.ctx, CustomerForm("黃淑惠")).id
    sheet = office.start(ReceptionPage, new=True, customer_id=known).guest_sheet
    sheet.form.field("purpose").setEditText("修理")
    sheet.form.changed.emit("purpose")
    write(sheet.kept)
    again = office.start(ReceptionPage, new=True).guest_sheet
    assert (again.customer_id, again.visit_form().purpose) == (known, "修理")
    again.save()

    visit = visits.find_board(office.ctx).in_house[0]
    page = office.start(ReceptionPage, id=visit.id)
    page.guest_sheet.form.field("note").insert("帶了兩位朋友")
    page.guest_sheet.form.changed.emit("note")
    write(page.guest_sheet.kept)
    page = office.start(ReceptionPage, id=visit.id)
    assert page.guest_sheet.visit_form().note == "帶了兩位朋友"
    page.guest_sheet.save()
    assert visits.get_visit(office.ctx, visit.id).note == "帶了兩位朋友"
    assert office.kept() == []


def test_a_visit_that_a_colleague_changed_is_not_written_over_by_a_draft(office: Desk, boxes: Boxes) -> None:
    visit_id = visits.check_in(office.ctx, VisitForm("單大文", purpose="看新款"))
    page = office.start(ReceptionPage, id=visit_id)
    page.guest_sheet.form.field("note").insert("帶了兩位朋友")
    page.guest_sheet.form.changed.emit("note")
    write(page.guest_sheet.kept)
    visits.change_visit(office.ctx, visit_id, visits.get_visit(office.ctx, visit_id).version,
                        VisitForm("單大文", purpose="修理"))  # fmt: skip
    sheet = office.start(ReceptionPage, id=visit_id).guest_sheet
    refused: list[object] = []
    sheet.failed.connect(refused.append)
    boxes.expect_inform()
    sheet.save()
    assert refused and visits.get_visit(office.ctx, visit_id).purpose == "修理"
    assert sheet.visit_form().note == "帶了兩位朋友"


def test_a_repair_comes_back_with_its_photo(office: Desk) -> None:
    known = customers.create_customer(office.ctx, CustomerForm("陳李美鳳")).id
    intake = office.start(RepairsPage, new=True, customer_id=known).intake
    picture_now = QImage(40, 30, QImage.Format.Format_RGB32)
    picture_now.fill(QColor("teal"))
    intake.photos.set_value((Photo(picture.to_jpeg(picture_now), 250, 750),))
    intake.photos.value_changed.emit()
    intake.form.load(intake.form.values() | {"item_code": "R-1", "part": "扣頭", "declared_value": Decimal(1200),
                                              "told": frozenset({"not_thai_silver"})})  # fmt: skip
    intake.form.changed.emit("part")
    write(intake.kept)
    write(intake.kept_photos)

    page = office.start(RepairsPage, new=True)
    again = page.intake
    assert office.said == ["What you typed before the program ended is here again."]
    form = again.repair_form()
    assert (form.customer_id, form.part, form.declared_value) == (known, "扣頭", Decimal(1200))
    assert (form.not_thai_silver, form.photos[0].ring_x) == (True, 250)
    taken: list[Any] = []
    again.taken_in.disconnect()
    again.taken_in.connect(taken.append)
    again.save()
    assert len(repairs.get_repair(office.ctx, taken[0].id).photos) == 1
    assert office.kept() == []


def test_a_draft_of_another_version_is_left_alone(office: Desk) -> None:
    drafts.save_draft(office.ctx, "customer", "1", {"id": None, "values": {"Unheard": {}}})
    page = office.start(CustomersPage, new=True)
    assert (page.form_view.values().name, office.said, office.kept()) == ("", [], ["customer"])
