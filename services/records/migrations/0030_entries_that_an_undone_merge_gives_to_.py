"""Entries that an undone merge gives to another record are sealed anew, under that record's key."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_UPGRADE = (
    """
    CREATE OR REPLACE FUNCTION activity_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.origin_nominal_id <> OLD.origin_nominal_id AND NEW.origin_nominal_id = NEW.nominal_id
        AND to_jsonb(NEW) - '{origin_nominal_id, text, to_inform}'::text[]
          = to_jsonb(OLD) - '{origin_nominal_id, text, to_inform}'::text[]
      THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'activity_entry is append-only' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION attachment_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      moves text[] := '{nominal_id}';
    BEGIN
      IF NEW.origin_nominal_id <> OLD.origin_nominal_id AND NEW.origin_nominal_id = NEW.nominal_id THEN
        moves := '{origin_nominal_id, open_values, masked_values, reason}';
      END IF;
      IF to_jsonb(NEW) - moves IS DISTINCT FROM to_jsonb(OLD) - moves THEN
        RAISE EXCEPTION 'a version of an attachment is never changed';
      END IF;
      RETURN NEW;
    END $$
    """,
)
_DOWNGRADE = (
    """
    CREATE OR REPLACE FUNCTION activity_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'activity_entry is append-only' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION attachment_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF to_jsonb(NEW) - 'nominal_id' IS DISTINCT FROM to_jsonb(OLD) - 'nominal_id' THEN
        RAISE EXCEPTION 'a version of an attachment is never changed';
      END IF;
      RETURN NEW;
    END $$
    """,
)


def upgrade() -> None:
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWNGRADE:
        op.execute(statement)
