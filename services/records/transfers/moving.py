"""The record goes over: owner, people, category, and whatever keeps rows by nominal, in one transaction (PF-1.4.1)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.records.access.authorise import facts
from services.records.access.models import Listed
from services.records.access.picture import standing_changed
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.nominals.history import note_change
from services.records.nominals.keepers import move_rows
from services.records.nominals.models import Nominal
from services.records.nominals.owners import Place
from services.records.transfers.models import Transfer
from services.records.transfers.steps import person_in, said, tell_progress
from shared.events.records.transfers import TRANSFER_COMPLETED
from shared.ids import new_id
from shared.refusals import Invalid
from shared.work import Concerned, Work

_CHANGED = (
    "owner_unit",
    "managing_unit",
    "manager_id",
    "supervisor_id",
    "category",
    "level",
    "jurisdiction",
    "lead_agency",
)


def take_over(
    work: Work,
    transfer: Transfer,
    record: Record,
    manager_id: UUID,
    supervisor_id: UUID,
    *,
    one_of_many: bool = False,
) -> None:
    """Both rows are locked. Raises Invalid for people who cannot look after it there.

    Of many at once (PF-4.16f) nobody gets an item for each: whoever moves them sends one for all.
    """
    people = _people(work, transfer, manager_id=manager_id, supervisor_id=supervisor_id)
    nominal = work.session.get_one(Nominal, record.id)
    before = {name: getattr(nominal, name) for name in _CHANGED}
    was = Place(nominal.managing_unit, nominal.owner_unit, nominal.owner_agency, nominal.jurisdiction)
    now = Place(transfer.to_unit, transfer.to_owner, transfer.to_agency, transfer.to_jurisdiction)
    nominal.owner_unit, nominal.owner_agency = now.owner_unit, now.owner_agency
    nominal.managing_unit, nominal.jurisdiction = now.managing_unit, now.jurisdiction
    nominal.manager_id, nominal.supervisor_id = manager_id, supervisor_id
    nominal.category, nominal.level = transfer.category, transfer.level
    if now.jurisdiction != "SCT":
        nominal.lead_agency = None  # only Scotland's groups have one (SC-17.10)
    nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    work.session.flush()
    if nominal.limited_access:
        _list(work, nominal.id, (manager_id, supervisor_id))
    changed = {name: (old, getattr(nominal, name)) for name, old in before.items()}
    note_change(work, nominal.id, "transferred", changed, effective_on=work.today)
    move_rows(work, nominal.id, was, now)
    after = facts(work, nominal.id)
    standing_changed(work, after)
    _tell(work, transfer, record, after, [] if one_of_many else people)
    if not one_of_many:
        tell_progress(work, transfer, record)


def _people(work: Work, transfer: Transfer, **wanted: UUID) -> list[Concerned]:
    """Each holds the token, under the new owner (PF-7/ViSOR Tokens.4)."""
    found: list[Concerned] = []
    wrong: dict[str, list[str]] = {}
    for field, person_id in wanted.items():
        token = field.removesuffix("_id")
        card = person_in(work, person_id, token, transfer.to_owner)
        if card is None:
            wrong[field] = [f"Choose somebody of the receiving area who holds the {token} token"]
        else:
            found.append(Concerned(card.id, token, transfer.to_unit, card.agency))
    if wrong:
        raise Invalid(wrong)
    return found


def _list(work: Work, nominal_id: UUID, people: tuple[UUID, ...]) -> None:
    """Under Limited Access only who is named opens the record (PF-4.16l.2): so are those who now look after it."""
    rows = [
        {
            "id": new_id(),
            "nominal_id": nominal_id,
            "origin_nominal_id": nominal_id,
            "person_id": person_id,
            "listed_at": work.now,
            "listed_by": work.principal.person_id,
        }
        for person_id in dict.fromkeys(people)
    ]
    work.session.execute(insert(Listed).on_conflict_do_nothing(), rows)


def _tell(work: Work, transfer: Transfer, before: Record, after: Record, people: list[Concerned]) -> None:
    """Old agencies keep clocks and lists of it, so each that stood to the record is told."""
    data = said(transfer) | {
        "previous_unit": before.managing_unit,
        "managing_unit": after.managing_unit,
        "jurisdiction": after.jurisdiction,
        "manager_id": after.manager_id,
        "supervisor_id": after.supervisor_id,
        "previous_manager_id": before.manager_id,
        "previous_supervisor_id": before.supervisor_id,
    }
    told = {before.owner_agency, *agencies_told(work.session, after)}
    work.emit(TRANSFER_COMPLETED, data, aggregate=("transfer", transfer.id), to=people, agencies=sorted(told))
