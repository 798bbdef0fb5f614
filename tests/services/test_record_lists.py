"""The lists ticked in a record's own window as the manager words them: send-off and packing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.rules.machines import machine_for
from crmdesk.services import checklists, packing, visits
from crmdesk.services.checklist_forms import LineForm
from crmdesk.services.context import Context
from crmdesk.services.office import load_policy
from crmdesk.services.visits import VisitForm
from tests.helpers.office import Staff
from tests.services.test_checklists import as_form, template


def worded(ctx: Context, key: str, *more: LineForm, without: str = "") -> Context:
    """Word a record's list anew, and return the office as every PC reads it then."""
    found = template(ctx, key)
    form = as_form(found)
    lines = tuple(line for line in form.lines if line.key != without)
    checklists.save_template(ctx, replace(form, lines=(*lines, *more)), key, found.version)
    return replace(ctx, policy=load_policy(ctx.db))


def test_a_line_the_manager_adds_to_the_send_off_is_waited_for(ctx: Context, staff: Staff) -> None:
    assert "send_off" not in [found.key for found in checklists.find_templates(ctx)]  # nobody begins it by itself
    office = worded(ctx, "send_off", LineForm("收回訪客證"), LineForm("送名片", optional=True))
    visit = visits.check_in(office, VisitForm("王大明"))
    visits.act(office, visit, visits.get_visit(office, visit).version, "leave")
    keys_now = [key for key, _words, _clause in visits.send_off_lines(office)]
    assert len(keys_now) == len(visits.send_off_lines(ctx)) + 2
    old = tuple(key for key, _words, _clause in visits.send_off_lines(ctx))
    visits.update_visit(office, visit, visits.get_visit(office, visit).version, send_off=old)
    with pytest.raises(UserError, match="Please tick first: 收回訪客證"):
        visits.act(office, visit, visits.get_visit(office, visit).version, "check_out")
    visits.update_visit(office, visit, visits.get_visit(office, visit).version, send_off=(*old, keys_now[-2]))
    visits.act(office, visit, visits.get_visit(office, visit).version, "check_out")
    found = template(office, "send_off")
    checklists.restore_template(office, "send_off", found.version)
    again = replace(ctx, policy=load_policy(ctx.db))
    assert visits.send_off_lines(again) == visits.send_off_lines(ctx)


def test_a_line_that_a_step_waits_for_stays(ctx: Context) -> None:
    for key, line in (("send_off", "offered"), ("packing_absent", "copy_inside"), ("packing_present", "protected")):
        with pytest.raises(ValidationError) as refused:
            worded(ctx, key, without=line)
        assert "has to stay" in refused.value.fields["lines"]
        with pytest.raises(UserError, match="not retired"):
            checklists.retire_template(ctx, key, 0)
    office = worded(ctx, "send_off", without="carried")  # no step waits for it
    assert "carried" not in [key for key, _words, _clause in visits.send_off_lines(office)]
    changed = machine_for(office.policy, "visit").transition("leaving", "check_out")
    shipped_row = machine_for(ctx.policy, "visit").transition("leaving", "check_out")
    assert changed is not None and shipped_row is not None
    assert [need.key for need in changed.needs] == [need.key for need in shipped_row.needs]


def test_a_line_added_to_one_packing_is_waited_for_there_only(ctx: Context) -> None:
    office = worded(ctx, "packing_absent", LineForm("拍照存證", key=""))
    row = machine_for(office.policy, "packing").transition("packed", "seal")
    assert row is not None
    added = row.needs[-1]
    assert added.said == "Please tick first: 拍照存證"
    assert not added.met({"customer_present": False, "ticks": ()})
    assert added.met({"customer_present": True, "ticks": ()})
    absent, present = (len(packing.procedure_of(office, here)) for here in (False, True))
    assert (absent, present) == (len(packing.procedure_of(ctx, False)) + 1, len(packing.procedure_of(ctx, True)))
