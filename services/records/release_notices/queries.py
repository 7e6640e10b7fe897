"""A record's notices with their receipts, and the switches of one's prisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.records.access.authorise import authorise
from services.records.release_notices.commands import PATH, PRISON, the_prison
from services.records.release_notices.models import (
    RELEASE_ON,
    WAS_ON,
    ReleaseNotice,
    ReleaseNoticeReceipt,
    ReleaseNoticeSwitch,
)
from services.records.release_notices.rules import ROLES
from services.records.release_notices.schemas import NoticesAnswer, PrisonAnswer, PrisonsAnswer
from services.records.release_notices.switches import newest
from services.records.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import Refusal
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

MOST = 100


@service.query(
    "release_notices.list",
    path="/nominals/<uuid:nominal_id>/release-notices",
    input=Nothing,
    answer=NoticesAnswer,
    page=Page("Release date notices", "release_notices/list.html"),
)
def notices(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Newest first. Whoever was told, and opens it, has read what is on it by now."""
    record = authorise(work, "nominals.read", nominal_id).record
    _note_reading(work, nominal_id, work.principal.person_id)
    found = select(ReleaseNotice).where(ReleaseNotice.nominal_id == nominal_id)
    rows = list(work.session.scalars(found.order_by(ReleaseNotice.id.desc()).limit(MOST)))
    receipts = _receipts(work, [row.id for row in rows])
    named = [row.told_by for row in rows] + [one.person_id for each in receipts.values() for one in each]
    prisons = read_model.units(work.session, [row.prison for row in rows])
    work.concerns(count=len(rows))
    return {
        "notices": [_shown(work, row, receipts.get(row.id, [])) for row in rows],
        "people": {id: Person(id, card.name) for id, card in read_model.people(work.session, named).items()},
        "prisons": {code: unit.name for code, unit in prisons.items()},
        "visor_number": record.visor_number,
    }


def _note_reading(work: Work, nominal_id: UUID, reader: UUID) -> None:
    theirs = ReleaseNoticeReceipt.person_id == reader
    read = update(ReleaseNoticeReceipt).where(
        theirs, ReleaseNoticeReceipt.nominal_id == nominal_id, ReleaseNoticeReceipt.read_at.is_(None)
    )
    work.session.execute(read.values(read_at=work.now))


def _receipts(work: Work, ids: Sequence[UUID]) -> Mapping[UUID, list[ReleaseNoticeReceipt]]:
    found = select(ReleaseNoticeReceipt).where(ReleaseNoticeReceipt.notice_id.in_(ids))
    by_notice: dict[UUID, list[ReleaseNoticeReceipt]] = {}
    for one in work.session.scalars(found.order_by(ReleaseNoticeReceipt.capacity, ReleaseNoticeReceipt.id)):
        by_notice.setdefault(one.notice_id, []).append(one)
    return by_notice


def _shown(work: Work, row: ReleaseNotice, receipts: list[ReleaseNoticeReceipt]) -> dict[str, Any]:
    names = ("id", "nominal_id", "prison", "what", "restricted", "told_by", "told_at")
    dates = {"release_on": (RELEASE_ON, row.release_on), "was_on": (WAS_ON, row.was_on)}
    return {
        **{name: getattr(row, name) for name in names},
        **{name: _opened(work, row, *kept) for name, kept in dates.items()},
        "receipts": receipts,
    }


def _opened(work: Work, row: ReleaseNotice, purpose: str, kept: bytes | None) -> date | None:
    text = work.runtime.readable(row.origin_nominal_id, purpose, kept) if kept is not None else None
    return None if text is None else date.fromisoformat(text)


@service.query(
    "release_notices.prisons",
    path=PATH,
    input=Nothing,
    answer=PrisonsAnswer,
    page=Page("Release date notices", "release_notices/prisons.html"),
)
def prisons(work: Work) -> dict[str, Any]:
    """The prisons that one leads, governs or is the CPC of, and whether each has them on today."""
    units = [one for one in _own(work).values() if one.kind == "prison"]
    if not units:
        raise Refusal("R32", role="a prison’s ViSOR lead or Governor, or the CPC of a prison group")
    stand = newest(work.session, [one.code for one in units], work.today)
    work.concerns(count=len(units))
    lines = [_line(one.code, one.name, stand.get(one.code)) for one in units]
    return {"prisons": sorted(lines, key=lambda line: str(line["name"]))}


@service.query(
    "release_notices.prison",
    path=PRISON,
    input=Nothing,
    answer=PrisonAnswer,
    page=Page("Release date notices", "release_notices/prison.html"),
)
def prison_state(work: Work, *, prison: str) -> dict[str, Any]:
    """Whether they are on today, since when, and what was said of other days."""
    unit = the_prison(work, prison)
    found = select(ReleaseNoticeSwitch).where(ReleaseNoticeSwitch.prison == prison)
    said = list(work.session.scalars(found.order_by(ReleaseNoticeSwitch.from_day.desc()).limit(MOST)))
    people = read_model.people(work.session, [one.said_by for one in said])
    stands = next((one for one in said if one.from_day <= work.today), None)
    return {
        **_line(unit.code, unit.name, stands),
        "said": said,
        "people": {id: Person(id, card.name) for id, card in people.items()},
        "today": work.today,
    }


def _line(code: str, name: str, stands: ReleaseNoticeSwitch | None) -> dict[str, Any]:
    on = stands is not None and stands.on
    return {"code": code, "name": name, "on": on, "since": stands.from_day if stands else None}


def _own(work: Work) -> Mapping[str, Any]:
    tops = tops_of(work.principal)
    codes = {code for top in tops for code in (top, *read_model.below(work.session, top))}
    return read_model.units(work.session, codes)


def tops_of(principal: Principal) -> frozenset[str]:
    """The units for which somebody decides, as `rules.may_switch` has it."""
    cpc = principal.units_with("cpc") if principal.agency_kind == "prison" else frozenset()
    return principal.units_with_role(*ROLES) | principal.deputy_for | cpc
