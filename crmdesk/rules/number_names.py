"""What the numbers of the clauses are called on screen; a pack may bring more, shown by their key."""

from __future__ import annotations

from crmdesk.core.i18n import N_, _

NAMES = {
    "agree_days": N_("Days to reach an agreement"),
    "answer_rings": N_("Answer after rings"),
    "apologise_rings": N_("Apologise from rings"),
    "business_domestic_days": N_("Business unit, domestic"),
    "business_foreign_days": N_("Business unit, abroad"),
    "callback_days": N_("Call back within"),
    "collective_customers": N_("Customers that make it major"),
    "copies": N_("Copies"),
    "counters": N_("People who count"),
    "customer_copy": N_("The customer's copy"),
    "finish_weeks": N_("Finish within"),
    "greet_seconds": N_("Greet within"),
    "inside_copy": N_("Copy inside the lid"),
    "max_months": N_("Longest"),
    "min_months": N_("Shortest"),
    "office_days": N_("General manager's office"),
    "piece_copy": N_("Copy that goes with the piece"),
    "production_days": N_("Production"),
    "quality_days": N_("Quality control"),
    "report_day": N_("Report on day"),
    "report_days": N_("Report within"),
    "research_days": N_("Research"),
    "serial_digits": N_("Digits of the serial"),
    "signatures": N_("Signatures"),
    "steps": N_("Steps"),
    "summary_days": N_("Summary within"),
}


def number_name(key: str) -> str:
    """Return the name of a clause's number in the user's language."""
    return _(NAMES[key]) if key in NAMES else key.replace("_", " ")
