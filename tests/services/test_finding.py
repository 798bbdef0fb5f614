"""Finding the caller: the hardest numbers and names, each with where it comes from, as the office asks for them."""

from __future__ import annotations

from datetime import timedelta

from crmdesk.core.clock import FixedClock
from crmdesk.core.text import clean
from crmdesk.services import customers
from crmdesk.services.call_lists import find_callers, find_calls
from crmdesk.services.calls import CallForm, save_call
from crmdesk.services.context import Context
from crmdesk.services.customer_search import PERHAPS, find_people
from crmdesk.services.customers import ContactEntry, CustomerForm, PhoneEntry
from crmdesk.services.noted_callers import find_noted

# (who, the number as it was written into the card)
CARDS = [
    ("林手機", "０９１２－３４５－６７８"),  # typed with a Chinese keyboard
    ("林公司", "(04)2222-5678#6"),  # business card
    ("林分機", "02-27001000 轉 801"),  # business card with an extension
    ("王大陸", "+86 138-1234-5678"),  # WeChat
    ("王深圳", "0755-23456789转8"),  # mainland invoice
    ("王北京", "010-88886666"),
    ("何香港", "+852 9123 4567"),  # WhatsApp
    ("何澳門", "00853-6612-3456"),
    ("郭美國", "+1 (415) 555-2671"),
    ("免付費", "0800-123-456"),
    ("南投人", "049-2345678"),
    ("馬祖人", "0836-22222"),
    ("舊系統", "8.86912777888E+11"),  # Excel, all digits still there
    ("小數點", "933118402.0"),  # Excel, the zero gone and a decimal come
    ("同城人", "2233-4455"),  # same town, no area
]
# (who, typed or pasted or said, where it comes from)
NUMBERS = [
    ("林手機", "678", "customer says the tail"),
    ("林手機", "5678", "customer says the tail"),  # and who else ends so
    ("林手機", "345678", "customer says the tail"),
    ("林手機", "0912345678", "telephone display"),
    ("林手機", "0912-345-678", "business card"),
    ("林手機", "0912 345 678", "SMS"),
    ("林手機", "912345678", "Excel"),
    ("林手機", "912345678.0", "old CRM export"),
    ("林手機", "9.12345678E+8", "Excel"),
    ("林手機", "+886912345678", "LINE contact"),
    ("林手機", "+886 (0)912-345-678", "e-mail signature"),
    ("林手機", "886912345678", "web shop order"),
    ("林手機", "8.86912345678E+11", "Excel"),
    ("林手機", "00886912345678", "mainland telephone's display"),
    ("林手機", "０９１２３４５６７８", "Chinese keyboard"),
    ("林手機", "tel:+886912345678", "link on a web page"),
    ("林手機", "手機：0912345678", "copied with its label"),
    ("林手機", "\u202a0912345678\u202c", "copied from a phone's contacts"),
    ("林手機", "0912\u200b345\u200b678", "copied from a web page"),
    ("林手機", "0912‑345‑678", "Word"),
    ("林手機", "'0912345678", "Excel's text apostrophe"),
    ("林手機", " 0912345678 ", "pasted with spaces"),
    ("林公司", "0422225678", "telephone display"),
    ("林公司", "22225678", "same town"),
    ("林公司", "2222-5678", "same town"),
    ("林公司", "(04) 2222 5678", "business card"),
    ("林公司", "（04）2222－5678", "business card"),
    ("林公司", "04-22225678#6", "business card"),
    ("林公司", "04-22225678＃６", "Chinese keyboard"),
    ("林公司", "04-22225678轉6", "old CRM export"),
    ("林公司", "04-22225678转6", "mainland colleague"),
    ("林公司", "04-22225678 分機6", "business card"),
    ("林公司", "04-22225678 ext. 6", "English card"),
    ("林公司", "+886-4-2222-5678", "English card"),
    ("林公司", "422225678", "Excel"),
    ("林公司", "0422", "typed from the beginning"),
    ("林分機", "0227001000", "telephone display"),
    ("林分機", "700-1000", "customer says the tail"),
    ("林分機", "02-27001000,801", "dialled with a pause"),
    ("林分機", "02-2700", "typed from the beginning"),
    ("王大陸", "13812345678", "telephone display"),
    ("王大陸", "138 1234 5678", "SMS"),
    ("王大陸", "+8613812345678", "WeChat"),
    ("王大陸", "8613812345678", "old CRM export"),
    ("王大陸", "008613812345678", "telephone display in Taiwan"),
    ("王大陸", "1.3812345678E+10", "Excel"),
    ("王大陸", "13812345678.0", "Excel"),
    ("王深圳", "0755-23456789", "mainland invoice"),
    ("王深圳", "+86 755 2345 6789", "English card"),
    ("王深圳", "23456789转8", "mainland colleague"),
    ("王北京", "8888 6666", "customer says the tail"),
    ("王北京", "+86 (0)10 8888 6666", "e-mail signature"),
    ("何香港", "91234567", "customer says it without the country"),
    ("何香港", "85291234567", "WhatsApp link"),
    ("何澳門", "+853 6612 3456", "SMS"),
    ("郭美國", "415-555-2671", "customer says it without the country"),
    ("郭美國", "001 415 555 2671", "telephone display"),
    ("免付費", "0800123456", "advertisement"),
    ("南投人", "(049)234-5678", "business card"),
    ("馬祖人", "0836 22222", "post office"),
    ("舊系統", "0912777888", "the same in digits"),
    ("小數點", "0933-118-402", "customer says all of it"),
    ("同城人", "04-2233-4455", "telephone display"),
    ("同城人", "22334455", "customer says it"),
]
NOBODY = [
    ("8.86E+11", "Excel, the digits are lost"), ("8.86912E+11", "Excel, the digits are lost"), ("78", "two digits"),
    ("9" * 60, "a cat on the keyboard"), ("+886", "only the country"), ("0912345679", "one digit wrong"),
    ("٠٩١٢٣٤٥٦٧٨", "Arabic digits"), ("0912345678😀", "an emoji behind it"),
]  # fmt: skip


def test_sixty_ways_to_write_a_number(ctx: Context) -> None:
    with ctx.transaction("An office of hard numbers") as session:
        for name, number in CARDS:
            customers.create_in(session, ctx, CustomerForm(name, phones=(PhoneEntry(number),)))
    missed = []
    for who, typed, origin in NUMBERS:
        found = [person.name for person in find_callers(ctx, typed, limit=8)]
        if who not in found or (len(typed) > 9 and who != "同城人" and found != [who]):
            missed.append(f"{origin}: {typed!r} is {who}, found {found}")
    assert not missed
    assert len(NUMBERS) >= 60
    for typed, origin in NOBODY:
        assert find_callers(ctx, typed) == [], origin


def test_several_people_on_one_number_and_one_with_many(ctx: Context, clock: FixedClock) -> None:
    shop = "04-2471-0001"
    names = []
    with ctx.transaction("A shop") as session:
        for name in ("老闆", "老闆娘", "會計"):
            clock.advance(timedelta(days=1))
            customers.create_in(session, ctx, CustomerForm(name, phones=(PhoneEntry(shop),)))
            names.append((name, clock.now()))
        many = tuple(PhoneEntry(f"0933-11{place}-40{place}") for place in range(9))
        customers.create_in(session, ctx, CustomerForm("大盤商", phones=many, contacts=(
            ContactEntry("司機", phone="0955-000-111"),)))  # fmt: skip
    found = find_callers(ctx, "0424710001")
    assert [(person.name, person.last_contact_at) for person in found] == names[::-1]
    for typed in ("0933110400", "118408", "0933-115-405"):
        assert [person.name for person in find_callers(ctx, typed)] == ["大盤商"]
    assert [(p.name, p.via) for p in find_callers(ctx, "0955000111")] == [("大盤商", "司機")]


def test_a_number_noted_earlier_says_who_it_perhaps_is(ctx: Context) -> None:
    card = customers.create_customer(ctx, CustomerForm("陳大文", phones=(PhoneEntry("0912345678"),))).id
    noted = customers.create_customer(ctx, CustomerForm("林小姐", note="先生手機 0977-123-987，晚上打")).id
    save_call(ctx, CallForm(name="陳太太", matter="她先生陳大文改用 0988-760-115，公司 2558-6105", customer_id=card))
    save_call(ctx, CallForm(phone="0225586199", name="周先生", region="台北", matter="問價"))
    person = find_callers(ctx, "0988760115")[0]
    assert (person.id, person.level, person.exact, person.phone) == (card, PERHAPS, False, "")
    assert person.said == "11/22 她先生陳大文改用 0988-760-115，公司 2558-6105"
    assert find_callers(ctx, "0912345678")[0].level == "known"
    assert [p.id for p in find_callers(ctx, "760115")] == [card]
    assert [p.id for p in find_callers(ctx, "02-2558-6105")] == [card]  # noted without its area
    assert [(p.id, p.level) for p in find_callers(ctx, "+886977123987")] == [(noted, PERHAPS)]
    assert find_callers(ctx, "60115") == []  # five digits are anybody's
    earlier = find_noted(ctx, "02-2558-6199")
    assert [(n.name, n.region, n.customer_id, n.in_text) for n in earlier] == [("周先生", "台北", None, False)]
    assert [call.matter for call in find_calls(ctx, "0988760115")] == ["她先生陳大文改用 0988-760-115，公司 2558-6105"]


def test_a_text_that_is_corrected_takes_its_number_along(ctx: Context) -> None:
    saved = save_call(ctx, CallForm(name="陳", matter="請回 0988-760-115"))
    form = CallForm(name="陳", matter="請回 0988-760-116，2026-11-22 前，金額 1234567")
    save_call(ctx, form, call_id=saved.id, version=saved.version)
    assert find_noted(ctx, "0988760115") == []
    assert [n.number for n in find_noted(ctx, "0988760116")] == [saved.number]
    assert find_noted(ctx, "20261122") == []  # a day is no number


# (typed, name, company, where it comes from)
NAMES = [
    ("陳大文", "陈大文", "", "mainland colleague wrote it"),
    ("张惠妹", "張惠妹", "", "simplified keyboard"),
    ("淑芬", "黃淑芬", "", "customer says the given name"),
    ("shan yahui", "單雅慧", "", "surname 單 is shan"),
    ("sym", "單亞明", "", "initials"),
    ("zengguofan", "曾國藩", "", "surname 曾 is zeng"),
    ("zgq", "曾國權", "", "initials"),
    ("qiu jianping", "仇建平", "", "surname 仇 is qiu"),
    ("qjy", "仇靜怡", "", "initials"),
    ("yuchigong", "尉遲恭", "", "compound surname"),
    ("ycn", "尉遲娜", "", "initials of it"),
    ("weichi", "尉遲恩", "", "read as it is written"),
    ("xiexiaodong", "解曉東", "", "surname 解 is xie"),
    ("xzl", "解珍麗", "", "initials"),
    ("oujianying", "區劍英", "", "surname 區 is ou"),
    ("ozf", "區志豐", "", "initials"),
    ("yueyi", "樂毅", "", "surname 樂 is yue"),
    ("lebaobao", "樂寶寶", "", "or le"),
    ("zhaliangyong", "查良鏞", "", "surname 查 is zha"),
    ("zmx", "查曼西", "", "initials"),
    ("gejiaojiao", "蓋叫嬌", "", "surname 蓋 is ge"),
    ("piaoshu", "朴樹", "", "surname 朴 is piao"),
    ("pzx", "朴珍熙", "", "initials"),
    ("miaoruihua", "繆瑞華", "", "surname 繆 is miao"),
    ("hejinliang", "黑金亮", "", "surname 黑 is he"),
    ("moqixie", "万俟卨", "", "compound surname moqi"),
    ("mqy", "万俟瑤", "", "its initials"),
    ("万俟", "萬俟雅", "", "the wrong 萬, from an old list"),
    ("zhangsunwuji", "長孫無忌", "", "compound surname"),
    ("tantai", "澹臺滅明", "", "compound surname"),
    ("linghuchong", "令狐沖", "", "compound surname"),
    ("ouyang ff", "歐陽菲菲", "", "whole surname and initials"),
    ("qinhui", "覃輝", "", "surname 覃 is qin"),
    ("tanyong", "覃詠", "", "or tan"),
    ("renyingying", "任盈盈", "", "surname 任"),
    ("huatuo", "華佗", "", "surname 華"),
    ("ninghao", "甯浩", "", "a surname in a rare form"),
    ("xianxinghai", "冼星海", "", "surname 冼"),
    ("zhaizhigang", "翟志剛", "", "surname 翟 is zhai"),
    ("yunbanqian", "員半千", "", "surname 員 is yun"),
    ("chongshidao", "種師道", "", "surname 種 is chong"),
    ("pang", "逄錦聚", "", "a surname few can read"),
    ("lvliangwei", "呂良偉", "", "ü typed as v"),
    ("lyuxiulian", "呂秀蓮", "", "ü as the passport has it"),
    ("ㄔㄇㄈ", "陳美鳳", "", "zhuyin initials"),
    ("ㄌㄧㄣㄓㄌ", "林志玲", "", "zhuyin mixed"),
    ("ㄓㄐㄌ", "周杰倫", "", "zhuyin initials"),
    ("ㄚ明", "ㄚ明", "", "a nickname written with zhuyin"),
    ("吉田", "𠮷田健一", "", "a four-byte character"),
    ("王小眉", "王　小眉", "", "Excel, full-width space"),
    ("蘇菲", "🌸蘇菲🌸", "", "LINE name with flowers"),
    ("mary lin", "Mary Lin 林", "", "English and Chinese"),
    ("josé", "Jose García", "", "accents"),
    ("o'neil", "O’Neil Sean", "", "typographic apostrophe"),
    ("金玉堂", "許太太", "金玉堂銀樓有限公司", "customer says the shop"),
    ("jytyl", "許先生", "金御天銀樓", "initials of the shop"),
    ("tianzhu", "高小姐", "天竺工坊", "pinyin of the shop"),
    ("abc", "柯先生", "ABC 飾品", "Latin name of the shop"),
    ("重慶", "杜小姐", "重慶北路銀飾", "town in the shop's name"),
    ("林峰", "林峯", "", "a variant character"),
    ("吳寶春", "吳寳春", "", "a variant from an old system"),
    ("wencuiping", "溫翠苹", "", "said on the phone, 萍 or 苹"),
    ("ＬＥＥ", "Lee 李", "", "full-width Latin"),
]


def test_sixty_hard_names(ctx: Context) -> None:
    assert len(NAMES) >= 60
    with ctx.transaction("An office of hard names") as session:
        made = [
            customers.create_in(session, ctx, CustomerForm(name, company=company))
            for _typed, name, company, _o in NAMES
        ]
        codes = [customer.code for customer in made]
    missed = []
    for typed, name, _company, origin in NAMES:
        found = [person.name for person in find_people(ctx, typed, limit=12)]
        if clean(name) not in found:
            missed.append(f"{origin}: {typed!r} is {name}, found {found}")
    assert not missed
    for code, (_typed, name, _company, _origin) in list(zip(codes, NAMES, strict=True))[::20]:
        assert find_people(ctx, code)[0].name == name
        assert name in [person.name for person in find_people(ctx, code.lstrip("C0"))]
