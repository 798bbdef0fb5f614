"""Civil and forbidden phrases (PHR)."""

from __future__ import annotations

import pytest

from crmdesk.rules.phrases import FORBIDDEN, POLITE, find_forbidden, made_polite
from crmdesk.rules.policies import shipped


@pytest.mark.clause("PHR-01")
def test_there_are_as_many_civil_phrases_as_the_clause_says() -> None:
    assert len(POLITE) == shipped().number("PHR-01", "phrases")
    for code in ("zh_TW", "zh_CN"):
        assert len({phrase.in_language(code) for phrase in POLITE}) == len(POLITE)


@pytest.mark.clause("PHR-02")
@pytest.mark.parametrize(
    ("text", "polite"),
    [
        ("那個老頭子又來", "那個老伯又來"),
        ("那个老头又来", "那个老伯又来"),
        ("老太婆", "大媽"),
        ("喂，你幹什麼？", "您好，我能為您提供什麼幫助嗎？"),
        ("喂干什么", "您好，我能为您提供什么帮助吗"),
        ("叫什麼,等一會兒", "請稍等"),
        ("他有神經病", "他有這位客人"),
    ],
)
def test_a_forbidden_phrase_gets_its_polite_one(text: str, polite: str) -> None:
    assert made_polite(text) == polite
    assert {hit.clause for hit in find_forbidden(text)} == {"PHR-02"}


@pytest.mark.clause("PHR-03")
def test_not_knowing_is_no_answer() -> None:
    hits = list(find_forbidden("我不知道，這事不歸我管。"))
    assert [(hit.said, hit.polite, hit.clause) for hit in hits] == [
        ("我不知道", "請稍等，我問清楚後馬上答覆您", "PHR-03"), ("這事不歸我管", "我們幫您辦", "PHR-03"),
    ]  # fmt: skip
    assert made_polite("我不知道，这事情不归我管") == "请稍等，我问清楚后马上答复您，我们帮您办"


def test_each_forbidden_phrase_is_found_as_the_source_writes_it() -> None:
    for phrase in FORBIDDEN:
        for text in (phrase.zh_TW, phrase.zh_CN):
            assert [hit.said for hit in find_forbidden(text)] == [text]
            assert not list(find_forbidden(phrase.polite.zh_TW + phrase.polite.zh_CN))


def test_a_civil_text_comes_back_as_it_is() -> None:
    assert made_polite("他知道，客人問 B-2201") == "他知道，客人問 B-2201"
    assert not list(find_forbidden("".join(phrase.zh_TW + phrase.zh_CN for phrase in POLITE)))
