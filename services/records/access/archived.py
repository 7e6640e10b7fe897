"""Another system tells of a person whose record is archived: nothing is written there, and its CPC is told (R27)."""

from __future__ import annotations

from typing import Literal

from services.records.access.concerned import concerned
from services.records.access.record import Record
from shared.events.records.archiving import ARCHIVED_HEARD_OF
from shared.ids import derived_id
from shared.work import Work

What = Literal[
    "custody",
    "review",
    "imminent_risk_contact",
    "ndelius_contact",
    "prison_move",
    "prison_risk",
    "offender_manager",
]
ARCHIVED = (
    "The record of this person is archived (R27). Its CPC has been told, and can bring it back (PF-4.16h)."
)


def is_archived(work: Work, record: Record, what: What, said: str) -> bool:
    """Whether it is; then its CPC has one item for what was `said`, however often it comes."""
    if record.status == "live":
        return False
    work.concerns(nominal_id=record.id, archived=True)
    data = {"nominal_id": record.id, "what": what, "news_id": derived_id(what, record.id, said)}
    work.emit(ARCHIVED_HEARD_OF, data, aggregate=("nominal", record.id), to=concerned(work, record, "cpc"))
    return True
