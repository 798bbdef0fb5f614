"""Who may do what: rights are data, roles are sets of rights; services check them, windows mirror them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from crmdesk.core.i18n import N_


class Right(StrEnum):
    """Something a person may be allowed to do."""

    CALL = "call"  # log calls
    VISIT = "visit"  # receive guests
    CUSTOMER_VIEW = "customer.view"
    CUSTOMER_EDIT = "customer.edit"
    CUSTOMER_PRIVATE = "customer.private"  # family, health, money, and what else is protected (CRM-32)
    CUSTOMER_IMPORT = "customer.import"
    CUSTOMER_EXPORT = "customer.export"  # lists out of the program
    ITEM_VIEW = "item.view"
    ITEM_EDIT = "item.edit"
    SALE = "sale"  # write and print slips
    SALE_VOID = "sale.void"
    CASH = "cash"  # take money
    PACK = "pack"
    REPAIR = "repair"
    COMPLAINT_OPEN = "complaint.open"  # any employee (CMP)
    COMPLAINT_HANDLE = "complaint.handle"
    COMPLAINT_APPROVE = "complaint.approve"
    MONTH = "month"  # the manager's figures
    POLICY = "policy"  # change numbers of the regulation
    STAFF = "staff"  # accounts and roles
    OFFICE = "office"  # settings of the whole office


ROLES: dict[str, str] = {
    "reception": N_("Reception"),
    "sales": N_("Sales"),
    "packing": N_("Packing"),
    "repair": N_("Repair bench"),
    "complaints": N_("Complaints"),
    "manager": N_("Manager"),
    "deputy": N_("Deputy general manager"),
    "general": N_("General manager"),
    "administrator": N_("Administrator"),
}

_EVERYBODY = frozenset({Right.CALL, Right.CUSTOMER_VIEW, Right.ITEM_VIEW, Right.COMPLAINT_OPEN})
_DESK = _EVERYBODY | {Right.VISIT, Right.CUSTOMER_EDIT}

RIGHTS_OF_ROLE: dict[str, frozenset[Right]] = {
    "reception": _DESK | {Right.REPAIR, Right.CASH, Right.SALE},
    "sales": _DESK | {Right.SALE, Right.CASH},
    "packing": _EVERYBODY | {Right.PACK},
    "repair": _EVERYBODY | {Right.REPAIR},
    "complaints": _DESK | {Right.COMPLAINT_HANDLE},
    "manager": frozenset(Right) - {Right.STAFF, Right.OFFICE},
    # They decide what goes beyond the manager and see how the office does; the desks' daily work is not theirs.
    "deputy": _EVERYBODY | {Right.CUSTOMER_EDIT, Right.COMPLAINT_APPROVE, Right.MONTH},
    "general": _EVERYBODY | {Right.CUSTOMER_EDIT, Right.COMPLAINT_APPROVE, Right.MONTH, Right.POLICY},
    "administrator": _EVERYBODY
    | {Right.STAFF, Right.OFFICE, Right.CUSTOMER_EDIT, Right.CUSTOMER_IMPORT, Right.ITEM_EDIT, Right.MONTH},
}


#: Who may see a record of a kind, with its story, its changes and its papers: any one of these rights is enough.
RIGHTS_TO_SEE: dict[str, tuple[Right, ...]] = {
    "call": (Right.CALL,),
    "visit": (Right.VISIT,),
    "matter": (Right.CALL,),
    "missed_call": (Right.CALL,),
    "letter": (Right.CALL,),
    "enquiry_summary": (Right.CALL,),
    "customer": (Right.CUSTOMER_VIEW,),
    "follow": (Right.CUSTOMER_VIEW,),
    "care": (Right.CUSTOMER_VIEW,),
    "deposit": (Right.CUSTOMER_PRIVATE,),
    "custom_field": (Right.POLICY,),
    "item": (Right.ITEM_VIEW,),
    "sale": (Right.SALE, Right.CASH, Right.PACK),  # who packs prints the papers of a return
    "packing": (Right.PACK, Right.SALE),
    "repair": (Right.REPAIR,),
    "complaint": (Right.COMPLAINT_OPEN,),
    "month": (Right.MONTH,),
    "checklist": (Right.CALL,),  # everybody; a desk's own lists are shown to that desk
    "checklist_template": (Right.POLICY,),
    "import": (Right.CUSTOMER_IMPORT, Right.ITEM_EDIT),
    "policy": (Right.POLICY,),
    "staff": (Right.STAFF,),
    "office": (Right.OFFICE,),
    "own_day": (Right.CALL,),  # everybody: when the office is open
    "approval": (Right.COMPLAINT_APPROVE,),
    "list": (Right.CUSTOMER_EXPORT,),  # printed from the screen
}


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """Return all rights of a set of roles; a role we don't know gives none."""
    return frozenset().union(*(RIGHTS_OF_ROLE.get(role, frozenset()) for role in roles))
