"""Changing what the summary shows: whoever saved in between is not overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from services.records.access.authorise import authorise
from services.records.access.told import agencies_told
from services.records.nominals.followed import risk_is_signed, tell_change
from services.records.nominals.history import note_change
from services.records.nominals.models import Marker, Nominal
from services.records.nominals.naming import about
from services.records.nominals.rules import MARKERS, risk_problems
from services.records.nominals.schemas import ChangedAnswer, ChangeInput
from services.records.search.known import know
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.directory.contacts import contact
from shared.events.records.nominals import NOMINAL_CHANGED
from shared.refusals import Contact, Invalid, NotFound
from shared.work import Work

ACTION = "nominals.change"
FIELDS = ("risk_level", "address", "general_comments")


@dataclass(frozen=True)
class Changed:
    nominal_id: UUID
    version: int


def change_form(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """The summary as it stands; whoever may not change it hears so before typing."""
    record = authorise(work, ACTION, nominal_id).record
    nominal = _nominal(work, nominal_id)
    return {
        **about(work, record),
        **_values(work, nominal),
        "version": nominal.version,
        "prison": nominal.custody_prison,
    }


@service.command(
    ACTION,
    path="/nominals/<uuid:nominal_id>",
    method="PUT",
    input=ChangeInput,
    answer=ChangedAnswer,
    edits=True,
    form=FormPage(
        title="Change the summary",
        button="Save",
        done="The summary was changed.",
        next="/nominals/{nominal_id}",
        path="/nominals/<uuid:nominal_id>/change",
        values=change_form,
    ),
)
def change(
    work: Work,
    *,
    nominal_id: UUID,
    version: int,
    risk_level: str | None,
    risk_reason: str,
    address: str | None,
    general_comments: str | None,
    offender_manager_id: UUID | None,
    markers: list[str],
) -> Changed:
    """Change risk level, markers, address, comments or HMPPS Offender Manager (PF-4.24, PF-5.17)."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    nominal = _nominal(work, nominal_id)
    given = {
        "risk_level": risk_level,
        "address": address,
        "general_comments": general_comments,
        "offender_manager_id": offender_manager_id,
        "markers": [code for code in MARKERS if code in markers],
    }
    before = _values(work, nominal)
    if version != nominal.version:
        by, at = _who_saved(work, nominal), nominal.changed_at
        work.expect_version(version, nominal.version, mine=given, theirs=before, by=by, at=at)
    signed = risk_is_signed(work.session, nominal_id)
    if wrong := risk_problems(nominal.risk_level, risk_level, risk_reason, signed=signed):
        raise Invalid(wrong)
    changed = sorted(name for name, value in given.items() if value != before[name])
    if "offender_manager_id" in changed:
        _check_offender_manager(work, offender_manager_id)
    _write(work, nominal, given, changed)
    why = risk_reason.strip() if "risk_level" in changed else None
    note_change(
        work, nominal_id, "summary", {name: (before[name], given[name]) for name in changed}, reason=why
    )
    if changed:
        nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    work.session.flush()
    work.concerns(subject=("nominal", nominal_id), changed=changed)
    if changed:
        tell_change(work, opened.record)
        data = {
            "nominal_id": nominal_id,
            "what": "summary",
            "standing_version": opened.record.standing_version,
        }
        told = agencies_told(work.session, opened.record)
        work.emit(NOMINAL_CHANGED, data, aggregate=("nominal", nominal_id), agencies=told)
    return Changed(nominal_id, nominal.version)


def _who_saved(work: Work, nominal: Nominal) -> Contact | None:
    """None where another system did, or somebody whom the directory has not told us of."""
    card = read_model.person(work.session, nominal.changed_by) if nominal.changed_by else None
    return contact("Who saved", card) if card is not None else None


def _write(work: Work, nominal: Nominal, given: Mapping[str, Any], changed: list[str]) -> None:
    # First what has rows of its own: a statement writes out what was changed before it, and counts a version.
    if "address" in changed:
        know(work, nominal.id, nominal.id, [("address", given["address"])] if given["address"] else [])
    if "markers" in changed:
        work.session.execute(delete(Marker).where(Marker.nominal_id == nominal.id))
        work.session.add_all(Marker(nominal_id=nominal.id, code=code) for code in given["markers"])
        flag_modified(nominal, "address")  # a marker's row is its own; the version is the whole summary's
    for name in FIELDS:
        setattr(nominal, name, given[name])
    setattr(nominal, offender_manager_column(nominal), given["offender_manager_id"])
    if "risk_level" in changed:
        nominal.risk_since = work.today if given["risk_level"] else None


def offender_manager_column(nominal: Nominal) -> str:
    """POM in custody, COM in the community (PF-7/HMPPS OM.1)."""
    return "pom_id" if nominal.custody_prison else "com_id"


def _nominal(work: Work, nominal_id: UUID) -> Nominal:
    nominal = work.session.get(Nominal, nominal_id)
    if nominal is None:
        raise NotFound
    return nominal


def _values(work: Work, nominal: Nominal) -> dict[str, Any]:
    codes = set(work.session.scalars(select(Marker.code).where(Marker.nominal_id == nominal.id)))
    fields = {name: getattr(nominal, name) for name in FIELDS}
    fields["offender_manager_id"] = getattr(nominal, offender_manager_column(nominal))
    return {**fields, "markers": [code for code in MARKERS if code in codes]}


def _check_offender_manager(work: Work, person_id: UUID | None) -> None:
    if person_id is None:
        return
    card = read_model.person(work.session, person_id)
    if card is None or not card.active:
        raise Invalid({"offender_manager_id": ["Choose somebody from the list"]})
