"""Tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.audit.xid8

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aggregate_version",
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("handler", "agency", "kind", "id", name=op.f("pk_aggregate_version")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("terminal", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("refusal_code", sa.String(length=20), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("nominal_id", sa.Uuid(), nullable=True),
        sa.Column("origin_ids", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("correlation_id", sa.Uuid(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "transaction_id",
            shared.audit.xid8.Xid8(),
            server_default=sa.text("pg_current_xact_id()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "outcome IN ('done', 'viewed', 'refused', 'failed')", name=op.f("ck_audit_entry_outcome")
        ),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("ck_audit_entry_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_actor_at", "audit_entry", ["actor", "at"], unique=False)
    op.create_index(
        "ix_audit_entry_nominal_id_at",
        "audit_entry",
        ["nominal_id", "at"],
        unique=False,
        postgresql_where=sa.text("nominal_id IS NOT NULL"),
    )
    op.create_index(
        "ix_audit_entry_origin_ids",
        "audit_entry",
        ["origin_ids"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("origin_ids <> '{}'"),
    )
    op.create_index("ix_audit_entry_transaction_id_id", "audit_entry", ["transaction_id", "id"], unique=False)
    op.create_table(
        "audit_number",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("entry_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_number")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_number_entry_id")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_number", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_seal")),
    )
    op.create_table(
        "bulk_partner_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("source_unit", sa.String(length=40), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("starter_agency", sa.String(length=40), nullable=False),
        sa.Column("starter_unit", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("terminal", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nominal_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("already", sa.Integer(), nullable=False),
        sa.Column("limited", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(source_unit IS NULL) <> (template_id IS NULL)", name=op.f("ck_bulk_partner_job_one_source")
        ),
        sa.CheckConstraint("done <= total", name=op.f("ck_bulk_partner_job_done")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_partner_job")),
    )
    op.create_index("ix_bulk_partner_job_started_by", "bulk_partner_job", ["started_by", "id"], unique=False)
    op.create_table(
        "bulk_partner_result",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "result IN ('added', 'already', 'limited', 'failed')", name=op.f("ck_bulk_partner_result_result")
        ),
        sa.CheckConstraint("why IN ('archived', 'gone', 'error')", name=op.f("ck_bulk_partner_result_why")),
        sa.PrimaryKeyConstraint("job_id", "nominal_id", name=op.f("pk_bulk_partner_result")),
    )
    op.create_index(
        "ix_bulk_partner_result_not_done",
        "bulk_partner_result",
        ["job_id", "result", "nominal_id"],
        unique=False,
        postgresql_where=sa.text("result IN ('limited', 'failed')"),
    )
    op.create_table(
        "dead_letter",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("dead_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("replayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_dead_letter")),
    )
    op.create_table(
        "directory_grant",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('token', 'role')", name=op.f("ck_directory_grant_kind")),
        sa.PrimaryKeyConstraint("person_id", "name", "unit", name=op.f("pk_directory_grant")),
    )
    op.create_index(op.f("ix_directory_grant_unit_name"), "directory_grant", ["unit", "name"], unique=False)
    op.create_table(
        "directory_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_person")),
    )
    op.create_index(op.f("ix_directory_person_unit"), "directory_person", ["unit"], unique=False)
    op.create_table(
        "directory_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_directory_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_state")),
    )
    op.create_table(
        "directory_unit",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_directory_unit")),
    )
    op.create_index(op.f("ix_directory_unit_parent"), "directory_unit", ["parent"], unique=False)
    op.create_table(
        "environment",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name in ('live', 'training')", name=op.f("ck_environment_known")),
        sa.CheckConstraint("id = 1", name=op.f("ck_environment_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_environment")),
    )
    op.create_table(
        "forename",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("deletions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "codes", sa.ARRAY(sa.Text()), sa.Computed("daitch_mokotoff(value)", persisted=True), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forename")),
        sa.UniqueConstraint("value", name=op.f("uq_forename_value")),
    )
    op.create_index("ix_forename_codes", "forename", ["codes"], unique=False, postgresql_using="gin")
    op.create_index("ix_forename_deletions", "forename", ["deletions"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_forename_trigrams",
        "forename",
        ["value"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"value": "gin_trgm_ops"},
    )
    op.create_table(
        "heartbeat",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "inbox",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"], unique=False, postgresql_using="brin")
    op.create_table(
        "inbox_retry",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("waits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_inbox_retry")),
    )
    op.create_index(
        "ix_inbox_retry_due_at",
        "inbox_retry",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("body IS NOT NULL"),
    )
    op.create_table(
        "incoming_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fact", sa.String(length=300), nullable=False),
        sa.Column("event_type", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('taken', 'no_record', 'set_aside')", name=op.f("ck_incoming_message_outcome")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_message")),
        sa.UniqueConstraint("fact", name=op.f("uq_incoming_message_fact")),
    )
    op.create_index(
        "ix_incoming_message_set_aside",
        "incoming_message",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("outcome = 'set_aside'"),
    )
    op.create_table(
        "leaving",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("manager_of", sa.Integer(), nullable=True),
        sa.Column("supervisor_of", sa.Integer(), nullable=True),
        sa.Column("partner_of", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_leaving")),
    )
    op.create_index(op.f("ix_leaving_counted_at"), "leaving", ["counted_at"], unique=False)
    op.create_table(
        "nominal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "visor_number",
            sa.String(length=9),
            server_default=sa.text("'V' || lpad(nextval('visor_number')::text, 8, '0')"),
            nullable=False,
        ),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("statutory_supervision", sa.Boolean(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=3), nullable=False),
        sa.Column("owner_unit", sa.String(length=40), nullable=False),
        sa.Column("owner_agency", sa.String(length=40), nullable=False),
        sa.Column("managing_unit", sa.String(length=40), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("supervisor_id", sa.Uuid(), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(length=10), nullable=False),
        sa.Column("risk_level", sa.String(length=10), nullable=True),
        sa.Column("risk_since", sa.Date(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("offender_manager_id", sa.Uuid(), nullable=True),
        sa.Column("offender_manager_role", sa.String(length=3), nullable=True),
        sa.Column("general_comments", sa.Text(), nullable=True),
        sa.Column("custody_prison", sa.String(length=40), nullable=True),
        sa.Column("custody_since", sa.Date(), nullable=True),
        sa.Column("limited_access", sa.Boolean(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("standing_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "category NOT IN ('3', 'ORSH') OR level > 1", name=op.f("ck_nominal_category_3_level")
        ),
        sa.CheckConstraint(
            "risk_level IN ('low', 'medium', 'high', 'very_high')", name=op.f("ck_nominal_risk_level")
        ),
        sa.CheckConstraint("status IN ('live', 'archived')", name=op.f("ck_nominal_status")),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_nominal_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominal")),
        sa.UniqueConstraint("visor_number", name=op.f("uq_nominal_visor_number")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(
        "ix_nominal_custody_prison",
        "nominal",
        ["custody_prison"],
        unique=False,
        postgresql_where=sa.text("custody_prison IS NOT NULL"),
    )
    op.create_index("ix_nominal_date_of_birth", "nominal", ["date_of_birth"], unique=False)
    op.create_index("ix_nominal_manager_id", "nominal", ["manager_id", "id"], unique=False)
    op.create_index("ix_nominal_managing_unit", "nominal", ["managing_unit", "id"], unique=False)
    op.create_index("ix_nominal_owner_unit", "nominal", ["owner_unit", "id"], unique=False)
    op.create_index("ix_nominal_supervisor_id", "nominal", ["supervisor_id", "id"], unique=False)
    op.create_table(
        "once",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("command", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "command", "key", name=op.f("pk_once")),
    )
    op.create_index(op.f("ix_once_at"), "once", ["at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aggregate", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("correlation_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("copies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("taken", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "waiting_since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"], unique=False, postgresql_using="brin")
    op.create_index(
        "ix_outbox_unpublished",
        "outbox",
        [sa.literal_column("urgent DESC"), "sequence"],
        unique=False,
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_index("uq_outbox_sequence", "outbox", ["sequence"], unique=True)
    op.create_table(
        "policy_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by is null)", name=op.f("ck_policy_change_decided_by")
        ),
        sa.CheckConstraint(
            "decided_by is null or (decided_by = proposed_by) = (state = 'withdrawn')",
            name=op.f("ck_policy_change_two_people"),
        ),
        sa.CheckConstraint(
            "state in ('proposed', 'confirmed', 'rejected', 'withdrawn')", name=op.f("ck_policy_change_state")
        ),
        sa.CheckConstraint(
            "(decided_by is null) = (decided_at is null)", name=op.f("ck_policy_change_decided_at")
        ),
        sa.CheckConstraint(
            "in_force_to is null or in_force_to >= in_force_from", name=op.f("ck_policy_change_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_change")),
    )
    op.create_index(
        op.f("ix_policy_change_state_proposed_at"), "policy_change", ["state", "proposed_at"], unique=False
    )
    op.create_index(
        "uq_policy_change_one_a_day",
        "policy_change",
        ["key", "in_force_from"],
        unique=True,
        postgresql_where=sa.text("state = 'confirmed'"),
    )
    op.create_table(
        "policy_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("offset", sa.Interval(), nullable=False),
        sa.CheckConstraint(
            "demonstration or \"offset\" = interval '0'",
            name=op.f("ck_policy_clock_moves_only_in_demonstration"),
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_policy_clock_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_clock")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("statutory_supervision", sa.Boolean(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("owner_unit", sa.String(length=40), nullable=False),
        sa.Column("jurisdiction", sa.String(length=3), nullable=False),
        sa.Column("forenames", sa.Text(), nullable=False),
        sa.Column("surname", sa.Text(), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(length=10), nullable=False),
        sa.Column("pnc", sa.String(length=20), nullable=True),
        sa.Column("cro", sa.String(length=20), nullable=True),
        sa.Column("noms", sa.String(length=20), nullable=True),
        sa.Column("crn", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'created') = (nominal_id IS NOT NULL)", name=op.f("ck_referral_created")
        ),
        sa.CheckConstraint("status IN ('open', 'created')", name=op.f("ck_referral_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_nominal_id"), "referral", ["nominal_id"], unique=False)
    op.create_index("ix_referral_owner_unit", "referral", ["owner_unit", "status", "id"], unique=False)
    op.create_table(
        "revocation",
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_revocation")),
    )
    op.create_index(op.f("ix_revocation_revoked_at"), "revocation", ["revoked_at"], unique=False)
    op.create_table(
        "surname",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("deletions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "codes", sa.ARRAY(sa.Text()), sa.Computed("daitch_mokotoff(value)", persisted=True), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surname")),
        sa.UniqueConstraint("value", name=op.f("uq_surname_value")),
    )
    op.create_index("ix_surname_codes", "surname", ["codes"], unique=False, postgresql_using="gin")
    op.create_index("ix_surname_deletions", "surname", ["deletions"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_surname_trigrams",
        "surname",
        ["value"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"value": "gin_trgm_ops"},
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unique_key", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lapses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        "ix_task_open", "task", ["due_at"], unique=False, postgresql_where=sa.text("finished_at IS NULL")
    )
    op.create_index("uq_task_unique_key", "task", ["name", "unique_key"], unique=True)
    op.create_table(
        "activity_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("for_attention", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("octet_length(text) > 0", name=op.f("ck_activity_entry_text")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_activity_entry_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_entry")),
    )
    op.create_index(op.f("ix_activity_entry_nominal_id"), "activity_entry", ["nominal_id"], unique=False)
    op.create_index("ix_activity_entry_nominal_id_id", "activity_entry", ["nominal_id", "id"], unique=False)
    op.create_table(
        "custody_movement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("prison", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("reason_code", sa.String(length=200), nullable=True),
        sa.Column("for_a_while", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('received', 'released')", name=op.f("ck_custody_movement_kind")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_custody_movement_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_movement")),
    )
    op.create_index(op.f("ix_custody_movement_nominal_id"), "custody_movement", ["nominal_id"], unique=False)
    op.create_index(
        "ix_custody_movement_nominal_id_at", "custody_movement", ["nominal_id", "at"], unique=False
    )
    op.create_table(
        "limited_access_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_by", sa.Uuid(), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_limited_access_person_nominal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limited_access_person")),
    )
    op.create_index(
        op.f("ix_limited_access_person_nominal_id"), "limited_access_person", ["nominal_id"], unique=False
    )
    op.create_index(
        "uq_limited_access_person_person_id_nominal_id",
        "limited_access_person",
        ["person_id", "nominal_id"],
        unique=True,
    )
    op.create_table(
        "mapp_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("managing_unit", sa.String(length=40), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.LargeBinary(), nullable=True),
        sa.Column("minutes_received_on", sa.Date(), nullable=True),
        sa.Column("minutes_added_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_added_by", sa.Uuid(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(minutes IS NULL) = (minutes_added_at IS NULL)", name=op.f("ck_mapp_meeting_minutes")
        ),
        sa.CheckConstraint("level IN (2, 3)", name=op.f("ck_mapp_meeting_level")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_mapp_meeting_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapp_meeting")),
    )
    op.create_index(op.f("ix_mapp_meeting_nominal_id"), "mapp_meeting", ["nominal_id"], unique=False)
    op.create_index(
        "uq_mapp_meeting_nominal_id_held_on_level",
        "mapp_meeting",
        ["nominal_id", "held_on", "level"],
        unique=True,
    )
    op.create_table(
        "nominal_identifier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_nominal_identifier_nominal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominal_identifier")),
        sa.UniqueConstraint("kind", "value", name=op.f("uq_nominal_identifier_kind_value")),
    )
    op.create_index(
        op.f("ix_nominal_identifier_nominal_id"), "nominal_identifier", ["nominal_id"], unique=False
    )
    op.create_table(
        "nominal_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("forenames", sa.Text(), nullable=False),
        sa.Column("surname", sa.Text(), nullable=False),
        sa.Column("surname_id", sa.Integer(), nullable=True),
        sa.Column("forename_id", sa.Integer(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('main', 'alias')", name=op.f("ck_nominal_name_kind")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_nominal_name_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominal_name")),
    )
    op.create_index(op.f("ix_nominal_name_nominal_id"), "nominal_name", ["nominal_id"], unique=False)
    op.create_index(
        "ix_nominal_name_surname_id_forename_id",
        "nominal_name",
        ["surname_id", "forename_id"],
        unique=False,
        postgresql_include=["nominal_id"],
    )
    op.create_index(
        "uq_nominal_name_main",
        "nominal_name",
        ["nominal_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'main'"),
    )
    op.create_table(
        "opening",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_opening_nominal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_opening")),
    )
    op.create_index(op.f("ix_opening_nominal_id"), "opening", ["nominal_id"], unique=False)
    op.create_table(
        "partnership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_partnership_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
    )
    op.create_index(op.f("ix_partnership_nominal_id"), "partnership", ["nominal_id"], unique=False)
    op.create_index(
        "uq_partnership_person_id_nominal_id",
        "partnership",
        ["person_id", "nominal_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "partnership_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requesting_agency", sa.String(length=40), nullable=False),
        sa.Column("requesting_unit", sa.String(length=40), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("whole_unit", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("for_reception", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'granted', 'refused')", name=op.f("ck_partnership_request_state")
        ),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_partnership_request_nominal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership_request")),
    )
    op.create_index(
        op.f("ix_partnership_request_nominal_id"), "partnership_request", ["nominal_id"], unique=False
    )
    op.create_index(
        "ix_partnership_request_requesting_unit",
        "partnership_request",
        ["requesting_unit", "requested_at"],
        unique=False,
    )
    op.create_index(
        "uq_partnership_request_open",
        "partnership_request",
        ["nominal_id", "requesting_unit", "requested_by"],
        unique=True,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_index(
        "uq_partnership_request_open_unit",
        "partnership_request",
        ["nominal_id", "requesting_unit"],
        unique=True,
        postgresql_where=sa.text("state = 'requested' AND whole_unit"),
    )
    op.create_table(
        "task_item",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_task_item_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "position", name=op.f("pk_task_item")),
    )
    op.create_table(
        "unpartnered_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("owner_unit", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason_type", sa.String(length=30), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("outcome IN ('opened', 'refused')", name=op.f("ck_unpartnered_access_outcome")),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_unpartnered_access_nominal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unpartnered_access")),
    )
    op.create_index(
        op.f("ix_unpartnered_access_nominal_id"), "unpartnered_access", ["nominal_id"], unique=False
    )
    op.create_index(
        "ix_unpartnered_access_owner_unit", "unpartnered_access", ["owner_unit", "id"], unique=False
    )
    op.create_index(
        "ix_unpartnered_access_person_id_nominal_id",
        "unpartnered_access",
        ["person_id", "nominal_id", "id"],
        unique=False,
    )
    op.create_table(
        "warning_marker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_warning_marker_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_marker")),
        sa.UniqueConstraint("nominal_id", "code", name=op.f("uq_warning_marker_nominal_id_code")),
    )
    op.create_index(op.f("ix_warning_marker_nominal_id"), "warning_marker", ["nominal_id"], unique=False)
    op.create_table(
        "partnership_requested_user",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["partnership_request.id"],
            name=op.f("fk_partnership_requested_user_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", "person_id", name=op.f("pk_partnership_requested_user")),
    )


def downgrade() -> None:
    op.drop_table("partnership_requested_user")
    op.drop_index(op.f("ix_warning_marker_nominal_id"), table_name="warning_marker")
    op.drop_table("warning_marker")
    op.drop_index("ix_unpartnered_access_person_id_nominal_id", table_name="unpartnered_access")
    op.drop_index("ix_unpartnered_access_owner_unit", table_name="unpartnered_access")
    op.drop_index(op.f("ix_unpartnered_access_nominal_id"), table_name="unpartnered_access")
    op.drop_table("unpartnered_access")
    op.drop_table("task_item")
    op.drop_index(
        "uq_partnership_request_open_unit",
        table_name="partnership_request",
        postgresql_where=sa.text("state = 'requested' AND whole_unit"),
    )
    op.drop_index(
        "uq_partnership_request_open",
        table_name="partnership_request",
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.drop_index("ix_partnership_request_requesting_unit", table_name="partnership_request")
    op.drop_index(op.f("ix_partnership_request_nominal_id"), table_name="partnership_request")
    op.drop_table("partnership_request")
    op.drop_index(
        "uq_partnership_person_id_nominal_id",
        table_name="partnership",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_partnership_nominal_id"), table_name="partnership")
    op.drop_table("partnership")
    op.drop_index(op.f("ix_opening_nominal_id"), table_name="opening")
    op.drop_table("opening")
    op.drop_index(
        "uq_nominal_name_main", table_name="nominal_name", postgresql_where=sa.text("kind = 'main'")
    )
    op.drop_index(
        "ix_nominal_name_surname_id_forename_id", table_name="nominal_name", postgresql_include=["nominal_id"]
    )
    op.drop_index(op.f("ix_nominal_name_nominal_id"), table_name="nominal_name")
    op.drop_table("nominal_name")
    op.drop_index(op.f("ix_nominal_identifier_nominal_id"), table_name="nominal_identifier")
    op.drop_table("nominal_identifier")
    op.drop_index("uq_mapp_meeting_nominal_id_held_on_level", table_name="mapp_meeting")
    op.drop_index(op.f("ix_mapp_meeting_nominal_id"), table_name="mapp_meeting")
    op.drop_table("mapp_meeting")
    op.drop_index("uq_limited_access_person_person_id_nominal_id", table_name="limited_access_person")
    op.drop_index(op.f("ix_limited_access_person_nominal_id"), table_name="limited_access_person")
    op.drop_table("limited_access_person")
    op.drop_index("ix_custody_movement_nominal_id_at", table_name="custody_movement")
    op.drop_index(op.f("ix_custody_movement_nominal_id"), table_name="custody_movement")
    op.drop_table("custody_movement")
    op.drop_index("ix_activity_entry_nominal_id_id", table_name="activity_entry")
    op.drop_index(op.f("ix_activity_entry_nominal_id"), table_name="activity_entry")
    op.drop_table("activity_entry")
    op.drop_index("uq_task_unique_key", table_name="task")
    op.drop_index("ix_task_open", table_name="task", postgresql_where=sa.text("finished_at IS NULL"))
    op.drop_table("task")
    op.drop_index(
        "ix_surname_trigrams",
        table_name="surname",
        postgresql_using="gin",
        postgresql_ops={"value": "gin_trgm_ops"},
    )
    op.drop_index("ix_surname_deletions", table_name="surname", postgresql_using="gin")
    op.drop_index("ix_surname_codes", table_name="surname", postgresql_using="gin")
    op.drop_table("surname")
    op.drop_index(op.f("ix_revocation_revoked_at"), table_name="revocation")
    op.drop_table("revocation")
    op.drop_index("ix_referral_owner_unit", table_name="referral")
    op.drop_index(op.f("ix_referral_nominal_id"), table_name="referral")
    op.drop_table("referral")
    op.drop_table("policy_clock")
    op.drop_index(
        "uq_policy_change_one_a_day",
        table_name="policy_change",
        postgresql_where=sa.text("state = 'confirmed'"),
    )
    op.drop_index(op.f("ix_policy_change_state_proposed_at"), table_name="policy_change")
    op.drop_table("policy_change")
    op.drop_index("uq_outbox_sequence", table_name="outbox")
    op.drop_index(
        "ix_outbox_unpublished", table_name="outbox", postgresql_where=sa.text("published_at IS NULL")
    )
    op.drop_index("ix_outbox_created_at", table_name="outbox", postgresql_using="brin")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_once_at"), table_name="once")
    op.drop_table("once")
    op.drop_index("ix_nominal_supervisor_id", table_name="nominal")
    op.drop_index("ix_nominal_owner_unit", table_name="nominal")
    op.drop_index("ix_nominal_managing_unit", table_name="nominal")
    op.drop_index("ix_nominal_manager_id", table_name="nominal")
    op.drop_index("ix_nominal_date_of_birth", table_name="nominal")
    op.drop_index(
        "ix_nominal_custody_prison",
        table_name="nominal",
        postgresql_where=sa.text("custody_prison IS NOT NULL"),
    )
    op.drop_table("nominal")
    op.drop_index(op.f("ix_leaving_counted_at"), table_name="leaving")
    op.drop_table("leaving")
    op.drop_index(
        "ix_incoming_message_set_aside",
        table_name="incoming_message",
        postgresql_where=sa.text("outcome = 'set_aside'"),
    )
    op.drop_table("incoming_message")
    op.drop_index(
        "ix_inbox_retry_due_at", table_name="inbox_retry", postgresql_where=sa.text("body IS NOT NULL")
    )
    op.drop_table("inbox_retry")
    op.drop_index("ix_inbox_received_at", table_name="inbox", postgresql_using="brin")
    op.drop_table("inbox")
    op.drop_table("heartbeat")
    op.drop_index(
        "ix_forename_trigrams",
        table_name="forename",
        postgresql_using="gin",
        postgresql_ops={"value": "gin_trgm_ops"},
    )
    op.drop_index("ix_forename_deletions", table_name="forename", postgresql_using="gin")
    op.drop_index("ix_forename_codes", table_name="forename", postgresql_using="gin")
    op.drop_table("forename")
    op.drop_table("environment")
    op.drop_index(op.f("ix_directory_unit_parent"), table_name="directory_unit")
    op.drop_table("directory_unit")
    op.drop_table("directory_state")
    op.drop_index(op.f("ix_directory_person_unit"), table_name="directory_person")
    op.drop_table("directory_person")
    op.drop_index(op.f("ix_directory_grant_unit_name"), table_name="directory_grant")
    op.drop_table("directory_grant")
    op.drop_table("dead_letter")
    op.drop_index(
        "ix_bulk_partner_result_not_done",
        table_name="bulk_partner_result",
        postgresql_where=sa.text("result IN ('limited', 'failed')"),
    )
    op.drop_table("bulk_partner_result")
    op.drop_index("ix_bulk_partner_job_started_by", table_name="bulk_partner_job")
    op.drop_table("bulk_partner_job")
    op.drop_table("audit_seal")
    op.drop_table("audit_number")
    op.drop_index("ix_audit_entry_transaction_id_id", table_name="audit_entry")
    op.drop_index(
        "ix_audit_entry_origin_ids",
        table_name="audit_entry",
        postgresql_using="gin",
        postgresql_where=sa.text("origin_ids <> '{}'"),
    )
    op.drop_index(
        "ix_audit_entry_nominal_id_at",
        table_name="audit_entry",
        postgresql_where=sa.text("nominal_id IS NOT NULL"),
    )
    op.drop_index("ix_audit_entry_actor_at", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("aggregate_version")
