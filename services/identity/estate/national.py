"""The agencies and units of the country, put into an empty database of a real deployment."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from services.identity.directory import log
from services.identity.estate import NATIONAL
from services.identity.people.models import Agency, Unit
from shared.reference.estate import agencies, estate_units
from shared.work import Work


def ensure_estate(work: Work) -> int:
    """Adds what is missing and changes nothing that is there; returns how many units were added."""
    kinds = [{"code": one.code, "name": one.name, "kind": one.kind} for one in agencies()]
    work.session.execute(insert(Agency).on_conflict_do_nothing(), kinds)
    rows = [
        {
            "code": unit.code,
            "name": unit.name,
            "kind": unit.kind,
            "parent": unit.parent,
            "agency": unit.agency,
            "jurisdiction": unit.jurisdiction,
        }
        for unit in estate_units()
    ]
    nation = {"code": NATIONAL, "name": "National", "kind": "national", "agency": "home-office"}
    rows.append({**nation, "parent": None, "jurisdiction": "ENG"})
    added = work.session.execute(insert(Unit).values(rows).on_conflict_do_nothing().returning(Unit.code))
    codes = list(added.scalars())
    log.changed(work, units=codes)
    return len(codes)
