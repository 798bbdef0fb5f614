"""Civil phrases (文明用語), forbidden phrases (服務忌語) and fixed sentences (PHR-01 to PHR-05), as the source has.

The texts of ``POLITE``, ``FORBIDDEN`` and ``SCRIPTS`` are the regulation's own words, with the ordinary form where the
source is garbled; they belong to the customer's language, not to the screen's, and are therefore never translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence to say, as spoken in Taiwan and on the mainland."""

    zh_TW: str
    zh_CN: str
    clause: str = "PHR-01"

    def in_language(self, code: str) -> str:
        """Return the phrase in simplified characters for zh_CN, else in traditional ones."""
        return self.zh_CN if code == "zh_CN" else self.zh_TW


POLITE: tuple[Phrase, ...] = (
    Phrase("因人稱呼（如老伯、大媽、同志、師傅、女士、小姐、小朋友）",
           "因人称呼（如老伯、大妈、同志、师傅、女士、小姐、小朋友）", "PHR-06"),
    Phrase("您好", "您好"),
    Phrase("請進、請坐、請講、請問", "请进、请坐、请讲、请问"),
    Phrase("請稍等", "请稍等"),
    Phrase("謝謝", "谢谢"),
    Phrase("對不起", "对不起"),
    Phrase("請諒解", "请谅解"),
    Phrase("很抱歉", "很抱歉"),
    Phrase("沒關係", "没关系"),
    Phrase("不客氣", "不客气"),
    Phrase("請您排隊等候", "请您排队等候"),
    Phrase("請不要著急", "请不要着急"),
    Phrase("很高興能為您服務", "很高兴能为您服务"),
    Phrase("請您先看一下須知", "请您先看一下须知"),
    Phrase("您有什麼要求，請告訴我", "您有什么要求，请告诉我"),
    Phrase("對不起，請注意保持環境（室內）衛生（請您不要吸菸）", "对不起，请注意保持环境（室内）卫生（请您不要吸烟）"),
    Phrase("請把您的要求告訴我", "请把您的要求告诉我"),
    Phrase("我能為您提供什麼幫助嗎", "我能为您提供什么帮助吗"),
    Phrase("我理解您的心情", "我理解您的心情"),
    Phrase("我會盡量幫助您", "我会尽量帮助您"),
    Phrase("請您按規定填寫表格", "请您按规定填写表格"),
    Phrase("有不懂的地方您儘管問", "有不懂的地方您尽管问"),
    Phrase("很抱歉，讓您久等了", "很抱歉，让您久等了"),
    Phrase("不用謝", "不用谢"),
    Phrase("請放心", "请放心"),
    Phrase("我們幫您辦", "我们帮您办"),
    Phrase("請留下寶貴意見", "请留下宝贵意见"),
    Phrase("您慢走", "您慢走"),
    Phrase("請走好，再見", "请走好，再见"),
    Phrase("為您服務是我應當做的！", "为您服务是我应当做的！"),
    Phrase("您的需求就是我的職責", "您的需求就是我的职责"),
    Phrase("對待業主（用戶）語言應當表達恰當，語調溫和，親切自然",
           "对待业主（用户）语言应当表达恰当，语调温和，亲切自然", "PHR-04"),
)  # fmt: skip

SCRIPTS: tuple[Phrase, ...] = (
    Phrase("您好，{company}", "您好，{company}", "CALL-02"),
    Phrase("某某先生，您好", "某某先生，您好", "PHR-05"),
    Phrase("先生您好，請先把您的包寄存在貨物存放箱內，請妥善保管您的鑰匙",
           "先生您好，请先把您的包寄存在货物存放箱内，请妥善保管您的钥匙", "PHR-05"),
    Phrase("收您××元，找您××元", "收您××元，找您××元", "PHR-05"),
    Phrase("祝您生意興隆；下次新貨一到，第一個通知您",
           "祝您生意兴隆；下次新货一到，第一个通知您", "PHR-05"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A phrase nobody says to a customer, however it is spelt, and the polite one in its place."""

    zh_TW: str
    zh_CN: str
    pattern: str
    polite: Phrase
    clause: str


_HELP = Phrase("您好，我能為您提供什麼幫助嗎", "您好，我能为您提供什么帮助吗")
FORBIDDEN: tuple[Forbidden, ...] = (
    Forbidden("老頭", "老头", "(?:死)?老[頭头][子兒儿]?", Phrase("老伯", "老伯"), "PHR-02"),
    Forbidden("老太婆", "老太婆", "(?:死)?老太婆", Phrase("大媽", "大妈"), "PHR-02"),
    Forbidden("神經病", "神经病", "神[經经]病", Phrase("這位客人", "这位客人"), "PHR-02"),
    Forbidden("喂，幹什麼", "喂，干什么", "喂[，,、！! ]*你?[幹干][什甚][麼么]", _HELP, "PHR-02"),
    Forbidden("叫什麼，等一會兒", "叫什么，等一会儿", "叫[什甚][麼么][，,、！! ]*等一[會会][兒儿]?",
              Phrase("請稍等", "请稍等"), "PHR-02"),
    Forbidden("我不知道", "我不知道", "我(?:也|都|真的)?不知道", Phrase("請稍等，我問清楚後馬上答覆您",
              "请稍等，我问清楚后马上答复您"), "PHR-03"),
    Forbidden("這事情不歸我管", "这事情不归我管", "[這这](?:件|個|个)?事情?[兒儿]?(?:也)?不[歸归]我[們们]?管",
              Phrase("我們幫您辦", "我们帮您办"), "PHR-03"),
)  # fmt: skip
_ANY = re.compile("|".join(f"(?P<p{place}>{phrase.pattern})" for place, phrase in enumerate(FORBIDDEN)))
_SIMPLIFIED, _TRADITIONAL = frozenset("头经么会儿这个归们为请问马帮办"), frozenset("頭經麼會兒這個歸們為請問馬幫辦")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a forbidden phrase stands in a text, and what is said instead in the same characters."""

    start: int
    end: int
    said: str
    polite: str
    clause: str


def find_forbidden(text: str) -> Iterator[Hit]:
    """Yield the forbidden phrases of a text in their order (PHR-02, PHR-03); the text is only read."""
    for match in _ANY.finditer(text):
        phrase = FORBIDDEN[int(str(match.lastgroup)[1:])]
        code = "zh_CN" if _is_simplified(match.group(), text) else "zh_TW"
        yield Hit(match.start(), match.end(), match.group(), phrase.polite.in_language(code), phrase.clause)


def _is_simplified(phrase: str, text: str) -> bool:
    for part in (phrase, text):  # the phrase itself may be written alike in both
        simplified, traditional = (not chars.isdisjoint(part) for chars in (_SIMPLIFIED, _TRADITIONAL))
        if simplified != traditional:
            return simplified
    return False


def made_polite(text: str) -> str:
    """Return a text with every forbidden phrase replaced by the polite one; other texts come back as they are."""
    parts, at = [], 0
    for hit in find_forbidden(text):
        parts += [text[at : hit.start], hit.polite]
        at = hit.end
    return "".join([*parts, text[at:]])
