"""An entry of the log is written only in a record that is live at that moment, and holds it until it is there."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_STILL_LIVE = """
CREATE OR REPLACE FUNCTION live_nominal(asked uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  held text;
BEGIN
  SELECT status INTO held FROM nominal WHERE id = asked FOR KEY SHARE;
  IF held IS DISTINCT FROM 'live' THEN
    RAISE EXCEPTION 'not live any more' USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_entry_live';
  END IF;
  RETURN asked;
END $$
"""


def upgrade() -> None:
    op.execute(_STILL_LIVE)


def downgrade() -> None:
    op.execute("DROP FUNCTION live_nominal(uuid)")
