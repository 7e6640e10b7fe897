"""Having what is masked shown: with a reason, for this session and half an hour; each time is kept and audited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.attachments import writing
from services.records.attachments.catalogue import catalogue
from services.records.attachments.models import SHOWN_FOR, Entry, Reveal
from services.records.attachments.schemas import RevealAnswer, RevealInput, RevealList, RevealsFilter
from services.records.attachments.shown import unit_name
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage, Page
from shared.directory import read_model
from shared.refusals import NotFound
from shared.web.display import Person
from shared.work import Work

# By the system clock, as an opening with a reason.
LASTS = timedelta(minutes=30)
ACTION = "attachments.reveal"
PAGE = 25


def may_reveal(work: Work, *, nominal_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """Whoever may not is told before giving a reason."""
    opened = authorise(work, ACTION, nominal_id)
    _masked(work, writing.entry_of(work, opened, entry_id))
    return dict(about(work, opened.record))


@service.command(
    ACTION,
    path="/nominals/<uuid:nominal_id>/attachments/entries/<uuid:entry_id>/reveal",
    input=RevealInput,
    answer=RevealAnswer,
    status=201,
    form=FormPage(
        title="Why do you need to see this?",
        button="Show it",
        done="What was masked is shown to you for 30 minutes.",
        next="/nominals/{nominal_id}/attachments/entries/{entry_id}",
        intro="It concerns a victim, or could do harm. Your reason is kept, and the owning CPC can read it.",
        values=may_reveal,
    ),
)
def reveal(work: Work, *, nominal_id: UUID, entry_id: UUID, reason: str) -> Reveal:
    """Show what is masked in one entry to one person in one session (SC-17.8)."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    entry = writing.entry_of(work, opened, entry_id)
    _masked(work, entry)
    one = Reveal(
        nominal_id=nominal_id,
        origin_nominal_id=entry.origin_nominal_id,
        entry_id=entry_id,
        person_id=work.principal.person_id,
        session_id=work.principal.session_id,
        agency=work.principal.agency,
        unit=work.principal.unit,
        at=work.system_now,
        until=work.system_now + LASTS,
        reason=work.runtime.encrypt(entry.origin_nominal_id, SHOWN_FOR, reason),
    )
    work.session.add(one)
    work.concerns(subject=("attachment_entry", entry_id), private=reason, folder=entry.folder)
    return one


def _masked(work: Work, entry: Entry) -> None:
    """Raises NotFound where there is nothing to be shown."""
    if entry.state == "removed" or writing.last_version(work, entry).masked_values is None:
        raise NotFound


@service.query(
    "attachments.reveals",
    path="/nominals/<uuid:nominal_id>/attachments/reveals",
    input=RevealsFilter,
    answer=RevealList,
    page=Page("Shown to whom, and why", "attachments/reveals.html"),
)
def reveals(work: Work, *, nominal_id: UUID, before: UUID | None) -> dict[str, Any]:
    """Who had what was masked shown to them on this record, newest first, for its CPC."""
    opened = authorise(work, "nominals.access_history", nominal_id)
    found = (
        select(Reveal, Entry.folder)
        .join(Entry, Entry.id == Reveal.entry_id)
        .where(Reveal.nominal_id == nominal_id)
    )
    if before is not None:
        found = found.where(Reveal.id < before)
    rows = work.session.execute(found.order_by(Reveal.id.desc()).limit(PAGE + 1)).all()
    cards = read_model.people(work.session, [row[0].person_id for row in rows])
    shown = [
        {
            "id": one.id,
            "entry_id": one.entry_id,
            "folder": folder,
            "folder_title": catalogue()[folder].title,
            "person_id": one.person_id,
            "by": Person(one.person_id, cards[one.person_id].name)
            if one.person_id in cards
            else "A user not known here",
            "unit_name": unit_name(one.unit),
            "at": one.at,
            "reason": work.runtime.readable(one.origin_nominal_id, SHOWN_FOR, one.reason),
        }
        for one, folder in rows[:PAGE]
    ]
    work.concerns(count=len(shown))
    return {
        "reveals": shown,
        "next": shown[-1]["id"] if len(rows) > PAGE else None,
        "visor_number": opened.record.visor_number,
    }
