"""Where a clause stands in the regulations it was taken from, in people's words: 000/篇一/ch2/1 is their short tag."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from crmdesk.core.i18n import N_, _, language

_OUTLINE, _PROJECTS = N_("After-sales service in outline"), N_("After-sales service of projects")
_PROPERTY = N_("After-sales service of property")

#: The regulations, by the document and its part.
TITLES: Mapping[str, str] = MappingProxyType({
    "000/篇一": N_("Showroom service standard"), "000/篇二": N_("Visits to customers"),
    "000/篇三": N_("Duties of the property service"), "000/篇四": N_("Winning new customers"),
    "000/篇五": N_("Customers' complaints"), "001/1": N_("Complaint rules, first text"),
    "001/2": N_("Keeping customers' data secret"), "001/3": N_("Complaint rules, second text"),
    "001/4": N_("Settling problems"), "001/5": N_("Complaints at the property centre"),
    "001/6": N_("Complaints at the hotel"), "001/7": N_("Electricians on duty"),
    "001/8": N_("Customer archive rules, first text"), "001/9": N_("Rules for samples"),
    "001/10": N_("Customer archive rules, second text"), "001/11": N_("Requests for repair"),
    "001/12": N_("Choosing suppliers"), "001/13": N_("Rules of the customer service department"),
    "001/14": N_("Tours of customers"), "001/15": N_("Classes of reception"),
    "002/篇一": N_("Visitors' complaints and call-backs"), "002/篇二": N_("Complaints about goods"),
    "002/篇三": N_("Duty, handover and enquiries"), "002/篇四": N_("Installing and repairing"),
    "002/篇五": N_("Customer archive and referral"), "002/篇六": N_("Customer service staff"),
    "002/篇七": N_("Complaints at the bank"), "003/1": _PROPERTY, "003/2": N_("Service, survey and complaints"),
    "003/3": _OUTLINE, "003/4": _PROJECTS, "003/5": N_("After-sales service of dealers"), "003/6": _OUTLINE,
    "003/7": _OUTLINE, "003/8": _PROJECTS, "003/9": _PROPERTY, "003/10": _OUTLINE,
    "003/11": N_("After-sales service and fines"), "003/12": _OUTLINE, "003/13": _OUTLINE,
    "003/14": N_("Service and complaints in short"), "003/15": N_("Upkeep of security systems"),
    "004": N_("How complaints are handled"),
})  # fmt: skip

#: Headings inside a regulation that are words, not numbers.
_HEADINGS: Mapping[str, str] = MappingProxyType({
    "intro": N_("opening"), "首問": N_("who is asked first"), "值班": N_("duty"), "諮詢": N_("enquiries"),
    "回訪": N_("call-backs"), "交接班": N_("handover"), "附則": N_("supplement"), "總則": N_("general part"),
    "日常": N_("daily work"), "行政": N_("office"), "規範": N_("standard"), "保監": N_("insurance supervision"),
    "電話承接": N_("taking calls"), "異議": N_("objections"), "權限": N_("powers"),
    "標準程序": N_("standard procedure"), "原則": N_("principles"), "內聯單": N_("internal slip"),
    "流程": N_("course"), "regional": N_("regional"), "sales": N_("sales"), "version": N_("version"),
    "versions": N_("versions"), "and": N_("and"), "purpose": N_("purpose"), "header": N_("heading"),
    "模版": N_("template"), "說明": N_("notes"), "檔案": N_("archive"), "維護": N_("upkeep"), "經濟": N_("economy"),
    "附": N_("annex"), "綜合部": N_("general office"), "基本信息": N_("basic data"), "家庭信息": N_("family"),
    "個人生活、安全信息": N_("daily life and safety"), "個人房產狀況": N_("property owned"),
    "受社會尊重信息": N_("standing"), "自我認同價值": N_("own values"),
})  # fmt: skip
_TAG = re.compile(r"(\d{3})(?:/(篇[一二三四五六七八九十]|\d+))?(.*)")
_CHAPTER = re.compile(r"ch(\d+)\s*(.*)")
_NUMERAL = re.compile("[一二三四五六七八九十]+")
_WORD = re.compile("|".join(sorted(_HEADINGS, key=len, reverse=True)))
_DIGITS = "一二三四五六七八九"


def source_words(source: str) -> str:
    """Return where a clause was taken from: the regulation's title with chapter and item, several with a semicolon."""
    return _("; ").join(_place(part.strip()) for part in source.replace("†", "").split(";"))


def _place(tag: str) -> str:
    found = _TAG.fullmatch(tag)
    if found is None:  # a further place in the regulation named before
        return _within(tag)
    document, part, rest = found.groups()
    title = TITLES.get(f"{document}/{part}" if part else document)
    if title is None:
        return tag
    within = _within(rest.strip(" /"))
    return _("{title}, {place}").format(title=_(title), place=within) if within else _(title)


def _within(rest: str) -> str:
    """Return the place inside a regulation; its own numbers stay, in English as 1, 2, 3."""
    tokens = [token for token in rest.split("/") if token]
    chapter = _CHAPTER.fullmatch(tokens[0]) if tokens else None
    if chapter is None:
        return _(", ").join(_written(token) for token in tokens)
    number, words = chapter.groups()
    items = [_written(token) for token in (words, *tokens[1:]) if token]
    if not items:
        return _("chapter {chapter}").format(chapter=number)
    if words:
        return _("chapter {chapter}, {place}").format(chapter=number, place=_(", ").join(items))
    return _("chapter {chapter}, item {item}").format(chapter=number, item=_(", ").join(items))


def _written(token: str) -> str:
    token = _WORD.sub(_heading, token)
    if language() == "en":
        token = re.sub(f"第({_NUMERAL.pattern})條", r"article \1 ", token).strip()
        token = re.sub(f"({_NUMERAL.pattern})(?=[0-9])", r"\1.", token)
        token = _NUMERAL.sub(_arabic, token).replace("、", ", ")
        token = re.sub(r"(?<=[a-z])(?=[0-9(])", " ", token)
    return token


def _heading(found: re.Match[str]) -> str:
    return _(_HEADINGS[found.group()])


def _arabic(found: re.Match[str]) -> str:
    """Return 十三 as 13 and 二十 as 20."""
    tens, ten, ones = found.group().rpartition("十")
    if not ten:
        return "".join(str(_DIGITS.index(digit) + 1) for digit in ones)
    return str(10 * (_DIGITS.find(tens[-1:]) + 1 if tens else 1) + (_DIGITS.find(ones) + 1 if ones else 0))
