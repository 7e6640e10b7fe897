"""Which records may be of the same person, two side by side, and what became of a merge (PF-4.16m)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from services.records.access.authorise import authorise, facts
from services.records.access.record import Record
from services.records.access.rules import decide
from services.records.merging import since
from services.records.merging.commands import OF_TWO
from services.records.merging.comparing import compare
from services.records.merging.deciding import ACTION, answering, blocks, both, must_answer
from services.records.merging.models import ANSWER, REASON, UNDONE, Merge
from services.records.merging.one import PATH, merge_of
from services.records.merging.pairs import known_not_same, offered
from services.records.merging.rules import STATES, may_be_undone, wrong_survivor
from services.records.merging.schemas import (
    CompareAnswer,
    ListAnswer,
    ListInput,
    MergesAnswer,
    MergeWhole,
    OfNominalInput,
)
from services.records.nominals.models import Nominal
from services.records.nominals.parts import summary_part
from services.records.search.finding import Line, lines
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import Refusal
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

OF_NOMINAL = "/nominals/<uuid:nominal_id>/merges"
SHOWN = 100


@summary_part("places")
def place(work: Work, record: Record) -> Mapping[str, Any] | None:
    """For whoever may merge this record."""
    if record.owner_unit not in answering(work.principal):
        return None
    return {"text": "Duplicates and merges", "href": f"/records/nominals/{record.id}/merges"}


@service.query(
    "merging.of_nominal",
    path=OF_NOMINAL,
    input=OfNominalInput,
    answer=MergesAnswer,
    method="POST",
    page=Page("Duplicates and merges", "merging/of_nominal.html", opens=True),
)
def of_nominal(work: Work, *, nominal_id: UUID, number: str = "") -> dict[str, Any]:
    """Who may be the same person; the record with this number; and every merge that this record was part of."""
    record = authorise(work, ACTION, nominal_id).record
    found = select(Merge).where(or_(Merge.nominal_id == nominal_id, Merge.gone_id == nominal_id))
    rows = list(work.session.scalars(found.order_by(Merge.id.desc()).limit(SHOWN)))
    shown = offered(work, nominal_id)
    other = _by_number(work, nominal_id, number) if number.strip() else None
    work.concerns(count=len(shown))
    return {
        "visor_number": record.visor_number,
        "offered": shown,
        "found": other,
        "unknown": bool(number.strip()) and other is None,
        "may": decide(work.principal, ACTION, record).allowed,
        "merges": rows,
        "numbers": _numbers(work, rows),
        "states": STATES,
    }


def _by_number(work: Work, nominal_id: UUID, number: str) -> Line | None:
    """None where no other record has this number; a record that was merged is found through the other."""
    wanted = "".join(number.split()).upper()
    found = select(Nominal).where(Nominal.visor_number == wanted)
    nominal = work.session.execute(found).scalar_one_or_none()
    while nominal is not None and nominal.merged_into_id is not None:
        nominal = work.session.get_one(Nominal, nominal.merged_into_id)
    id = nominal.id if nominal is not None else None
    shown = lines(work.session, work.principal, [id]) if id is not None and id != nominal_id else []
    return next(iter(shown), None)


def _numbers(work: Work, rows: Iterable[Merge]) -> dict[UUID, str]:
    ids = [one for row in rows for one in (row.nominal_id, row.gone_id)]
    found = select(Nominal.id, Nominal.visor_number).where(Nominal.id.in_(ids))
    return {row.id: row.visor_number for row in work.session.execute(found)}


@service.query(
    "merging.compare",
    path=OF_TWO,
    input=Nothing,
    answer=CompareAnswer,
    page=Page("Are they the same person?", "merging/compare.html"),
    reads="Comparison with another record",
)
def side_by_side(work: Work, *, nominal_id: UUID, other_id: UUID) -> dict[str, Any]:
    """Two records beside each other, and what stands against a merge. Of another area's with a reason (R13)."""
    two = both(work, nominal_id, other_id)
    unit = read_model.unit(work.session, two.asked_owner) if two.asked_owner else None
    against = blocks(work, two)
    return {
        "facts": compare(work, nominal_id, other_id),
        "numbers": (two.into.visor_number, two.gone.visor_number),
        "blocks": against,
        "asked_owner": (unit.name if unit else two.asked_owner) if two.asked_owner else None,
        "known": other_id in known_not_same(work, nominal_id),
        "may_keep_one": not against and not wrong_survivor(two.into.status, two.gone.status),
        "may_keep_other": not against and not wrong_survivor(two.gone.status, two.into.status),
    }


@service.query(
    "merging.read",
    path=PATH,
    input=Nothing,
    answer=MergeWhole,
    page=Page("Merge of two records", "merging/merge.html"),
)
def read(work: Work, *, merge_id: UUID) -> dict[str, Any]:
    """One merge, for the CPCs of both sides; while it can be undone, with what was added since."""
    row = merge_of(work, merge_id)
    record = facts(work, row.nominal_id)
    must_answer(work, row.into_owner, row.gone_owner, record.owner_unit)
    mine = answering(work.principal)
    undoable = may_be_undone(row.state, row.undo_until, work.today) and record.status != "merged"
    people = read_model.people(
        work.session, [one for one in (row.proposed_by, row.decided_by, row.undone_by) if one]
    )
    return {
        **{name: getattr(row, name) for name in _OWN},
        **{name: _opened(work, row, purpose, getattr(row, name)) for name, purpose in _TEXTS.items()},
        "gone_number": _numbers(work, [row])[row.gone_id],
        "number": record.visor_number,
        "units": read_model.units(work.session, [row.gone_owner, row.into_owner]),
        "states": STATES,
        "proposed_who": _who(people, row.proposed_by),
        "decided_who": _who(people, row.decided_by),
        "undone_who": _who(people, row.undone_by),
        "may_answer": row.state == "proposed"
        and row.asked_owner in mine
        and row.proposed_by != work.principal.person_id,
        "may_withdraw": row.state == "proposed"
        and bool(mine & {one for one in (row.into_owner, row.gone_owner) if one != row.asked_owner}),
        "may_undo": undoable,
        "since": since.added_since(work, row) if undoable else [],
        "changed": since.facts_changed(work, row) if undoable else [],
    }


_OWN = (
    "id",
    "nominal_id",
    "gone_id",
    "state",
    "asked_owner",
    "undo_until",
    "gone_owner",
    "into_owner",
    "proposed_at",
    "decided_at",
    "undone_at",
)
_TEXTS = {"reason": REASON, "answer": ANSWER, "undo_reason": UNDONE}


def _opened(work: Work, row: Merge, purpose: str, sealed: bytes | None) -> str | None:
    return None if sealed is None else work.runtime.readable(row.origin_nominal_id, purpose, sealed)


def _who(people: Mapping[UUID, read_model.PersonCard], person_id: UUID | None) -> Person | None:
    if person_id is None:
        return None
    return Person(person_id, people[person_id].name if person_id in people else "a user not known here")


@service.query(
    "merging.list",
    path="/merges",
    input=ListInput,
    answer=ListAnswer,
    page=Page("Merges", "merging/list.html"),
)
def list_merges(work: Work, *, show: str) -> dict[str, Any]:
    """Those of one's areas and forces: what waits for an answer and what can be undone, or what is over."""
    mine = answering(work.principal)
    if not mine:
        code = "R30" if work.principal.agency_kind == "prison" else "R11"
        raise Refusal(code, token="cpc")  # noqa: S106 - a token is an access right here
    open_now = (Merge.state == "proposed") | ((Merge.state == "merged") & (Merge.undo_until >= work.today))
    found = select(Merge).where(
        or_(Merge.into_owner.in_(mine), Merge.gone_owner.in_(mine)), open_now if show == "open" else ~open_now
    )
    rows = list(work.session.scalars(found.order_by(Merge.id.desc()).limit(SHOWN)))
    work.concerns(count=len(rows))
    owners = [one for row in rows for one in (row.into_owner, row.gone_owner)]
    return {
        "merges": rows,
        "numbers": _numbers(work, rows),
        "units": read_model.units(work.session, owners),
        "states": STATES,
        "mine": mine,
    }
