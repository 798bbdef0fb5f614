"""Where a clause was taken from, in people's words."""

from __future__ import annotations

import re
import tomllib

import pytest

from crmdesk.core.i18n import using
from crmdesk.core.paths import resource
from crmdesk.rules.sources import source_words

PACKS = sorted(resource("policies").glob("*.toml"))
SOURCES = sorted(
    {clause["source"] for path in PACKS for clause in tomllib.loads(path.read_text("utf-8")).get("clause", ())}
)


@pytest.mark.parametrize(
    ("source", "english", "chinese"),
    [
        ("000/篇一/ch2/1", "Showroom service standard, chapter 2, item 1", "展廳服務標準　第 2 章第 1 條"),
        ("000/篇一/ch3/2; ch4/1†", "Showroom service standard, chapter 3, item 2; chapter 4, item 1",
         "展廳服務標準　第 3 章第 2 條；第 4 章第 1 條"),
        ("002/篇七/第十三條(二)", "Complaints at the bank, article 13 (2)", "銀行投訴處理　第十三條(二)"),
        ("001/14/六1–3", "Tours of customers, 6.1–3", "客戶參訪制度　六1–3"),
        ("009/1", "009/1", "009/1"),
    ],
)  # fmt: skip
def test_a_source_is_a_title_with_its_place(source: str, english: str, chinese: str) -> None:
    with using("en"):
        assert source_words(source) == english
    with using("zh_TW"):
        assert source_words(source) == chinese


def test_no_clause_shows_its_tag_or_other_characters_in_english() -> None:
    with using("en"):
        written = [source_words(source) for source in SOURCES]
    assert len(written) > 500
    assert [words for words in written if re.search("[一-鿿†/]|^[0-9]{3}", words)] == []
