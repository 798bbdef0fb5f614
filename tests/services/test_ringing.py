"""The card while it rings: what is open of a customer, the most useful first, in few statements."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.rings import Ring
from crmdesk.model.archive import Care, Relative
from crmdesk.model.call import Matter
from crmdesk.model.packing import Carton, Packing
from crmdesk.model.repair import Repair
from crmdesk.model.sale import LedgerEntry, Sale
from crmdesk.services import calls, care, complaints, customers, missed_calls
from crmdesk.services.calls import CallForm
from crmdesk.services.complaint_forms import ComplaintForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import ContactEntry, CustomerForm, PhoneEntry
from crmdesk.services.ringing import ORDER, find_caller, get_caller
from tests.helpers.office import Staff, count_queries

NUMBER = "0912345678"


def make_customer(ctx: Context) -> int:
    form = CustomerForm(
        "陳李美鳳", kind="wholesale", gender="f", birthday="1980-11-25", avoid="父喪", phones=(PhoneEntry(NUMBER),),
        contacts=(ContactEntry("小陳", birthday="11-24"),),
    )  # fmt: skip
    return customers.create_customer(ctx, form).id


def fill(ctx: Context, customer: int) -> None:
    """Everything that can be open of one customer."""
    now, me = ctx.clock.now(), ctx.user.id or 0
    calls.save_call(ctx, CallForm(phone=NUMBER, name="陳", matter="補貨", customer_id=customer, callback_at=now))
    missed_calls.log_missed(ctx, NUMBER)
    complaints.register_complaint(
        ctx, ComplaintForm("陳", "斷鍊", next_reply_at=now + timedelta(hours=4), customer_id=customer)
    )

    def repair(number: str, state: str, closed: datetime | None = None) -> Repair:
        return Repair(
            number=number, customer_id=customer, received_at=now, received_by_id=me, item_name="戒", part="斷",
            state=state, ready_at=now, closed_at=closed, created_at=now, waybill="W9",
        )  # fmt: skip

    with ctx.transaction("test") as session:
        session.add_all([repair("R1", "ready"), repair("R2", "sent_away"), repair("R3", "shipped", now)])
        session.add(
            Matter(customer_id=customer, text="問補貨", first_id=me, owner_id=me, accepted_at=now, created_at=now)
        )
        sale = Sale(number="S1", customer_id=customer, clerk_id=me, opened_at=now, currency="TWD", state="packing",
                    total=Decimal(680), created_at=now)  # fmt: skip
        session.add(sale)
        session.flush()
        packing = Packing(sale_id=sale.id, customer_id=customer, counter_id=me, started_at=now, sealed_at=now,
                          created_at=now)  # fmt: skip
        session.add(packing)
        session.flush()
        session.add(Carton(packing_id=packing.id, position=1, carrier="新竹物流", waybill="8231"))
        session.add(LedgerEntry(customer_id=customer, at=now, kind="opening", amount=Decimal(500)))
        for kind, at in (("illness", None), ("wanted", now)):
            session.add(Care(customer_id=customer, kind=kind, text=kind, noted_at=now, noted_by_id=me, arrived_at=at,
                             created_at=now))  # fmt: skip
        session.add(Relative(customer_id=customer, relation="子", name="小明", birthday="11-23"))


@pytest.mark.clause("CRM-13")
def test_all_that_is_open_the_most_useful_first_in_six_statements(ctx: Context) -> None:
    customer = make_customer(ctx)
    fill(ctx, customer)
    get_caller(ctx, customer)
    with count_queries(ctx) as seen:
        caller = get_caller(ctx, customer)
    assert len(seen) <= 6
    assert tuple(fact.kind for fact in caller.facts) == ORDER
    facts = {fact.kind: fact for fact in caller.facts}
    assert facts["repairs"].number == "R1" and facts["away"].number == "R2"
    assert facts["parcels"].how_many == 2 and facts["orders"].number == "S1"
    assert facts["orders"].amount == Decimal(680) and facts["balance"].amount == Decimal(500)
    assert facts["birthday"].words == "小明" and facts["birthday"].how_many == 3
    assert facts["callback"].words == "補貨" and facts["callback"].at == ctx.clock.now()
    assert caller.card.callbacks[0].matter == "補貨"
    care.greet(ctx, customer, care.find_occasions(ctx, customer)[0].key, "phone")  # who was greeted is not named again
    (birthday,) = (fact for fact in get_caller(ctx, customer).facts if fact.kind == "birthday")
    assert birthday.words == "小陳" and birthday.how_many == 2


def test_a_quiet_customer_has_nothing_to_say(ctx: Context, clock: FixedClock) -> None:
    customer = make_customer(ctx)
    clock.advance(timedelta(days=60))
    assert get_caller(ctx, customer).facts == ()


def test_the_family_is_for_those_who_may_see_it(ctx: Context, staff: Staff) -> None:
    customer = make_customer(ctx)
    fill(ctx, customer)
    (birthday,) = (fact for fact in get_caller(ctx.acting_as(staff.mei), customer).facts if fact.kind == "birthday")
    assert birthday.words == "小陳" and birthday.how_many == 2  # not the son's


def test_who_rings(ctx: Context) -> None:
    customer = make_customer(ctx)
    assert find_caller(ctx, Ring("+886912345678")).known is not None
    assert find_caller(ctx, Ring("0287654321")).people == ()
    assert find_caller(ctx, Ring("")).people == ()
    customers.create_customer(ctx, CustomerForm("陳大文", phones=(PhoneEntry(NUMBER),)), confirmed={"same_phone"})
    several = find_caller(ctx, Ring(NUMBER))
    assert several.known is None and {p.id for p in several.people} > {customer}
