"""The packing station after counting: who packed is reminded that the slip is not paid."""

from __future__ import annotations

import pytest

from crmdesk.services import cash, sales
from crmdesk.services.context import Context
from tests.ui.test_packing import CODES, Hands, hands, heard, open_slip, printed, shown

__all__ = ["hands", "heard", "printed"]


@pytest.mark.clause("ORD-12")
def test_after_counting_the_station_reminds_of_the_payment_until_it_is_made(
    hands: Hands, printed: list[int], desk: Context
) -> None:
    open_slip(hands)
    for code in CODES:
        hands.scan(code)
    hands.digit(9)
    note = hands.page.station.check.note
    assert note.isHidden(), "still being counted"
    for key in (1, 2, 9):
        hands.digit(key)
    assert shown(hands).state == "packed" and not shown(hands).paid
    assert not note.isHidden() and "Not paid yet" in note.text()
    sale = sales.get_sale(desk, shown(hands).sale_id)
    cash.take_payment(desk, sale.id, sale.version, method="cash", received=sale.due, signed=True)
    hands.page.refresh()
    assert shown(hands).paid and note.isHidden()
