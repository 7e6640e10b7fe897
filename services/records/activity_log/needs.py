"""Attachments that an entry says need updating: asked for with the entry, settled when they are updated or declined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.access.concerned import concerned
from services.records.access.record import Record
from services.records.activity_log.folders import FOLDERS
from services.records.activity_log.models import Need
from services.records.activity_log.schemas import Declined, NeedAnswer
from services.records.activity_log.writing import Added
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.events.records.activity_log import ATTACHMENT_NEEDED, ATTACHMENT_SETTLED
from shared.ids import new_id
from shared.refusals import NotFound, Refusal
from shared.work import Work

REASON = "attachment_need.reason"
PATH = "/nominals/<uuid:nominal_id>/activity-log/needs/<uuid:need_id>"


def ask_for(work: Work, record: Record, entry: Added, folders: Iterable[str]) -> None:
    """The manager's item stays until that attachment changes (PF-7/Manager.2, PF-4.35)."""
    to = concerned(work, record, "manager")
    for folder in sorted(set(folders)):
        need = Need(
            id=new_id(),
            nominal_id=record.id,
            entry_id=entry.id,
            folder=folder,
            asked_at=work.now,
            state="open",
        )
        work.session.add(need)
        data = {
            "need_id": need.id,
            "nominal_id": record.id,
            "entry_id": entry.id,
            "folder": folder,
            "folder_name": FOLDERS[folder],
        }
        detail: Any = "restricted" if entry.restricted else "full"
        work.emit(ATTACHMENT_NEEDED, data, aggregate=("attachment_need", need.id), to=to, detail=detail)


def updated(work: Work, nominal_id: UUID, folder: str) -> int:
    """This attachment has changed: whatever entries asked for that is done. Returns how many needs it settled.

    For whoever changes attachments, in the transaction of the change.
    """
    found = select(Need).where(Need.nominal_id == nominal_id, Need.folder == folder, Need.state == "open")
    needs = list(work.session.execute(found.order_by(Need.id).with_for_update()).scalars())
    for need in needs:
        _settle(work, need, "updated")
    return len(needs)


def _settle(work: Work, need: Need, state: str) -> None:
    need.state, need.settled_at, need.settled_by = state, work.now, work.principal.person_id
    data = {"need_id": need.id, "nominal_id": need.nominal_id, "folder": need.folder, "state": state}
    work.emit(ATTACHMENT_SETTLED, data, aggregate=("attachment_need", need.id))


def of_entries(work: Work, entries: Collection[UUID]) -> dict[UUID, list[Need]]:
    """One query, whatever the number of entries."""
    needs: dict[UUID, list[Need]] = defaultdict(list)
    if entries:
        found = select(Need).where(Need.entry_id.in_(list(entries))).order_by(Need.folder)
        for need in work.session.execute(found).scalars():
            needs[need.entry_id].append(need)
    return needs


def may_decline(work: Work, *, nominal_id: UUID, need_id: UUID) -> dict[str, Any]:
    record = authorise(work, "activity_log.add", nominal_id).record
    _open(work, nominal_id, need_id)
    return dict(about(work, record))


@service.command(
    "activity_log.decline_need",
    path=f"{PATH}/declined",
    input=Declined,
    answer=NeedAnswer,
    form=FormPage(
        title="Say why the attachment is not updated",
        button="Decline the update",
        done="It is noted that the attachment is not updated, and why.",
        next="/nominals/{nominal_id}/activity-log",
        path=f"{PATH}/decline",
        values=may_decline,
    ),
)
def decline(work: Work, *, nominal_id: UUID, need_id: UUID, reason: str) -> Need:
    """Settle it without an update: each named attachment is updated or declined (PF-4.17.4)."""
    authorise(work, "activity_log.add", nominal_id, lock=True)
    need = _open(work, nominal_id, need_id)
    need.reason = work.runtime.encrypt(need.origin_nominal_id, REASON, reason.strip())
    _settle(work, need, "declined")
    work.concerns(subject=("attachment_need", need_id), private=reason, folder=need.folder)
    return need


def _open(work: Work, nominal_id: UUID, need_id: UUID) -> Need:
    need = work.session.get(Need, need_id, with_for_update=True)
    if need is None or need.nominal_id != nominal_id:
        raise NotFound
    if need.state != "open":
        raise Refusal("R34", what=f"This attachment was {need.state} already.", nominal_id=nominal_id)
    return need
