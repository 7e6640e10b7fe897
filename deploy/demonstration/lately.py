"""What invented people did in the last weeks, through the suite's own commands: so its lists are not empty at first.

Each act has its day: the policy clock stands there while it is done, and what it asked for may be overdue by now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from deploy.demonstration import lately_area, lately_checked, lately_kept, lately_theirs, lately_told
from deploy.demonstration.act import SYSTEM, Act
from deploy.demonstration.acting import principal_of
from deploy.demonstration.alike import TWICE
from deploy.demonstration.chance import chance_of
from deploy.demonstration.nominal import InventedNominal
from deploy.demonstration.registering import registered
from deploy.demonstration.then import Then
from deploy.demonstration.users import Staff
from deploy.demonstration.wording import log_entries
from services.identity.demonstration import person_id
from services.records.demonstration import nominal_id
from shared.access.principal import Principal, system_principal
from shared.clock import Clocks, OffsetClock, SystemClock
from shared.ids import new_id
from shared.runtime import Runtime

# Of how many nominals, from the first on, somebody may have done something: 200,000 are none the slower for it.
BUSY = 1_000
# How many people beyond the caseload are looked at for referrals that wait for a record.
WAITING = 40
WAITING_HERE = 20  # more, for the area of the story
_MEETINGS_HELD = (2, 26)  # days ago
_ENTRIES_WRITTEN = (0, 12)
_REGISTERED = (0, 8)
_WRITTEN_ABOUT = 0.12  # of the nominals
_REQUESTS_SENT = (0, 6)
_PUT_RIGHT = 0.1  # of the entries
_MINUTES_CAME_AFTER = 4  # days
_MINUTES_CAME = 0.6  # of the meetings held long enough ago
_CORE_GROUPS = 0.1  # of the meetings
_HALF = 0.5
_NEEDS_A_RECORD = (
    "Sentenced to more than twelve months for an offence of violence; MAPPA eligible, no record found."
)
_MINUTES = "The panel heard each agency, agreed the level and the actions, and set the next meeting."
_ASKS_FOR = "He was received here and will stay; we need to see the record to manage him safely."


def live(
    runtime: Runtime,
    caseload: Iterable[InventedNominal],
    waiting: Iterable[InventedNominal],
    staff: Staff,
    seed: int,
    progress: Callable[[], object] = lambda: None,
) -> int:
    """Do what was done lately, the oldest first, and return how many acts that was."""
    system = SystemClock()
    then = Then()
    past = replace(runtime, clocks=Clocks(OffsetClock(system, then), system))
    today = system.today()
    busy, without = list(islice(caseload, BUSY)), list(waiting)
    acts = [*acts_of(busy, staff, seed, today), *referrals_of(without[:WAITING], staff, seed, today)]
    acts += lately_kept.merged(busy, staff)
    acts += lately_area.reported(busy, without[WAITING:], staff, today)
    acts += lately_theirs.waiting(busy, staff, today)
    acts.sort(key=lambda act: -act.days_ago)
    for act in acts:
        _live_through(past, then, act, staff)
        progress()
    return len(acts)


def _live_through(past: Runtime, then: Then, act: Act, staff: Staff) -> None:
    """An act, and what came of it."""
    made = _do(past, then, act, staff)
    if act.then is not None:
        given = {**act.then.given, act.then_by: UUID(made["id"])}
        _live_through(past, then, replace(act.then, given=given), staff)


def _do(past: Runtime, then: Then, act: Act, staff: Staff) -> Mapping[str, Any]:
    then.stand(act, past.clocks.system.now())
    declared, who = past.service.declarations, _who(past, act, staff)
    if act.command in declared.queries:
        past.ask(declared.queries[act.command], who, act.given)
        return {}
    return past.run(declared.commands[act.command], who, act.given)


def _who(past: Runtime, act: Act, staff: Staff) -> Principal:
    if act.username == SYSTEM:
        return system_principal(past.service.name)
    user, now = staff.by_username[act.username], past.clocks.system.now()
    return principal_of(user, past.settings.issuer, new_id(), now)


def acts_of(caseload: Iterable[InventedNominal], staff: Staff, seed: int, today: date) -> Iterator[Act]:
    """The same for the same seed and day. The duties of the people of the story are theirs to make."""
    story = {user.username for user in staff.users if user.part}
    for nominal in caseload:
        if nominal.status != "live" or nominal.limited_access or nominal.index == TWICE:
            continue
        theirs = nominal.around.manager in story
        yield from _meeting(nominal, seed, today)
        yield from lately_checked.before_leave(nominal, staff, seed, today)
        yield from lately_told.move_booked(nominal, staff, today)
        yield from lately_checked.before_supervision(nominal, staff, seed)
        yield from lately_told.another_manager(nominal)
        yield from _entry(nominal, staff, seed, today, to_manager=not theirs)
        if not theirs:
            yield from _request(nominal, staff, seed)
            yield from lately_told.contact_chosen(nominal, seed, today)
            yield from lately_told.imminent_risk(nominal, person_id(nominal.around.supervisor), seed, today)
            users = staff.holders(nominal.custody.prison, "case_administrator") if nominal.custody else []
            yield from lately_told.left(nominal, users, seed, today)


def referrals_of(waiting: Iterable[InventedNominal], staff: Staff, seed: int, today: date) -> Iterator[Act]:
    """People registered under category 2 who have no record yet: some overdue (PF-4.10), some without a deadline.

    For every fourth a prison asks (PF-4.12); every third of the others is at level 1, with a release date (PF-4.11).
    """
    story = {user.unit for user in staff.users if user.part}
    for number, person in enumerate(waiting):
        administrators = staff.holders(person.managing_unit, "mappa_administrator")
        if person.category != "2" or person.managing_unit in story or not administrators:
            continue
        ago = chance_of(seed, person.index, "referral").randint(*_REGISTERED)
        if number % 4 == 0 and person.custody is not None:
            yield from _asked(person, staff, ago, today)
            continue
        level_1 = number % 3 == 0
        yield registered(
            person,
            administrators[0],
            person.managing_unit,
            today,
            days_ago=ago,
            level=1 if level_1 else 2,
            release_on=person.custody.release_on if level_1 and person.custody else None,
        )


def _asked(person: InventedNominal, staff: Staff, ago: int, today: date) -> Iterator[Act]:
    """A prison that searched and found nobody asks the future area for a record."""
    custody = person.custody
    users = staff.holders(custody.prison, "case_administrator") if custody else ()
    if custody is None or not users:
        return
    given = {
        "surname": person.main_name.surname,
        "forenames": person.main_name.forenames,
        "date_of_birth": person.date_of_birth,
        "sex": person.sex,
        "pnc": person.pnc,
        "noms": person.noms,
        "cro": None,
        "area": f"area-{person.area}",
        "received_on": min(custody.received_on, today - timedelta(days=ago)),
        "release_on": custody.release_on,
        "whom": "unit",
        "reason": _NEEDS_A_RECORD,
    }
    yield Act(ago, users[0], "reception.ask_record", given)


def _meeting(nominal: InventedNominal, seed: int, today: date) -> Iterator[Act]:
    """At level 2 or 3 a meeting was held; some minutes came, some are owed, some are overdue (PF-4.20)."""
    if nominal.level not in ("2", "3") or nominal.owner_agency != "probation-service":
        return
    chance = chance_of(seed, nominal.index, "meeting")
    ago = chance.randint(*_MEETINGS_HELD)
    held_on = today - timedelta(days=ago)
    about = {"nominal_id": nominal_id(nominal.index)}
    came = ago - _MINUTES_CAME_AFTER
    minutes = None
    if came > 0 and chance.random() < _MINUTES_CAME:
        given = {**about, "received_on": held_on + timedelta(days=_MINUTES_CAME_AFTER), "minutes": _MINUTES}
        minutes = Act(came, nominal.around.manager, "meetings.add_minutes", given)
    core_group = chance.random() < _CORE_GROUPS
    given = {**about, "level": None if core_group else int(nominal.level), "held_on": held_on}
    yield Act(ago, nominal.around.manager, "meetings.record", given, minutes, "meeting_id")


def _entry(
    nominal: InventedNominal, staff: Staff, seed: int, today: date, *, to_manager: bool
) -> Iterator[Act]:
    """A partner wrote in the log, now and then for the manager's attention (PF-4.19)."""
    chance = chance_of(seed, nominal.index, "lately")
    partners = [name for name in nominal.around.partners if staff.by_username[name].can_sign_in(today)]
    if not partners or chance.random() >= _WRITTEN_ABOUT:
        return
    *_, newest = log_entries(seed + 1, nominal, 1, today, staff)
    given = {
        "nominal_id": nominal_id(nominal.index),
        "kind": "information",
        "text": newest.text,
        "for_attention": ["manager"] if to_manager and chance.random() < _HALF else [],
        **lately_told.marks(chance),
    }
    ago, author = chance.randint(*_ENTRIES_WRITTEN), chance.choice(partners)
    corrected = lately_told.corrected(nominal, author, ago) if chance.random() < _PUT_RIGHT else None
    yield Act(ago, author, "activity_log.add", given, corrected, "entry_id")


def _request(nominal: InventedNominal, staff: Staff, seed: int) -> Iterator[Act]:
    """A prison that holds somebody and is not partnered asks for all its users (PF-5.13)."""
    if nominal.custody is None:
        return
    users = staff.holders(nominal.custody.prison, "case_administrator")
    if not users or set(users) & set(nominal.around.partners):
        return
    chance = chance_of(seed, nominal.index, "request")
    given = {"nominal_id": nominal_id(nominal.index), "whom": "unit", "reason": _ASKS_FOR}
    yield Act(chance.randint(*_REQUESTS_SENT), users[0], "partnership.request", given)
