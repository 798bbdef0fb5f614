"""A child process that saves numbered customers until it is killed.

Started as ``python -m tests.concurrency.writer URL NAME COUNT``.

Each confirmed save is printed after the commit, so the parent knows what must still be there.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from crmdesk.core.clock import FixedClock
from crmdesk.db.numbering import take
from crmdesk.db.session import Actor, Database
from crmdesk.model.customer import Customer, CustomerPhone


def main(url: str, name: str, count: int) -> None:
    """Save customers with a gapless number each, and say so."""
    db = Database(url)
    clock = FixedClock(datetime(2026, 11, 22, tzinfo=UTC), UTC)
    actor = Actor(None, name, name)
    print("ready", flush=True)
    sys.stdin.readline()
    for _round in range(count):
        with db.transaction("Create customer", actor, clock) as session:
            customer = Customer(code="?", name=name, created_at=clock.now())
            customer.phones = [CustomerPhone(number="1", tail="1"), CustomerPhone(number="2", tail="2")]
            number = take(session, "stress")
            customer.code = f"S{number:06d}"
            session.add(customer)
        print(number, flush=True)
    db.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
