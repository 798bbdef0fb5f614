"""Which column of a file holds what: the fields of an import, and how their headings are called in three languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.core.names import fold
from crmdesk.services import customer_forms, items


@dataclass(frozen=True)
class ImportField:
    """One thing a column may hold; ``names`` are its headings, folded (lower case, simplified, no signs)."""

    name: str
    title: str
    names: frozenset[str]
    required: bool = False


def _field(name: str, title: str, names: str, *, required: bool = False) -> ImportField:
    return ImportField(name, title, frozenset(names.split()) | {name.replace("_", "")}, required)


_C = customer_forms.FIELD_TITLES
CUSTOMER_FIELDS: tuple[ImportField, ...] = (
    _field("code", _C["code"],
           "customercode customerno customernumber no id 客户编号 客户代码 客户代号 编号 代码 代号 客号 "
           "客编"),
    _field("name", _C["name"], "customername customer fullname 姓名 客户姓名 名称 客户名称 客户 顾客", required=True),
    _field("gender", _C["gender"], "sex title 性别 称谓 称呼"),
    _field("company", _C["company"],
           "shop shopname store firm companyname 公司 公司名称 商号 店名 店号 宝号 单位 公司行号"),
    _field("kind", _C["kind"], "type class category customerkind customertype 类别 客户类别 类型 客户类型 种类 身份"),
    _field("grade", _C["grade"], "level rank 等级 级别 价格等级 客户等级"),
    _field("phone", N_("Phone"),
           "phone1 tel telephone phoneno phonenumber phones 电话 电话1 电话一 联络电话 联系电话 电话号码 "
           "市话 座机 公司电话 店电话"),
    _field("phone2", N_("Second phone"),
           "mobile cell cellphone mobilephone 手机 手机号码 手机号 行动电话 移动电话 电话2 电话二"),
    _field("phone3", N_("Third phone"), "电话3 电话三 其他电话 otherphone"),
    _field("contact", N_("Contact person"), "contactname contactperson 联络人 联系人 窗口"),
    _field("region", _C["region"], "area city place 地区 区域 城市 县市 所在地 省市"),
    _field("address", _C["address"], "addr 地址 联络地址 联系地址 送货地址 通讯地址 住址"),
    _field("likes", _C["likes"], "taste tastes 喜好 爱好 偏好"),
    _field("avoid", _C["avoid"], "taboo taboos 忌讳 禁忌 忌"),
    _field("owner", _C["owner_id"], "incharge clerk sales salesperson 负责 负责人 业务 业务员 跟单 承办 承办人 专员"),
    _field("credit_limit", _C["credit_limit"], "credit 信用额度 额度 授信额度"),
    _field("since", _C["since"], "customersince firstcontact 往来日 往来日期 建档日 建档日期 开户日 开户日期 来往日"),
    _field("birthday", _C["birthday"], "birthdate dateofbirth 生日 出生日期"),
    _field("origin", _C["origin"], "source 来源 客户来源 由来"),
    _field("occupation", _C["occupation"], "job profession 职业 行业"),
    _field("care_level", _C["care_level"], "care 关怀 关怀等级 关怀级别"),
    _field("custodian", _C["custodian_id"], "keeper 保管人 档案保管 档案保管人"),
    _field("may_contact", _C["may_contact"], "consent 同意联络 同意联系"),
    _field("note", _C["note"], "notes remark remarks memo comment 备注 附注 说明 注记"),
    _field("opening_balance", _C["opening_balance"], "balance 期初 期初余额 期初欠款 余额 欠款 前欠 结欠 应收"),
)  # fmt: skip

_I = items.FIELD_TITLES
ITEM_FIELDS: tuple[ImportField, ...] = (
    _field("code", _I["code"],
           "itemcode itemno sku no 货号 品号 商品编号 产品编号 编号 型号 代码 代号", required=True),
    _field("name", _I["name"],
           "itemname product productname description 品名 名称 货名 商品名称 产品名称", required=True),
    _field("barcode", _I["barcode"], "ean gtin bar 条码 国际条码 条形码"),
    _field("area", _I["area"], "zone shelf 区 区域 展区 货区 柜位"),
    _field("unit", _I["unit"], "uom 单位"),
    _field("material", _I["material"], "materials 材质 材料 成色"),
    _field("weight_g", _I["weight_g"], "weight grams weightgram 重量 克重 重 克 重量g 重量克"),
    _field("price_wholesale_a", _I["price_wholesale_a"],
           "wholesalea pricea a 批发a 批发价a a价 批a 批发 批发价 wholesale"),
    _field("price_wholesale_b", _I["price_wholesale_b"], "wholesaleb priceb b 批发b 批发价b b价 批b"),
    _field("price_wholesale_c", _I["price_wholesale_c"], "wholesalec pricec c 批发c 批发价c c价 批c"),
    _field("price_franchise", _I["price_franchise"], "franchise 加盟 加盟价"),
    _field("price_retail", _I["price_retail"], "retail price listprice 零售 零售价 定价 售价 单价"),
)  # fmt: skip

Mapped = dict[str, int]


def guess_mapping(header: Sequence[str], fields: Sequence[ImportField]) -> Mapped:
    """Return which column seems to hold each field, by its heading in any of the three languages."""
    folded = [fold(cell.split("(")[0].split("（")[0]) or fold(cell) for cell in header]
    taken: set[int] = set()
    mapping: Mapped = {}
    for field in fields:
        place = next((i for i, name in enumerate(folded) if name in field.names and i not in taken), None)
        if place is not None:
            mapping[field.name] = place
            taken.add(place)
    return mapping


def read_mapping(given: Mapping[str, int | str] | None, header: Sequence[str], fields: Sequence[ImportField]) -> Mapped:
    """Return the mapping as column numbers (from 0), guessed when none is given.

    UserError when a required field has no column, or a column is named that isn't there.
    """
    if given is None:
        mapping = guess_mapping(header, fields)
    else:
        mapping = {}
        known = {field.name for field in fields}
        for name, column in given.items():
            if name not in known:
                raise UserError(_("There is no field called {name}.").format(name=name))
            mapping[name] = _column(column, header)
    for field in fields:
        if field.required and field.name not in mapping:
            raise UserError(
                _("No column of this file seems to hold “{field}”. Please choose it; the headings are: {headings}.")
                .format(field=_(field.title), headings=", ".join(cell for cell in header if cell)[:200])
            )  # fmt: skip
    return mapping


def _column(column: int | str, header: Sequence[str]) -> int:
    if isinstance(column, int) and 0 <= column < len(header):
        return column
    if isinstance(column, str) and column in header:
        return header.index(column)
    raise UserError(_("This file has no column {name}.").format(name=column))
