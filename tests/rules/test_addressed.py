"""Whom facts name: a starting fact that names nobody is found as it is told, and so is whoever its words leave out."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from services.notifications.alerts.rules import Rule, rules
from services.notifications.deadlines.catalogue import catalogue
from services.notifications.delivery.rules import CAPACITIES, OF_RECORD, PERSONAL
from services.notifications.todo.why import _AS
from shared.ids import new_id
from shared.work import NOBODY, Concerned
from tests.rules.house_rules import calls
from tests.servers.addressed import NAMED, speaks_of, wrongly_told

TOP = Path(__file__).parents[2] / "services"

ADA = Concerned(new_id(), "mappa_administrator", "pdu-N55LEE", "probation-service")
VACANT = Concerned(NOBODY, "mappa_administrator", "pdu-N55LEE", "probation-service")
HELD = "records.meeting.held"


@pytest.mark.parametrize(
    ("event", "level", "to", "found"),
    [
        (HELD, 2, [], ["D-11"]),
        (HELD, 3, [], ["D-10"]),
        (HELD, 2, [ADA], []),
        (HELD, 2, [VACANT], []),
        (HELD, 1, [], []),
        ("records.minutes.added", 2, [], []),
    ],
    ids=["level 2", "level 3", "somebody", "a vacant role", "starts nothing", "only stops one"],
)
def test_a_fact_that_starts_a_clock_names_somebody(
    event: str, level: int, to: list[Concerned], found: list[str]
) -> None:
    data: dict[str, Any] = {"meeting_id": new_id(), "level": level}
    assert wrongly_told(event, data, to) == [f"it starts {code} and names nobody in to=" for code in found]


@pytest.mark.parametrize(
    ("role", "told", "said"),
    [
        ("manager", "the manager of the record", True),
        ("manager", "the person and the line manager", False),
        ("line_manager", "the person and the line manager", True),
        ("cpc", "the CPCs of both units", True),
        ("lpc", "the CPC of the area", False),
        ("admin", "the MAPPA administrators of the unit", False),
        ("visor_lead", "the prison’s ViSOR leads", True),
        ("partner", "the administrators of the partner’s unit", False),
    ],
)
def test_whether_words_speak_of_a_role(role: str, told: str, *, said: bool) -> None:
    assert speaks_of(told, role) is said


def test_one_whom_no_words_name_is_found_and_a_capacity_that_there_is_not() -> None:
    lead = Concerned(new_id(), "visor_lead", "prison-LEI", "prison-service")
    stranger = Concerned(new_id(), "auditer", "prison-LEI", "prison-service")
    data = {"meeting_id": new_id(), "level": 2}
    assert wrongly_told(HELD, data, [ADA, lead]) == ["told of “upload_minutes” says nothing of visor_lead"]
    assert wrongly_told(HELD, data, [ADA, stranger]) == ["no capacity is called auditer"]


# Named by the fact besides those whom the deadline reminds: a lead helps, a CPC sees it coming, Scotland has one more.
BESIDES = {
    "leaver": {"visor_lead"},
    "vetting_expiring": {"cpc"},
    "retention_review": {"data_protection_officer"},
}
# Which of them is said by where they are.
ADMINISTRATORS = {"case_administrator", "prison_administrator"}


@pytest.mark.parametrize(
    "rule", [one for one in rules() if one.told and one.deadlines], ids=lambda one: one.kind
)
def test_the_page_of_alert_rules_names_those_whom_the_deadline_reminds(rule: Rule) -> None:
    reminded = {role for code in rule.deadlines for role in catalogue()[code].reminded} & NAMED
    said = {role for role in NAMED if speaks_of(rule.told, role)}
    either = ADMINISTRATORS if reminded & ADMINISTRATORS else set()
    assert said - either == (reminded | BESIDES.get(rule.kind, set())) - either


def test_whoever_the_code_names_is_of_a_capacity_that_notifications_knows() -> None:
    """Else somebody who is away would be missed as the holder of a role that nobody can hold."""
    for path in sorted(path for name in ("identity", "records") for path in (TOP / name).rglob("*.py")):
        for call, name in calls(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                name in {"Concerned", "holding"}
                and len(call.args) > 1
                and isinstance(call.args[1], ast.Constant)
            ):
                assert call.args[1].value in CAPACITIES, f"{path}:{call.lineno}"


def test_why_an_item_is_there_has_words_for_every_capacity_that_is_nobody_elses() -> None:
    assert set(_AS) == PERSONAL | OF_RECORD
