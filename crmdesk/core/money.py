"""Money: rounded, written, read and spoken as the office does; amounts are Decimal, never float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import clean, half_width

MINUS = "\u2212"  # the proper sign, as wide as a digit
LARGEST = Decimal("9999999999999999")  # sixteen digits: what the capitals can name


@dataclass(frozen=True, slots=True)
class Currency:
    """One currency: how many decimals the office shows and sums, its signs, its names."""

    code: str
    decimals: int
    symbol: str
    name: str
    traditional: str  # before the capitals: 新臺幣
    simplified: str


CURRENCIES = {
    currency.code: currency
    for currency in (
        Currency("TWD", 0, "NT$", N_("New Taiwan dollar"), "新臺幣", "新台币"),
        Currency("CNY", 2, "¥", N_("Renminbi"), "人民幣", "人民币"),
        Currency("HKD", 2, "HK$", N_("Hong Kong dollar"), "港幣", "港币"),
        Currency("MOP", 2, "MOP$", N_("Macau pataca"), "澳門幣", "澳门币"),
        Currency("USD", 2, "US$", N_("US dollar"), "美元", "美元"),
        Currency("JPY", 0, "JP¥", N_("Japanese yen"), "日圓", "日元"),
    )
}


class MoneyError(UserError, ValueError):
    """The text is not an amount; ``message`` says what to enter."""


def quantize(amount: Decimal, currency: str) -> Decimal:
    """Return the amount rounded half up to what the currency shows: no decimals for TWD and JPY, two for others."""
    exponent = Decimal(1).scaleb(-CURRENCIES[currency].decimals)
    rounded = amount.quantize(exponent, rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def format_number(amount: Decimal | int, decimals: int | None = None, *, minus: str = MINUS) -> str:
    """Return a number with thousands commas; ``decimals`` None keeps the digits there are."""
    value = Decimal(amount)
    if decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    shown = f"{abs(value):,f}"
    return minus + shown if value < 0 else shown


def format_money(
    amount: Decimal, currency: str, language: str = "zh_TW", *, symbol: bool = True, minus: str = MINUS
) -> str:
    """Return an amount as the office writes it: NT$1,234, ¥1,234.50, −HK$80.00."""
    unit = CURRENCIES[currency]
    shown = format_number(abs(quantize(amount, currency)), unit.decimals)
    sign = unit.symbol
    if currency == "CNY" and language != "zh_CN":
        sign = "RMB"  # outside the mainland ¥ alone is read as yen
    return (minus if quantize(amount, currency) < 0 else "") + (sign if symbol else "") + shown


_SIGNS = re.compile(
    r"^(?:NT\$|NTD|TWD|HK\$|HKD|US\$|USD|MOP\$|MOP|RMB|CNY|JP¥|JPY|[$¥¥]|新?[臺台][幣币]|人民[幣币]|港[幣币]|美元)\s*",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+", re.ASCII)


def parse_money(text: str) -> Decimal:
    """Read a typed amount: 1,234.5, NT$1234, full-width digits, 1234元, −80, (80). MoneyError if it is none."""
    body = half_width(clean(text)).replace(MINUS, "-").replace("–", "-")
    negative = body.startswith("(") and body.endswith(")")
    body = body.strip("()").strip()
    for _round in range(2):  # the minus may stand before or behind the sign: -NT$5, NT$-5
        if body.startswith(("-", "+")):
            negative = negative or body[0] == "-"
            body = body[1:].strip()
        body = _SIGNS.sub("", body)
    body = re.sub(r"\s*(?:元整|元|圓整|圓|整|塊|块)$", "", body).replace("，", ",").replace(" ", "")
    if not body:
        raise MoneyError(_("Please enter an amount."))
    if not _AMOUNT.fullmatch(body):
        raise MoneyError(_("“{text}” is not an amount. Please enter digits, e.g. 1,234.50.").format(text=text[:40]))
    amount = Decimal(body.replace(",", ""))
    if amount > LARGEST:
        raise MoneyError(_("This amount is too large: at most 16 digits."))
    return -amount if negative and amount else amount


_DIGITS = {"zh_TW": "零壹貳參肆伍陸柒捌玖", "zh_CN": "零壹贰叁肆伍陆柒捌玖"}
_PLACES = ("", "拾", "佰", "仟")
_MYRIADS = {"zh_TW": ("", "萬", "億", "兆"), "zh_CN": ("", "万", "亿", "万亿")}


def _integer_words(number: int, digits: str, places: tuple[str, ...], myriads: tuple[str, ...]) -> str:
    """Return a whole number in Chinese figures; one zero stands for any run of empty places inside it."""
    words, zero = "", False
    if myriads[3] == "万亿" and number >= 10**12:  # the mainland counts 亿 in 万, and does not say 兆
        low = number % 10**8
        words = _integer_words(number // 10**8, digits, places, myriads) + "亿"
        if not low:
            return words
        return words + (digits[0] if low < 10**7 else "") + _integer_words(low, digits, places, myriads)
    for group in range(3, -1, -1):
        part = number // 10_000**group % 10_000
        if part == 0:
            zero = zero or bool(words)
            continue
        for place in range(3, -1, -1):
            digit = part // 10**place % 10
            if digit == 0:
                zero = zero or bool(words)
                continue
            words += (digits[0] if zero else "") + digits[digit] + places[place]
            zero = False
        words += myriads[group]
        zero = False
    return words or digits[0]


def capitals(amount: Decimal, currency: str, language: str = "zh_TW") -> str:
    """Return the amount in Chinese capitals, 新臺幣肆萬玖仟玖佰元整; empty in English or above sixteen digits."""
    if language not in _DIGITS:
        return ""
    value = quantize(amount, currency)
    if abs(value) > LARGEST:
        return ""
    unit = CURRENCIES[currency]
    digits = _DIGITS[language]
    cents = int(abs(value) * 100)
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = unit.traditional if language == "zh_TW" else unit.simplified
    if value < 0:
        words += "負" if language == "zh_TW" else "负"
    if whole or not cents:
        words += _integer_words(whole, digits, _PLACES, _MYRIADS[language]) + "元"
    if jiao:
        words += digits[jiao] + "角"
    elif fen and whole:
        words += digits[0]
    if fen:
        words += digits[fen] + "分"
    return words if fen else words + "整"


_SPOKEN = "零一二三四五六七八九"
_SPOKEN_PLACES = ("", "十", "百", "千")


def spoken(amount: Decimal, currency: str, language: str = "zh_TW") -> str:
    """Return the amount as said over the counter (SET-07): 兩萬七千, 两万七千; figures in English."""
    value = quantize(amount, currency)
    if language not in _DIGITS or abs(value) > LARGEST:
        return format_money(value, currency, language, symbol=False)
    whole = int(abs(value))
    words = _integer_words(whole, _SPOKEN, _SPOKEN_PLACES, _MYRIADS[language])
    two = "兩" if language == "zh_TW" else "两"
    for place in "百千萬億兆万亿":  # 兩百, 兩千, 兩萬; but 二十, and 十二萬
        words = re.sub(rf"(?<!十)二{place}", two + place, words)
    if words.startswith("一十"):
        words = words[1:]
    if words == "二":
        words = two
    cents = int(abs(value) * 100) % 100
    if cents:
        figures = f"{cents:02d}".rstrip("0")
        words += ("點" if language == "zh_TW" else "点") + "".join(_SPOKEN[int(figure)] for figure in figures)
    negative = "負" if language == "zh_TW" else "负"
    return (negative if value < 0 else "") + words
