"""Where a telephone number comes from, as the office names places: suggested in the call form, never enforced."""

from __future__ import annotations

from functools import cache

from crmdesk.core.phone import PhoneNumber, area_code

# Taiwan: the longest prefix (area code and first digits, without 0) wins.
_TAIWAN = {
    "2": "臺北",
    "3": "桃園",
    **dict.fromkeys(("35", "36"), "新竹"),
    "38": "花蓮",
    "39": "宜蘭",
    "37": "苗栗",
    "4": "臺中",
    **dict.fromkeys(("47", "48"), "彰化"),
    "49": "南投",
    "5": "嘉義",
    **dict.fromkeys(("55", "56", "57"), "雲林"),
    "6": "臺南",
    "69": "澎湖",
    "7": "高雄",
    "8": "屏東",
    "82": "金門",
    "826": "烏坵",
    "836": "馬祖",
    "89": "臺東",
}

# Mainland: area codes without 0.
_MAINLAND = {
    "10": "北京", "20": "广州", "21": "上海", "22": "天津", "23": "重庆", "24": "沈阳", "25": "南京", "27": "武汉",
    "28": "成都", "29": "西安", "311": "石家庄", "312": "保定", "315": "唐山", "335": "秦皇岛", "351": "太原",
    "371": "郑州", "379": "洛阳", "411": "大连", "412": "鞍山", "431": "长春", "432": "吉林", "451": "哈尔滨",
    "452": "齐齐哈尔", "459": "大庆", "471": "呼和浩特", "472": "包头", "510": "无锡", "511": "镇江", "512": "苏州",
    "513": "南通", "514": "扬州", "515": "盐城", "516": "徐州", "517": "淮安", "518": "连云港", "519": "常州",
    "523": "泰州", "527": "宿迁", "531": "济南", "532": "青岛", "533": "淄博", "535": "烟台", "536": "潍坊",
    "537": "济宁", "539": "临沂", "551": "合肥", "552": "蚌埠", "553": "芜湖", "570": "衢州", "571": "杭州",
    "572": "湖州", "573": "嘉兴", "574": "宁波", "575": "绍兴", "576": "台州", "577": "温州", "578": "丽水",
    "579": "金华", "580": "舟山", "591": "福州", "592": "厦门", "593": "宁德", "594": "莆田", "595": "泉州",
    "596": "漳州", "597": "龙岩", "598": "三明", "599": "南平", "631": "威海", "660": "汕尾", "662": "阳江",
    "663": "揭阳", "668": "茂名", "691": "西双版纳", "716": "荆州", "717": "宜昌", "731": "长沙", "733": "株洲",
    "734": "衡阳", "750": "江门", "751": "韶关", "752": "惠州", "753": "梅州", "754": "汕头", "755": "深圳",
    "756": "珠海", "757": "佛山", "758": "肇庆", "759": "湛江", "760": "中山", "762": "河源", "763": "清远",
    "766": "云浮", "768": "潮州", "769": "东莞", "771": "南宁", "772": "柳州", "773": "桂林", "791": "南昌",
    "792": "九江", "797": "赣州", "816": "绵阳", "851": "贵阳", "871": "昆明", "872": "大理", "888": "丽江",
    "891": "拉萨", "898": "海口", "931": "兰州", "951": "银川", "971": "西宁", "991": "乌鲁木齐",
}  # fmt: skip
_COUNTRIES = {"HK": "香港", "MO": "澳門"}
# 臺州 is in the mainland and written 台州 there as here.
_KEPT = {"台州"}


def suggest_region(number: PhoneNumber, language: str = "zh_TW") -> str:
    """Return the place a number comes from in the script of ``language``; empty when the number does not say.

    Mobile phones of Taiwan belong to no place; those of the mainland are looked up in the (slow to load) phone library.
    """
    place = ""
    if number.country == "TW":
        digits = number.digits if area_code(number) else ""
        place = next((_TAIWAN[digits[:n]] for n in (3, 2, 1) if digits[:n] in _TAIWAN and n <= len(digits)), "")
    elif number.country == "CN":
        place = _MAINLAND.get(area_code(number), "") or _looked_up(number)
    elif number.country in _COUNTRIES:
        place = _COUNTRIES[number.country]
    elif number.country:
        place = _country_name(number.country, language)
    return _in_script(place, language)


def _looked_up(number: PhoneNumber) -> str:
    from phonenumbers import PhoneNumber as LibraryNumber
    from phonenumbers import geocoder

    if number.digits.startswith(("400", "800")) and len(number.digits) == 10:
        return ""
    found = str(geocoder.description_for_number(LibraryNumber(86, int(number.digits)), "zh"))
    # 广东省深圳市 → 深圳: the office writes the town.
    town = found.rsplit("省", 1)[-1].rsplit("自治区", 1)[-1].removesuffix("市")
    return "" if town in ("中国", "") else town


@cache
def _country_name(country: str, language: str) -> str:
    from babel import Locale

    return Locale.parse("zh_CN" if language == "zh_CN" else "zh_TW").territories.get(country, "")


@cache
def _in_script(place: str, language: str) -> str:
    if not place or place in _KEPT:
        return place
    from opencc import OpenCC

    return str(OpenCC("t2s" if language == "zh_CN" else "s2t").convert(place))
