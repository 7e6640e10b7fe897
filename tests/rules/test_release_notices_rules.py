"""Which change of a release date is told, to whom, and who switches it on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.records.release_notices.rules import addressed, may_switch, what_happened, wrong_switch
from shared.ids import new_id
from shared.time.calendars import add_months
from tests.servers.records import PRISON, areas_of, principal

FIRST, SECOND = date(2027, 5, 3), date(2027, 6, 1)
TODAY = date(2026, 4, 1)
MARY, PAUL, PIA, COM, LPC = (new_id() for _ in range(5))
KINDS = {"probation-service": "probation", "police-13": "police", "prison-service": "prison"}
LINE = areas_of(PRISON)


@pytest.mark.clause("PSI-6.1")
@pytest.mark.parametrize(
    ("before", "now", "what"),
    [
        (None, FIRST, "entered"),
        (FIRST, SECOND, "changed"),
        (FIRST, None, "removed"),
        (FIRST, FIRST, None),
        (None, None, None),
    ],
)
def test_what_happened_to_the_date(before: date | None, now: date | None, what: str | None) -> None:
    assert what_happened(before, now) == what


@pytest.mark.clause("PSI-6.1")
def test_the_manager_and_the_police_partners_are_told_and_nobody_else() -> None:
    picture = {
        "probation-service": [(MARY, "manager"), (COM, "partner"), (LPC, "lpc")],
        "police-13": [(PAUL, "partner")],
        "prison-service": [(PIA, "partner")],
    }
    assert addressed(picture, KINDS.__getitem__, COM) == [(MARY, "manager"), (PAUL, "partner")]


@pytest.mark.clause("PSI-6.1")
def test_where_police_manage_the_record_its_community_offender_manager_hears_for_probation() -> None:
    other = new_id()
    picture = {
        "police-13": [(PAUL, "manager"), (PAUL, "partner")],
        "probation-service": [(COM, "partner"), (other, "partner")],
    }
    assert addressed(picture, KINDS.__getitem__, COM) == [(PAUL, "manager"), (COM, "offender_manager")]
    assert addressed(picture, KINDS.__getitem__, None) == [(PAUL, "manager")]


@pytest.mark.clause("PSI-6.2")
@pytest.mark.parametrize(
    ("unit", "tokens", "roles", "may"),
    [
        (PRISON, (), ("visor_lead",), True),
        (PRISON, (), ("governor",), True),
        ("group-YRKS", ("cpc",), (), True),
        ("prison-HLI", (), ("governor",), False),
        (PRISON, ("partner",), ("prison_administrator",), False),
        ("area-53", ("cpc",), (), False),
        ("group-YRKS", (), ("prison_group_director",), False),
    ],
)
def test_who_switches(unit: str, tokens: tuple[str, ...], roles: tuple[str, ...], *, may: bool) -> None:
    assert may_switch(principal(unit, *tokens, roles=roles), LINE) is may


@pytest.mark.clause("PSI-6.2")
def test_a_deputy_switches_for_the_groups_cpc() -> None:
    deputy = principal("group-YRKS", "central_support", deputy_for=("group-YRKS",))
    assert may_switch(deputy, LINE)
    assert not may_switch(deputy, ("prison-HLI", "group-elsewhere"))


@pytest.mark.clause("PSI-6.2")
@pytest.mark.parametrize(
    ("on", "from_day", "stands", "field"),
    [
        (True, TODAY, False, None),
        (True, TODAY - timedelta(days=1), False, "from_day"),
        (True, add_months(TODAY, 24), False, None),
        (True, add_months(TODAY, 24) + timedelta(days=1), False, "from_day"),
        (False, TODAY, False, "on"),
        (True, TODAY, True, "on"),
        (False, TODAY, True, None),
    ],
)
def test_when_it_may_be_switched(*, on: bool, from_day: date, stands: bool, field: str | None) -> None:
    wrong = wrong_switch(on=on, from_day=from_day, today=TODAY, stands=stands)
    assert list(wrong) == ([field] if field else [])
