"""Accounts: signing in, wrong passwords slowed and logged, roles and rights."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConflictError, PermissionDenied, UserError, ValidationError
from crmdesk.model.staff import SignInAttempt, StaffMember
from crmdesk.rules.rights import RIGHTS_OF_ROLE, ROLES, Right
from crmdesk.services import staff as service
from crmdesk.services.context import Context
from crmdesk.services.staff import SlowDown, StaffForm
from tests.helpers.office import PASSWORD, Staff, count_queries


def attempts(ctx: Context) -> list[tuple[str, str, bool]]:
    with ctx.reading() as session:
        rows = session.scalars(select(SignInAttempt).order_by(SignInAttempt.id))
        return [(row.login, row.station, row.succeeded) for row in rows]


def test_the_right_password_signs_in_with_the_roles(ctx: Context) -> None:
    user = service.sign_in(ctx, "mei", PASSWORD)
    assert (user.name, user.roles) == ("王小美", ("reception", "sales"))
    assert attempts(ctx) == [("mei", "Reception 1", True)]


@pytest.mark.parametrize("login", ["mei", "nobody", "", "x" * 200, "王小美"])
def test_a_wrong_password_or_name_gives_the_same_sentence(ctx: Context, login: str) -> None:
    with pytest.raises(UserError) as caught:
        service.sign_in(ctx, login, "wrong")
    assert caught.value.message == "The name or the password is wrong. Please try again."
    assert attempts(ctx) == [(login[:40], "Reception 1", False)]


def test_wrong_passwords_are_slowed_down_longer_and_longer(ctx: Context, clock: FixedClock) -> None:
    waits = []
    for _try in range(6):
        with pytest.raises(UserError) as caught:
            service.sign_in(ctx, "mei", "wrong")
        waits.append(getattr(caught.value, "seconds", 0))
        clock.advance(timedelta(seconds=waits[-1]))
    assert waits == [0, 0, 2, 4, 8, 16]
    assert service.wait_seconds(30) == service.LONGEST_WAIT


def test_while_waiting_even_the_right_password_is_not_tried(ctx: Context, clock: FixedClock) -> None:
    for _try in range(3):
        with pytest.raises(UserError):
            service.sign_in(ctx, "mei", "wrong")
    with pytest.raises(SlowDown) as caught:
        service.sign_in(ctx, "mei", PASSWORD)
    assert caught.value.seconds > 0
    assert len(attempts(ctx)) == 3, "a try that was not looked at is no attempt"
    clock.advance(timedelta(seconds=3))
    assert service.sign_in(ctx, "mei", PASSWORD).login == "mei"
    clock.advance(timedelta(seconds=1))
    with pytest.raises(UserError) as again:
        service.sign_in(ctx, "mei", "wrong")
    assert not isinstance(again.value, SlowDown), "a good sign-in forgets the earlier tries"


def test_one_persons_wrong_passwords_do_not_slow_another(ctx: Context) -> None:
    for _try in range(4):
        with pytest.raises(UserError):
            service.sign_in(ctx, "mei", "wrong")
    assert service.sign_in(ctx, "ming", PASSWORD).login == "ming"


def test_who_may_not_sign_in_any_more_is_refused(ctx: Context, staff: Staff) -> None:
    row = next(r for r in service.find_staff(ctx) if r.login == "mei")
    service.update_staff(ctx, row.id, row.version, StaffForm("mei", "王小美", row.roles, active=False))
    with pytest.raises(UserError):
        service.sign_in(ctx, "mei", PASSWORD)
    assert "mei" not in [r.login for r in service.find_staff(ctx)]
    assert "mei" in [r.login for r in service.find_staff(ctx, all_members=True)]


def test_passwords_are_kept_as_argon2_and_never_in_the_history(ctx: Context) -> None:
    new = service.create_staff(ctx, StaffForm("lin", "林小芬", ("sales",), "correct horse"))
    with ctx.reading() as session:
        stored = session.get_one(StaffMember, new).password_hash
    assert stored.startswith("$argon2id$") and "horse" not in stored
    from crmdesk.services.records import find_history

    assert all("password_hash" not in line.changes for line in find_history(ctx, "staff", new))


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (StaffForm("", "A", ("sales",), "secret1"), "login"),
        (StaffForm("x" * 41, "A", ("sales",), "secret1"), "login"),
        (StaffForm("a", "  ", ("sales",), "secret1"), "name"),
        (StaffForm("a", "名" * 61, ("sales",), "secret1"), "name"),
        (StaffForm("a", "A", ("sales",), "short"), "password"),
        (StaffForm("a", "A", ("king",), "secret1"), "roles"),
        (StaffForm("mei", "A", ("sales",), "secret1"), "login"),
    ],
)
def test_a_bad_account_is_refused_by_field(ctx: Context, form: StaffForm, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        service.create_staff(ctx, form)
    assert list(caught.value.fields) == [field]
    assert service.count_staff(ctx) == 6


def test_only_who_has_the_right_makes_or_changes_accounts(ctx: Context, staff: Staff) -> None:
    mei = ctx.acting_as(staff.mei)
    with pytest.raises(PermissionDenied):
        service.create_staff(mei, StaffForm("lin", "林小芬", ("sales",), "secret1"))
    with pytest.raises(PermissionDenied):
        service.update_staff(mei, staff.mei.id or 0, 1, StaffForm("mei", "王小美", ("manager",)))


def test_somebody_stays_administrator(ctx: Context, staff: Staff) -> None:
    row = next(r for r in service.find_staff(ctx) if r.login == "boss")
    for form in (StaffForm("boss", "林經理", ("manager",)), StaffForm("boss", "林經理", row.roles, active=False)):
        with pytest.raises(ValidationError) as caught:
            service.update_staff(ctx, row.id, row.version, form)
        assert "roles" in caught.value.fields


def test_two_who_change_one_account_meet_a_conflict(ctx: Context) -> None:
    row = next(r for r in service.find_staff(ctx) if r.login == "wen")
    service.update_staff(ctx, row.id, row.version, StaffForm("wen", "張文華", ("packing", "sales")))
    with pytest.raises(ConflictError):
        service.update_staff(ctx, row.id, row.version, StaffForm("wen", "張文", ("packing",)))


def test_a_new_password_ends_the_waiting(ctx: Context) -> None:
    for _try in range(4):
        with pytest.raises(UserError):
            service.sign_in(ctx, "wen", "wrong")
    row = next(r for r in service.find_staff(ctx) if r.login == "wen")
    service.update_staff(ctx, row.id, row.version, StaffForm("wen", "張文華", row.roles, "a new one"))
    assert service.sign_in(ctx, "wen", "a new one").login == "wen"


def test_the_list_and_signing_in_need_few_statements(ctx: Context) -> None:
    with count_queries(ctx) as seen:
        service.find_staff(ctx)
    assert len([s for s in seen if not s.startswith("BEGIN")]) == 1
    with count_queries(ctx) as seen:
        service.sign_in(ctx, "mei", PASSWORD)
    assert len(seen) <= 7


def test_every_role_is_a_set_of_known_rights() -> None:
    assert set(RIGHTS_OF_ROLE) == set(ROLES)
    assert all(rights <= frozenset(Right) for rights in RIGHTS_OF_ROLE.values())
    assert Right.STAFF not in RIGHTS_OF_ROLE["manager"] and Right.STAFF in RIGHTS_OF_ROLE["administrator"]
