"""Who is to acknowledge an imminent risk goes with the record: whoever looks after it now (PF-4.30.2, PF-1.4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.records.imminent_risk.models import ImminentRisk, Told
from services.records.nominals.followed import after_note
from shared.directory import read_model
from shared.directory.read_model import PersonCard
from shared.work import Work

# By which field of the record somebody has the part.
_BY: Final = {
    "manager": "manager_id",
    "supervisor": "supervisor_id",
    "lpc": "managing_unit",
    "cpc": "owner_unit",
}


@after_note
def others_acknowledge(work: Work, nominal_id: UUID, changed: Mapping[str, tuple[Any, Any]]) -> None:
    """Those who have the part no more may not open the record: waited for, they would be waited for for ever.

    Their items go along by themselves, as all that is open does. Who had acknowledged has; nobody follows them in it.
    """
    parts = {part: changed[column] for part, column in _BY.items() if column in changed}
    if not parts:
        return
    with work.session.no_autoflush:
        risks = select(ImminentRisk.id, ImminentRisk.raised_by).where(
            ImminentRisk.nominal_id == nominal_id, ImminentRisk.stood_down_at.is_(None)
        )
        for risk in work.session.execute(risks.with_for_update()).all():
            for part, (before, after) in parts.items():
                if _no_longer(work, risk.id, part, before):
                    _now(work, risk, part, _holders(work, part, after))


def _no_longer(work: Work, risk_id: UUID, part: str, before: Any) -> bool:
    """Whether somebody who had the part had still to acknowledge it."""
    theirs = delete(Told).where(Told.risk_id == risk_id, Told.role == part, Told.acknowledged_at.is_(None))
    if part in ("manager", "supervisor"):
        theirs = theirs.where(Told.person_id == before)
    gone = work.session.execute(
        theirs.returning(Told.person_id), execution_options={"synchronize_session": False}
    )
    return bool(gone.all())


def _holders(work: Work, part: str, after: Any) -> list[PersonCard]:
    if part == "lpc":
        return read_model.holders(work.session, part, after)
    one = (
        read_model.owning_cpc(work.session, after)
        if part == "cpc"
        else read_model.person(work.session, after)
    )
    return [one] if one is not None and one.active else []


def _now(work: Work, risk: Any, part: str, cards: list[PersonCard]) -> None:
    rows = [
        {"risk_id": risk.id, "person_id": card.id, "role": part, "unit": card.unit, "agency": card.agency}
        for card in cards
        if card.id != risk.raised_by
    ]
    if rows:
        work.session.execute(insert(Told).values(rows).on_conflict_do_nothing())
