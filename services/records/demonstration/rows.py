"""Invented nominals as rows of the tables, in the order of COLUMNS. The same nominal gives the same rows each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from services.records.access.looks import CONFLICT_REASON, LIMIT_REASON
from services.records.access.models import Conflict, Limit, Listed, Partnership
from services.records.activity_log.models import TEXT
from services.records.activity_log.models import Entry as LogEntry
from services.records.archiving.models import Archiving
from services.records.attachments import models as attachments
from services.records.attachments import values as sealed
from services.records.attachments.rules import found_as
from services.records.custody.models import Movement
from services.records.demonstration.attachments import InventedAttachment, attachments_of
from services.records.demonstration.invented import Entry, InventedName, InventedNominal, User
from services.records.nominals.models import AUTHORITY, Identifier, Marker, Name, Nominal
from services.records.nominals.rules import MARKERS, RISK_LEVELS
from services.records.search.known import keys_of
from services.records.search.models import SearchKey
from services.records.search.spelling import first, normal
from services.records.sharing.models import WHAT, Sharing
from shared.keys.nominal_key import NominalKey
from shared.reference.estate import units_by_code
from shared.reference.mappa import categories
from shared.time.calendars import add_calendar_days

Row = tuple[Any, ...]
_OF = ("id", "nominal_id", "origin_nominal_id")
COLUMNS: dict[type, tuple[str, ...]] = {
    Nominal: (
        "id",
        "visor_number",
        "status",
        "category",
        "level",
        "statutory_supervision",
        "jurisdiction",
        "owner_unit",
        "owner_agency",
        "managing_unit",
        "manager_id",
        "supervisor_id",
        "date_of_birth",
        "sex",
        "risk_level",
        "risk_since",
        "address",
        "pom_id",
        "com_id",
        "general_comments",
        "custody_prison",
        "custody_since",
        "limited_access",
        "lead_agency",
        "authority",
        "review_on",
        "standing_version",
        "version",
        "created_at",
        "created_by",
    ),
    Name: (*_OF, "kind", "forenames", "surname", "surname_id", "forename_id"),
    Identifier: (*_OF, "kind", "value"),
    Marker: (*_OF, "code"),
    SearchKey: (*_OF, "source_id", "kind", "keys"),
    Partnership: (*_OF, "person_id", "agency", "unit", "started_at", "granted_by"),
    Listed: (*_OF, "person_id", "listed_at", "listed_by"),
    Limit: (*_OF, "reason", "review_on", "set_at", "set_by"),
    Conflict: (*_OF, "person_id", "agency", "unit", "reason", "declared_at"),
    Movement: (*_OF, "kind", "prison", "at"),
    Archiving: (*_OF, "ground", "archived_at", "archived_by", "partnerships_end_on"),
    LogEntry: (*_OF, "kind", "text", "author_id", "agency", "unit", "at", "for_attention"),
    attachments.Entry: (
        *_OF,
        "folder",
        "state",
        "version",
        "grading",
        "handling_code",
        "slot",
        "begins_on",
        "ends_on",
        "entered_by",
        "entered_at",
        "agency",
        "unit",
        "changed_at",
    ),
    attachments.Version: (
        *_OF,
        "entry_id",
        "number",
        "what",
        "written_at",
        "written_by",
        "agency",
        "unit",
        "grading",
        "source",
        "source_date",
        "open_values",
        "masked_values",
        "changed",
    ),
    Sharing: (
        *_OF,
        "department",
        "what",
        "reports",
        "shared_at",
        "shared_by",
        "agency",
        "unit",
        "entered_at",
    ),
}
# What invented entries are about, in the kinds of the activity log; all else is information.
_KINDS = {
    "office_appointment": "contact",
    "telephone": "contact",
    "notification": "contact",
    "home_visit": "home_visit",
    "mappa": "mappa",
    "assessment": "risk",
    "record_check": "risk",
    "key_work": "custody",
    "reception": "custody",
    "release_planning": "custody",
}
# The ids of a table's rows begin with the same bits, and then count: they lie together in every index.
_TABLE_NUMBERS = {table: number for number, table in enumerate(COLUMNS, 1)}
# Who leads in Scotland, by category (SC-17.10).
_LEAD_AGENCIES = {"RSO": "police", "RP": "health_board", "ORSH": "local_authority"}
_AUTHORISED_BY = "Detective Superintendent of the force, public protection"
_VERSION_AND_VARIANT = (0x7 << 76) | (0x2 << 62)
_WHY_LIMITED = "A member of staff of the managing unit is related to this person."
_SHARING_EACH = 4
_SHARED = (
    "Not to share a cell with anybody under 25.",
    "Watch his telephone calls: he may try to reach a former partner.",
    "He has said that he may harm himself before a visit.",
)
_WHY_CONFLICT = "I went to school with this person, and see the family now and then."
PARTNERSHIPS_LAST = 28  # days after the archiving, as national policy has it
_CONFLICT_EACH, _CONFLICT_AT = 500, 333
_BEGAN = 1_577_836_800_000  # 1 January 2020, in milliseconds


class Words:
    """A dictionary's words with the ids that they will have in it."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self.ids = dict(known)
        self._known = len(self.ids)
        self._next = max(self.ids.values(), default=0) + 1

    def id_of(self, word: str) -> int | None:
        if not word:
            return None
        found = self.ids.get(word)
        if found is None:
            found = self.ids[word] = self._next
            self._next += 1
        return found

    @property
    def new(self) -> Iterator[tuple[int, str]]:
        for number, (word, id) in enumerate(self.ids.items()):
            if number >= self._known:
                yield id, word


class Rows:
    """Makes the rows of one load; `person_id` gives the id that identity has for a username."""

    def __init__(
        self,
        users: Mapping[str, User],
        person_id: Callable[[str], UUID],
        surnames: Words,
        forenames: Words,
        searching: NominalKey,
        today: date,
    ) -> None:
        self.users = users
        self.ids = {name: person_id(name) for name in users}
        self.surnames = surnames
        self.forenames = forenames
        self.searching = searching
        self.today = today
        self._counters = {table: count(1) for table in COLUMNS}

    def of(
        self, one: InventedNominal, entries: Iterator[Entry], key: NominalKey
    ) -> Iterator[tuple[type, Row]]:
        """(table, row) of everything that belongs to this nominal; the nominal itself first. `key` is its own."""
        id = nominal_id(one.index)
        created = _morning(one.created_on)
        manager = self.ids[one.around.manager]
        yield Nominal, self._nominal(one, id, created, manager, key)
        for name in one.names:
            yield Name, (*self._own(Name, id), *self._name(name))
        for kind in ("pnc", "cro", "noms", "crn"):
            if (number := getattr(one, kind)) is not None:
                yield Identifier, (*self._own(Identifier, id), kind, number)
        for marker in one.markers:
            yield Marker, (*self._own(Marker, id), marker_code(marker))
        keys = keys_of(self.searching, "address", _address(one))
        yield SearchKey, (*self._own(SearchKey, id), id, "address", keys)
        for username in one.around.partners:
            user = self.users[username]
            who = (self.ids[username], user.agency, user.unit)
            yield Partnership, (*self._own(Partnership, id), *who, created, manager)
        if one.limited_access:
            for listed in dict.fromkeys((manager, self.ids[one.around.supervisor])):
                yield Listed, (*self._own(Listed, id), listed, created, manager)
            why = key.encrypt(LIMIT_REASON, _WHY_LIMITED)
            yield Limit, (*self._own(Limit, id), why, self._review(one), created, manager)
        if one.index % _CONFLICT_EACH == _CONFLICT_AT and one.around.partners:
            yield Conflict, (*self._own(Conflict, id), *self._conflict(one, key), created)
        if one.custody is not None:
            received = _morning(one.custody.received_on)
            yield Movement, (*self._own(Movement, id), "received", one.custody.prison, received)
            yield from self._in_prison(one, one.custody.prison, id, key)
        if one.status == "archived":
            yield Archiving, (*self._own(Archiving, id), *self._archiving(one, created, manager))
        for entry in entries:
            yield LogEntry, (*self._own(LogEntry, id), *self._entry(entry, key))
        for attachment in attachments_of(one, self.today):
            yield from self._attachment(attachment, one, id, key)

    def _in_prison(
        self, one: InventedNominal, prison: str, id: UUID, key: NominalKey
    ) -> Iterator[tuple[type, Row]]:
        """What the prison's own partners noted: with whom they shared."""
        there = next((name for name in one.around.partners if self.users[name].unit == prison), None)
        if there is None or one.status != "live":
            return
        who, user = self.ids[there], self.users[there]
        if one.index % _SHARING_EACH == 0:
            at = _morning(self.today - timedelta(days=one.index % 20))
            what = key.encrypt(WHAT, _SHARED[one.index % len(_SHARED)])
            department = "security" if one.index % 2 else "residence"
            row = (department, what, "{}", at, who, user.agency, user.unit, at)
            yield Sharing, (*self._own(Sharing, id), *row)

    def _review(self, one: InventedNominal) -> date:
        """Within the six months that policy gives, and far enough ahead that nobody is reminded on the first day."""
        return add_calendar_days(self.today, 30 + one.index % 120)

    def _conflict(self, one: InventedNominal, key: NominalKey) -> Row:
        username = one.around.partners[-1]
        user = self.users[username]
        return self.ids[username], user.agency, user.unit, key.encrypt(CONFLICT_REASON, _WHY_CONFLICT)

    def _archiving(self, one: InventedNominal, created: datetime, manager: UUID) -> Row:
        """Not so long ago that its partnerships had ended."""
        ago = 1 + one.index % (PARTNERSHIPS_LAST - 1)
        at = max(created, _morning(add_calendar_days(self.today, -ago)))
        ground = "deregistered" if one.level in {"2", "3"} else "supervision_ended"
        return ground, at, manager, add_calendar_days(at.date(), PARTNERSHIPS_LAST)

    def _own(self, table: type, id: UUID) -> Row:
        return _id(table, next(self._counters[table])), id, id

    def _nominal(
        self, one: InventedNominal, id: UUID, created: datetime, manager: UUID, key: NominalKey
    ) -> Row:
        custody = one.custody
        offender_manager = one.around.offender_manager
        assessed = one.risk in RISK_LEVELS
        return (
            id,
            one.visor_number,
            one.status,
            one.category,
            int(one.level) if one.level else None,
            one.supervised,
            units_by_code()[one.owner_unit].jurisdiction,
            one.owner_unit,
            one.owner_agency,
            one.managing_unit,
            manager,
            self.ids[one.around.supervisor],
            one.date_of_birth,
            one.sex,
            one.risk if assessed else None,
            one.created_on if assessed else None,
            _address(one),
            self.ids[offender_manager] if offender_manager and custody else None,
            self.ids[offender_manager] if offender_manager and not custody else None,
            one.remark,
            custody.prison if custody else None,
            custody.received_on if custody else None,
            one.limited_access,
            _LEAD_AGENCIES.get(one.category),
            *_authorised(one, key),
            1,
            1,
            created,
            manager,
        )

    def _name(self, name: InventedName) -> Row:
        return (
            "main" if name.kind == "main" else "alias",
            name.forenames,
            name.surname,
            self.surnames.id_of(normal(name.surname)),
            self.forenames.id_of(first(name.forenames)),
        )

    def _entry(self, entry: Entry, key: NominalKey) -> Row:
        author = self.users[entry.author]
        return (
            _KINDS.get(entry.kind, "information"),
            key.encrypt(TEXT, entry.text),
            self.ids[entry.author],
            author.agency,
            author.unit,
            _morning(entry.on),
            "[]",
        )

    def _attachment(
        self, given: InventedAttachment, one: InventedNominal, id: UUID, key: NominalKey
    ) -> Iterator[tuple[type, Row]]:
        """The entry, its one version, and under what the search finds it; by the nominal's manager."""
        manager = self.users[one.around.manager]
        who, at = self.ids[one.around.manager], _morning(one.created_on)
        entry = self._own(attachments.Entry, id)
        code = given.values.get("handling_code")
        row = (given.folder.key, "current", 1, given.grading, code, given.slot, *given.dates)
        yield attachments.Entry, (*entry, *row, who, at, manager.agency, manager.unit, at)
        plain, masked = sealed.seal_with(key, given.folder, given.grading, given.values)
        said = (given.grading, given.values["source"], given.values["source_date"], plain, masked, "[]")
        version = (entry[0], 1, "added", at, who, manager.agency, manager.unit, *said)
        yield attachments.Version, (*self._own(attachments.Version, id), *version)
        if given.grading != "victim-sensitive":
            for kind, text in found_as(given.folder, given.values):
                if kind != "name" and (keys := keys_of(self.searching, kind, text)):  # type: ignore[arg-type]
                    yield SearchKey, (*self._own(SearchKey, id), entry[0], kind, keys)


def _authorised(one: InventedNominal, key: NominalKey) -> tuple[bytes | None, date | None]:
    """Beside MAPPA somebody authorised the record, and looks at it again each year (PF-1.3.2)."""
    if categories()[one.category].is_mappa:
        return None, None
    return key.encrypt(AUTHORITY, _AUTHORISED_BY), one.created_on + timedelta(days=365 * (1 + one.index % 4))


def nominal_id(index: int) -> UUID:
    """The same for the same place in the caseload, so that users and bench can be told of it."""
    return _id(Nominal, index)


def _address(one: InventedNominal) -> str:
    return f"{one.address}, {one.town}"


def marker_code(marker: str) -> str:
    """Raises KeyError for a marker that the register does not have."""
    code = marker.replace(" ", "_").replace("-", "_")
    if code not in MARKERS:
        raise KeyError(code)
    return code


def _id(table: type, number: int) -> UUID:
    return UUID(int=(_BEGAN << 80) | _VERSION_AND_VARIANT | (_TABLE_NUMBERS[table] << 64) | number)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)
