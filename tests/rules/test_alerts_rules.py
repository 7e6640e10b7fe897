"""The alert rules against the facts they read and the catalogue they name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from marshmallow import fields

import services.notifications.alerts.handlers  # noqa: F401 - registers the kinds
from services.notifications.alerts.rules import CHANGES, AlertRuleError, Rule, fields_used, read, rules
from services.notifications.deadlines.catalogue import catalogue, started_by
from services.notifications.deadlines.models import Clock
from services.notifications.deadlines.shown import shown
from services.notifications.deadlines.tasks import kept, rung_task, task_of
from services.notifications.todo.kinds import is_always_mailed
from shared.events import identity, records, registry
from shared.events.envelope import Event

NOMINAL, OTHER = UUID(int=7), UUID(int=8)
NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
KINDS = {kind.name: kind for kind in registry.kinds() if kind.service in {"identity", "records"}}
assert identity
assert records


def rule(event: str, **when: str) -> Rule:
    (found,) = [
        one for one in rules() if one.event == event and all(one.when.get(n) == (v,) for n, v in when.items())
    ]
    return found


@pytest.mark.parametrize("one", rules(), ids=lambda one: f"{one.event}-{one.title}")
def test_a_rule_reads_only_fields_that_its_fact_has(one: Rule) -> None:
    assert fields_used(one) <= KINDS[one.event].schema().fields.keys()


def test_a_change_names_its_nominal_and_the_picture_it_belongs_to() -> None:
    for event, said in CHANGES.items():
        fields = KINDS[event].schema().fields.keys()
        assert {"nominal_id", "standing_version"} <= fields
        assert said.startswith("=") or said in fields


@pytest.mark.clause("PF-5.13.1", "PF-4.25.1", "PF-4.10.2", "PF-4.14", "PF-4.20.3", "PF-4.20.4")
def test_every_clock_that_a_fact_starts_has_a_rule_that_says_what_to_do() -> None:
    named = {(one.event, code) for one in rules() for code in one.deadlines}
    running = {
        (entry.starts.event, entry.code)
        for entry in catalogue().values()
        if entry.on and entry.starts is not None
    }
    where = "services/notifications/alerts/table/<service>/<capability>.toml"
    assert named == running, (
        f"the fact that starts a deadline wants a rule in {where} with deadlines = [its number]"
    )


def test_every_clock_of_a_fact_finds_its_jurisdiction_unit_and_start() -> None:
    for event in {entry.starts.event for entry in catalogue().values() if entry.starts}:
        fields = KINDS[event].schema().fields.keys()
        for entry in started_by(event):
            assert entry.starts is not None
            needed = {entry.starts.subject, entry.starts.unit, "jurisdiction", *entry.starts.when}
            assert needed | ({entry.starts.since} if entry.starts.since else set()) <= fields
    for entry in catalogue().values():
        for fact in entry.meets:
            assert fact.subject in KINDS[fact.event].schema().fields


@pytest.mark.clause("PF-5.13.1", "PF-4.19.2", "PF-5.20", "PF-7/Accessing.3", "PF-7/To do list.5")
@pytest.mark.parametrize(
    ("event", "kind", "clause", "important"),
    [
        ("records.custody.received", "request_partnership", "PF-5.13", False),
        ("records.custody.left", "enter_transfer_date", "PF-5.18", False),
        ("records.partnership.requested", "partnership_requested", "PF-4.25", False),
        ("records.partnership.granted", "partnership_granted", "PF-7/To do list.5", False),
        ("records.activity.notify_manager", "notify_manager", "PF-4.19", True),
        ("records.attachment.needs_updating", "update_attachment", "PF-7/Manager, PF-4.35", False),
        ("records.allocation.made", "check_record", "PF-5.20", False),
        ("records.imminent_risk.raised", "imminent_risk", "PF-4.30", True),
        ("records.imminent_risk.contact_flagged", "upload_imminent_contact", "PF-4.36", True),
        ("records.custody.moved", "prisoner_moved", "PF-5.19", False),
        ("records.bulk_transfer.completed", "transfer_bulk_completed", "PF-4.16f", False),
        ("records.review.completed", "copy_level_1_review", "PF-4.22", False),
        ("records.ndelius_contact.told", "add_ndelius_contact", "PF-4.17", False),
        ("identity.vetting.expired", "vetting_expired", "PF-4.16/A", True),
        ("identity.vetting.expiring", "vetting_expiring", "PF-5.10.2", False),
        ("identity.vetting.gap_found", "vetting_gap", "PI-3.9", True),
        ("identity.token.suspended", "token_suspended", "PF-6.1", True),
        ("identity.document.to_sign", "sign_document", "PF-4.16/D", True),
        ("identity.document.published", "document_published", "PF-4.16/E", False),
        ("identity.terminal.approved", "terminal_approved", "PF-6.5", False),
        ("identity.terminal.withdrawn", "terminal_withdrawn", "PF-6.4", False),
        ("identity.account.nominated", "account_nominated", "PF-5.9.4", False),
        ("identity.account.requested", "account_requested", "PF-4.16a", False),
        ("identity.account.authorised", "account_authorised", "PF-4.16/A", False),
        ("identity.account.leaving", "leaver", "PF-4.38", True),
        ("identity.account.unused", "account_unused", "PF-5.10.7", False),
    ],
)
def test_what_each_fact_gives(event: str, kind: str, clause: str, important: bool) -> None:
    one = rule(event)
    assert (one.kind, one.clause, one.important) == (kind, clause, important)


def a_fact(detail: Any = "full") -> tuple[Event, dict[str, Any]]:
    data = {"nominal_id": NOMINAL, "entry_id": OTHER, "for_attention": ["manager"]}
    kind = KINDS["records.activity.notify_manager"]
    return Event(UUID(int=1), kind.name, 1, NOW, kind.dump(data), detail=detail), data


def test_a_link_holds_nothing_but_opaque_ids() -> None:
    task = rule("records.activity.notify_manager").task(*a_fact())
    assert task.link == f"/records/nominals/{NOMINAL}/activity-log"
    assert (task.cause, task.subject_id, task.nominal_id) == (str(OTHER), OTHER, NOMINAL)


def test_a_restricted_fact_shows_no_way_to_its_subject() -> None:
    task = rule("records.activity.notify_manager").task(*a_fact("restricted"))
    assert (task.detail, task.link, task.title) == ("restricted", "", "Restricted update")


def test_a_level_decides_which_rule_of_a_meeting_holds() -> None:
    held = [one for one in rules() if one.event == "records.meeting.held"]
    fitting = [[one.deadlines for one in held if one.fits({"level": level})] for level in (1, 2, 3, None)]
    assert fitting == [[], [("D-11",)], [("D-10",)], [()]]


SAMPLES: dict[type[fields.Field[Any]], Any] = {
    fields.UUID: OTHER,
    fields.String: "full",
    fields.Integer: 3,
    fields.Boolean: True,
    fields.Date: date(2026, 3, 9),
    fields.AwareDateTime: NOW,
    fields.List: [],
}


def sample(one: Rule) -> dict[str, Any]:
    """What its fact might carry; where the rule asks for a value, that."""
    schema = KINDS[one.event].schema()
    data = {name: SAMPLES.get(type(field)) for name, field in schema.fields.items()}
    return data | {name: values[0] for name, values in one.when.items()}


@pytest.mark.clause("PF-4.16l.1")
@pytest.mark.parametrize("one", rules(), ids=lambda one: f"{one.event}-{one.kind}")
def test_of_what_may_not_be_read_every_rule_says_only_that_something_changed(one: Rule) -> None:
    data = sample(one)
    told = Event(UUID(int=1), one.event, 1, NOW, {}, detail="restricted")
    task = one.task(told, data)
    assert (task.detail, task.title, task.link) == ("restricted", "Restricted update", "")
    clock = Clock(
        id=OTHER, code="D-10", subject_kind="x", subject_id=OTHER, task=kept(task), nominal_id=NOMINAL
    )
    clock.due_on = clock.late_from = None
    late = rung_task(clock, 1)
    assert late.title == "Not done in time: restricted update"
    assert one.title not in (task_of(clock).title, late.title)
    clock.days, clock.state, clock.started_at = {}, "running", NOW
    clock.met_at = clock.opens_at = None
    assert shown(clock, NOW).duty == "Restricted update"


def test_every_rule_says_who_is_told_and_imminent_risk_is_mailed_to_everybody() -> None:
    silent = [one.kind for one in rules() if not one.told and not one.deadlines]
    assert silent == [], "say in `told` who is told, in words"
    always = {one.kind for one in rules() if one.always_mailed}
    assert always == {"imminent_risk"}
    assert all(is_always_mailed(kind) for kind in always)
    assert not is_always_mailed("upload_minutes")


@pytest.mark.clause("PF-5.15b")
def test_pending_partnership_requests_stand_at_the_top() -> None:
    pinned = {one.event for one in rules() if one.pinned}
    assert pinned == {"records.partnership.requested", "records.partnership.pending"}


ROW = {
    "event": "records.custody.received",
    "told": "x",
    "kind": "x",
    "label": "x",
    "title": "x",
    "clause": "",
    "link": "",
    "cause": "x",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadlines": ["D-06"]},
        {"deadlines": ["D-99"]},
        {"surprise": 1},
        {"always_mailed": True},
    ],
)
def test_a_rule_that_contradicts_the_catalogue_stops_the_start(wrong: dict[str, Any]) -> None:
    assert read({**ROW, "deadlines": ["D-07"]})
    with pytest.raises(AlertRuleError):
        read({**ROW, **wrong})
