"""“Send to police”: under the policy of 2009 probation shared what it knew of category 1 level 1 without being partner.

Today probation is partner there (PF-4.26), and whoever is not writes nothing (R14).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.records.access.authorise import Opened, authorise
from services.records.access.told import agencies_told
from services.records.activity_log.schemas import EntryAnswer, PoliceNotice
from services.records.activity_log.writing import Added, write_entry
from services.records.nominals.naming import about
from services.records.nominals.owners import kind_of_agency
from services.records.service import service
from shared.declarations import FormPage
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/activity-log/police-notices"
KEPT_OFF = ("1", 1)


def may_send(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not is told before typing."""
    return {"about": about(work, _allowed(work, nominal_id).record)["about"].partition(",")[0]}


@service.command(
    "activity_log.send_to_police",
    path=PATH,
    input=PoliceNotice,
    answer=EntryAnswer,
    status=201,
    form=FormPage(
        title="Send information to the police",
        button="Send",
        done="The police manager of the record has been told.",
        next="/nominals",
        path=f"{PATH}/new",
        intro="An activity log entry for the attention of the record’s police manager (PI-3.5.2).",
        values=may_send,
    ),
)
def send(work: Work, *, nominal_id: UUID, text: str) -> Added:
    """Write the entry, important, for the attention of the manager (PI-3.5.2)."""
    record = _allowed(work, nominal_id).record
    told = agencies_told(work.session, record)
    entry = write_entry(
        work,
        record,
        told,
        kind="police_notice",
        text=text,
        for_attention=["manager"],
        important=True,
    )
    work.concerns(subject=("activity_entry", entry.id), kind=entry.kind)
    return entry


def _allowed(work: Work, nominal_id: UUID) -> Opened:
    """R14 for who is not partner, but for probation on a police record that the policy of the day keeps it off."""
    opened = authorise(work, "activity_log.send_to_police", nominal_id)
    record = opened.record
    kept_off = not work.policy.flag("cat1_level1_probation_partner", work.today)
    theirs = kind_of_agency(record.owner_agency) == "police"
    if kept_off and theirs and (record.category, record.level) == KEPT_OFF and _is_probation(work):
        return opened
    return authorise(work, "activity_log.add", nominal_id)


def _is_probation(work: Work) -> bool:
    return work.principal.agency_kind == "probation"
