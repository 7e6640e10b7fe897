"""The kinds of vetting that every database begins with (PF-4.3.2, PI-3.9.1, PI-3.9.2)."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NPPV, _2009 = date(2023, 1, 16), date(2009, 10, 5)
_POLICY, _OTHER = "ViSOR Policy Framework 2023, 6.1", "ViSOR Policy Framework 2023, 4.3"
_CPC, _REST = "Probation Instruction 05/2009, 3.9.1", "Probation Instruction 05/2009, 3.9.2"
# Code, name, NPPV level, scheme, accepted from, authority, needs the SRO's authorisation, counts only beside.
_ROWS: tuple[tuple[Any, ...], ...] = (
    ("nppv2", "NPPV level 2", 2, "nppv2023", _NPPV, _POLICY, False, None),
    ("nppv3", "NPPV level 3", 3, "nppv2023", _NPPV, _POLICY, False, None),
    ("police_rv", "Police recruitment vetting", 2, "nppv2023", _NPPV, _OTHER, True, None),
    ("police_mv", "Police management vetting", 3, "nppv2023", _NPPV, _OTHER, True, None),
    ("sc", "Security Check", 3, "legacy2009", _2009, _CPC, False, None),
    ("bpss", "Baseline Personnel Security Standard", 2, "legacy2009", _2009, _REST, False, "crb"),
    ("crb", "Criminal Records Bureau check", 2, "legacy2009", _2009, _REST, False, "bpss"),
)
_COLUMNS = ("code", "name", "level", "scheme", "accepted_from", "authority", "needs_sro", "beside")


def upgrade() -> None:
    table = sa.table("vetting_type", *(sa.column(name) for name in _COLUMNS))
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in _ROWS]
    op.bulk_insert(table, [{**row, "beside": None} for row in rows])
    for row in rows:
        if row["beside"]:
            op.execute(table.update().where(table.c.code == row["code"]).values(beside=row["beside"]))


def downgrade() -> None:
    """The table goes with the tables."""
