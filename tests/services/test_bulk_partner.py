"""Partnering one user to many nominals at once: who may, what is skipped, and what is left of a job that was killed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from deploy.participants import participant
from services.records.bulk_partner import jobs
from shared.access.principal import Principal
from shared.messaging.task_runner import TaskRunner
from shared.refusals import Invalid, NotFound, Refusal
from tests.servers.records import BRADFORD, LEEDS, PRISON, WEST_YORKSHIRE, World

GROUP = "group-YRK"
CPC = f"cpc:{WEST_YORKSHIRE}"


@pytest.fixture
def cpc(records: World) -> Principal:
    return records.person(WEST_YORKSHIRE, CPC, name="Carol Cpc")


@pytest.fixture
def user(records: World) -> Principal:
    return records.person(LEEDS, "partner", name="Una User")


def start(records: World, who: Principal, user: Principal, **source: Any) -> UUID:
    answer = records.run("bulk_partner.start", who, person_id=user.person_id, **(source or {"unit": LEEDS}))
    return UUID(str(answer["id"]))


def work_off(records: World) -> None:
    """Run every waiting task, as a worker would."""
    runner = TaskRunner(participant(records.runtime))
    for row in records.rows("SELECT id FROM task WHERE state = 'waiting'"):
        assert runner.run(row.id)


def job_row(records: World, job: UUID) -> Any:
    (row,) = records.rows("SELECT * FROM bulk_partner_job WHERE id = :job", job=job)
    return row


def partners(records: World, user: Principal) -> set[UUID]:
    found = "SELECT nominal_id FROM partnership WHERE person_id = :id AND ended_at IS NULL"
    return {row.nominal_id for row in records.rows(found, id=user.person_id)}


@pytest.mark.clause("PF-7/Bulk Partner.1", "PF-7/Bulk Partner.2")
def test_a_new_member_of_a_team_is_partnered_to_its_records(
    records: World, cpc: Principal, user: Principal
) -> None:
    mine = {records.nominal() for _ in range(5)}
    records.nominal(managing_unit=BRADFORD)
    before = records.nominal(partners=(user,))
    job = start(records, cpc, user)
    work_off(records)

    assert partners(records, user) == mine | {before}
    row = job_row(records, job)
    assert (row.total, row.done, row.added, row.already) == (6, 6, 5, 1)
    assert row.completed_at is not None


@pytest.mark.clause("PF-7/Bulk Partner.2")
def test_each_partnership_has_its_own_audit_entry(records: World, cpc: Principal, user: Principal) -> None:
    mine = {records.nominal() for _ in range(4)}
    job = start(records, cpc, user)
    work_off(records)

    found = "SELECT * FROM audit_entry WHERE action = 'bulk_partner.add'"
    entries = records.rows(found)
    assert {entry.nominal_id for entry in entries} == mine
    assert {entry.actor for entry in entries} == {cpc.person_id}
    assert {entry.session_id for entry in entries} == {cpc.session_id}
    assert all(entry.facts == {"job": str(job), "person": str(user.person_id)} for entry in entries)
    rows = records.rows("SELECT id FROM partnership WHERE granted_by = :id", id=cpc.person_id)
    assert {entry.subject_id for entry in entries} == {row.id for row in rows}
