"""The named list and the looks at a record in whole-record acts."""

from __future__ import annotations

from services.records.access.looks import (
    CONFLICT_ENDED,
    CONFLICT_REASON,
    LIMIT_ENDED,
    LIMIT_REASON,
    REASON,
)
from services.records.access.models import Access, Conflict, Limit, Listed
from services.records.nominals.keepers import keep

keep(Listed, alike=("person_id",))
keep(Access, sealed={"reason": REASON})
keep(
    Limit,
    sealed={"reason": LIMIT_REASON, "end_reason": LIMIT_ENDED},
    alike=("ended_at",),
    among=lambda table: table.ended_at.is_(None),
)
keep(
    Conflict,
    sealed={"reason": CONFLICT_REASON, "end_reason": CONFLICT_ENDED},
    alike=("person_id",),
    among=lambda table: table.ended_at.is_(None),
)
