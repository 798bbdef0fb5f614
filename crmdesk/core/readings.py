"""How Chinese characters are read aloud: pinyin and zhuyin, with the readings surnames have of their own."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

# Surnames whose reading differs from the everyday one, or that families read in two ways (simplified form).
# The everyday reading is always kept beside these: a receptionist who types it finds the customer too.
SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan",), "曾": ("zeng",), "仇": ("qiu",), "解": ("xie",), "查": ("zha",), "区": ("ou",),
    "朴": ("piao",), "乐": ("yue", "le"), "覃": ("qin", "tan"), "任": ("ren",), "华": ("hua",), "卜": ("bu",),
    "缪": ("miao",), "盖": ("ge", "gai"), "翟": ("zhai", "di"), "冼": ("xian",), "纪": ("ji",), "宁": ("ning",),
    "曲": ("qu",), "燕": ("yan",), "尹": ("yin",), "俞": ("yu",), "员": ("yun",), "叶": ("ye",), "种": ("chong",),
    "召": ("shao",), "句": ("gou",), "冯": ("feng",), "尉": ("wei", "yu"), "逄": ("pang",), "洗": ("xian",),
    "秘": ("bi",), "乜": ("nie",), "那": ("na",), "能": ("nai",), "臧": ("zang",), "适": ("kuo",), "祭": ("zhai",),
    "黑": ("he",), "盛": ("sheng",), "石": ("shi",), "相": ("xiang",), "都": ("du",), "宓": ("mi", "fu"),
    "车": ("che",), "隗": ("wei", "kui"), "郇": ("xun", "huan"), "费": ("fei", "bi"), "哈": ("ha",), "繁": ("po",),
    "万": ("wan",), "沈": ("shen",), "薄": ("bo",), "折": ("she",), "令": ("ling",), "貟": ("yun",), "昝": ("zan",),
    "晁": ("chao",), "佘": ("she",), "谌": ("chen", "shen"), "葛": ("ge",), "应": ("ying",), "洪": ("hong",),
    "过": ("guo",), "牟": ("mou", "mu"), "贾": ("jia",), "长": ("zhang", "chang"), "郗": ("xi", "chi"),
    "重": ("chong",), "逯": ("lu",), "亓": ("qi",), "阚": ("kan",), "訾": ("zi",), "柏": ("bai", "bo"),
    "藏": ("zang",), "降": ("jiang",), "於": ("yu",), "于": ("yu",), "余": ("yu",), "恽": ("yun",), "晟": ("cheng",),
}  # fmt: skip
# Two-character surnames read as a whole.
COMPOUND_SURNAMES: dict[str, tuple[str, str]] = {
    "尉迟": ("yu", "chi"), "长孙": ("zhang", "sun"), "万俟": ("mo", "qi"), "澹台": ("tan", "tai"),
    "单于": ("chan", "yu"), "令狐": ("ling", "hu"), "夏侯": ("xia", "hou"), "鲜于": ("xian", "yu"),
    "宿六": ("su", "lu"), "拓跋": ("tuo", "ba"), "呼延": ("hu", "yan"), "濮阳": ("pu", "yang"),
    "亓官": ("qi", "guan"), "皇甫": ("huang", "fu"), "宰父": ("zai", "fu"), "慕容": ("mu", "rong"),
    "赫连": ("he", "lian"), "贺兰": ("he", "lan"), "欧阳": ("ou", "yang"), "诸葛": ("zhu", "ge"),
}  # fmt: skip
# Characters that given names, shops and towns read in more than one way; the everyday reading is added.
HETERONYMS: dict[str, tuple[str, ...]] = {
    "乐": ("yue", "le"), "重": ("chong", "zhong"), "长": ("chang", "zhang"), "行": ("hang", "xing"),
    "朝": ("chao", "zhao"), "茜": ("xi", "qian"), "晟": ("sheng", "cheng"), "柏": ("bai", "bo"), "莘": ("xin", "shen"),
    "蔚": ("wei", "yu"), "筠": ("yun", "jun"), "盛": ("sheng", "cheng"), "奇": ("qi", "ji"), "都": ("du", "dou"),
    "露": ("lu", "lou"), "藏": ("cang", "zang"), "和": ("he",), "银": ("yin",), "会": ("hui", "kuai"),
    "参": ("can", "shen"), "阿": ("a", "e"), "厦": ("xia", "sha"), "番": ("fan", "pan"),
    "蚌": ("beng", "bang"), "埔": ("pu", "bu"), "堡": ("bao", "pu"), "省": ("sheng", "xing"), "宿": ("su", "xiu"),
    "调": ("diao", "tiao"), "传": ("chuan", "zhuan"), "率": ("lv", "shuai"),
    "什": ("shi", "shen"), "褚": ("chu", "zhu"), "琢": ("zhuo", "zuo"), "镯": ("zhuo",), "钥": ("yao", "yue"),
    "嘉": ("jia",), "佛": ("fo", "fu"), "殷": ("yin", "yan"), "与": ("yu",), "亚": ("ya",), "了": ("le", "liao"),
    "婧": ("jing",), "珮": ("pei",), "𠮷": ("ji",), "喆": ("zhe",), "鐲": ("zhuo",), "娜": ("na", "nuo"),
    "还": ("huan", "hai"), "恪": ("ke", "que"), "涌": ("yong", "chong"), "沢": ("ze",), "彧": ("yu",), "嗯": ("en",),
    "㐂": ("xi",), "玥": ("yue",), "仝": ("tong",), "枞": ("cong", "zong"), "圩": ("wei", "xu"), "濮": ("pu",),
}  # fmt: skip


@cache
def _single_readings() -> Callable[[str], list[str]]:
    # The phrase dictionary costs 15 MB and 200 ms; single characters and our own tables do without it.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    import pypinyin

    return lambda ch: pypinyin.lazy_pinyin(ch, errors="ignore", v_to_u=False)


@cache
def everyday(ch: str) -> tuple[str, ...]:
    """Return the usual pinyin readings of one character, without tones and with v for ü; empty when it has none."""
    found = HETERONYMS.get(ch, ())
    read = _single_readings()
    usual = tuple(s for s in read(ch) if s in SYLLABLES)
    return tuple(dict.fromkeys(_with_plain_u(found + usual)))


def _with_plain_u(syllables: tuple[str, ...]) -> list[str]:
    """呂 is typed lv or lu: both are readings of it."""
    return [form for s in syllables for form in ((s, s.replace("v", "u")) if "v" in s else (s,))]


@cache
def as_surname(ch: str) -> tuple[str, ...]:
    """Return the readings of a character that begins a name: its surname readings first, then the usual ones."""
    return tuple(dict.fromkeys(SURNAMES.get(ch, ()) + everyday(ch)))


@cache
def zhuyin(syllable: str) -> str:
    """Return the zhuyin spelling of a toneless pinyin syllable, e.g. ``zhang`` → ㄓㄤ."""
    from pypinyin.style.bopomofo import BopomofoConverter

    return str(BopomofoConverter().to_bopomofo(syllable)).strip("ˊˇˋ˙ˉ")


_RIMES = {
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan un uo v ve ue",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve ue",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
    "": "a ai an ang ao e ei en er o ou",
}
SYLLABLES = frozenset(head + rime for head, rimes in _RIMES.items() for rime in rimes.split())
INITIALS = frozenset(head for head in _RIMES if head) | {"a", "e", "o"}


@cache
def zhuyin_syllables() -> dict[str, str]:
    """Return every zhuyin spelling with its pinyin (the one with v for ü)."""
    return {zhuyin(s): s for s in sorted(SYLLABLES)}
