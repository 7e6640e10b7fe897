"""What stands against archiving a record, each with what to do about it (R21, R29)."""

from __future__ import annotations

from sqlalchemy import select

from services.records.access.record import Record
from services.records.archiving.readiness import life_of
from services.records.archiving.rules import needs_termination, still_managed
from services.records.imminent_risk.models import ImminentRisk
from services.records.nominals.owners import kind_of_agency
from services.records.risk.queries import termination_documents
from services.records.risk.rules import termination_problem
from services.records.transfers.blocking import Block
from services.records.transfers.blocking import blocks as left_undone
from services.records.transfers.models import Transfer
from services.records.transfers.rules import OPEN
from shared.refusals import Refusal
from shared.work import Work


def missing_termination(work: Work, record: Record, ground: str) -> Block | None:
    """Before all else: the termination OASys, where the record needs one (PF-4.28.2)."""
    if not needs_termination(ground, kind_of_agency(record.owner_agency), record.jurisdiction):
        return None
    problem = termination_problem(termination_documents(work, record.id))
    if problem is None:
        return None
    href = f"/records/nominals/{record.id}/attachments/risk_assessment"
    return Block(f"the termination OASys is not whole: {problem}", "Add it", href)


def blocks(work: Work, record: Record) -> list[Block]:
    """All but the OASys: who is managed is not archived, and nothing stays open in a record that is read only."""
    base = f"/records/nominals/{record.id}"
    found = []
    if still_managed(life_of(work, record.id)):
        found.append(
            Block(f"the person is managed at level {record.level}", "Deregister first", f"{base}/deregister")
        )
    if transfer := _open_transfer(work, record):
        found.append(transfer)
    risky = select(ImminentRisk.id).where(
        ImminentRisk.nominal_id == record.id, ImminentRisk.stood_down_at.is_(None)
    )
    if work.session.execute(risky.limit(1)).first() is not None:
        found.append(Block("an imminent risk is not stood down", "Stand it down", f"{base}/imminent-risk"))
    return [*found, *left_undone(work, record)]


def _open_transfer(work: Work, record: Record) -> Block | None:
    open_now = select(Transfer.id).where(Transfer.nominal_id == record.id, Transfer.state.in_(OPEN))
    transfer_id = work.session.execute(open_now).scalar_one_or_none()
    if transfer_id is None:
        return None
    return Block("a transfer of the record is open", "See the transfer", f"/records/transfers/{transfer_id}")


def refuse_blocked(work: Work, record: Record, ground: str) -> None:
    """Raises R21 where the termination OASys is missing, else R29 with the whole list."""
    if missing_termination(work, record, ground) is not None:
        raise Refusal("R21", act="archive", nominal_id=record.id)
    if found := blocks(work, record):
        raise Refusal("R29", list="; ".join(one.what for one in found), nominal_id=record.id)
