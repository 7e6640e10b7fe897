"""Keeping the estate up from pages: adding, renaming, moving and closing units; by `admin` alone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.identity.directory import log
from services.identity.estate.closing import close
from services.identity.estate.present import present
from services.identity.estate.rules import unit_problems
from services.identity.estate.schemas import AddUnitInput, ChangeUnitInput, MoveUnitInput, UnitAnswer
from services.identity.estate.shapes import Estate, UnitRow
from services.identity.people.models import Unit
from services.identity.people.units import above
from services.identity.service import service
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

_KNOWN = "There is a unit with this code."
service.constraints["pk_unit"] = lambda: Refusal("R34", what=_KNOWN)
_COLUMNS = ("code", "name", "kind", "parent", "agency", "jurisdiction", "contracted", "under_18", "closed_on")


def require_admin(work: Work) -> None:
    if not work.principal.holds("admin"):
        raise Refusal("R11", token="admin")  # noqa: S106 - the name of an access right


def _as_admin(work: Work) -> dict[str, Any]:
    require_admin(work)
    return {}


@service.command(
    "estate.add_unit",
    path="/estate",
    input=AddUnitInput,
    answer=UnitAnswer,
    status=201,
    form=FormPage(
        path="/estate/add",
        title="Add a unit",
        button="Add the unit",
        done="The unit has been added.",
        next="/estate/{code}",
        cancel="/estate",
        values=_as_admin,
    ),
)
def add_unit(
    work: Work,
    *,
    code: str,
    name: str,
    kind: str,
    parent: str | None,
    agency: str,
    jurisdiction: str,
    contracted: bool,
    under_18: bool,
) -> Unit:
    """PF-0.1: any of the kinds of kinds.toml, other providers and institutions for under-18s among them."""
    require_admin(work)
    row = UnitRow(code, name, kind, parent, agency, jurisdiction, contracted, under_18)
    if work.session.get(Unit, row.code) is not None:
        raise Invalid({"code": [_KNOWN]})
    _check(work, row)
    made = Unit(**asdict(row))
    work.session.add(made)
    return _changed(work, made)


def _about(work: Work, code: str) -> dict[str, Any]:
    require_admin(work)
    found = open_unit(work, code)
    return {"about": found.name, "parent": found.parent}


def _values(work: Work, code: str) -> dict[str, Any]:
    require_admin(work)
    found = open_unit(work, code)
    return {name: getattr(found, name) for name in ("name", "contracted", "under_18", "version")}


@service.command(
    "estate.change_unit",
    path="/estate/<code>",
    input=ChangeUnitInput,
    answer=UnitAnswer,
    method="PUT",
    edits=True,
    form=FormPage(
        path="/estate/<code>/change",
        title="Change a unit",
        button="Save",
        done="The unit has been changed.",
        next="/estate/{code}",
        values=_values,
    ),
)
def change_unit(work: Work, *, code: str, name: str, contracted: bool, under_18: bool, version: int) -> Unit:
    """Its name, and for a prison who runs it; the code stays for good."""
    require_admin(work)
    found = open_unit(work, code, lock=True)
    mine = {"name": name, "contracted": contracted, "under_18": under_18}
    work.expect_version(
        version, found.version, mine=mine, theirs={each: getattr(found, each) for each in mine}
    )
    _check(work, _row(found, **mine))
    for each, value in mine.items():
        setattr(found, each, value)
    return _changed(work, found)


@service.command(
    "estate.move_unit",
    path="/estate/<code>/move",
    input=MoveUnitInput,
    answer=UnitAnswer,
    form=FormPage(
        title="Move a unit",
        button="Move the unit",
        done="The unit has been moved.",
        next="/estate/{code}",
        values=_about,
        intro="Its people, terminals and records come to whoever answers for the unit above it, within a few minutes.",
    ),
)
def move_unit(work: Work, *, code: str, parent: str | None) -> Unit:
    """As when a prison goes to another group."""
    require_admin(work)
    found = open_unit(work, code, lock=True)
    if parent is not None and code in above(work.session, parent):
        raise Invalid({"parent": ["A unit cannot stand under itself."]})
    _check(work, _row(found, parent=parent))
    work.concerns(from_unit=found.parent, to_unit=parent)
    found.parent = parent
    return _changed(work, found)


@service.command(
    "estate.close_unit",
    path="/estate/<code>/close",
    input=Nothing,
    answer=UnitAnswer,
    form=FormPage(
        title="Close a unit",
        button="Close the unit",
        done="The unit has been closed, with its buildings, networks and terminals.",
        next="/estate/{code}",
        values=_about,
        intro="Nobody may belong to it any more, and no open unit stand under it. Its code stays, so that old entries "
        "still say where they are from.",
    ),
)
def close_unit(work: Work, *, code: str) -> Unit:
    """R40 while somebody or something still depends on it."""
    require_admin(work)
    found = open_unit(work, code, lock=True)
    close(work, found, work.today)
    return _changed(work, found)


def open_unit(work: Work, code: str, *, lock: bool = False) -> Unit:
    """Raises NotFound, or R34 for a closed one."""
    found = work.session.get(Unit, code, with_for_update=lock)
    if found is None:
        raise NotFound
    work.concerns(unit=code)
    if found.closed_on is not None:
        raise Refusal("R34", what="This unit is closed.")
    return found


def _changed(work: Work, unit: Unit) -> Unit:
    work.session.flush()
    work.concerns(unit=unit.code)
    log.changed(work, units=[unit.code])
    return unit


def _row(unit: Unit, **changes: Any) -> UnitRow:
    return UnitRow(**{name: getattr(unit, name) for name in _COLUMNS} | changes)


# A word of the sentence → the field that it stands beside.
_FIELDS = (
    ("the jurisdiction of", "jurisdiction"),
    ("only a prison", "contracted"),
    ("agency", "agency"),
    ("under", "parent"),
)


def _check(work: Work, row: UnitRow) -> None:
    """The same rules as for a file, beside the field that each is about."""
    held = present(work.session)
    after = Estate(held.agencies, {**held.units, row.code: row})
    errors: dict[str, list[str]] = {}
    for said in unit_problems(row, after):
        field = next((field for word, field in _FIELDS if word in said), "parent")
        errors.setdefault(field, []).append(said[:1].upper() + said[1:] + ".")
    if errors:
        raise Invalid(errors)
