"""Sales slips: from selecting to paid and done, and the sums around the till (SET, ORD).

Facts: ``customer`` (has an archive), ``lines`` (how many), ``consent`` (to print), ``signed`` (customer and follower,
or both counters), ``settled`` (received, or agreed on account), ``returns_unsigned``, ``sealed``, ``reason``.
A faulty piece is crossed out at packing and taken no more (SET-02); the slip itself knows of no faults.
"""

from __future__ import annotations

from decimal import Decimal

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _, language, translator
from crmdesk.core.money import spoken
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Machine, Transition, at_least, filled, none_left

MACHINE = Machine(
    "sale",
    {
        "draft": N_("Being written"),
        "printed": N_("Printed"),
        "packing": N_("Being packed"),
        "paid": N_("Paid"),
        "done": N_("Done"),
        "void": N_("Voided"),
    },
    (
        Transition(
            "print", ("draft",), "printed", Right.SALE, N_("Print the slip"),
            (
                filled("customer", N_("Please register the customer's name, phone and address first."), "SET-01"),
                at_least("lines", 1, N_("There are no goods on the slip yet."), "SET-03"),
                filled("consent", N_("Please ask whether the slip may be printed now."), "SET-03"),
            ),
            clause="SET-03", starts=("paper:sales_slip",),
        ),
        Transition("pack", ("printed",), "packing", Right.PACK, N_("Count and pack"), clause="SET-04"),
        Transition(
            "pay", ("printed", "packing"), "paid", Right.CASH, N_("Take payment"),
            (
                filled("signed", N_("The slip must be signed before payment."), "SET-06"),
                none_left("returns_unsigned", N_("The return slip must be checked and signed before payment."),
                          "SET-06"),
                filled("settled", N_("The amount is not settled yet."), "ORD-12"),
            ),
            clause="SET-06", starts=("paper:receipt",),
        ),
        Transition("finish", ("paid",), "done", Right.SALE, N_("Done"),
                   (filled("sealed", N_("The goods are not packed and sealed yet."), "PACK-08"),), clause="SEND-06"),
        Transition("void", ("draft", "printed", "packing"), "void", Right.SALE_VOID, N_("Void the slip"),
                   (filled("reason", N_("Please write down the reason."), "SET-06"),)),
    ),
)  # fmt: skip


def change_due(received: Decimal, amount: Decimal) -> Decimal:
    """Return the change for cash received (SET-07); UserError when it is not enough."""
    if received < amount:
        raise UserError(_("The money received is less than the amount due."), clause="SET-07")
    return received - amount


def remittance(goods: Decimal, balance: Decimal = Decimal(0), freight: Decimal = Decimal(0)) -> Decimal:
    """Return what the customer remits: goods ± balance (+ the customer owes, − has credit) + freight (SET-08)."""
    return goods + balance + freight


def cash_sentence(received: Decimal, change: Decimal, currency: str, code: str = "") -> str:
    """Return the sentence said at the till, 「收您…，找您…」, in a language (default: that of the screens; SET-07)."""
    code = code or language()
    if change and not received:
        sentence = N_("Here is {change} back for you.")
    elif change:
        sentence = N_("Received {received}, your change is {change}.")
    else:
        sentence = N_("Received {received}, exactly right. Thank you.")
    return (
        translator(code)
        .gettext(sentence)
        .format(received=spoken(received, currency, code), change=spoken(change, currency, code))
    )
