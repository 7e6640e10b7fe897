"""Tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.audit.xid8

revision = "0001"
down_revision = None
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
        "change",
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("standing_version", sa.Integer(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nominal_id", "number", name=op.f("pk_change")),
        sa.UniqueConstraint("event_id", name=op.f("uq_change_event_id")),
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
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("subject_kind", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("jurisdiction", sa.String(length=3), nullable=True),
        sa.Column("period", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pauses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("task", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "state = 'met' or started_at is not null", name=op.f("ck_deadline_started_unless_met_first")
        ),
        sa.CheckConstraint("state in ('running', 'paused', 'met')", name=op.f("ck_deadline_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint(
            "code", "subject_kind", "subject_id", name=op.f("uq_deadline_code_subject_kind_subject_id")
        ),
    )
    op.create_index(
        "ix_deadline_next_at",
        "deadline",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(op.f("ix_deadline_nominal_id"), "deadline", ["nominal_id"], unique=False)
    op.create_index(op.f("ix_deadline_unit"), "deadline", ["unit"], unique=False)
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
        "read_mark",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "nominal_id", name=op.f("pk_read_mark")),
    )
    op.create_table(
        "record_state",
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.Column("last_change", sa.Integer(), server_default="0", nullable=False),
        sa.Column("arriving", sa.Integer(), server_default="0", nullable=False),
        sa.Column("chunks_in", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("nominal_id", name=op.f("pk_record_state")),
    )
    op.create_table(
        "revocation",
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_revocation")),
    )
    op.create_index(op.f("ix_revocation_revoked_at"), "revocation", ["revoked_at"], unique=False)
    op.create_table(
        "standing",
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.String(length=40), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("nominal_id", "person_id", "standing", name=op.f("pk_standing")),
    )
    op.create_index("ix_standing_person_id", "standing", ["person_id", "nominal_id"], unique=False)
    op.create_table(
        "standing_picture",
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("nominal_id", "agency", name=op.f("pk_standing_picture")),
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
        "todo_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("clause", sa.String(length=60), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("important", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.String(length=12), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("subject_kind", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("nominal_id", sa.Uuid(), nullable=True),
        sa.Column("clock_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("late_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (outcome is not null)", name=op.f("ck_todo_item_done_has_an_outcome")
        ),
        sa.CheckConstraint("detail in ('full', 'restricted')", name=op.f("ck_todo_item_detail")),
        sa.CheckConstraint(
            "outcome in ('actioned', 'no_action', 'met', 'overtaken')", name=op.f("ck_todo_item_outcome")
        ),
        sa.CheckConstraint("state in ('open', 'done')", name=op.f("ck_todo_item_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_todo_item")),
        sa.UniqueConstraint("person_id", "cause", "kind", name=op.f("uq_todo_item_person_id_cause_kind")),
    )
    op.create_index(op.f("ix_todo_item_clock_id"), "todo_item", ["clock_id"], unique=False)
    op.create_index(op.f("ix_todo_item_nominal_id"), "todo_item", ["nominal_id"], unique=False)
    op.create_index(
        "ix_todo_item_open",
        "todo_item",
        ["person_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_todo_item_queue",
        "todo_item",
        ["unit", "role"],
        unique=False,
        postgresql_where=sa.text("state = 'open' and role = 'cpc'"),
    )
    op.create_table(
        "todo_opening",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_todo_opening")),
    )
    op.create_table(
        "vacant_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("missed", sa.Integer(), server_default="1", nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacant_role")),
    )
    op.create_index(
        "uq_vacant_role_open",
        "vacant_role",
        ["role", "unit"],
        unique=True,
        postgresql_where=sa.text("filled_at is null"),
    )
    op.create_table(
        "deadline_person",
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_person_deadline_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deadline_id", "person_id", "role", name=op.f("pk_deadline_person")),
    )
    op.create_table(
        "deadline_rung",
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("planned_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("climbed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_rung_deadline_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deadline_id", "number", name=op.f("pk_deadline_rung")),
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


def downgrade() -> None:
    op.drop_table("task_item")
    op.drop_table("deadline_rung")
    op.drop_table("deadline_person")
    op.drop_index(
        "uq_vacant_role_open", table_name="vacant_role", postgresql_where=sa.text("filled_at is null")
    )
    op.drop_table("vacant_role")
    op.drop_table("todo_opening")
    op.drop_index(
        "ix_todo_item_queue",
        table_name="todo_item",
        postgresql_where=sa.text("state = 'open' and role = 'cpc'"),
    )
    op.drop_index("ix_todo_item_open", table_name="todo_item", postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f("ix_todo_item_nominal_id"), table_name="todo_item")
    op.drop_index(op.f("ix_todo_item_clock_id"), table_name="todo_item")
    op.drop_table("todo_item")
    op.drop_index("uq_task_unique_key", table_name="task")
    op.drop_index("ix_task_open", table_name="task", postgresql_where=sa.text("finished_at IS NULL"))
    op.drop_table("task")
    op.drop_table("standing_picture")
    op.drop_index("ix_standing_person_id", table_name="standing")
    op.drop_table("standing")
    op.drop_index(op.f("ix_revocation_revoked_at"), table_name="revocation")
    op.drop_table("revocation")
    op.drop_table("record_state")
    op.drop_table("read_mark")
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
    op.drop_index(
        "ix_inbox_retry_due_at", table_name="inbox_retry", postgresql_where=sa.text("body IS NOT NULL")
    )
    op.drop_table("inbox_retry")
    op.drop_index("ix_inbox_received_at", table_name="inbox", postgresql_using="brin")
    op.drop_table("inbox")
    op.drop_table("heartbeat")
    op.drop_table("environment")
    op.drop_index(op.f("ix_directory_unit_parent"), table_name="directory_unit")
    op.drop_table("directory_unit")
    op.drop_table("directory_state")
    op.drop_index(op.f("ix_directory_person_unit"), table_name="directory_person")
    op.drop_table("directory_person")
    op.drop_index(op.f("ix_directory_grant_unit_name"), table_name="directory_grant")
    op.drop_table("directory_grant")
    op.drop_index(op.f("ix_deadline_unit"), table_name="deadline")
    op.drop_index(op.f("ix_deadline_nominal_id"), table_name="deadline")
    op.drop_index("ix_deadline_next_at", table_name="deadline", postgresql_where=sa.text("state = 'running'"))
    op.drop_table("deadline")
    op.drop_table("dead_letter")
    op.drop_table("change")
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
