"""What a nominal is found by in whole-record acts: it goes with the record, and no export gives it."""

from __future__ import annotations

from uuid import UUID

from services.records.nominals.keepers import Row, keep
from services.records.search.models import KnownName, SearchKey
from shared.work import Work


def _nothing(_work: Work, _nominal_id: UUID) -> list[Row]:
    """The entries themselves say what is known, in clear; hashes of it would tell no successor anything."""
    return []


keep(SearchKey, export=_nothing)
keep(KnownName, export=_nothing)
