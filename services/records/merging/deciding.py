"""Who may merge these two records, who has still to agree, and what stands against it (PF-4.16m)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from services.records.access.authorise import facts, refused
from services.records.access.contacts import owning_cpc
from services.records.access.record import Record
from services.records.access.rules import Decision, decide, reach
from services.records.merging.models import Merge
from services.records.merging.rules import wrong_survivor
from services.records.partnership.models import Request
from services.records.transfers.models import Transfer
from services.records.transfers.rules import OPEN
from shared.access.principal import Principal
from shared.refusals import NotFound, Refusal
from shared.work import Work

ACTION, READ = "nominals.merge", "nominals.read"


@dataclass(frozen=True)
class Two:
    """`asked_owner`: whose CPC has to agree as well; None where the principal answers for both."""

    into: Record
    gone: Record
    asked_owner: str | None


def both(work: Work, into_id: UUID, gone_id: UUID, *, lock: bool = False) -> Two:
    """The two records, for the CPC of one of them at least. Raises R11 or R30 for others, R13 where she must say why
    she reads the other, R51 where one of them was merged already.
    """
    if into_id == gone_id:
        raise NotFound
    if lock:
        work.together()
    # In the order of their ids, so that two who merge them crosswise wait for each other.
    read = {one: facts(work, one, lock=lock) for one in sorted((into_id, gone_id))}
    two = read[into_id], read[gone_id]
    decisions = [decide(work.principal, ACTION, one) for one in two]
    work.concerns(nominal_id=into_id, other=gone_id)
    if not any(one.allowed for one in decisions):
        raise refused(work, decisions[0], two[0])
    foreign = [record for record, one in zip(two, decisions, strict=True) if not one.allowed]
    for record, decision in zip(two, decisions, strict=True):
        _must_read(work, record, decision)
    return Two(*two, foreign[0].owner_unit if foreign else None)


def _must_read(work: Work, record: Record, decision: Decision) -> None:
    """Whoever compares has both open: of the record of another area with a reason."""
    if decision.allowed:
        if decision.for_cpc:
            work.concerns(for_cpc=record.owner_unit)
        return
    reading = decide(work.principal, READ, record)
    if not reading.allowed:
        raise refused(work, reading, record)


def answering(principal: Principal) -> frozenset[str]:
    """The areas and forces for which the principal agrees or undoes; a prison owns no records."""
    units = reach(principal)
    return frozenset() if principal.agency_kind == "prison" else units.cpc | units.deputy


def must_answer(work: Work, *owners: str | None) -> None:
    """Raises R30 or R11 for whoever is the CPC of none of these."""
    if answering(work.principal) & set(owners):
        return
    code = "R30" if work.principal.agency_kind == "prison" else "R11"
    contact = owning_cpc(work, next(one for one in owners if one))
    raise Refusal(code, token="cpc", contact=contact)  # noqa: S106 - a token is an access right here


Against = Callable[[Work, Record], str | None]
_AGAINST: list[Against] = []


def stands_against(found: Against) -> Against:
    """A later capability says what else of a record must come to its end before a merge, in words."""
    _AGAINST.append(found)
    return found


def blocks(work: Work, two: Two, *, but: UUID | None = None) -> list[str]:
    """What must be brought to an end first, in words."""
    ids = {two.into.id: two.into.visor_number, two.gone.id: two.gone.visor_number}
    moving = select(Transfer.nominal_id).where(Transfer.nominal_id.in_(ids), Transfer.state.in_(OPEN))
    asked = select(Request.id).where(Request.nominal_id == two.gone.id, Request.state == "requested")
    waiting = select(Merge.id).where(
        Merge.state == "proposed",
        or_(Merge.gone_id.in_(ids), Merge.nominal_id.in_(ids)),
        Merge.id != but if but else Merge.id.is_not(None),
    )
    found = [f"a transfer of {ids[one]} is open" for one in work.session.scalars(moving)]
    if work.session.execute(asked.limit(1)).first() is not None:
        found.append(f"a request for partnership with {two.gone.visor_number} is to be answered")
    if work.session.execute(waiting.limit(1)).first() is not None:
        found.append("another merge with one of the two waits for an answer")
    return found + [said for one in (two.into, two.gone) for each in _AGAINST if (said := each(work, one))]


def refuse_blocked(work: Work, two: Two, *, but: UUID | None = None) -> None:
    """Raises R27 where a live record would vanish into an archived one, R29 with the list."""
    if wrong_survivor(two.into.status, two.gone.status):
        raise Refusal("R27", nominal_id=two.into.id)
    if found := blocks(work, two, but=but):
        raise Refusal("R29", list="; ".join(found), nominal_id=two.into.id)
