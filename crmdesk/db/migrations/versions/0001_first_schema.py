"""The first schema: one office day on every desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crmdesk.model import base

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "checklist_template",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", base.Json, nullable=False),
        sa.Column("lines", base.Json, nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.Column("times", sa.String(length=60), nullable=False),
        sa.Column("each_station", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_template")),
        sa.UniqueConstraint("key", name=op.f("uq_checklist_template_key")),
    )
    op.create_table(
        "counter",
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("series", "period", name=op.f("uq_counter_series_period")),
    )
    op.create_table(
        "custom_field",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("choices", base.Json, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_field")),
        sa.UniqueConstraint("key", name=op.f("uq_custom_field_key")),
    )
    op.create_table(
        "customer_key",
        sa.Column("key", base.key_type(16), nullable=False),
        sa.Column("customer_id", base.Id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "customer_id", name=op.f("pk_customer_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "history",
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user_id", base.Id, nullable=True),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("station", sa.String(length=60), nullable=False),
        sa.Column("sentence", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", base.Id, nullable=False),
        sa.Column("operation", sa.String(length=10), nullable=False),
        sa.Column("changes", base.Json, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=True),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index(op.f("ix_history_at"), "history", ["at"], unique=False)
    op.create_index("ix_history_record", "history", ["kind", "record_id", "id"], unique=False)
    op.create_index(
        "uq_history_token",
        "history",
        ["token"],
        unique=True,
        sqlite_where=sa.text("token IS NOT NULL"),
        postgresql_where=sa.text("token IS NOT NULL"),
    )
    op.create_table(
        "item",
        sa.Column("code", base.key_type(40), nullable=False),
        sa.Column("barcode", base.key_type(40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("area", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("material", sa.String(length=60), nullable=False),
        sa.Column("weight_g", base.Amount(), nullable=False),
        sa.Column("price_wholesale_a", base.Amount(), nullable=False),
        sa.Column("price_wholesale_b", base.Amount(), nullable=False),
        sa.Column("price_wholesale_c", base.Amount(), nullable=False),
        sa.Column("price_franchise", base.Amount(), nullable=False),
        sa.Column("price_retail", base.Amount(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("code", name=op.f("uq_item_code")),
    )
    op.create_index(op.f("ix_item_barcode"), "item", ["barcode"], unique=False)
    op.create_table(
        "noted_number",
        sa.Column("tail", base.key_type(24), nullable=False),
        sa.Column("kind", base.key_type(12), nullable=False),
        sa.Column("record_id", base.Id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("tail", "kind", "record_id", name=op.f("pk_noted_number")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "office_setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", base.Json, nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_setting")),
        sa.UniqueConstraint("name", name=op.f("uq_office_setting_name")),
    )
    op.create_table(
        "own_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("windows", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=80), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_day")),
        sa.UniqueConstraint("day", name=op.f("uq_own_day_day")),
    )
    op.create_table(
        "paper",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("bare", base.key_type(24), nullable=False),
        sa.Column("record_kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", base.Id, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("void_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("kind", "number", "part", name=op.f("uq_paper_kind_number_part")),
    )
    op.create_index(op.f("ix_paper_bare"), "paper", ["bare"], unique=False)
    op.create_index("ix_paper_record", "paper", ["record_kind", "record_id"], unique=False)
    op.create_table(
        "policy_override",
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", base.Json, nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_override")),
        sa.UniqueConstraint("clause", "name", name=op.f("uq_policy_override_clause_name")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("station", sa.String(length=60), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_at"), "sign_in_attempt", ["at"], unique=False)
    op.create_table(
        "staff",
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("roles", base.Json, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("slow_until", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "approval",
        sa.Column("matter", sa.String(length=24), nullable=False),
        sa.Column("record_kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", base.Id, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amount", base.Amount(), nullable=True),
        sa.Column("terms", base.Json, nullable=False),
        sa.Column("route", base.Json, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by_id", base.Id, nullable=False),
        sa.Column("asked_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("term_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_approval_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index("ix_approval_asked", "approval", ["asked_by_id", "asked_at"], unique=False)
    op.create_index(op.f("ix_approval_decided_at"), "approval", ["decided_at"], unique=False)
    op.create_index("ix_approval_record", "approval", ["record_kind", "record_id"], unique=False)
    op.create_index(op.f("ix_approval_state"), "approval", ["state"], unique=False)
    op.create_index(
        "ix_approval_term",
        "approval",
        ["term_on"],
        unique=False,
        sqlite_where=sa.text("term_on IS NOT NULL"),
        postgresql_where=sa.text("term_on IS NOT NULL"),
    )
    op.create_index(
        "uq_approval_waiting",
        "approval",
        ["record_kind", "record_id", "matter"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "attachment",
        sa.Column("record_kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", base.Id, nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", base.Id, nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_attachment_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_record", "attachment", ["record_kind", "record_id"], unique=False)
    op.create_table(
        "checklist",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", base.Json, nullable=False),
        sa.Column("lines", base.Json, nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("station", sa.String(length=60), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", base.Id, nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("begun_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.String(length=60), nullable=False),
        sa.Column("begun_by_id", base.Id, nullable=True),
        sa.Column("done_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=60), nullable=False),
        sa.Column("done_by_id", base.Id, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["begun_by_id"], ["staff.id"], name=op.f("fk_checklist_begun_by_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["staff.id"], name=op.f("fk_checklist_done_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
    )
    op.create_index(
        "ix_checklist_open",
        "checklist",
        ["begun_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_checklist_record", "checklist", ["kind", "record_id"], unique=False)
    op.create_index("uq_checklist_turn", "checklist", ["day", "key", "station", "turn"], unique=True)
    op.create_table(
        "customer",
        sa.Column("code", base.key_type(20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("gender", sa.String(length=1), nullable=False),
        sa.Column("company", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("grade", sa.String(length=4), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("likes", sa.String(length=200), nullable=False),
        sa.Column("avoid", sa.String(length=200), nullable=False),
        sa.Column("owner_id", base.Id, nullable=True),
        sa.Column("credit_limit", base.Amount(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("birthday", sa.String(length=20), nullable=False),
        sa.Column("birthday_key", sa.String(length=6), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("last_contact_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("custodian_id", base.Id, nullable=True),
        sa.Column("referrer_id", base.Id, nullable=True),
        sa.Column("referral_way", sa.String(length=12), nullable=False),
        sa.Column("referral_note", sa.String(length=200), nullable=False),
        sa.Column("occupation", sa.String(length=40), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("core", sa.Boolean(), nullable=False),
        sa.Column("may_contact", sa.String(length=8), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("care_level", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", base.Id, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["custodian_id"], ["staff.id"], name=op.f("fk_customer_custodian_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["customer.id"], name=op.f("fk_customer_merged_into_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_customer_owner_id")),
        sa.ForeignKeyConstraint(["referrer_id"], ["customer.id"], name=op.f("fk_customer_referrer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("code", name=op.f("uq_customer_code")),
    )
    op.create_index(
        "ix_customer_birthday",
        "customer",
        ["birthday_key"],
        unique=False,
        sqlite_where=sa.text("birthday_key <> ''"),
        postgresql_where=sa.text("birthday_key <> ''"),
    )
    op.create_index(op.f("ix_customer_care_level"), "customer", ["care_level"], unique=False)
    op.create_index("ix_customer_filled", "customer", ["filled", "id"], unique=False)
    op.create_index("ix_customer_kind", "customer", ["kind", "last_contact_at"], unique=False)
    op.create_index(op.f("ix_customer_last_contact_at"), "customer", ["last_contact_at"], unique=False)
    op.create_index(op.f("ix_customer_merged_into_id"), "customer", ["merged_into_id"], unique=False)
    op.create_index(op.f("ix_customer_occupation"), "customer", ["occupation"], unique=False)
    op.create_index(
        "ix_customer_owner",
        "customer",
        ["owner_id", "last_contact_at"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NOT NULL"),
        postgresql_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_customer_referrer_id"), "customer", ["referrer_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("user_id", base.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("station", sa.String(length=60), nullable=False),
        sa.Column("saved_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("payload", base.Json, nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_draft_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("user_id", "kind", "key", name=op.f("uq_draft_user_id_kind_key")),
    )
    op.create_table(
        "enquiry_summary",
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reported_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reported_by_id", base.Id, nullable=True),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("topics_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("topics_by_id", base.Id, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["reported_by_id"], ["staff.id"], name=op.f("fk_enquiry_summary_reported_by_id")),
        sa.ForeignKeyConstraint(["topics_by_id"], ["staff.id"], name=op.f("fk_enquiry_summary_topics_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_summary")),
        sa.UniqueConstraint("quarter", name=op.f("uq_enquiry_summary_quarter")),
    )
    op.create_table(
        "hand_on",
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("row_id", base.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", base.Id, nullable=False),
        sa.Column("to_id", base.Id, nullable=False),
        sa.Column("by_id", base.Id, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_hand_on_by_id")),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"], name=op.f("fk_hand_on_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_on")),
        sa.UniqueConstraint("duty", "row_id", name=op.f("uq_hand_on_duty_row_id")),
    )
    op.create_index("ix_hand_on_to", "hand_on", ["to_id", "duty"], unique=False)
    op.create_table(
        "phone_duty",
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins", sa.String(length=5), nullable=False),
        sa.Column("ends", sa.String(length=5), nullable=False),
        sa.Column("staff_id", base.Id, nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_phone_duty_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_duty")),
    )
    op.create_table(
        "print_job",
        sa.Column("paper_id", base.Id, nullable=False),
        sa.Column("reprint", sa.Integer(), nullable=False),
        sa.Column("asked_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("station", sa.String(length=60), nullable=False),
        sa.Column("printer", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("finished_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_print_job_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    op.create_index(op.f("ix_print_job_paper_id"), "print_job", ["paper_id"], unique=False)
    op.create_index(op.f("ix_print_job_state"), "print_job", ["state"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("list_key", sa.String(length=30), nullable=False),
        sa.Column("owner_id", base.Id, nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("payload", base.Json, nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_saved_view_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_list", "saved_view", ["list_key", "owner_id"], unique=False)
    op.create_table(
        "snooze",
        sa.Column("user_id", base.Id, nullable=False),
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("row_id", base.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", base.Id, nullable=False),
        sa.Column("until", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_snooze_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
        sa.UniqueConstraint("user_id", "duty", "row_id", name=op.f("uq_snooze_user_id_duty_row_id")),
    )
    op.create_index("ix_snooze_until", "snooze", ["user_id", "until"], unique=False)
    op.create_table(
        "stand_in",
        sa.Column("staff_id", base.Id, nullable=False),
        sa.Column("stand_in_id", base.Id, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_stand_in_staff_id")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["staff.id"], name=op.f("fk_stand_in_stand_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
    )
    op.create_index(op.f("ix_stand_in_staff_id"), "stand_in", ["staff_id"], unique=False)
    op.create_index(op.f("ix_stand_in_until_on"), "stand_in", ["until_on"], unique=False)
    op.create_table(
        "approval_step",
        sa.Column("approval_id", base.Id, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("by_id", base.Id, nullable=True),
        sa.Column("for_id", base.Id, nullable=True),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_approval_step_approval_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_approval_step_by_id")),
        sa.ForeignKeyConstraint(["for_id"], ["staff.id"], name=op.f("fk_approval_step_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
    )
    op.create_index(op.f("ix_approval_step_approval_id"), "approval_step", ["approval_id"], unique=False)
    op.create_index("ix_approval_step_role", "approval_step", ["decision", "role"], unique=False)
    op.create_table(
        "call",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("started_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", base.Id, nullable=False),
        sa.Column("rings", sa.Integer(), nullable=False),
        sa.Column("apologised", sa.Boolean(), nullable=False),
        sa.Column("customer_id", base.Id, nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_tail", base.key_type(24), nullable=False),
        sa.Column("caller_name", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("urgency", sa.String(length=8), nullable=False),
        sa.Column("read_back", base.Json, nullable=False),
        sa.Column("callback_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("callback_done_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("callback_result", sa.String(length=200), nullable=False),
        sa.Column("transferred_to", sa.String(length=60), nullable=False),
        sa.Column("passed_on", sa.String(length=200), nullable=False),
        sa.Column("escalated_to_id", base.Id, nullable=True),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("handled_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("caller_hung_up_first", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("opinion_department", sa.String(length=60), nullable=False),
        sa.Column("opinion_passed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["staff.id"], name=op.f("fk_call_answered_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_call_customer_id")),
        sa.ForeignKeyConstraint(["escalated_to_id"], ["staff.id"], name=op.f("fk_call_escalated_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("number", name=op.f("uq_call_number")),
    )
    op.create_index("ix_call_callback", "call", ["callback_done_at", "callback_at"], unique=False)
    op.create_index(op.f("ix_call_customer_id"), "call", ["customer_id"], unique=False)
    op.create_index(
        "ix_call_open_callback",
        "call",
        ["callback_at"],
        unique=False,
        sqlite_where=sa.text("callback_done_at IS NULL"),
        postgresql_where=sa.text("callback_done_at IS NULL"),
    )
    op.create_index(
        "ix_call_opinion",
        "call",
        ["started_at"],
        unique=False,
        sqlite_where=sa.text("opinion <> '' AND opinion_passed_at IS NULL"),
        postgresql_where=sa.text("opinion <> '' AND opinion_passed_at IS NULL"),
    )
    op.create_index(op.f("ix_call_phone_tail"), "call", ["phone_tail"], unique=False)
    op.create_index(op.f("ix_call_started_at"), "call", ["started_at"], unique=False)
    op.create_index(op.f("ix_call_state"), "call", ["state"], unique=False)
    op.create_index(
        "ix_call_waits",
        "call",
        ["started_at"],
        unique=False,
        sqlite_where=sa.text("state NOT IN ('done', 'transferred')"),
        postgresql_where=sa.text("state NOT IN ('done', 'transferred')"),
    )
    op.create_table(
        "care",
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("item_id", base.Id, nullable=True),
        sa.Column("noted_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", base.Id, nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("arrived_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("done_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", base.Id, nullable=True),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_care_customer_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["staff.id"], name=op.f("fk_care_done_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_care_item_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["staff.id"], name=op.f("fk_care_noted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care")),
    )
    op.create_index(op.f("ix_care_customer_id"), "care", ["customer_id"], unique=False)
    op.create_index(
        "ix_care_due",
        "care",
        ["on"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(op.f("ix_care_item_id"), "care", ["item_id"], unique=False)
    op.create_table(
        "checklist_tick",
        sa.Column("checklist_id", base.Id, nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("fault", sa.Boolean(), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", base.Id, nullable=True),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("station", sa.String(length=60), nullable=False),
        sa.Column("second_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("second_id", base.Id, nullable=True),
        sa.Column("second", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("undone_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=60), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_checklist_tick_by_id")),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklist.id"], name=op.f("fk_checklist_tick_checklist_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["second_id"], ["staff.id"], name=op.f("fk_checklist_tick_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_tick")),
    )
    op.create_index(
        "uq_checklist_tick_line",
        "checklist_tick",
        ["checklist_id", "line"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "contact",
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("tail", base.key_type(24), nullable=False),
        sa.Column("birthday", sa.String(length=20), nullable=False),
        sa.Column("birthday_key", sa.String(length=6), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("gender", sa.String(length=1), nullable=False),
        sa.Column("hobbies", sa.String(length=200), nullable=False),
        sa.Column("relation_grade", sa.String(length=4), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_contact_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(
        "ix_contact_birthday",
        "contact",
        ["birthday_key"],
        unique=False,
        sqlite_where=sa.text("birthday_key <> ''"),
        postgresql_where=sa.text("birthday_key <> ''"),
    )
    op.create_index(op.f("ix_contact_customer_id"), "contact", ["customer_id"], unique=False)
    op.create_index(op.f("ix_contact_tail"), "contact", ["tail"], unique=False)
    op.create_table(
        "customer_merge",
        sa.Column("kept_id", base.Id, nullable=False),
        sa.Column("gone_id", base.Id, nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", base.Id, nullable=False),
        sa.Column("moved", base.Json, nullable=False),
        sa.Column("before", base.Json, nullable=False),
        sa.Column("after", base.Json, nullable=False),
        sa.Column("gone", base.Json, nullable=False),
        sa.Column("undone_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_customer_merge_by_id")),
        sa.ForeignKeyConstraint(["gone_id"], ["customer.id"], name=op.f("fk_customer_merge_gone_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["customer.id"], name=op.f("fk_customer_merge_kept_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_merge")),
    )
    op.create_index(op.f("ix_customer_merge_gone_id"), "customer_merge", ["gone_id"], unique=False)
    op.create_index(op.f("ix_customer_merge_kept_id"), "customer_merge", ["kept_id"], unique=False)
    op.create_table(
        "customer_phone",
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("extension", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("tail", base.key_type(24), nullable=False),
        sa.Column("head", base.key_type(24), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_phone_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_phone")),
    )
    op.create_index(op.f("ix_customer_phone_customer_id"), "customer_phone", ["customer_id"], unique=False)
    op.create_index(op.f("ix_customer_phone_head"), "customer_phone", ["head"], unique=False)
    op.create_index(op.f("ix_customer_phone_tail"), "customer_phone", ["tail"], unique=False)
    op.create_table(
        "customer_value",
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_value_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_value")),
        sa.UniqueConstraint("customer_id", "key", name=op.f("uq_customer_value_customer_id_key")),
    )
    op.create_index(op.f("ix_customer_value_customer_id"), "customer_value", ["customer_id"], unique=False)
    op.create_table(
        "deposit",
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", base.Id, nullable=False),
        sa.Column("amount", base.Amount(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("returned_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("returned_by_id", base.Id, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_deposit_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_deposit_customer_id")),
        sa.ForeignKeyConstraint(["returned_by_id"], ["staff.id"], name=op.f("fk_deposit_returned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
    )
    op.create_index(op.f("ix_deposit_customer_id"), "deposit", ["customer_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user_id", base.Id, nullable=True),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("station", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", base.Id, nullable=False),
        sa.Column("customer_id", base.Id, nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=False),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("values", base.Json, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_event_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_customer", "event", ["customer_id", "at"], unique=False)
    op.create_index("ix_event_record", "event", ["kind", "record_id", "id"], unique=False)
    op.create_table(
        "letter",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("party", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("customer_id", base.Id, nullable=True),
        sa.Column("product", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("handled_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("handled_by_id", base.Id, nullable=True),
        sa.Column("delivered_to", sa.String(length=80), nullable=False),
        sa.Column("delivered_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("filed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("bound_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("registered_by_id", base.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_letter_customer_id")),
        sa.ForeignKeyConstraint(["handled_by_id"], ["staff.id"], name=op.f("fk_letter_handled_by_id")),
        sa.ForeignKeyConstraint(["registered_by_id"], ["staff.id"], name=op.f("fk_letter_registered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_letter_number")),
    )
    op.create_index(op.f("ix_letter_customer_id"), "letter", ["customer_id"], unique=False)
    op.create_index(op.f("ix_letter_dated"), "letter", ["dated"], unique=False)
    op.create_index(
        "ix_letter_unfiled",
        "letter",
        ["dated"],
        unique=False,
        sqlite_where=sa.text("filed_at IS NULL"),
        postgresql_where=sa.text("filed_at IS NULL"),
    )
    op.create_table(
        "pause",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", base.Id, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("customer_id", base.Id, nullable=True),
        sa.Column("started_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("review_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", base.Id, nullable=True),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("ended_by", sa.String(length=60), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_pause_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_pause_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index("ix_pause_record", "pause", ["kind", "record_id"], unique=False)
    op.create_index("ix_pause_review", "pause", ["ended_at", "review_at"], unique=False)
    op.create_table(
        "relative",
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("birthday", sa.String(length=20), nullable=False),
        sa.Column("birthday_key", sa.String(length=6), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("greeting", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_relative_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relative")),
    )
    op.create_index(
        "ix_relative_birthday",
        "relative",
        ["birthday_key"],
        unique=False,
        sqlite_where=sa.text("birthday_key <> ''"),
        postgresql_where=sa.text("birthday_key <> ''"),
    )
    op.create_index(op.f("ix_relative_customer_id"), "relative", ["customer_id"], unique=False)
    op.create_table(
        "visit",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("customer_id", base.Id, nullable=True),
        sa.Column("visitor_name", sa.String(length=80), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("visitor_class", sa.String(length=1), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("appointment_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("greeted_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("water_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("locker_key", sa.Integer(), nullable=True),
        sa.Column("nothing_to_deposit", sa.Boolean(), nullable=False),
        sa.Column("key_given_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("key_returned_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("clerk_id", base.Id, nullable=True),
        sa.Column("clerk_accepted_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("send_off", base.Json, nullable=False),
        sa.Column("transport", sa.String(length=20), nullable=False),
        sa.Column("leave_reason", sa.String(length=200), nullable=False),
        sa.Column("left_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["clerk_id"], ["staff.id"], name=op.f("fk_visit_clerk_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_visit_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("number", name=op.f("uq_visit_number")),
    )
    op.create_index(op.f("ix_visit_arrived_at"), "visit", ["arrived_at"], unique=False)
    op.create_index(op.f("ix_visit_customer_id"), "visit", ["customer_id"], unique=False)
    op.create_index(
        "ix_visit_here",
        "visit",
        ["state", "arrived_at"],
        unique=False,
        sqlite_where=sa.text("state <> 'left'"),
        postgresql_where=sa.text("state <> 'left'"),
    )
    op.create_index(op.f("ix_visit_left_at"), "visit", ["left_at"], unique=False)
    op.create_index(op.f("ix_visit_state"), "visit", ["state"], unique=False)
    op.create_index(
        "uq_visit_key_out",
        "visit",
        ["locker_key"],
        unique=True,
        sqlite_where=sa.text("locker_key IS NOT NULL AND key_returned_at IS NULL"),
        postgresql_where=sa.text("locker_key IS NOT NULL AND key_returned_at IS NULL"),
    )
    op.create_table(
        "complaint",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("customer_id", base.Id, nullable=True),
        sa.Column("complainant", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("call_id", base.Id, nullable=True),
        sa.Column("visit_id", base.Id, nullable=True),
        sa.Column("sale_number", sa.String(length=20), nullable=False),
        sa.Column("received_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("received_by_id", base.Id, nullable=False),
        sa.Column("handler_id", base.Id, nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("domestic", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("affected", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("wish", sa.String(length=400), nullable=False),
        sa.Column("item_code", sa.String(length=40), nullable=False),
        sa.Column("item_name", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False),
        sa.Column("clears", base.Json, nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=True),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("remedy", sa.String(length=12), nullable=False),
        sa.Column("loss", base.Amount(), nullable=False),
        sa.Column("allowance", base.Amount(), nullable=False),
        sa.Column("improvement", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("manager_told", sa.Boolean(), nullable=False),
        sa.Column("next_reply_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("not_reached", sa.Integer(), nullable=False),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("closed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("was_due_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("stage_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_complaint_call_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_complaint_customer_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["staff.id"], name=op.f("fk_complaint_handler_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["staff.id"], name=op.f("fk_complaint_received_by_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_complaint_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
    )
    op.create_index(op.f("ix_complaint_customer_id"), "complaint", ["customer_id"], unique=False)
    op.create_index(
        "ix_complaint_handler_received",
        "complaint",
        ["handler_id", "severity", "domestic", "received_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_complaint_handler_reply",
        "complaint",
        ["handler_id", "next_reply_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_complaint_next_reply_at"), "complaint", ["next_reply_at"], unique=False)
    op.create_index(
        "ix_complaint_open_received",
        "complaint",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_complaint_received_at"), "complaint", ["received_at"], unique=False)
    op.create_index(
        "ix_complaint_stage",
        "complaint",
        ["state", "handler_id", "stage_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_complaint_state"), "complaint", ["state"], unique=False)
    op.create_index(
        "ix_complaint_told",
        "complaint",
        ["severity", "manager_told", "handler_id", "received_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "follow",
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("visit_id", base.Id, nullable=True),
        sa.Column("call_id", base.Id, nullable=True),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", base.Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sales", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("interest", sa.String(length=200), nullable=False),
        sa.Column("evaluation", sa.String(length=200), nullable=False),
        sa.Column("handed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("handed_to_id", base.Id, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_follow_by_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_follow_call_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_follow_customer_id")),
        sa.ForeignKeyConstraint(["handed_to_id"], ["staff.id"], name=op.f("fk_follow_handed_to_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_follow_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
    )
    op.create_index("ix_follow_by", "follow", ["by_id", "at"], unique=False)
    op.create_index(op.f("ix_follow_call_id"), "follow", ["call_id"], unique=False)
    op.create_index("ix_follow_customer", "follow", ["customer_id", "at"], unique=False)
    op.create_index(op.f("ix_follow_visit_id"), "follow", ["visit_id"], unique=False)
    op.create_table(
        "matter",
        sa.Column("call_id", base.Id, nullable=True),
        sa.Column("customer_id", base.Id, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=8), nullable=False),
        sa.Column("first_id", base.Id, nullable=False),
        sa.Column("owner_id", base.Id, nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("accepted_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("passed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("asked_back_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("closed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_matter_call_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_matter_customer_id")),
        sa.ForeignKeyConstraint(["first_id"], ["staff.id"], name=op.f("fk_matter_first_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_matter_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
    )
    op.create_index(op.f("ix_matter_call_id"), "matter", ["call_id"], unique=False)
    op.create_index(op.f("ix_matter_customer_id"), "matter", ["customer_id"], unique=False)
    op.create_index(
        "ix_matter_owner",
        "matter",
        ["owner_id", "accepted_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_matter_state"), "matter", ["state"], unique=False)
    op.create_table(
        "missed_call",
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_tail", base.key_type(24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("customer_id", base.Id, nullable=True),
        sa.Column("holder_id", base.Id, nullable=True),
        sa.Column("in_hours", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("clause", sa.String(length=10), nullable=False),
        sa.Column("proposed", base.Amount(), nullable=False),
        sa.Column("returned_by_id", base.Id, nullable=True),
        sa.Column("settled_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_missed_call_customer_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["staff.id"], name=op.f("fk_missed_call_holder_id")),
        sa.ForeignKeyConstraint(["returned_by_id"], ["call.id"], name=op.f("fk_missed_call_returned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_call")),
    )
    op.create_index(op.f("ix_missed_call_at"), "missed_call", ["at"], unique=False)
    op.create_index(op.f("ix_missed_call_customer_id"), "missed_call", ["customer_id"], unique=False)
    op.create_index("ix_missed_call_open", "missed_call", ["settled_at", "at"], unique=False)
    op.create_index(op.f("ix_missed_call_phone_tail"), "missed_call", ["phone_tail"], unique=False)
    op.create_table(
        "repair",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("call_id", base.Id, nullable=True),
        sa.Column("received_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("received_by_id", base.Id, nullable=False),
        sa.Column("item_code", sa.String(length=40), nullable=False),
        sa.Column("item_name", sa.String(length=120), nullable=False),
        sa.Column("material", sa.String(length=60), nullable=False),
        sa.Column("weight_g", base.Amount(), nullable=True),
        sa.Column("stones", sa.String(length=40), nullable=False),
        sa.Column("condition", sa.String(length=200), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("declared_value", base.Amount(), nullable=False),
        sa.Column("fee_limit", base.Amount(), nullable=False),
        sa.Column("fee", base.Amount(), nullable=False),
        sa.Column("outside_cost", base.Amount(), nullable=False),
        sa.Column("purchase_number", sa.String(length=20), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=True),
        sa.Column("not_thai_silver", sa.Boolean(), nullable=False),
        sa.Column("told", base.Json, nullable=False),
        sa.Column("route", sa.String(length=8), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("latest_on", sa.Date(), nullable=True),
        sa.Column("sent_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("returned_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ready_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("told_ready_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.Column("closed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("internal_note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_repair_call_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_repair_customer_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["staff.id"], name=op.f("fk_repair_received_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair")),
        sa.UniqueConstraint("number", name=op.f("uq_repair_number")),
    )
    op.create_index(op.f("ix_repair_call_id"), "repair", ["call_id"], unique=False)
    op.create_index(op.f("ix_repair_customer_id"), "repair", ["customer_id"], unique=False)
    op.create_index(
        "ix_repair_in_hand",
        "repair",
        ["state", "promised_on"],
        unique=False,
        sqlite_where=sa.text("state NOT IN ('picked_up', 'shipped', 'cancelled')"),
        postgresql_where=sa.text("state NOT IN ('picked_up', 'shipped', 'cancelled')"),
    )
    op.create_index(op.f("ix_repair_received_at"), "repair", ["received_at"], unique=False)
    op.create_index(op.f("ix_repair_state"), "repair", ["state"], unique=False)
    op.create_table(
        "sale",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("visit_id", base.Id, nullable=True),
        sa.Column("clerk_id", base.Id, nullable=False),
        sa.Column("opened_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("printed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("paid_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("customer_present", sa.Boolean(), nullable=False),
        sa.Column("delivery", sa.String(length=40), nullable=False),
        sa.Column("ship_to", sa.String(length=200), nullable=False),
        sa.Column("ship_phone", sa.String(length=40), nullable=False),
        sa.Column("consent_to_print", sa.Boolean(), nullable=False),
        sa.Column("discount", base.Amount(), nullable=False),
        sa.Column("freight", base.Amount(), nullable=False),
        sa.Column("rounding", base.Amount(), nullable=False),
        sa.Column("subtotal", base.Amount(), nullable=False),
        sa.Column("total", base.Amount(), nullable=False),
        sa.Column("previous_balance", base.Amount(), nullable=False),
        sa.Column("returned", base.Amount(), nullable=False),
        sa.Column("paid", base.Amount(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("signed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", base.Id, nullable=True),
        sa.Column("remark", sa.String(length=400), nullable=False),
        sa.Column("internal_remark", sa.String(length=400), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["clerk_id"], ["staff.id"], name=op.f("fk_sale_clerk_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_sale_customer_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["staff.id"], name=op.f("fk_sale_signed_by_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_sale_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale")),
        sa.UniqueConstraint("number", name=op.f("uq_sale_number")),
    )
    op.create_index(op.f("ix_sale_customer_id"), "sale", ["customer_id"], unique=False)
    op.create_index(op.f("ix_sale_opened_at"), "sale", ["opened_at"], unique=False)
    op.create_index(op.f("ix_sale_printed_at"), "sale", ["printed_at"], unique=False)
    op.create_index(op.f("ix_sale_state"), "sale", ["state"], unique=False)
    op.create_index(op.f("ix_sale_visit_id"), "sale", ["visit_id"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("sale_id", base.Id, nullable=True),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("amount", base.Amount(), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_ledger_entry_customer_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_ledger_entry_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    op.create_index("ix_ledger_entry_customer", "ledger_entry", ["customer_id", "amount"], unique=False)
    op.create_index(op.f("ix_ledger_entry_sale_id"), "ledger_entry", ["sale_id"], unique=False)
    op.create_table(
        "packing",
        sa.Column("sale_id", base.Id, nullable=False),
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("customer_present", sa.Boolean(), nullable=False),
        sa.Column("counter_id", base.Id, nullable=False),
        sa.Column("second_id", base.Id, nullable=True),
        sa.Column("second_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("started_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("packed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sealed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ticks", base.Json, nullable=False),
        sa.Column("return_number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["staff.id"], name=op.f("fk_packing_counter_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_packing_customer_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_packing_sale_id")),
        sa.ForeignKeyConstraint(["second_id"], ["staff.id"], name=op.f("fk_packing_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packing")),
        sa.UniqueConstraint("sale_id", name=op.f("uq_packing_sale_id")),
    )
    op.create_index(op.f("ix_packing_customer_id"), "packing", ["customer_id"], unique=False)
    op.create_index(op.f("ix_packing_started_at"), "packing", ["started_at"], unique=False)
    op.create_index(op.f("ix_packing_state"), "packing", ["state"], unique=False)
    op.create_table(
        "payment",
        sa.Column("sale_id", base.Id, nullable=False),
        sa.Column("customer_id", base.Id, nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("amount", base.Amount(), nullable=False),
        sa.Column("received", base.Amount(), nullable=False),
        sa.Column("change", base.Amount(), nullable=False),
        sa.Column("by_id", base.Id, nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_payment_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_payment_customer_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_payment_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(op.f("ix_payment_at"), "payment", ["at"], unique=False)
    op.create_index(op.f("ix_payment_customer_id"), "payment", ["customer_id"], unique=False)
    op.create_index(op.f("ix_payment_sale_id"), "payment", ["sale_id"], unique=False)
    op.create_table(
        "repair_photo",
        sa.Column("repair_id", base.Id, nullable=False),
        sa.Column("taken_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("ring_x", sa.Integer(), nullable=True),
        sa.Column("ring_y", sa.Integer(), nullable=True),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repair.id"], name=op.f("fk_repair_photo_repair_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_photo")),
    )
    op.create_index(op.f("ix_repair_photo_repair_id"), "repair_photo", ["repair_id"], unique=False)
    op.create_table(
        "sale_line",
        sa.Column("sale_id", base.Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", base.Id, nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("area", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", base.Amount(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount", base.Amount(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("tick", sa.String(length=4), nullable=False),
        sa.Column("packed", sa.Integer(), nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_sale_line_item_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_sale_line_sale_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_line")),
    )
    op.create_index("ix_sale_line_item", "sale_line", ["item_id", "sale_id"], unique=False)
    op.create_index(op.f("ix_sale_line_sale_id"), "sale_line", ["sale_id"], unique=False)
    op.create_table(
        "carton",
        sa.Column("packing_id", base.Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.Column("sealed_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["packing_id"], ["packing.id"], name=op.f("fk_carton_packing_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carton")),
        sa.UniqueConstraint("packing_id", "position", name=op.f("uq_carton_packing_id_position")),
    )
    op.create_table(
        "packing_return",
        sa.Column("packing_id", base.Id, nullable=False),
        sa.Column("line_id", base.Id, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", base.Id, nullable=False),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_packing_return_by_id")),
        sa.ForeignKeyConstraint(["line_id"], ["sale_line.id"], name=op.f("fk_packing_return_line_id")),
        sa.ForeignKeyConstraint(
            ["packing_id"], ["packing.id"], name=op.f("fk_packing_return_packing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packing_return")),
    )
    op.create_index(op.f("ix_packing_return_line_id"), "packing_return", ["line_id"], unique=False)
    op.create_index(op.f("ix_packing_return_packing_id"), "packing_return", ["packing_id"], unique=False)
    op.create_table(
        "packing_scan",
        sa.Column("packing_id", base.Id, nullable=False),
        sa.Column("carton_id", base.Id, nullable=True),
        sa.Column("line_id", base.Id, nullable=True),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", base.Id, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("acknowledged_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", base.Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_packing_scan_by_id")),
        sa.ForeignKeyConstraint(["carton_id"], ["carton.id"], name=op.f("fk_packing_scan_carton_id")),
        sa.ForeignKeyConstraint(["line_id"], ["sale_line.id"], name=op.f("fk_packing_scan_line_id")),
        sa.ForeignKeyConstraint(
            ["packing_id"], ["packing.id"], name=op.f("fk_packing_scan_packing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packing_scan")),
    )
    op.create_index(op.f("ix_packing_scan_at"), "packing_scan", ["at"], unique=False)
    op.create_index(op.f("ix_packing_scan_carton_id"), "packing_scan", ["carton_id"], unique=False)
    op.create_index(op.f("ix_packing_scan_line_id"), "packing_scan", ["line_id"], unique=False)
    op.create_index(op.f("ix_packing_scan_packing_id"), "packing_scan", ["packing_id"], unique=False)
