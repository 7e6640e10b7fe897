"""Requests for deletion in whole-record acts; an open one stands against a merge, and a transfer ends it."""

from __future__ import annotations

from services.records.access.record import Record
from services.records.deletion.deciding import open_request
from services.records.deletion.ending import end_as_it_moves
from services.records.deletion.models import ANSWER, REASON, DeletionRequest
from services.records.merging.deciding import stands_against
from services.records.nominals.keepers import keep
from shared.work import Work

keep(DeletionRequest, sealed={"reason": REASON, "answer": ANSWER}, move=end_as_it_moves)


@stands_against
def asked_for(work: Work, record: Record) -> str | None:
    """Who asked meant the record as it was: nobody is to agree that all of the merged one goes."""
    if open_request(work, record.id) is None:
        return None
    return f"a request to delete {record.visor_number} waits for the second person"
