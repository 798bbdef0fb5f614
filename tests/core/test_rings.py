"""What a telephone program hands over: understood as it is written, cleaned, or refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.errors import UserError
from crmdesk.core.rings import Ring, read_link, read_message, read_ring


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912-345-678", "0912-345-678"),
        ("+886 912 345 678", "+886 912 345 678"),
        ("tel:+886-2-2345-6789", "+886-2-2345-6789"),  # softphones
        ("sip:0423456789@pbx.office.example;transport=udp", "0423456789"),
        ("０９１２３４５６７８", "0912345678"),  # full width
        ("02-2345-6789 轉 12", "02-2345-6789 轉 12"),
        ("04-2222-5678#203", "04-2222-5678#203"),
        ("\u202e0912345678\u202c", "0912345678"),  # turned round
        ("0912\x00345\x07678", "0912345678"),
        ("", ""),
        ("Anonymous", ""),
        ("未顯示", ""),
        ("203", "203"),
    ],
)
def test_numbers_as_telephones_write_them(typed: str, number: str) -> None:
    assert read_ring(typed).number == number


@pytest.mark.parametrize("typed", ["9" * 60, "hello", "0912345678; rm -rf", "<b>09</b>", "0" * 25, "-" * 50 + "1"])
def test_what_is_no_number_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        read_ring(typed) if ";" not in typed else read_ring(typed.replace(";", "+"))
    assert len(refused.value.message) > 20


def test_names_keep_their_script_and_lose_what_cant_be_seen() -> None:
    ring = read_ring("0912345678", "\u202eשלום 😀 陳\x00\n小姐\t𠮷", "線路 2\x1b[31m" + "x" * 100)
    assert ring.name == "שלום 😀 陳 小姐 𠮷"
    assert len(ring.line) <= 40 and "\x1b" not in ring.line


def test_a_link_of_a_browser() -> None:
    ring = read_link("crmdesk:call?number=%2B886912345678&name=%E9%99%B3+%E5%B0%8F%E5%A7%90&line=2&name=again")
    assert ring == Ring("+886912345678", "陳 小姐", "2")
    assert read_link("crmdesk://call/?number=+886912345678").number == "+886912345678"
    for link in ("crmdesk:pay?number=1", "https:call?number=1", "crmdesk:call?number=javascript"):
        with pytest.raises(UserError):
            read_link(link)


@given(st.text(max_size=60), st.text(max_size=120), st.text(max_size=60))
def test_whatever_is_handed_over_is_a_ring_or_a_sentence(number: str, name: str, line: str) -> None:
    try:
        ring = read_ring(number, name, line)
    except UserError:
        return
    assert read_message(ring.message()) == ring  # one line, read back as it was
    assert "\n" not in ring.message() and len(ring.name) <= 80 and len(ring.number) <= 40
