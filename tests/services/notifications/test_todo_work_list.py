"""A prison's work in the order of its process (PSI-5.3.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notifications.service import service
from services.notifications.todo.models import TodoItem
from services.notifications.todo.process import step_of, steps
from services.notifications.todo.work_list import MOST, WorkList
from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Refusal
from tests.services.notifications.office import START, Office


def add(office: Office, reader: Principal, kind: str, days: int | None = None, **more: object) -> None:
    with office.runtime.system_work("test.item") as work:
        due = None if days is None else START.date() + timedelta(days=days)
        row = TodoItem(
            person_id=reader.person_id, cause=str(new_id()), kind=kind, title=f"{kind} {days}", due_on=due
        )
        row.raised_at = START
        for name, value in more.items():
            setattr(row, name, value)
        work.session.add(row)


def read(office: Office, reader: Principal) -> WorkList:
    found: WorkList = office.runtime.ask(service.declarations.queries["todo.work_list"], reader, {})
    return found


@pytest.mark.clause("PSI-5.3.1")
def test_the_work_stands_in_the_order_of_the_process_the_soonest_first(office: Office) -> None:
    person = office.person("Grace", unit="prison-LEI")
    reader = office.principal(person, unit="prison-LEI")
    grace = Principal(**{**vars(reader), "agency": "prison-service", "agency_kind": "prison"})
    for kind, days in (
        ("archive_record", 1),
        ("transfer_requested", None),
        ("request_partnership", 3),
        ("request_partnership", 2),
        ("upload_minutes", 1),
        ("vetting_expiring", 1),
    ):
        add(office, grace, kind, days)
    add(office, grace, "upload_minutes", 0, state="done", outcome="actioned")
    add(office, grace, "upload_minutes", 0, put_off_to=START.date() + timedelta(days=3))
    for _ in range(MOST + 2):
        add(office, grace, "notify_manager", 9)
    found = read(office, grace)
    assert [one.step.name for one in found.steps] == [
        "Reception",
        "Search",
        "Partner",
        "Update",
        "Transfer",
        "Release",
    ]
    titles = {one.step.name: [item.title for item in one.items] for one in found.steps}
    assert titles["Partner"] == ["request_partnership 2", "request_partnership 3"]
    assert titles["Update"][:2] == ["upload_minutes 1", "notify_manager 9"]
    assert [len(titles[name]) for name in ("Update", "Transfer", "Release", "Search")] == [MOST, 1, 1, 0]
    assert [one.total for one in found.steps] == [0, 0, 2, MOST + 3, 1, 1]
    assert found.others == 1


def test_only_whoever_works_in_a_prison_has_it_and_only_their_own(office: Office) -> None:
    reader = office.principal(office.person("Tess"))
    with pytest.raises(Refusal) as refused:
        read(office, reader)
    assert refused.value.code == "R32"
    inside = Principal(**{**vars(reader), "agency_kind": "prison"})
    add(office, office.principal(office.person("Other")), "upload_minutes", 1)
    assert sum(one.total for one in read(office, inside).steps) == 0


def test_each_kind_belongs_to_one_step() -> None:
    kinds = [kind for step in steps() for kind in step.kinds]
    assert len(kinds) == len(set(kinds))
    assert step_of("request_partnership") == "Partner"
    assert step_of("vetting_expired") is None
