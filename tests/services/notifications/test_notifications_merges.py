"""Of two records that become one the open tasks and running clocks are one record's too, and go back (PF-4.16m)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.notifications.todo.queries import NOTE
from shared.events.records.archiving import ARCHIVE_NOT_READY, ARCHIVE_READY, NOMINAL_ARCHIVED
from shared.events.records.meetings import MEETING_HELD
from shared.events.records.merging import NOMINAL_MERGED, NOMINAL_UNMERGED
from shared.events.records.partnership import PARTNERSHIP_REQUESTED
from shared.events.records.retention import RETENTION_DUE, RETENTION_REVIEWED
from shared.ids import new_id
from tests.services.notifications.office import START, Office

MONDAY = START.date()
LEEDS, AREA = "pdu-N55LEE", "area-53"


def asked(nominal_id: Any, request_id: Any) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "nominal_id": nominal_id,
        "requesting_unit": "prison-LEI",
        "owner_unit": AREA,
        "jurisdiction": "ENG",
        "users": 3,
        "for_reception": None,
    }


@pytest.mark.clause("PF-4.16m")
def test_open_tasks_and_clocks_go_along_and_come_back(office: Office) -> None:
    mel = office.person("Mel")
    into, gone, before, since = new_id(), new_id(), new_id(), new_id()
    office.deliver(PARTNERSHIP_REQUESTED, asked(gone, before), [(mel, "manager", LEEDS)])
    told = {"nominal_id": into, "gone_id": gone, "merge_id": new_id()}
    for _ in range(2):  # told twice it counts once
        office.deliver(NOMINAL_MERGED, told)
    assert office.clock_of("D-06", before).nominal_id == into
    assert {item.nominal_id for item in office.items(mel)} == {into}
    office.deliver(PARTNERSHIP_REQUESTED, asked(into, since), [(mel, "manager", LEEDS)])
    office.deliver(NOMINAL_UNMERGED, told)
    assert office.clock_of("D-06", before).nominal_id == gone
    assert office.clock_of("D-06", since).nominal_id == into
    assert {item.nominal_id for item in office.items(mel)} == {into, gone}


@pytest.mark.clause("PF-4.16m")
def test_what_waits_for_the_record_that_is_back_is_its_own_though_it_came_since(office: Office) -> None:
    """The CPC assigned its meeting: clock and item follow, and lead there."""
    tess = office.person("Tess")
    into, gone, assigned, stays = new_id(), new_id(), new_id(), new_id()
    told = {"nominal_id": into, "gone_id": gone, "merge_id": new_id()}
    office.deliver(NOMINAL_MERGED, told)
    held = {"level": 3, "held_on": MONDAY, "managing_unit": LEEDS, "jurisdiction": "ENG", "nominal_id": into}
    for meeting in (assigned, stays):
        office.deliver(MEETING_HELD, held | {"meeting_id": meeting}, [(tess, "mappa_administrator", LEEDS)])
    office.deliver(NOMINAL_UNMERGED, told | {"waiting": [assigned]})
    assert office.clock_of("D-10", assigned).nominal_id == gone
    assert str(gone) in office.clock_of("D-10", assigned).task["link"]
    assert office.clock_of("D-10", stays).nominal_id == into
    leads = {item.subject_id: (item.nominal_id, str(gone) in item.link) for item in office.items(tess)}
    assert leads == {assigned: (gone, True), stays: (into, False)}


@pytest.mark.clause("PF-4.16m")
def test_an_item_with_a_note_stays_where_its_note_can_be_read(office: Office) -> None:
    """The note is sealed under the key of the record of that day: moved along, it would be silently gone."""
    tess = office.person("Tess")
    into, gone, before, since = new_id(), new_id(), new_id(), new_id()
    told = {"nominal_id": into, "gone_id": gone, "merge_id": new_id()}
    held = {"level": 3, "held_on": MONDAY, "managing_unit": LEEDS, "jurisdiction": "ENG"}

    for one in (into, gone):
        office.runtime.keys.create(one)

    def meet(nominal: UUID, meeting: UUID) -> None:
        data = held | {"nominal_id": nominal, "meeting_id": meeting}
        office.deliver(MEETING_HELD, data, [(tess, "mappa_administrator", LEEDS)])
        [item] = [one for one in office.items(tess) if one.subject_id == meeting]
        close = office.runtime.service.declarations.commands["todo.close"]
        given = {"item_id": item.id, "outcome": "no_action", "note": f"Held by telephone, {meeting}"}
        office.runtime.run(close, office.principal(tess), given)

    meet(gone, before)
    office.deliver(NOMINAL_MERGED, told)
    assert [item.nominal_id for item in office.items(tess, state="done")] == [gone]
    meet(into, since)
    office.deliver(NOMINAL_UNMERGED, told | {"waiting": [since]})
    done = {item.subject_id: item for item in office.items(tess, state="done")}
    assert {subject: item.nominal_id for subject, item in done.items()} == {before: gone, since: into}
    for meeting, item in done.items():
        assert item.note is not None
        read = office.runtime.decrypt(item.nominal_id, NOTE, item.note)
        assert read == f"Held by telephone, {meeting}"


@pytest.mark.clause("PF-4.16m")
def test_what_is_put_back_on_a_list_is_about_the_record_that_its_own_became(office: Office) -> None:
    """Through two merges, and back through both."""
    mel = office.person("Mel")
    first, second, third = new_id(), new_id(), new_id()
    for request in (new_id(), new_id()):
        office.deliver(PARTNERSHIP_REQUESTED, asked(first, request), [(mel, "manager", LEEDS)])
    one, other = office.items(mel)

    def act(name: str, **given: Any) -> None:
        office.runtime.run(office.runtime.service.declarations.commands[name], office.principal(mel), given)

    def about(item_id: UUID) -> UUID | None:
        [found] = [item for item in office.items(mel, state=None) if item.id == item_id]
        return found.nominal_id

    for item in (one, other):
        act("todo.close", item_id=item.id, outcome="actioned", note="")
    merges = [
        {"nominal_id": second, "gone_id": first, "merge_id": new_id()},
        {"nominal_id": third, "gone_id": second, "merge_id": new_id()},
    ]
    for told in merges:
        office.deliver(NOMINAL_MERGED, told)
    act("todo.put_back", items=[one.id])
    assert (about(one.id), about(other.id)) == (third, first)
    office.deliver(NOMINAL_UNMERGED, merges[1])
    assert about(one.id) == second
    office.deliver(NOMINAL_UNMERGED, merges[0])
    assert about(one.id) == first
    act("todo.put_back", items=[other.id])
    assert about(other.id) == first


@pytest.mark.parametrize("_round", range(4))
def test_put_back_while_its_record_becomes_another_it_is_about_the_other(office: Office, _round: int) -> None:
    mel, into, gone = office.person("Mel"), new_id(), new_id()
    office.deliver(PARTNERSHIP_REQUESTED, asked(gone, new_id()), [(mel, "manager", LEEDS)])
    [item] = office.items(mel)
    commands, who = office.runtime.service.declarations.commands, office.principal(mel)
    office.runtime.run(commands["todo.close"], who, {"item_id": item.id, "outcome": "actioned", "note": ""})
    told = {"nominal_id": into, "gone_id": gone, "merge_id": new_id()}
    together = threading.Barrier(2)

    def at_once(act: Callable[[], object]) -> None:
        together.wait()
        act()

    acts: list[Callable[[], object]] = [
        lambda: office.deliver(NOMINAL_MERGED, told),
        lambda: office.runtime.run(commands["todo.put_back"], who, {"items": [item.id]}),
    ]
    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(at_once, acts))  # raises what either raised
    assert [one.nominal_id for one in office.items(mel)] == [into]


def ready(nominal_id: Any, ready_id: Any) -> dict[str, Any]:
    return {
        "nominal_id": nominal_id,
        "ready_id": ready_id,
        "ground": "supervision_ended",
        "since": MONDAY,
        "counts_from": MONDAY,
        "owner_unit": AREA,
        "jurisdiction": "ENG",
    }


@pytest.mark.clause("PF-4.15.4", "PF-7/To do list.3")
def test_a_record_that_is_ready_is_to_be_archived_within_five_working_days(office: Office) -> None:
    mel, cpc = office.person("Mel"), office.person("Cleo")
    nominal, first, second = new_id(), new_id(), new_id()
    people = [(mel, "manager", LEEDS), (cpc, "cpc", AREA)]
    office.deliver(ARCHIVE_READY, ready(nominal, first), people)
    assert [item.due_on for item in office.items(mel)] == [date(2026, 3, 16)]
    office.deliver(NOMINAL_ARCHIVED, {"nominal_id": nominal, "ready_id": first})
    assert office.clock_of("D-17", first).in_time is True
    assert office.items(mel) == office.items(cpc) == []
    office.deliver(ARCHIVE_READY, ready(nominal, second), people)
    office.deliver(ARCHIVE_NOT_READY, {"nominal_id": nominal, "ready_id": second})
    assert office.items(mel) == []


@pytest.mark.clause("SC-17.12.4")
def test_a_retention_review_is_due_on_the_birthday(office: Office) -> None:
    cpc, review = office.person("Cleo"), new_id()
    data = {"nominal_id": new_id(), "review_id": review, "review_on": date(2026, 6, 7), "owner_unit": AREA}
    office.deliver(RETENTION_DUE, data | {"jurisdiction": "ENG"}, [(cpc, "cpc", AREA)])
    assert [item.due_on for item in office.items(cpc)] == [date(2026, 6, 7)]
    office.deliver(
        RETENTION_REVIEWED, {"nominal_id": data["nominal_id"], "review_id": review, "outcome": "keep"}
    )
    assert office.clock_of("D-18", review).in_time is True
    assert office.items(cpc) == []
