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
        "agency",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_agency")),
    )
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
    op.create_index(
        "ix_audit_entry_refused_person",
        "audit_entry",
        ["subject_id", "at"],
        unique=False,
        postgresql_where=sa.text("outcome = 'refused' AND subject_kind = 'person'"),
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
        "bootstrap",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("recorded", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_bootstrap_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bootstrap")),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("taught_by", sa.String(length=10), nullable=False),
        sa.CheckConstraint("kind in ('user', 'cpc', 'lead')", name=op.f("ck_course_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("code", name=op.f("uq_course_code")),
    )
    op.create_table(
        "coverage_check",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_coverage_check")),
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
        "demonstration_password",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("password", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_demonstration_password_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demonstration_password")),
    )
    op.create_table(
        "directory_change",
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind in ('person', 'unit')", name=op.f("ck_directory_change_kind")),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_directory_change")),
        sa.UniqueConstraint("version", name=op.f("uq_directory_change_version")),
    )
    op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_directory_version_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_version")),
    )
    op.create_table(
        "document",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("short_title", sa.String(length=60), nullable=False),
        sa.Column("agency_kinds", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("jurisdictions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("signature", sa.String(length=12), nullable=False),
        sa.Column("visibility", sa.String(length=12), nullable=False),
        sa.Column("historical", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "signature in ('required', 'acknowledged', 'none')", name=op.f("ck_document_signature")
        ),
        sa.CheckConstraint("visibility in ('visor_users', 'all_staff')", name=op.f("ck_document_visibility")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_document")),
    )
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
        "integration_client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("secret_hash", sa.String(length=200), nullable=False),
        sa.Column("tokens", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integration_client")),
        sa.UniqueConstraint("client_id", name=op.f("uq_integration_client_client_id")),
    )
    op.create_table(
        "log_on_check",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_log_on_check")),
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
        "provider_request",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("nonce", sa.String(length=100), nullable=False),
        sa.Column("verifier", sa.String(length=130), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_provider_request")),
    )
    op.create_index(op.f("ix_provider_request_expires_at"), "provider_request", ["expires_at"], unique=False)
    op.create_table(
        "record_update",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_record_update")),
    )
    op.create_table(
        "revocation",
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_revocation")),
    )
    op.create_index(op.f("ix_revocation_revoked_at"), "revocation", ["revoked_at"], unique=False)
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("scanned", sa.String(length=10), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_by", sa.Uuid(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (wrapped_key IS NOT NULL)", name=op.f("ck_stored_file_key_until_removed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index(op.f("ix_stored_file_nominal_id"), "stored_file", ["nominal_id"], unique=False)
    op.create_index(op.f("ix_stored_file_removed_at"), "stored_file", ["removed_at"], unique=False)
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
        "throttle",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_throttle")),
    )
    op.create_index(op.f("ix_throttle_blocked_until"), "throttle", ["blocked_until"], unique=False)
    op.create_table(
        "todo_opened",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_todo_opened")),
    )
    op.create_table(
        "vetting_check",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("enabled", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_vetting_check")),
    )
    op.create_table(
        "vetting_type",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("accepted_from", sa.Date(), nullable=False),
        sa.Column("accepted_to", sa.Date(), nullable=True),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("needs_sro", sa.Boolean(), nullable=False),
        sa.Column("beside", sa.String(length=20), nullable=True),
        sa.CheckConstraint("accepted_to >= accepted_from", name=op.f("ck_vetting_type_in_order")),
        sa.CheckConstraint("level between 0 and 3", name=op.f("ck_vetting_type_level")),
        sa.ForeignKeyConstraint(["beside"], ["vetting_type.code"], name=op.f("fk_vetting_type_beside")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_vetting_type")),
    )
    op.create_table(
        "course_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_course_approval_in_order")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_approval_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_approval")),
    )
    op.create_index(op.f("ix_course_approval_course_id"), "course_approval", ["course_id"], unique=False)
    op.create_table(
        "document_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("announced_at", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["document"], ["document.code"], name=op.f("fk_document_version_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
        sa.UniqueConstraint("document", "version", name=op.f("uq_document_version_document_version")),
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
        "unit",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=True),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("jurisdiction", sa.String(length=3), nullable=False),
        sa.Column("contracted", sa.Boolean(), nullable=False),
        sa.Column("under_18", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency"], ["agency.code"], name=op.f("fk_unit_agency")),
        sa.ForeignKeyConstraint(["parent"], ["unit.code"], name=op.f("fk_unit_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit")),
    )
    op.create_index(op.f("ix_unit_parent"), "unit", ["parent"], unique=False)
    op.create_table(
        "building",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_building_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building")),
    )
    op.create_index(op.f("ix_building_unit"), "building", ["unit"], unique=False)
    op.create_index(
        "uq_building_open",
        "building",
        ["unit", "name"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "coverage_gap",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=4), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("uncovered_from", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("stage in ('now', 'soon')", name=op.f("ck_coverage_gap_stage")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_coverage_gap_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_gap")),
    )
    op.create_index(op.f("ix_coverage_gap_unit"), "coverage_gap", ["unit"], unique=False)
    op.create_index(
        "uq_coverage_gap_open",
        "coverage_gap",
        ["post", "unit", "stage"],
        unique=True,
        postgresql_where=sa.text("closed_on is null"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("line_manager", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("disabled_reason", sa.String(length=40), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("position", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_signed_in_on", sa.Date(), nullable=True),
        sa.Column("authority", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state in ('disabled', 'archived')) = (disabled_reason is not null)",
            name=op.f("ck_person_disabled_why"),
        ),
        sa.CheckConstraint(
            "state in ('nominated', 'requested', 'authorised', 'created', 'active', 'disabled', 'archived')",
            name=op.f("ck_person_state"),
        ),
        sa.ForeignKeyConstraint(["agency"], ["agency.code"], name=op.f("fk_person_agency")),
        sa.ForeignKeyConstraint(["line_manager"], ["person.id"], name=op.f("fk_person_line_manager")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_person_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_line_manager", "person", ["line_manager"], unique=False)
    op.create_index("ix_person_name_lower", "person", [sa.literal_column("lower(name)")], unique=False)
    op.create_index(
        "ix_person_name_trigram",
        "person",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_person_state",
        "person",
        ["state"],
        unique=False,
        postgresql_where=sa.text("state not in ('active', 'archived')"),
    )
    op.create_index(op.f("ix_person_unit"), "person", ["unit"], unique=False)
    op.create_index("uq_person_username", "person", [sa.literal_column("lower(username)")], unique=True)
    op.create_table(
        "programme_date",
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("milestone", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["unit.code"], name=op.f("fk_programme_date_region")),
        sa.PrimaryKeyConstraint("region", "milestone", name=op.f("pk_programme_date")),
    )
    op.create_table(
        "staffing_declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("sufficient", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "decided_by <> proposed_by or outcome = 'declined'",
            name=op.f("ck_staffing_declaration_two_people"),
        ),
        sa.CheckConstraint(
            "outcome in ('confirmed', 'declined')", name=op.f("ck_staffing_declaration_outcome")
        ),
        sa.ForeignKeyConstraint(["area"], ["unit.code"], name=op.f("fk_staffing_declaration_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing_declaration")),
    )
    op.create_index(
        "uq_staffing_declaration_open",
        "staffing_declaration",
        ["area"],
        unique=True,
        postgresql_where=sa.text("decided_at is null"),
    )
    op.create_table(
        "staffing_target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("posts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=True),
        sa.Column("factor", sa.String(length=500), nullable=True),
        sa.Column("plan", sa.String(length=1000), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(agreed is null) = (factor is null)", name=op.f("ck_staffing_target_agreed_why")),
        sa.CheckConstraint("agreed >= 0", name=op.f("ck_staffing_target_agreed")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_staffing_target_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing_target")),
    )
    op.create_index(
        "uq_staffing_target_current",
        "staffing_target",
        ["unit"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "terminal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asset_tag", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("room", sa.String(length=100), nullable=False),
        sa.Column("device_key_hash", sa.LargeBinary(), nullable=True),
        sa.Column("certificate_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reassure_by", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=20), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_reason is not null)", name=op.f("ck_terminal_withdrawn_why")
        ),
        sa.CheckConstraint(
            "status in ('registered', 'assessed', 'approved', 'withdrawn')", name=op.f("ck_terminal_status")
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_terminal_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminal")),
        sa.UniqueConstraint("asset_tag", name=op.f("uq_terminal_asset_tag")),
        sa.UniqueConstraint("certificate_fingerprint", name=op.f("uq_terminal_certificate_fingerprint")),
        sa.UniqueConstraint("device_key_hash", name=op.f("uq_terminal_device_key_hash")),
    )
    op.create_index(op.f("ix_terminal_reassure_by"), "terminal", ["reassure_by"], unique=False)
    op.create_index(op.f("ix_terminal_unit"), "terminal", ["unit"], unique=False)
    op.create_table(
        "wifi_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("provision", sa.String(length=2000), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_wifi_grant_in_order")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_wifi_grant_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wifi_grant")),
    )
    op.create_index(
        "ix_wifi_grant_open",
        "wifi_grant",
        ["unit"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "access_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_access_question_answered_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_question_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_question")),
    )
    op.create_index(
        "ix_access_question_open",
        "access_question",
        ["asked_at"],
        unique=False,
        postgresql_where=sa.text("answered_at is null"),
    )
    op.create_index("ix_access_question_person", "access_question", ["person_id", "asked_at"], unique=False)
    op.create_table(
        "adjustment_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("need", sa.LargeBinary(), nullable=False),
        sa.Column("adjustment", sa.LargeBinary(), nullable=False),
        sa.Column("administrator", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("administrator <> person_id", name=op.f("ck_adjustment_plan_two_people")),
        sa.ForeignKeyConstraint(
            ["administrator"], ["person.id"], name=op.f("fk_adjustment_plan_administrator")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_adjustment_plan_made_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_adjustment_plan_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_plan")),
    )
    op.create_index(op.f("ix_adjustment_plan_person_id"), "adjustment_plan", ["person_id"], unique=False)
    op.create_index(
        "uq_adjustment_plan_open",
        "adjustment_plan",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_table(
        "assurance_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("for_cpc", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_assurance_entry_unit")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_assurance_entry_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assurance_entry")),
    )
    op.create_index("ix_assurance_entry_unit", "assurance_entry", ["unit", "happened_on"], unique=False)
    op.create_table(
        "credential",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("code_secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("next_secret", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "demonstration_part",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_demonstration_part_person_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_demonstration_part")),
    )
    op.create_table(
        "deputyship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("ground in ('absent', 'vacant', 'cover')", name=op.f("ck_deputyship_ground")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_deputyship_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deputyship_person_id")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_deputyship_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputyship")),
    )
    op.create_index(op.f("ix_deputyship_person_id"), "deputyship", ["person_id"], unique=False)
    op.create_index(
        "uq_deputyship_one_cover",
        "deputyship",
        ["unit", "person_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null and ground = 'cover'"),
    )
    op.create_index(
        "uq_deputyship_one_deputy",
        "deputyship",
        ["unit"],
        unique=True,
        postgresql_where=sa.text("ended_at is null and ground <> 'cover'"),
    )
    op.create_table(
        "directory_look",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("missing_since", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_directory_look_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_directory_look")),
    )
    op.create_table(
        "document_awareness",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("attendance", sa.String(length=12), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "attendance in ('attended', 'represented', 'neither')",
            name=op.f("ck_document_awareness_attendance"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_document_awareness_person_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_version.id"], name=op.f("fk_document_awareness_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_awareness")),
    )
    op.create_index(
        "uq_document_awareness_once", "document_awareness", ["person_id", "version_id"], unique=True
    )
    op.create_table(
        "document_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_document_message_sent_by")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_document_message_unit")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_version.id"], name=op.f("fk_document_message_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_message")),
    )
    op.create_table(
        "dormancy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("unused_since", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("lead_consulted", sa.Boolean(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(decision = 'keep') = (keep_until is not null)", name=op.f("ck_dormancy_kept_until")
        ),
        sa.CheckConstraint("decision in ('keep', 'disable', 'used')", name=op.f("ck_dormancy_decision")),
        sa.CheckConstraint("(decided_at is null) = (decision is null)", name=op.f("ck_dormancy_decided")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dormancy_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dormancy")),
    )
    op.create_index(op.f("ix_dormancy_person_id"), "dormancy", ["person_id"], unique=False)
    op.create_index(
        "uq_dormancy_open",
        "dormancy",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("decided_at is null"),
    )
    op.create_table(
        "e_learning",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("owed_from", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("completed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("completed_on >= owed_from", name=op.f("ck_e_learning_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_e_learning_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_e_learning")),
        sa.UniqueConstraint("person_id", name=op.f("uq_e_learning_person_id")),
    )
    op.create_index(
        "ix_e_learning_untold",
        "e_learning",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("told_at is null"),
    )
    op.create_table(
        "enrolment_code",
        sa.Column("terminal_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["terminal_id"], ["terminal.id"], name=op.f("fk_enrolment_code_terminal_id")),
        sa.PrimaryKeyConstraint("terminal_id", name=op.f("pk_enrolment_code")),
    )
    op.create_table(
        "holding",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("manager_of", sa.Integer(), nullable=False),
        sa.Column("supervisor_of", sa.Integer(), nullable=False),
        sa.Column("partner_of", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_holding_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_holding")),
    )
    op.create_table(
        "lead_assurance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_lead_assurance_unit")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_lead_assurance_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_assurance")),
        sa.UniqueConstraint("unit", "month", name="uq_lead_assurance_month"),
    )
    op.create_table(
        "leaver",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=False),
        sa.Column("reported_as", sa.String(length=20), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leaver_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaver")),
        sa.UniqueConstraint("reference", name=op.f("uq_leaver_reference")),
    )
    op.create_index(
        "uq_leaver_open", "leaver", ["person_id"], unique=True, postgresql_where=sa.text("closed_at is null")
    )
    op.create_table(
        "local_practice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("complies", sa.Boolean(), nullable=False),
        sa.Column("equality_checked", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_local_practice_unit")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_local_practice_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_practice")),
    )
    op.create_index("ix_local_practice_unit", "local_practice", ["unit"], unique=False)
    op.create_table(
        "log_on_audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("begun_by", sa.Uuid(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("findings", sa.String(length=4000), nullable=True),
        sa.Column("actions", sa.String(length=4000), nullable=True),
        sa.Column("complies", sa.String(length=10), nullable=True),
        sa.Column("completed_by", sa.Uuid(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('due', 'begun', 'completed', 'signed')", name=op.f("ck_log_on_audit_state")
        ),
        sa.CheckConstraint("period_to >= period_from", name=op.f("ck_log_on_audit_in_order")),
        sa.ForeignKeyConstraint(["begun_by"], ["person.id"], name=op.f("fk_log_on_audit_begun_by")),
        sa.ForeignKeyConstraint(["completed_by"], ["person.id"], name=op.f("fk_log_on_audit_completed_by")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_log_on_audit_signed_by")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_log_on_audit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_on_audit")),
        sa.UniqueConstraint("unit", "period_from", name="uq_log_on_audit_period"),
    )
    op.create_index("ix_log_on_audit_unit_state", "log_on_audit", ["unit", "state"], unique=False)
    op.create_table(
        "mandate_exemption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("options_tried", sa.LargeBinary(), nullable=False),
        sa.Column("exempt_from", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("review_on > exempt_from", name=op.f("ck_mandate_exemption_in_order")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_mandate_exemption_made_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mandate_exemption_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_exemption")),
    )
    op.create_index(op.f("ix_mandate_exemption_person_id"), "mandate_exemption", ["person_id"], unique=False)
    op.create_index(
        "uq_mandate_exemption_open",
        "mandate_exemption",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_table(
        "network_entitlement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_network_entitlement_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_network_entitlement_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_entitlement")),
    )
    op.create_index(
        op.f("ix_network_entitlement_person_id"), "network_entitlement", ["person_id"], unique=False
    )
    op.create_index(
        "uq_network_entitlement_open",
        "network_entitlement",
        ["person_id", "kind"],
        unique=True,
        postgresql_where=sa.text("valid_to is null"),
    )
    op.create_table(
        "network_range",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("addresses", postgresql.CIDR(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("building", sa.String(length=200), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('lan', 'wifi')", name=op.f("ck_network_range_kind")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_network_range_building_id")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_network_range_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_range")),
    )
    op.create_index(op.f("ix_network_range_building_id"), "network_range", ["building_id"], unique=False)
    op.create_index(op.f("ix_network_range_unit"), "network_range", ["unit"], unique=False)
    op.create_index(
        "uq_network_range_open",
        "network_range",
        ["addresses"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "onboarding",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("priority", sa.String(length=20), nullable=True),
        sa.Column("nominated_by", sa.Uuid(), nullable=False),
        sa.Column("nominated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("authorised_by", sa.Uuid(), nullable=True),
        sa.Column("authorised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_deputy", sa.Boolean(), nullable=False),
        sa.Column("declined_reason", sa.String(length=500), nullable=True),
        sa.Column("executed_by", sa.Uuid(), nullable=True),
        sa.Column("executed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("priority in ('spo', 'business_critical')", name=op.f("ck_onboarding_priority")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_onboarding_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_onboarding")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"], unique=False)
    op.create_table(
        "prison_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cpc_told", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_prison_return_confirmed_by")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_prison_return_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prison_return")),
        sa.UniqueConstraint("unit", "month", name="uq_prison_return_period"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_expires_at"), "recovery_code", ["expires_at"], unique=False)
    op.create_table(
        "replaced_device_key",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("terminal_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminal.id"], name=op.f("fk_replaced_device_key_terminal_id")
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_replaced_device_key")),
    )
    op.create_index(
        op.f("ix_replaced_device_key_replaced_at"), "replaced_device_key", ["replaced_at"], unique=False
    )
    op.create_index(
        op.f("ix_replaced_device_key_terminal_id"), "replaced_device_key", ["terminal_id"], unique=False
    )
    op.create_table(
        "request_nominee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_request_nominee_person_id")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_request_nominee_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_nominee")),
    )
    op.create_index(
        "uq_request_nominee_open",
        "request_nominee",
        ["person_id", "unit"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "role_grant",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("authority", sa.String(length=500), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("for_cpc", sa.String(length=40), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_role_grant_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_role_grant_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_person_id"), "role_grant", ["person_id"], unique=False)
    op.create_index(
        "uq_role_grant_open",
        "role_grant",
        ["person_id", "role", "unit"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "sign_in_step",
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_step_person_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_sign_in_step")),
    )
    op.create_index(op.f("ix_sign_in_step_expires_at"), "sign_in_step", ["expires_at"], unique=False)
    op.create_table(
        "signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("typed_name", sa.String(length=200), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["stored_file.id"], name=op.f("fk_signature_scan_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_version.id"], name=op.f("fk_signature_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index(op.f("ix_signature_version_id"), "signature", ["version_id"], unique=False)
    op.create_index("uq_signature_once", "signature", ["person_id", "version_id"], unique=True)
    op.create_table(
        "spo_absence",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("absence_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_spo_absence_person_id")),
        sa.PrimaryKeyConstraint("person_id", "since", name=op.f("pk_spo_absence")),
    )
    op.create_table(
        "successor",
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_successor_person_id")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_successor_unit")),
        sa.PrimaryKeyConstraint("post", "unit", name=op.f("pk_successor")),
    )
    op.create_index(op.f("ix_successor_person_id"), "successor", ["person_id"], unique=False)
    op.create_table(
        "supervision_date",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner", sa.Uuid(), nullable=False),
        sa.Column("supervisor", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("practitioner <> supervisor", name=op.f("ck_supervision_date_two_people")),
        sa.ForeignKeyConstraint(
            ["practitioner"], ["person.id"], name=op.f("fk_supervision_date_practitioner")
        ),
        sa.ForeignKeyConstraint(["supervisor"], ["person.id"], name=op.f("fk_supervision_date_supervisor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_date")),
        sa.UniqueConstraint("practitioner", "supervisor", "day", name="uq_supervision_date"),
    )
    op.create_index(op.f("ix_supervision_date_day"), "supervision_date", ["day"], unique=False)
    op.create_index(op.f("ix_supervision_date_supervisor"), "supervision_date", ["supervisor"], unique=False)
    op.create_table(
        "terminal_assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("terminal_id", sa.Uuid(), nullable=False),
        sa.Column("room", sa.String(length=100), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("standards", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("assessed_by", sa.Uuid(), nullable=False),
        sa.Column("assessed_as", sa.String(length=20), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("it_manager", sa.String(length=200), nullable=True),
        sa.Column("it_reference", sa.String(length=200), nullable=True),
        sa.Column("it_signed_on", sa.Date(), nullable=True),
        sa.Column("vouched_by", sa.Uuid(), nullable=True),
        sa.Column("vouched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("decision_note", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "outcome in ('approved', 'declined', 'void')", name=op.f("ck_terminal_assessment_outcome")
        ),
        sa.CheckConstraint(
            "(outcome is null) = (decided_at is null)", name=op.f("ck_terminal_assessment_decided")
        ),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminal.id"], name=op.f("fk_terminal_assessment_terminal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminal_assessment")),
    )
    op.create_index(
        op.f("ix_terminal_assessment_terminal_id"), "terminal_assessment", ["terminal_id"], unique=False
    )
    op.create_index(
        "uq_terminal_assessment_open",
        "terminal_assessment",
        ["terminal_id"],
        unique=True,
        postgresql_where=sa.text("outcome is null"),
    )
    op.create_table(
        "terminal_assurance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("terminal_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "stage in ('asked', 'overdue', 'escalated')", name=op.f("ck_terminal_assurance_stage")
        ),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminal.id"], name=op.f("fk_terminal_assurance_terminal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminal_assurance")),
    )
    op.create_index(
        "ix_terminal_assurance_open",
        "terminal_assurance",
        ["next_on"],
        unique=False,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index("uq_terminal_assurance_due", "terminal_assurance", ["terminal_id", "due_on"], unique=True)
    op.create_table(
        "token_grant",
        sa.Column("token", sa.String(length=20), nullable=False),
        sa.Column("authorised_by", sa.Uuid(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_for", sa.String(length=20), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("authority", sa.String(length=500), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("for_cpc", sa.String(length=40), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_token_grant_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_token_grant_person_id")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_token_grant_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token_grant")),
    )
    op.create_index(op.f("ix_token_grant_person_id"), "token_grant", ["person_id"], unique=False)
    op.create_index(
        "uq_token_grant_next_cpc",
        "token_grant",
        ["unit"],
        unique=True,
        postgresql_where=sa.text("token = 'cpc' and ended_at is null and started_at is null"),
    )
    op.create_index(
        "uq_token_grant_next_lpc",
        "token_grant",
        ["unit"],
        unique=True,
        postgresql_where=sa.text("token = 'lpc' and ended_at is null and started_at is null"),
    )
    op.create_index(
        "uq_token_grant_one_cpc",
        "token_grant",
        ["unit"],
        unique=True,
        postgresql_where=sa.text("token = 'cpc' and ended_at is null and started_at is not null"),
    )
    op.create_index(
        "uq_token_grant_one_lpc",
        "token_grant",
        ["unit"],
        unique=True,
        postgresql_where=sa.text("token = 'lpc' and ended_at is null and started_at is not null"),
    )
    op.create_index(
        "uq_token_grant_open",
        "token_grant",
        ["person_id", "token", "unit"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "trainer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("employer", sa.String(length=10), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_trainer_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trainer_person_id")),
        sa.ForeignKeyConstraint(["region"], ["unit.code"], name=op.f("fk_trainer_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainer")),
    )
    op.create_index(op.f("ix_trainer_person_id"), "trainer", ["person_id"], unique=False)
    op.create_index(op.f("ix_trainer_region"), "trainer", ["region"], unique=False)
    op.create_index(
        "uq_trainer_person",
        "trainer",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("removed_on is null"),
    )
    op.create_table(
        "vetting_application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("vetting_force", sa.String(length=200), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "outcome in ('cleared', 'refused', 'withdrawn')", name=op.f("ck_vetting_application_outcome")
        ),
        sa.CheckConstraint(
            "(outcome is null) = (decided_on is null)", name=op.f("ck_vetting_application_decided")
        ),
        sa.ForeignKeyConstraint(["kind"], ["vetting_type.code"], name=op.f("fk_vetting_application_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vetting_application_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_application")),
    )
    op.create_index(
        "uq_vetting_application_open",
        "vetting_application",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("outcome is null"),
    )
    op.create_table(
        "vetting_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_vetting_exception_in_order")),
        sa.CheckConstraint("level in (2, 3)", name=op.f("ck_vetting_exception_level")),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_vetting_exception_approved_by")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vetting_exception_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_exception")),
    )
    op.create_index(op.f("ix_vetting_exception_last_day"), "vetting_exception", ["last_day"], unique=False)
    op.create_index(op.f("ix_vetting_exception_person_id"), "vetting_exception", ["person_id"], unique=False)
    op.create_table(
        "vetting_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("vetting_force", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=True),
        sa.Column("sro_reference", sa.String(length=100), nullable=True),
        sa.Column("cleared_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("expires_on > cleared_on", name=op.f("ck_vetting_record_in_order")),
        sa.ForeignKeyConstraint(["kind"], ["vetting_type.code"], name=op.f("fk_vetting_record_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vetting_record_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_record")),
    )
    op.create_index(op.f("ix_vetting_record_expires_on"), "vetting_record", ["expires_on"], unique=False)
    op.create_index(op.f("ix_vetting_record_person_id"), "vetting_record", ["person_id"], unique=False)
    op.create_table(
        "vetting_type_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("wanted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "decided_by <> proposed_by or outcome = 'rejected'",
            name=op.f("ck_vetting_type_change_two_people"),
        ),
        sa.CheckConstraint(
            "outcome in ('confirmed', 'rejected')", name=op.f("ck_vetting_type_change_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_vetting_type_change_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_type_change")),
    )
    op.create_index(
        "uq_vetting_type_change_open",
        "vetting_type_change",
        ["code"],
        unique=True,
        postgresql_where=sa.text("decided_at is null"),
    )
    op.create_table(
        "central_support_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=True),
        sa.Column("for_cpc", sa.String(length=40), nullable=True),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at is null)", name=op.f("ck_central_support_request_decided")
        ),
        sa.CheckConstraint(
            "state in ('open', 'granted', 'refused')", name=op.f("ck_central_support_request_state")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["token_grant.id"], name=op.f("fk_central_support_request_grant_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_central_support_request_person_id")
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_central_support_request_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_central_support_request")),
    )
    op.create_index(
        op.f("ix_central_support_request_unit"), "central_support_request", ["unit"], unique=False
    )
    op.create_index(
        "uq_central_support_request_open",
        "central_support_request",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "document_passage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("passed_on_by", sa.Uuid(), nullable=True),
        sa.Column("passed_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["document_message.id"], name=op.f("fk_document_passage_message_id")
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_document_passage_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_passage")),
        sa.UniqueConstraint("message_id", "unit", name=op.f("uq_document_passage_message_id_unit")),
    )
    op.create_table(
        "log_on_audit_line",
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("last_log_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column("log_ons", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("todo_opened_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["log_on_audit.id"], name=op.f("fk_log_on_audit_line_audit_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_log_on_audit_line_person_id")),
        sa.PrimaryKeyConstraint("audit_id", "person_id", name=op.f("pk_log_on_audit_line")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("terminal_id", sa.Uuid(), nullable=True),
        sa.Column("network_id", sa.Uuid(), nullable=True),
        sa.Column("secure_office", sa.Boolean(), nullable=False),
        sa.Column("held_up", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("by_device_key", sa.Boolean(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.Column("challenge_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.CheckConstraint("scope in ('full', 'onboarding')", name=op.f("ck_sign_in_session_scope")),
        sa.ForeignKeyConstraint(
            ["network_id"], ["network_range.id"], name=op.f("fk_sign_in_session_network_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_session_person_id")),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminal.id"], name=op.f("fk_sign_in_session_terminal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_sign_in_session_previous_hash")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_session_secret_hash")),
    )
    op.create_index(
        "ix_sign_in_session_open",
        "sign_in_session",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(
        "ix_sign_in_session_person_opened", "sign_in_session", ["person_id", "opened_at"], unique=False
    )
    op.create_table(
        "token_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("for_cpc", sa.String(length=40), nullable=True),
        sa.Column("authorised_by", sa.Uuid(), nullable=False),
        sa.Column("authorised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_reason", sa.String(length=500), nullable=True),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(state = 'set') = (grant_id is not null)", name=op.f("ck_token_order_set_grant")),
        sa.CheckConstraint("state in ('open', 'set', 'declined')", name=op.f("ck_token_order_state")),
        sa.ForeignKeyConstraint(["authorised_by"], ["person.id"], name=op.f("fk_token_order_authorised_by")),
        sa.ForeignKeyConstraint(["grant_id"], ["token_grant.id"], name=op.f("fk_token_order_grant_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_token_order_person_id")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_token_order_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token_order")),
    )
    op.create_index(op.f("ix_token_order_person_id"), "token_order", ["person_id"], unique=False)
    op.create_index(
        "uq_token_order_open",
        "token_order",
        ["person_id", "token", "unit"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "training_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("booked between 0 and places", name=op.f("ck_training_session_places")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_training_session_in_order")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_training_session_course_id")),
        sa.ForeignKeyConstraint(["region"], ["unit.code"], name=op.f("fk_training_session_region")),
        sa.ForeignKeyConstraint(["trainer_id"], ["trainer.id"], name=op.f("fk_training_session_trainer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
    )
    op.create_index("ix_training_session_calendar", "training_session", ["region", "starts_on"], unique=False)
    op.create_index(op.f("ix_training_session_trainer_id"), "training_session", ["trainer_id"], unique=False)
    op.create_table(
        "vetting_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("vetting_id", sa.Uuid(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vetting_reminder_person_id")),
        sa.ForeignKeyConstraint(
            ["vetting_id"], ["vetting_record.id"], name=op.f("fk_vetting_reminder_vetting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_reminder")),
        sa.UniqueConstraint("vetting_id", "days", name=op.f("uq_vetting_reminder_vetting_id_days")),
    )
    op.create_index(op.f("ix_vetting_reminder_person_id"), "vetting_reminder", ["person_id"], unique=False)
    op.create_table(
        "document_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("passage_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["passage_id"], ["document_passage.id"], name=op.f("fk_document_receipt_passage_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_document_receipt_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_receipt")),
        sa.UniqueConstraint("passage_id", "person_id", name=op.f("uq_document_receipt_passage_id_person_id")),
    )
    op.create_index(op.f("ix_document_receipt_person_id"), "document_receipt", ["person_id"], unique=False)
    op.create_table(
        "training_booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("booked_by", sa.Uuid(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome in ('passed', 'failed', 'absent')", name=op.f("ck_training_booking_outcome")
        ),
        sa.CheckConstraint("score between 0 and 100", name=op.f("ck_training_booking_score")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_booking_person_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_training_booking_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_booking")),
    )
    op.create_index(op.f("ix_training_booking_person_id"), "training_booking", ["person_id"], unique=False)
    op.create_index(
        "uq_training_booking_once",
        "training_booking",
        ["session_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("cancelled_at is null"),
    )
    op.create_table(
        "training_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("course", sa.String(length=200), nullable=False),
        sa.Column("course_kind", sa.String(length=10), nullable=False),
        sa.Column("approval_reference", sa.String(length=100), nullable=True),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column("trainer", sa.String(length=200), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["training_booking.id"], name=op.f("fk_training_record_booking_id")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_training_record_course_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_record_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_record")),
        sa.UniqueConstraint("booking_id", name="uq_training_record_booking"),
    )
    op.create_index(op.f("ix_training_record_person_id"), "training_record", ["person_id"], unique=False)
    op.create_table(
        "training_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("brought_by", sa.Uuid(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "outcome in ('accepted', 'declined')", name=op.f("ck_training_certificate_outcome")
        ),
        sa.CheckConstraint("decided_by <> person_id", name=op.f("ck_training_certificate_not_oneself")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_training_certificate_course_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_certificate_person_id")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["training_record.id"], name=op.f("fk_training_certificate_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_certificate")),
    )
    op.create_index(
        op.f("ix_training_certificate_person_id"), "training_certificate", ["person_id"], unique=False
    )
    op.create_index(
        "uq_training_certificate_open",
        "training_certificate",
        ["person_id", "course_id"],
        unique=True,
        postgresql_where=sa.text("decided_at is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_training_certificate_open",
        table_name="training_certificate",
        postgresql_where=sa.text("decided_at is null"),
    )
    op.drop_index(op.f("ix_training_certificate_person_id"), table_name="training_certificate")
    op.drop_table("training_certificate")
    op.drop_index(op.f("ix_training_record_person_id"), table_name="training_record")
    op.drop_table("training_record")
    op.drop_index(
        "uq_training_booking_once",
        table_name="training_booking",
        postgresql_where=sa.text("cancelled_at is null"),
    )
    op.drop_index(op.f("ix_training_booking_person_id"), table_name="training_booking")
    op.drop_table("training_booking")
    op.drop_index(op.f("ix_document_receipt_person_id"), table_name="document_receipt")
    op.drop_table("document_receipt")
    op.drop_index(op.f("ix_vetting_reminder_person_id"), table_name="vetting_reminder")
    op.drop_table("vetting_reminder")
    op.drop_index(op.f("ix_training_session_trainer_id"), table_name="training_session")
    op.drop_index("ix_training_session_calendar", table_name="training_session")
    op.drop_table("training_session")
    op.drop_index("uq_token_order_open", table_name="token_order", postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f("ix_token_order_person_id"), table_name="token_order")
    op.drop_table("token_order")
    op.drop_index("ix_sign_in_session_person_opened", table_name="sign_in_session")
    op.drop_index(
        "ix_sign_in_session_open", table_name="sign_in_session", postgresql_where=sa.text("ended_at is null")
    )
    op.drop_table("sign_in_session")
    op.drop_table("log_on_audit_line")
    op.drop_table("document_passage")
    op.drop_index(
        "uq_central_support_request_open",
        table_name="central_support_request",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_central_support_request_unit"), table_name="central_support_request")
    op.drop_table("central_support_request")
    op.drop_index(
        "uq_vetting_type_change_open",
        table_name="vetting_type_change",
        postgresql_where=sa.text("decided_at is null"),
    )
    op.drop_table("vetting_type_change")
    op.drop_index(op.f("ix_vetting_record_person_id"), table_name="vetting_record")
    op.drop_index(op.f("ix_vetting_record_expires_on"), table_name="vetting_record")
    op.drop_table("vetting_record")
    op.drop_index(op.f("ix_vetting_exception_person_id"), table_name="vetting_exception")
    op.drop_index(op.f("ix_vetting_exception_last_day"), table_name="vetting_exception")
    op.drop_table("vetting_exception")
    op.drop_index(
        "uq_vetting_application_open",
        table_name="vetting_application",
        postgresql_where=sa.text("outcome is null"),
    )
    op.drop_table("vetting_application")
    op.drop_index("uq_trainer_person", table_name="trainer", postgresql_where=sa.text("removed_on is null"))
    op.drop_index(op.f("ix_trainer_region"), table_name="trainer")
    op.drop_index(op.f("ix_trainer_person_id"), table_name="trainer")
    op.drop_table("trainer")
    op.drop_index(
        "uq_token_grant_open", table_name="token_grant", postgresql_where=sa.text("ended_at is null")
    )
    op.drop_index(
        "uq_token_grant_one_lpc",
        table_name="token_grant",
        postgresql_where=sa.text("token = 'lpc' and ended_at is null and started_at is not null"),
    )
    op.drop_index(
        "uq_token_grant_one_cpc",
        table_name="token_grant",
        postgresql_where=sa.text("token = 'cpc' and ended_at is null and started_at is not null"),
    )
    op.drop_index(
        "uq_token_grant_next_lpc",
        table_name="token_grant",
        postgresql_where=sa.text("token = 'lpc' and ended_at is null and started_at is null"),
    )
    op.drop_index(
        "uq_token_grant_next_cpc",
        table_name="token_grant",
        postgresql_where=sa.text("token = 'cpc' and ended_at is null and started_at is null"),
    )
    op.drop_index(op.f("ix_token_grant_person_id"), table_name="token_grant")
    op.drop_table("token_grant")
    op.drop_index("uq_terminal_assurance_due", table_name="terminal_assurance")
    op.drop_index(
        "ix_terminal_assurance_open",
        table_name="terminal_assurance",
        postgresql_where=sa.text("closed_at is null"),
    )
    op.drop_table("terminal_assurance")
    op.drop_index(
        "uq_terminal_assessment_open",
        table_name="terminal_assessment",
        postgresql_where=sa.text("outcome is null"),
    )
    op.drop_index(op.f("ix_terminal_assessment_terminal_id"), table_name="terminal_assessment")
    op.drop_table("terminal_assessment")
    op.drop_index(op.f("ix_supervision_date_supervisor"), table_name="supervision_date")
    op.drop_index(op.f("ix_supervision_date_day"), table_name="supervision_date")
    op.drop_table("supervision_date")
    op.drop_index(op.f("ix_successor_person_id"), table_name="successor")
    op.drop_table("successor")
    op.drop_table("spo_absence")
    op.drop_index("uq_signature_once", table_name="signature")
    op.drop_index(op.f("ix_signature_version_id"), table_name="signature")
    op.drop_table("signature")
    op.drop_index(op.f("ix_sign_in_step_expires_at"), table_name="sign_in_step")
    op.drop_table("sign_in_step")
    op.drop_index("uq_role_grant_open", table_name="role_grant", postgresql_where=sa.text("ended_at is null"))
    op.drop_index(op.f("ix_role_grant_person_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(
        "uq_request_nominee_open", table_name="request_nominee", postgresql_where=sa.text("ended_at is null")
    )
    op.drop_table("request_nominee")
    op.drop_index(op.f("ix_replaced_device_key_terminal_id"), table_name="replaced_device_key")
    op.drop_index(op.f("ix_replaced_device_key_replaced_at"), table_name="replaced_device_key")
    op.drop_table("replaced_device_key")
    op.drop_index(op.f("ix_recovery_code_expires_at"), table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_table("prison_return")
    op.drop_index(op.f("ix_passkey_person_id"), table_name="passkey")
    op.drop_table("passkey")
    op.drop_table("onboarding")
    op.drop_index(
        "uq_network_range_open", table_name="network_range", postgresql_where=sa.text("closed_at is null")
    )
    op.drop_index(op.f("ix_network_range_unit"), table_name="network_range")
    op.drop_index(op.f("ix_network_range_building_id"), table_name="network_range")
    op.drop_table("network_range")
    op.drop_index(
        "uq_network_entitlement_open",
        table_name="network_entitlement",
        postgresql_where=sa.text("valid_to is null"),
    )
    op.drop_index(op.f("ix_network_entitlement_person_id"), table_name="network_entitlement")
    op.drop_table("network_entitlement")
    op.drop_index(
        "uq_mandate_exemption_open",
        table_name="mandate_exemption",
        postgresql_where=sa.text("ended_on is null"),
    )
    op.drop_index(op.f("ix_mandate_exemption_person_id"), table_name="mandate_exemption")
    op.drop_table("mandate_exemption")
    op.drop_index("ix_log_on_audit_unit_state", table_name="log_on_audit")
    op.drop_table("log_on_audit")
    op.drop_index("ix_local_practice_unit", table_name="local_practice")
    op.drop_table("local_practice")
    op.drop_index("uq_leaver_open", table_name="leaver", postgresql_where=sa.text("closed_at is null"))
    op.drop_table("leaver")
    op.drop_table("lead_assurance")
    op.drop_table("holding")
    op.drop_table("enrolment_code")
    op.drop_index(
        "ix_e_learning_untold", table_name="e_learning", postgresql_where=sa.text("told_at is null")
    )
    op.drop_table("e_learning")
    op.drop_index("uq_dormancy_open", table_name="dormancy", postgresql_where=sa.text("decided_at is null"))
    op.drop_index(op.f("ix_dormancy_person_id"), table_name="dormancy")
    op.drop_table("dormancy")
    op.drop_table("document_message")
    op.drop_index("uq_document_awareness_once", table_name="document_awareness")
    op.drop_table("document_awareness")
    op.drop_table("directory_look")
    op.drop_index(
        "uq_deputyship_one_deputy",
        table_name="deputyship",
        postgresql_where=sa.text("ended_at is null and ground <> 'cover'"),
    )
    op.drop_index(
        "uq_deputyship_one_cover",
        table_name="deputyship",
        postgresql_where=sa.text("ended_at is null and ground = 'cover'"),
    )
    op.drop_index(op.f("ix_deputyship_person_id"), table_name="deputyship")
    op.drop_table("deputyship")
    op.drop_table("demonstration_part")
    op.drop_table("credential")
    op.drop_index("ix_assurance_entry_unit", table_name="assurance_entry")
    op.drop_table("assurance_entry")
    op.drop_index(
        "uq_adjustment_plan_open", table_name="adjustment_plan", postgresql_where=sa.text("ended_on is null")
    )
    op.drop_index(op.f("ix_adjustment_plan_person_id"), table_name="adjustment_plan")
    op.drop_table("adjustment_plan")
    op.drop_index("ix_access_question_person", table_name="access_question")
    op.drop_index(
        "ix_access_question_open",
        table_name="access_question",
        postgresql_where=sa.text("answered_at is null"),
    )
    op.drop_table("access_question")
    op.drop_index("ix_wifi_grant_open", table_name="wifi_grant", postgresql_where=sa.text("ended_at is null"))
    op.drop_table("wifi_grant")
    op.drop_index(op.f("ix_terminal_unit"), table_name="terminal")
    op.drop_index(op.f("ix_terminal_reassure_by"), table_name="terminal")
    op.drop_table("terminal")
    op.drop_index(
        "uq_staffing_target_current",
        table_name="staffing_target",
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.drop_table("staffing_target")
    op.drop_index(
        "uq_staffing_declaration_open",
        table_name="staffing_declaration",
        postgresql_where=sa.text("decided_at is null"),
    )
    op.drop_table("staffing_declaration")
    op.drop_table("programme_date")
    op.drop_index("uq_person_username", table_name="person")
    op.drop_index(op.f("ix_person_unit"), table_name="person")
    op.drop_index(
        "ix_person_state",
        table_name="person",
        postgresql_where=sa.text("state not in ('active', 'archived')"),
    )
    op.drop_index(
        "ix_person_name_trigram",
        table_name="person",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.drop_index("ix_person_name_lower", table_name="person")
    op.drop_index("ix_person_line_manager", table_name="person")
    op.drop_table("person")
    op.drop_index(
        "uq_coverage_gap_open", table_name="coverage_gap", postgresql_where=sa.text("closed_on is null")
    )
    op.drop_index(op.f("ix_coverage_gap_unit"), table_name="coverage_gap")
    op.drop_table("coverage_gap")
    op.drop_index("uq_building_open", table_name="building", postgresql_where=sa.text("closed_at is null"))
    op.drop_index(op.f("ix_building_unit"), table_name="building")
    op.drop_table("building")
    op.drop_index(op.f("ix_unit_parent"), table_name="unit")
    op.drop_table("unit")
    op.drop_table("task_item")
    op.drop_table("document_version")
    op.drop_index(op.f("ix_course_approval_course_id"), table_name="course_approval")
    op.drop_table("course_approval")
    op.drop_table("vetting_type")
    op.drop_table("vetting_check")
    op.drop_table("todo_opened")
    op.drop_index(op.f("ix_throttle_blocked_until"), table_name="throttle")
    op.drop_table("throttle")
    op.drop_index("uq_task_unique_key", table_name="task")
    op.drop_index("ix_task_open", table_name="task", postgresql_where=sa.text("finished_at IS NULL"))
    op.drop_table("task")
    op.drop_index(op.f("ix_stored_file_removed_at"), table_name="stored_file")
    op.drop_index(op.f("ix_stored_file_nominal_id"), table_name="stored_file")
    op.drop_table("stored_file")
    op.drop_index(op.f("ix_revocation_revoked_at"), table_name="revocation")
    op.drop_table("revocation")
    op.drop_table("record_update")
    op.drop_index(op.f("ix_provider_request_expires_at"), table_name="provider_request")
    op.drop_table("provider_request")
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
    op.drop_table("log_on_check")
    op.drop_table("integration_client")
    op.drop_index(
        "ix_inbox_retry_due_at", table_name="inbox_retry", postgresql_where=sa.text("body IS NOT NULL")
    )
    op.drop_table("inbox_retry")
    op.drop_index("ix_inbox_received_at", table_name="inbox", postgresql_using="brin")
    op.drop_table("inbox")
    op.drop_table("heartbeat")
    op.drop_table("environment")
    op.drop_table("document")
    op.drop_table("directory_version")
    op.drop_table("directory_change")
    op.drop_table("demonstration_password")
    op.drop_table("dead_letter")
    op.drop_table("coverage_check")
    op.drop_table("course")
    op.drop_table("bootstrap")
    op.drop_table("audit_seal")
    op.drop_table("audit_number")
    op.drop_index("ix_audit_entry_transaction_id_id", table_name="audit_entry")
    op.drop_index(
        "ix_audit_entry_refused_person",
        table_name="audit_entry",
        postgresql_where=sa.text("outcome = 'refused' AND subject_kind = 'person'"),
    )
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
    op.drop_table("agency")
