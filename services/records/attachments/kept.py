"""What the register keeps in rows of its own, and a folder states too: one truth, not two (ADR 0063).

The register's rows are what searching, access and the summary go by. A folder marked `kept_by` shows those that none of
its entries says yet, and a current, open entry of it brings them into line in its own transaction: a graded one does
not, since the summary is read by everybody who may open the record. What decides about the record itself (category and
level, the prison that holds the person) is changed where that is decided; here an entry may not contradict it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.record import Record
from services.records.attachments.catalogue import Folder
from services.records.attachments.models import Entry
from services.records.attachments.rules import MARKER_CODES, Wrong, contradictions, same_text
from services.records.attachments.shown import effective_state, unit_name
from services.records.custody.models import Movement
from services.records.meetings.models import Meeting
from services.records.meetings.rules import called
from services.records.nominals.duplicates import refuse_same_number
from services.records.nominals.history import note_change
from services.records.nominals.models import Identifier, Marker, Name, Nominal
from services.records.nominals.rules import MARKERS, SEXES, birth_problem, category_name
from services.records.offender_managers.rules import COLUMNS, line_of, noted, without
from services.records.search import dictionary
from services.records.search.known import know
from shared.directory import read_model
from shared.refusals import Invalid
from shared.web.display import day
from shared.work import Work

Values = Mapping[str, Any]
# Kinds of number that the register keeps, by what the folder calls them.
NUMBERS = {"PNC": "pnc", "CRO": "cro", "NOMS": "noms", "CRN": "crn"}
SEX = {"female": "female", "male": "male"}
MOST_MOVES = 5


@dataclass(frozen=True, slots=True)
class Line:
    """What the register holds and no entry says: in words, and where it is changed."""

    text: str
    link: str = ""
    href: str = ""


def lines(work: Work, record: Record, folder: Folder, said: Iterable[str]) -> list[Line]:
    """`said` is what the folder's current entries say, as they are shown."""
    if not folder.kept_by:
        return []
    texts = [text for text in said if text]
    return [line for line in _LINES[folder.kept_by](work, record) if not same_text(line.text, texts)]


def check(work: Work, record: Record, folder: Folder, values: Values, ends_on: date | None) -> Wrong:
    """What a current entry says against the record: field name → messages."""
    if not folder.kept_by or (ends_on is not None and ends_on <= work.today):
        return {}
    if folder.kept_by == "person" and (problem := birth_problem(values["date_of_birth"], work.today)):
        return {"date_of_birth": [problem]}
    return contradictions(
        folder.kept_by,
        values,
        category=record.category,
        level=record.level,
        custody_prison=record.custody_prison,
        prison_name=unit_name(record.custody_prison or ""),
    )


def bring_into_line(work: Work, folder: Folder, entry: Entry, values: Values) -> None:
    """The register's rows after this entry was saved. The caller holds the nominal's row."""
    writer = _WRITERS.get(folder.kept_by)
    if writer is not None:
        stands = effective_state(entry, work.today) == "current" and entry.grading == "open"
        writer(work, entry, values, stands=stands)


def _nominal(work: Work, nominal_id: UUID) -> Nominal:
    return work.session.get_one(Nominal, nominal_id, populate_existing=True)


def _set(work: Work, nominal: Nominal, **now: Any) -> None:
    """Change the summary as its own form does: with its history, its version, and who did it."""
    changed = {
        name: (getattr(nominal, name), value)
        for name, value in now.items()
        if getattr(nominal, name) != value
    }
    if not changed:
        return
    for name, (_, value) in changed.items():
        setattr(nominal, name, value)
    note_change(work, nominal.id, "summary", changed)
    nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    work.session.flush()


# ---- names_and_aliases: every current name is a name of the register; the main name stays what it is. ----


def _name_lines(work: Work, record: Record) -> list[Line]:
    found = select(Name).where(Name.nominal_id == record.id).order_by(Name.kind.desc(), Name.id)
    kinds = {"main": "main name", "alias": "alias"}
    return [
        Line(f"{name.forenames} {name.surname}".strip() + f" ({kinds[name.kind]})")
        for name in work.session.scalars(found)
    ]


def _write_name(work: Work, entry: Entry, values: Values, *, stands: bool) -> None:
    work.session.execute(delete(Name).where(Name.id == entry.id, Name.kind == "alias"))
    if not stands:
        return
    forenames, surname = (" ".join(values[name].split()) for name in ("forenames", "surname"))
    same = select(Name.id).where(
        Name.nominal_id == entry.nominal_id, Name.forenames == forenames, Name.surname == surname
    )
    if work.session.execute(same).first() is None:
        name = Name(
            id=entry.id, nominal_id=entry.nominal_id, kind="alias", forenames=forenames, surname=surname
        )
        dictionary.enter(work.session, [name])
        work.session.add(name)
        work.session.flush()


# ---- reference_numbers: one number, one nominal (R18). ----


def _number_lines(work: Work, record: Record) -> list[Line]:
    labels = {kind: label for label, kind in NUMBERS.items()}
    found = select(Identifier).where(Identifier.nominal_id == record.id).order_by(Identifier.kind)
    return [Line(f"{labels.get(one.kind, one.kind)} {one.value}") for one in work.session.scalars(found)]


def _write_number(work: Work, entry: Entry, values: Values, *, stands: bool) -> None:
    work.session.execute(delete(Identifier).where(Identifier.id == entry.id))
    kind = NUMBERS.get(values["number_type"])
    if not stands or kind is None:
        return
    same = select(Identifier.nominal_id).where(Identifier.kind == kind, Identifier.value == values["value"])
    holder = work.session.execute(same).scalar_one_or_none()
    if holder == entry.nominal_id:
        return
    refuse_same_number(work, {kind: values["value"]})
    work.session.add(Identifier(id=entry.id, nominal_id=entry.nominal_id, kind=kind, value=values["value"]))
    work.session.flush()


# ---- addresses: the current main address is the summary's. ----


def _address_lines(work: Work, record: Record) -> list[Line]:
    address = work.session.execute(select(Nominal.address).where(Nominal.id == record.id)).scalar_one()
    change = f"/records/nominals/{record.id}/change"
    return [Line(address, "Change it on the summary", change)] if address else []


def _write_address(work: Work, entry: Entry, values: Values, *, stands: bool) -> None:
    """What has ended or was removed is not the summary's any more; what is superseded has a successor."""
    if values["address_type"] != "main" or entry.state == "superseded":
        return
    parts = [" ".join(values[name].split()) for name in ("address_lines", "postcode") if values.get(name)]
    written = ", ".join(parts)
    nominal = _nominal(work, entry.nominal_id)
    if stands or nominal.address == written:
        know(work, nominal.id, nominal.id, [("address", written)] if stands else [])
        _set(work, nominal, address=written if stands else None)


# ---- personal_details: date of birth and sex are the record's. ----


def _person_lines(work: Work, record: Record) -> list[Line]:
    row = work.session.execute(
        select(Nominal.date_of_birth, Nominal.sex).where(Nominal.id == record.id)
    ).one()
    return [Line(day(row.date_of_birth)), Line(SEXES.get(row.sex, row.sex))]


def _write_person(work: Work, entry: Entry, values: Values, *, stands: bool) -> None:
    if stands:
        nominal = _nominal(work, entry.nominal_id)
        sex = SEX.get(values["sex"], nominal.sex)
        _set(work, nominal, date_of_birth=values["date_of_birth"], sex=sex)


# ---- offender_managers: POM or COM shows on the summary; who is no user, in General comments (PF-4.24). Other roles
# are only entries. ----


def _manager_lines(work: Work, record: Record) -> list[Line]:
    nominal = _nominal(work, record.id)
    recorded = {"POM": nominal.pom_id, "COM": nominal.com_id}
    cards = read_model.people(work.session, [id for id in recorded.values() if id is not None])
    change = f"/records/nominals/{record.id}/change"
    return [
        Line(f"{role} {cards[id].name}", "Change it on the summary", change)
        for role, id in recorded.items()
        if id in cards
    ]


def _write_manager(work: Work, entry: Entry, values: Values, *, stands: bool) -> None:
    role, column = values["role"], COLUMNS.get(values["role"])
    if not stands or column is None:
        return
    nominal = _nominal(work, entry.nominal_id)
    user = UUID(values["user"]) if values["is_visor_user"] else None
    comments = without(nominal.general_comments, role)
    if user is None:
        line = line_of(role, values["name"], values["email"], values["telephone"])
        comments = noted(comments, role, line)
    _set(work, nominal, **{column: user, "general_comments": comments or None})


# ---- warning_markers: those that the summary has a marker for. ----


def _marker_lines(work: Work, record: Record) -> list[Line]:
    codes = set(work.session.scalars(select(Marker.code).where(Marker.nominal_id == record.id)))
    change = f"/records/nominals/{record.id}/change"
    return [Line(MARKERS[code], "Change it on the summary", change) for code in MARKERS if code in codes]


def _write_marker(work: Work, entry: Entry, values: Values, *, stands: bool) -> None:
    work.session.execute(delete(Marker).where(Marker.id == entry.id))
    code = MARKER_CODES.get(values["marker"])
    if stands and code is not None:
        row = insert(Marker).values(
            id=entry.id, nominal_id=entry.nominal_id, origin_nominal_id=entry.nominal_id, code=code
        )
        work.session.execute(row.on_conflict_do_nothing(index_elements=["nominal_id", "code"]))


# ---- mappa_management and custody: decided elsewhere. ----


def _category_lines(_work: Work, record: Record) -> list[Line]:
    text = category_name(record.category) + (f", level {record.level}" if record.level else "")
    return [Line(text, "Change category or level", f"/records/nominals/{record.id}/category/change")]


def _custody_lines(work: Work, record: Record) -> list[Line]:
    found = select(Movement).where(Movement.nominal_id == record.id)
    newest = found.order_by(Movement.at.desc(), Movement.id.desc()).limit(MOST_MOVES)
    words = {"received": "Received into", "released": "Left"}
    href = f"/records/nominals/{record.id}/custody"
    return [
        Line(f"{words[one.kind]} {unit_name(one.prison)} on {day(one.at)}", "All moves", href)
        for one in work.session.scalars(newest)
    ]


# ---- risk_management_plan: the minutes that were added to a recorded meeting are there (PF-4.20). ----


def _meeting_lines(work: Work, record: Record) -> list[Line]:
    found = (
        select(Meeting.id, Meeting.level, Meeting.held_on)
        .where(Meeting.nominal_id == record.id, Meeting.minutes.is_not(None))
        .order_by(Meeting.held_on.desc())
        .limit(MOST_MOVES)
    )
    base = f"/records/nominals/{record.id}/meetings"
    return [
        Line(f"Minutes of the {called(row.level)} of {day(row.held_on)}", "Read them", f"{base}/{row.id}")
        for row in work.session.execute(found)
    ]


_LINES: Mapping[str, Callable[[Work, Record], list[Line]]] = {
    "names": _name_lines,
    "numbers": _number_lines,
    "address": _address_lines,
    "person": _person_lines,
    "offender_manager": _manager_lines,
    "markers": _marker_lines,
    "category": _category_lines,
    "custody": _custody_lines,
    "meetings": _meeting_lines,
}
_WRITERS: Mapping[str, Callable[..., None]] = {
    "names": _write_name,
    "numbers": _write_number,
    "address": _write_address,
    "person": _write_person,
    "offender_manager": _write_manager,
    "markers": _write_marker,
}


def refuse_contradiction(
    work: Work, record: Record, folder: Folder, values: Values, ends_on: date | None
) -> None:
    """Raises Invalid where a current entry contradicts what the record says."""
    if wrong := check(work, record, folder, values, ends_on):
        raise Invalid(wrong)
