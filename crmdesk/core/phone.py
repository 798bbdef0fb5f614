"""Telephone numbers as people write them: read, kept as text, found by any tail, shown grouped.

Taiwan, the mainland, Hong Kong and Macau are known by a few rules here (a microsecond each); only numbers of other
countries wake the big ``phonenumbers`` library (a third of a second, once).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.core.text import clean, half_width

COUNTRY_CODES = {"TW": "886", "CN": "86", "HK": "852", "MO": "853"}
_MIN_BEFORE_EXTENSION = 5
MIN_TAIL = 3  # digits of a tail that are worth a search
_MAX_DIGITS = 15  # of any number in the world, without the international prefix

_EXCEL = re.compile(r"[+]?\d+(?:[.,]\d+)?\s*[eE]\s*[+]?\d+")
_EXCEL_WHOLE = re.compile(r"[+]?([1-9])[.,](\d{6,14})\s*[eE]\s*[+]?(\d{1,2})")
_DECIMAL = re.compile(r"(\d{6,})[.,]0+")
_EXTENSION = re.compile(
    r"[\s,;(]*(?:轉接?|转接?|分機號?碼?|分机号?码?|內線|内线|extension|extn?\.?|x|#|,|;ext=)\s*[:：.]?\s*#?\s*(\d{1,8})\s*\)?$",
    re.IGNORECASE | re.ASCII,
)
_LABEL = re.compile(
    r"^(?:tel|phone|mobile|mob|cell|fax|電話|电话|手機|手机|行動電話|座機|座机|市話|傳真|传真|[（(][OHMF][）)])\s*[.:：]?\s*",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−﹣~～.·•・/_()（）\[\]【】\u200b]+")
_TRUNK_NOTE = re.compile(r"[(（]\s*0\s*[)）]")  # +886 (0)4 …

# What a national number (without trunk 0) looks like.
_TW = re.compile(r"9\d{8}|2\d{8}|[3-8]\d{7,8}|70\d{8}")
_CN = re.compile(r"1[3-9]\d{9}|10\d{8}|2\d{9}|[3-9]\d{9,10}|[48]00\d{7}")
_HK = re.compile(r"[235-9]\d{7}|800\d{6}")
_MO = re.compile(r"6\d{7}|28\d{6}|8\d{7}")
_NATIONAL = {"TW": _TW, "CN": _CN, "HK": _HK, "MO": _MO}
_TW_AREAS = ("836", "826", "37", "49", "82", "89", "2", "3", "4", "5", "6", "7", "8")
_NORTH_WEST = re.compile(r"09\d\d[\s-]+\d{7}").fullmatch  # 0991-1234567 Ürümqi, not a mobile of one digit too many
_CN_MOBILE = re.compile(r"1[3-9]\d{9}")


class PhoneError(UserError, ValueError):
    """The text is not a telephone number; ``message`` says why and what to do."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that was understood.

    ``digits`` is the national number without country and trunk prefix; ``country`` a code like TW, or None for
    short and local numbers that don't say; ``raw`` what was typed.
    """

    raw: str
    digits: str
    country: str | None = None
    extension: str = ""

    @property
    def mobile(self) -> bool:
        """Whether it is a mobile phone (Taiwan, mainland, Hong Kong, Macau)."""
        pattern = {"TW": "9", "CN": "1[3-9]", "HK": "[5679]", "MO": "6"}.get(self.country or "")
        return bool(pattern and re.match(pattern, self.digits))

    @property
    def dialled(self) -> str:
        """The digits as dialled inside the country, trunk 0 included."""
        return ("0" if _has_trunk(self) else "") + self.digits


def _has_trunk(number: PhoneNumber) -> bool:
    if number.country == "TW":
        return True
    return number.country == "CN" and not re.match(r"1[3-9]|[48]00", number.digits)


def parse(text: str, home: str = "TW") -> PhoneNumber:
    """Read a telephone number, PhoneError if it is none; ``home`` is where numbers without a prefix belong."""
    raw = clean(text)
    body, extension = _body(raw)
    if _EXCEL.fullmatch(body):
        raise PhoneError(
            _("Excel has shortened this phone number to {text}: its digits are lost. "
              "Format the column as text in the original file and export it again.").format(text=raw)
        )  # fmt: skip
    plus, digits = _digits(body)
    if not raw:
        raise PhoneError(_("Please enter a phone number."))
    if digits is None:
        raise PhoneError(
            _("A phone number has digits only; “{text}” has other characters in it.").format(text=raw[:40])
        )
    if len(digits) < MIN_TAIL:
        raise PhoneError(_("This phone number is too short: at least 3 digits are needed."))
    if len(digits) > _MAX_DIGITS:
        raise PhoneError(
            _("This phone number is too long ({count} digits). Please enter several numbers one by one.").format(
                count=len(digits)
            )
        )
    country, national = _abroad(digits, raw) if plus else _at_home(digits, home, body)
    return PhoneNumber(raw, national, country, extension)


def _body(raw: str) -> tuple[str, str]:
    """Return the number without label and extension, and the extension."""
    if raw.isascii() and raw.isdigit():
        return raw, ""
    body = _LABEL.sub("", half_width(raw))
    extensions: list[str] = []
    while not _EXCEL.fullmatch(body) and (found := _EXTENSION.search(body)):
        if len(_loose_digits(body[: found.start()])) < _MIN_BEFORE_EXTENSION:
            break
        body = body[: found.start()]
        extensions.insert(0, found[1])
    return _unshortened(body.strip(" ,;:'\"’`")), ",".join(extensions)


def _unshortened(body: str) -> str:
    """Return the digits Excel wrote as a power of ten, where none of them is lost: 8.86912345678E+11."""
    found = _EXCEL_WHOLE.fullmatch(body)
    return found[1] + found[2] if found and len(found[2]) == int(found[3]) else body


def _digits(body: str) -> tuple[bool, str | None]:
    """Return whether the number is written internationally, and its digits (None: something else is in it)."""
    if body.isascii() and body.isdigit() and not body.startswith("00"):
        return False, body
    if found := _DECIMAL.fullmatch(body):
        body = found[1]
    international = body.lstrip("( ").startswith("+")
    if international:
        body = _TRUNK_NOTE.sub("", body)
    digits = _SEPARATORS.sub("", body)
    if international:
        digits = digits.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return False, None
    if not international and digits.startswith("00") and len(digits) > 9:
        return True, digits[2:]
    return international, digits


def _abroad(digits: str, raw: str) -> tuple[str | None, str]:
    """Return (country, national number) of digits that begin with a country code."""
    for country, code in COUNTRY_CODES.items():
        if digits.startswith(code):
            rest = digits.removeprefix(code)
            national = rest if country in ("HK", "MO") else rest.lstrip("0")
            if not _NATIONAL[country].fullmatch(national):
                raise _incomplete(raw)
            return country, national
    import phonenumbers

    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise _incomplete(raw)
    prefix = number.country_code or 0
    region = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(prefix)
    return region, digits.removeprefix(str(prefix))


def _incomplete(raw: str) -> PhoneError:
    return PhoneError(_("“{text}” is not a complete phone number; please check its digits.").format(text=raw[:40]))


def _at_home(digits: str, home: str, body: str) -> tuple[str | None, str]:
    """Return (country, national number) of digits written without + or 00."""
    for country, code in COUNTRY_CODES.items() if len(digits) >= 11 else ():  # the + got lost: 886912345678
        rest = digits.removeprefix(code)
        national = rest if country in ("HK", "MO") else rest.removeprefix("0")
        if rest != digits and _NATIONAL[country].fullmatch(national):
            if country == "CN" and len(national) < 10:
                continue
            return country, national
    if digits.startswith("0"):
        national = digits[1:]
        if home == "TW" and digits.startswith("09") and len(digits) in (8, 9, 11) and not _NORTH_WEST(body):
            raise PhoneError(
                _("A mobile number in Taiwan has 10 digits; this one has {count}.").format(count=len(digits))
            )
        if _TW.fullmatch(national) and not (home == "CN" and len(national) > 9):
            return "TW", national
        if _CN.fullmatch(national) and len(national) >= 10:
            return "CN", national
        return None, digits
    if _CN_MOBILE.fullmatch(digits) or re.fullmatch(r"400\d{7}", digits):
        return "CN", digits
    if home == "CN" and re.fullmatch(r"1[3-9]\d{8}|1[3-9]\d{10}", digits):
        raise PhoneError(
            _("A mobile number of the mainland has 11 digits; this one has {count}.").format(count=len(digits))
        )
    if home in ("HK", "MO") and _NATIONAL[home].fullmatch(digits):
        return home, digits
    # A spreadsheet took the leading 0 away; local numbers have at most 8 digits, so 9 can't be one.
    if home == "TW" and len(digits) == 9 and _TW.fullmatch(digits):
        return "TW", digits
    if home == "CN" and re.fullmatch(r"10\d{8}|2\d{9}|[3-9]\d{9,10}", digits):
        return "CN", digits
    return None, digits


def tail_key(text: str, home: str = "TW") -> str:
    """Return the digits reversed, as dialled inside the country: an index on it finds the number by any tail."""
    try:
        return parse(text, home).dialled[::-1]
    except PhoneError:
        body = _body(clean(text))[0]
        return "" if _EXCEL.fullmatch(body) else _loose_digits(body)[::-1][:32]


def query_tail(text: str, home: str = "TW") -> str:
    """Return the typed digits reversed, to compare with the beginning of a `tail_key`; empty under 3 digits.

    Country and trunk prefix are taken off where the text shows them, so every way of writing finds the number.
    """
    body = _body(clean(text))[0]
    if _EXCEL.fullmatch(body):
        return ""
    international, digits = _digits(body)
    if digits is None or len(digits) < MIN_TAIL or len(digits) > 2 * _MAX_DIGITS:
        return ""
    try:
        return parse(text, home).digits[::-1]
    except PhoneError:
        pass  # still being typed, or kept as it was written: compare what is there
    if international:
        code = next((code for code in COUNTRY_CODES.values() if digits.startswith(code)), "")
        digits = digits.removeprefix(code)
        digits = digits.lstrip("0") if code else digits
    return digits[::-1] if len(digits) >= MIN_TAIL else ""


def _loose_digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isascii() and ch.isdigit())


def display(number: PhoneNumber, home: str = "TW") -> str:
    """Return the number grouped as the office writes it, with the country code when it is not ``home``'s."""
    if number.country is None:
        shown = _group_local(number.digits)
    elif number.country not in COUNTRY_CODES:
        shown = _display_foreign(number)
    else:
        groups = _groups(number)
        if number.country == home:
            joint = "-" if home == "TW" else " "
            groups[0] = ("0" if _has_trunk(number) else "") + groups[0]
            shown = joint.join(groups)
            if home == "CN" and _has_trunk(number):
                shown = groups[0] + "-" + " ".join(groups[1:])
        else:
            shown = f"+{COUNTRY_CODES[number.country]} " + " ".join(groups)
    return f"{shown} #{number.extension}" if number.extension else shown


def _groups(number: PhoneNumber) -> list[str]:
    digits = number.digits
    if number.country == "TW":
        if digits[0] == "9" or (digits.startswith("80") and len(digits) == 9):
            return [digits[:3], digits[3:6], digits[6:]]
        if digits.startswith("70") and len(digits) == 10:
            return [digits[:2], digits[2:6], digits[6:]]
        area = area_code(number)
        rest = digits[len(area) :]
        return [area, *([rest[:-4], rest[-4:]] if len(rest) > 6 else [rest])]
    if number.country == "CN":
        if _CN_MOBILE.fullmatch(digits) or re.fullmatch(r"[48]00\d{7}", digits):
            return [digits[:3], digits[3:7], digits[7:]] if len(digits) == 11 else [digits[:3], digits[3:6], digits[6:]]
        area = area_code(number)
        rest = digits[len(area) :]
        return [area, rest[:-4], rest[-4:]]
    return [digits[:4], digits[4:]] if len(digits) == 8 else [digits[:3], digits[3:6], digits[6:]]


def area_code(number: PhoneNumber) -> str:
    """Return the area code of a landline in Taiwan or the mainland, without 0; empty for other numbers."""
    if number.mobile:
        return ""
    if number.country == "TW":
        if number.digits.startswith(("80", "70")) and len(number.digits) >= 9:
            return ""
        return next((area for area in _TW_AREAS if number.digits.startswith(area)), "")
    if number.country == "CN" and not re.match(r"[48]00\d{7}$", number.digits):
        return number.digits[:2] if number.digits[0] in "12" else number.digits[:3]
    return ""


def _group_local(digits: str) -> str:
    if len(digits) in (7, 8):
        return f"{digits[:-4]}-{digits[-4:]}"
    return digits


def _display_foreign(number: PhoneNumber) -> str:
    import phonenumbers

    code = phonenumbers.country_code_for_region(number.country or "")
    parsed = phonenumbers.parse(f"+{code}{number.digits}")
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def international(number: PhoneNumber) -> str:
    """Return the number for a dialling link, +886912345678; the bare digits when the country is unknown."""
    if number.country is None:
        return number.digits
    code = COUNTRY_CODES.get(number.country)
    if code is None:
        import phonenumbers

        code = str(phonenumbers.country_code_for_region(number.country))
    return f"+{code}{number.digits}"


_BETWEEN = re.compile(r"\s*(?:[、，,;；|\n\r]|\s/|/\s?|或|以及|及|和|\bor\b)\s*", re.IGNORECASE)


def split_numbers(text: str) -> list[str]:
    """Return the several numbers of one cell, as written; short leftovers (轉 12、13) stay with their number."""
    parts: list[str] = []
    for part in _BETWEEN.split(text.strip()):
        pieces = part.split()
        if len(pieces) > 1 and all(len(_loose_digits(piece)) >= 8 for piece in pieces):
            parts.extend(pieces)
        elif len(_loose_digits(part)) >= 5 or not parts:
            parts.append(part.strip())
        elif part.strip():
            parts[-1] += "," + part.strip()
    return [part for part in parts if part]
