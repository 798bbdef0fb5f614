"""The labels of the cartons: one per carton, frozen when everything is packed (PACK-08, PACK-14)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_, translator
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.packing import Packing
from crmdesk.model.paper import Paper, PrintJob
from crmdesk.model.sale import Sale
from crmdesk.printing.documents import CartonLabel
from crmdesk.services.context import Context
from crmdesk.services.packing_sheet import CartonRow, Sheet
from crmdesk.services.papers import freeze, letterhead

LABEL = "carton_label"
TITLES = {"f": N_("Ms"), "m": N_("Mr")}


def freeze_labels(session: Session, ctx: Context, packing: Packing, sheet: Sheet) -> tuple[int, ...]:
    """Freeze one label per carton, n of N, and return the papers' ids in their order."""
    sale = session.get_one(Sale, packing.sale_id)
    customer = session.get_one(Customer, packing.customer_id)
    phone = sale.ship_phone or (
        session.scalar(
            select(CustomerPhone.number)
            .where(CustomerPhone.customer_id == customer.id)
            .order_by(CustomerPhone.position)
            .limit(1)
        )
        or ""
    )
    total = sum(carton.weight_g for carton in sheet.cartons)
    papers = []
    for carton in sheet.cartons:
        label = _label(ctx, sheet, carton, sale, customer, phone, total)
        papers.append(freeze(session, ctx, LABEL, sheet.number, label, packing, part=carton.position).id)
    return tuple(papers)


def drop_labels(session: Session, packing: Packing) -> None:
    """Throw the labels of a packing away: it is counted again, and the next ones may say other numbers."""
    ids = select(Paper.id).where(
        Paper.kind == LABEL, Paper.record_kind == Packing.KIND, Paper.record_id == packing.id
    )  # fmt: skip
    session.execute(delete(PrintJob).where(PrintJob.paper_id.in_(ids)).execution_options(synchronize_session=False))
    session.execute(
        delete(Paper)
        .where(Paper.kind == LABEL, Paper.record_kind == Packing.KIND, Paper.record_id == packing.id)
        .execution_options(synchronize_session=False)
    )


def _label(
    ctx: Context, sheet: Sheet, carton: CartonRow, sale: Sale, customer: Customer, phone: str, total_g: int
) -> CartonLabel:
    title = TITLES.get(customer.gender)
    return CartonLabel(
        office=letterhead(ctx),
        number=sheet.number,
        carton=carton.position,
        cartons=len(sheet.cartons),
        name=customer.name,
        title=translator(ctx.office.language).gettext(title) if title else "",
        company=customer.company,
        phone=phone,
        address=sale.ship_to or customer.address,
        carrier=sale.delivery,
        shipped_on=None if sheet.customer_present else ctx.clock.today(),
        pieces=Decimal(carton.pieces),
        weight_kg=_kg(carton.weight_g),
        total_weight_kg=_kg(total_g),
        counter=sheet.counter,
        second_counter=sheet.second if sheet.second_at else "",
        present=sheet.customer_present,
    )


def _kg(grams: int) -> Decimal | None:
    return Decimal(grams) / 1000 if grams else None
