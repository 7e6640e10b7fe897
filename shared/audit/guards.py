"""DDL that makes the audit append-only, as strings for the migrations to run.

A trigger for everybody, the tables' owner too; and grants that never allow the running services anything but INSERT
and SELECT, whatever becomes of the triggers. The owner can get past both: that is what seals and their verification
are for.
"""

from __future__ import annotations

from shared.audit.canonical import FIELDS
from shared.audit.tables import NAMES

_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'insufficient_privilege';
END $$
"""


def ddl() -> list[str]:
    """To run right after the tables are made. The triggers fire in replica sessions too (ENABLE ALWAYS)."""
    triggers = [
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();"
        f" ALTER TABLE {name} ENABLE ALWAYS TRIGGER {name}_append_only"
        for name in NAMES
    ]
    return [_FUNCTION, *triggers]


def undo_ddl() -> list[str]:
    """For the downgrade of the migration that ran `ddl()`, before it drops the tables."""
    drops = [f"DROP TRIGGER IF EXISTS {name}_append_only ON {name}" for name in NAMES]
    return [*drops, "DROP FUNCTION IF EXISTS audit_is_append_only()"]


def grant_ddl(role: str) -> list[str]:
    """INSERT and SELECT only, whatever this role was granted before; it cannot choose an entry's transaction number."""
    columns = ", ".join((*FIELDS, "hash"))
    everything = ", ".join(NAMES)
    return [
        f"REVOKE ALL ON {everything} FROM PUBLIC, {role}",
        f"GRANT SELECT ON {everything} TO {role}",
        f"GRANT INSERT ({columns}) ON audit_entry TO {role}",
        f"GRANT INSERT ON audit_number, audit_seal TO {role}",
    ]
