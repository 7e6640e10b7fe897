"""Entries as a page and the API show them: in words, with who and when, masked where the reader has not asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from markupsafe import Markup

from services.records.attachments import values as sealed
from services.records.attachments.catalogue import Field, Folder, catalogue, common
from services.records.attachments.clearance import revealed
from services.records.attachments.models import Entry, Version
from services.records.attachments.references import Known, known
from services.records.attachments.rules import headline, masked_fields
from shared.reference.estate import agencies, units_by_code
from shared.web.display import Person, day
from shared.work import Work

GONE = "No longer readable"
MASK = "Masked"
AGENCIES = {agency.code: agency.name for agency in agencies()}


@dataclass(frozen=True, slots=True)
class ShownField:
    """`text` in words, as Markup where it links; `masked`: it says something that is not shown."""

    name: str
    label: str
    text: str
    masked: bool = False


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry in one of its versions. `values` as the API gives them; what is masked is None there."""

    entry: Entry
    version: Version
    folder: Folder
    state: str
    values: Mapping[str, Any]
    fields: Sequence[ShownField]
    headline: str
    by: Person | str
    masked: bool
    revealed: bool

    @property
    def agency_name(self) -> str:
        return AGENCIES.get(self.version.agency, self.version.agency)

    @property
    def unit_name(self) -> str:
        return unit_name(self.version.unit)

    @property
    def source_name(self) -> str:
        return common().sources.get(self.version.source, self.version.source)

    @property
    def href(self) -> str:
        return f"/records/nominals/{self.entry.nominal_id}/attachments/entries/{self.entry.id}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A version as far as it may be shown; `hidden` are fields that say something which is not."""

    folder: Folder
    values: dict[str, Any]
    hidden: frozenset[str]


def unit_name(code: str) -> str:
    unit = units_by_code().get(code)
    return unit.name if unit is not None else code


def effective_state(entry: Entry, today: date) -> str:
    """An entry whose own last day is over has ended, without anybody having said so."""
    over = entry.state == "current" and entry.ends_on is not None and entry.ends_on <= today
    return "ended" if over else entry.state


def shown(work: Work, rows: Iterable[tuple[Entry, Version]]) -> list[ShownEntry]:
    """In a number of queries that does not grow with the entries: reveals, and what their fields name."""
    pairs = list(rows)
    ids = list({entry.id for entry, _ in pairs})
    asked = revealed(work.principal, ids, work.system_now)
    open_to_me = set(work.session.scalars(asked)) if ids else set()
    opened = [_opened(work, *pair, was_revealed=pair[0].id in open_to_me) for pair in pairs]
    names = known(work, ((one.folder, one.values) for one in opened), (one.written_by for _, one in pairs))
    return [
        _shown(work, entry, version, found, names, was_revealed=entry.id in open_to_me)
        for (entry, version), found in zip(pairs, opened, strict=True)
    ]


def _opened(work: Work, entry: Entry, version: Version, *, was_revealed: bool) -> Opened:
    """The folder, what may be shown, and which fields say something that is not.

    What the entry's grading masks now is masked in its older versions too.
    """
    folder = catalogue()[entry.folder]
    plain = sealed.open_plain(work, folder, version)
    if plain is None:
        return Opened(folder, {}, frozenset())
    if was_revealed:
        return Opened(folder, plain | sealed.open_masked(work, folder, version), frozenset())
    covered = masked_fields(folder, entry.grading) | masked_fields(folder, version.grading)
    hidden = frozenset(covered if version.masked_values is not None else covered & plain.keys())
    seen = {name: value for name, value in plain.items() if name not in covered}
    digits = {} if entry.grading == "victim-sensitive" else _last_digits(work, folder, version)
    return Opened(folder, seen | digits, hidden)


def _last_digits(work: Work, folder: Folder, version: Version) -> dict[str, str]:
    """A number that is shown by its last 4 digits, in an entry that is not masked as a whole."""
    names = [name for name, one in folder.fields.items() if one.masked == "last_4"]
    if not names:
        return {}
    masked = sealed.open_masked(work, folder, version)
    return {name: f"•••• {masked[name][-4:]}" for name in names if name in masked}


def _shown(
    work: Work,
    entry: Entry,
    version: Version,
    found: Opened,
    names: Known,
    *,
    was_revealed: bool,
) -> ShownEntry:
    folder, values, hidden = found.folder, found.values, found.hidden
    gone = not values
    fields = [
        _field(one, values.get(name), names, masked=name in hidden)
        for name, one in folder.fields.items()
        if values.get(name) is not None or name in hidden
    ]
    line = headline(folder, ((one.name, str(one.text)) for one in fields if not one.masked))
    last_4 = {name for name, one in folder.fields.items() if one.masked == "last_4"}
    return ShownEntry(
        entry=entry,
        version=version,
        folder=folder,
        state=effective_state(entry, work.today),
        values={
            name: None if name in last_4 and not was_revealed else _plain(values.get(name))
            for name in (*folder.fields, "source_detail", "handling_conditions")
        },
        fields=fields,
        headline=GONE if gone else line or folder.title,
        by=names.people.get(version.written_by, "A user not known here"),
        masked=bool(hidden),
        revealed=was_revealed,
    )


def _plain(value: Any) -> Any:
    """As JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def _field(one: Field, value: Any, names: Known, *, masked: bool) -> ShownField:
    if masked and value is None:
        return ShownField(one.name, one.label, MASK, masked=True)
    return ShownField(one.name, one.label, text_of(one, value, names))


def text_of(one: Field, value: Any, names: Known) -> str:
    """A value in words, with links to users' cards and to nominals that the reader may know of."""
    if one.type == "choice":
        return one.label_of(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day(value)
    if one.type == "file":
        file = names.files.get(UUID(value))
        return "A file that was removed" if file is None else file.name
    return _named(one, value, names) if one.type == "reference" else str(value)


def _named(one: Field, value: str, names: Known) -> str:
    if one.target == "nominal":
        other = names.nominals.get(UUID(value))
        if other is None:
            return "A nominal whose record is limited"
        link = Markup('<a class="govuk-link" href="{}">{}, {}</a>')
        return link.format(other.href, other.visor_number, other.name)
    if one.target == "person":
        person = names.people.get(UUID(value))
        if person is None:
            return "A user not known here"
        return person.link
    if one.target == "ct_unit":
        return common().ct_units.get(value, value)
    return "One of the locations of interest" if one.target.startswith("entry:") else unit_name(value)
