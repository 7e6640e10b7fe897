"""The meter on the summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.records.access.record import Record
from services.records.access.rules import standings_of
from services.records.minimum_dataset.measuring import measured
from services.records.minimum_dataset.rules import own_dataset
from services.records.nominals.parts import summary_part
from shared.work import Work

# As many as fit beside the summary; the page has them all.
SHOWN = 5


@summary_part("minimum_dataset")
def meter(work: Work, record: Record) -> Mapping[str, Any] | None:
    """Of the reader's own agency, else of the owner's (PF-4.23)."""
    found = measured(work, record.id, record.category, standings_of(work.principal, record))
    one = found.get(own_dataset(work.principal.agency_kind, record.owner_agency))
    if one is None:
        return None
    missing = [want.title for want in one.missing]
    more = [f"{len(missing) - SHOWN} more"] if len(missing) > SHOWN else []
    return {
        "held": one.answered,
        "wanted": len(one.wanted),
        "missing": missing[:SHOWN] + more,
        "href": f"/records/nominals/{record.id}/minimum-dataset",
    }
