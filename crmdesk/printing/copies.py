"""The copies of each paper as data: who keeps which, and what each of them does not say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crmdesk.core.i18n import N_


@dataclass(frozen=True)
class Copy:
    """One copy: ``number`` is printed in its code; ``name`` and ``recipient`` are texts still to be translated.

    The flags say what the copy shows; a hidden value leaves its place and a note that this copy does not print it.
    """

    key: str
    number: int
    name: str
    recipient: str
    recipient_absent: str = ""
    with_prices: bool = True
    with_balance: bool = True
    with_packing: bool = False
    with_internal: bool = False
    with_contact: bool = True
    with_loss: bool = True
    with_fines: bool = True
    with_punishment: bool = True
    with_value: bool = True
    with_batch: bool = True
    with_repair: bool = False  # lines for what the repairer did, and for the signature


SALES_SLIP = (
    Copy("stub", 1, N_("Stub"), N_("kept by the custodian"), with_internal=True),
    Copy("packing", 2, N_("Counting"), N_("kept by the custodian"), with_balance=False, with_packing=True),
    Copy(
        "customer",
        3,
        N_("Customer"),
        N_("for the customer"),
        recipient_absent=N_("customer absent: stick inside the lid"),
    ),
)
"""SET-04, PACK-07, PACK-13: the third copy goes to the customer, or into the lid when the customer is absent."""

REPAIR_SLIP = (
    Copy("stub", 1, N_("Stub"), N_("kept by the repair desk"), with_internal=True),
    Copy("customer", 2, N_("Customer"), N_("for the customer"), with_batch=False),
    Copy(
        "piece",
        3,
        N_("With the piece"),
        N_("goes to the workshop with the piece"),
        with_prices=False,
        with_contact=False,
        with_value=False,
    ),
)
"""REP-06: the third copy travels with the piece and names no phone, address, value or fee."""

STAYS_IN_SHOP = N_("stays with the piece in the shop")
"""Where the third copy goes when the piece is repaired in the own shop."""

REPAIR_ON_SITE = (
    Copy("customer", 1, N_("Customer"), N_("for the customer"), with_batch=False, with_repair=True),
    Copy("filing", 2, N_("Filing"), N_("Engineering head, to file"), with_internal=True, with_repair=True),
    Copy("charging", 3, N_("Charging"), N_("Front desk, then finance for charging"), with_internal=True,
         with_repair=True),
)  # fmt: skip
"""REP-14: the repairer notes what was done and signs; nothing travels with a piece."""

COMPLAINT_SHEET = (
    Copy(
        "quality", 1, N_("Copy 1"), N_("Quality department"),
        with_contact=False, with_loss=False, with_fines=False, with_punishment=False,
    ),
    Copy(
        "manufacturing", 2, N_("Copy 2"), N_("Manufacturing department"),
        with_contact=False, with_loss=False, with_fines=False, with_punishment=False,
    ),
    Copy("business", 3, N_("Copy 3"), N_("Business department (carries out)"), with_fines=False, with_punishment=False),
    Copy("accounting", 4, N_("Copy 4"), N_("Accounting section"), with_punishment=False),
    Copy("general", 5, N_("Copy 5"), N_("General manager's office"), with_internal=True),
)  # fmt: skip
"""CMP-34: who keeps which of the five; contact, loss, fines and punishment only where they are needed."""

def complaint_copies(receivers: tuple[str, ...], *, register: bool = False) -> tuple[Copy, ...]:
    """Return the copies of a complaint form for the receivers its regulation names, as they are to be printed.

    The five of CMP-34 hide what a department needn't know; a register stays in one office and shows everything.
    """
    if not receivers:
        return COMPLAINT_SHEET
    known = () if register else COMPLAINT_SHEET
    return tuple(
        replace(known[place], recipient=receiver)
        if place < len(known)
        else Copy(f"office{place + 1}", place + 1, "", receiver, with_internal=True)
        for place, receiver in enumerate(receivers)
    )


def repair_copies(receivers: tuple[str, ...]) -> tuple[Copy, ...]:
    """Return the copies of a repair slip: those of REP-14 for the receivers a pack names, else the shop's own three."""
    if not receivers:
        return REPAIR_SLIP
    return tuple(replace(copy, recipient=receiver) for copy, receiver in zip(REPAIR_ON_SITE, receivers, strict=False))


SINGLE = (Copy("only", 0, "", ""),)


PAPER_COPIES: dict[str, tuple[Copy, ...]] = {
    "sales_slip": SALES_SLIP,
    "return_slip": SALES_SLIP,
    "carton_label": SINGLE,
    "receipt": SINGLE,
    "repair_receipt": SINGLE,
    "repair_slip": REPAIR_SLIP,
    "complaint_sheet": COMPLAINT_SHEET,
    "monthly_report": SINGLE,
    "list": SINGLE,
}


def chosen(all_copies: tuple[Copy, ...], numbers: tuple[int, ...] | None) -> tuple[Copy, ...]:
    """Return the copies with these numbers in the paper's order, all when None; ValueError for an unknown number."""
    if numbers is None:
        return all_copies
    unknown = set(numbers) - {copy.number for copy in all_copies}
    if unknown or not numbers:
        raise ValueError(f"no such copies: {sorted(unknown)}")
    return tuple(copy for copy in all_copies if copy.number in numbers)
