"""Who may do what to a record: the table of section 4.2, walked, and the order of refusals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from uuid import UUID

import pytest

from services.records.access.rules import decide, standings_of
from services.records.access.table import LIVE_TOKENS, STANDINGS, actions
from shared.access.principal import Principal, system_principal
from shared.ids import new_id
from shared.refusals import rules
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE, principal

ME = new_id()


@dataclass(frozen=True)
class Facts:
    status: str = "live"
    owner_unit: str = WEST_YORKSHIRE
    managing_unit: str = LEEDS
    manager_id: UUID | None = None
    supervisor_id: UUID | None = None
    limited_access: bool = False
    partner: bool = False
    listed: bool = False
    opened: bool = False
    conflicted: bool = False


# One principal and one record for each standing, and for none.
STANDING: dict[str, tuple[Principal, Facts]] = {
    "manager": (principal(LEEDS, "manager", person_id=ME), Facts(manager_id=ME)),
    "supervisor": (principal(LEEDS, "supervisor", person_id=ME), Facts(supervisor_id=ME)),
    "partner": (principal(LEEDS, "partner"), Facts(partner=True)),
    "lpc": (principal(LEEDS, "lpc"), Facts()),
    "cpc": (principal(LEEDS, "cpc:area-53"), Facts()),
    "deputy": (
        principal(LEEDS, "lpc:pdu-N55DNR", "central_support:pdu-N55DNR", deputy_for=("area-53",)),
        Facts(),
    ),
    "central_support": (principal(LEEDS, "central_support"), Facts()),
    "none": (principal(LEEDS, "partner"), Facts()),
}


def code(who: Principal, action: str, facts: Facts, *, own: bool = False) -> str | None:
    return decide(who, action, facts, own=own).refusal


@pytest.mark.parametrize("standing", [*STANDINGS])
def test_each_standing_is_recognised_alone(standing: str) -> None:
    who, facts = STANDING[standing]
    assert standings_of(who, facts) == {standing}


@pytest.mark.clause("PF-7/ViSOR Tokens.1")
@pytest.mark.parametrize(
    ("action", "status", "standing"), list(product(actions(), ("live", "archived"), STANDING))
)
def test_the_table_is_what_is_decided(action: str, status: str, standing: str) -> None:
    who, facts = STANDING[standing]
    rule = actions()[action]
    may = rule.allowed_in(status)
    decision = decide(who, action, replace(facts, status=status))

    if not may:
        expected = "R27" if status == "archived" else decision.refusal
        assert decision.refusal == expected is not None
    elif may & {standing, "none"} and (who.holds(*rule.tokens) or standing == "deputy"):
        assert decision.allowed
        assert not decision.by_reason
    else:
        assert decision.refusal in {"R11", "R13", rule.unrelated}


# Section 4.2, row by row, for a live record of one's own area: who may (y), and otherwise the code.
ROWS = {
    "nominals.read": "manager supervisor partner lpc cpc deputy; R13",
    "activity_log.add": "manager supervisor partner cpc deputy; R14",
    "attachments.change": "manager supervisor partner cpc deputy; R14",
    "partnership.request": "manager supervisor partner lpc cpc deputy central_support none;",
    "partnership.decide": "manager supervisor lpc cpc deputy; R11",
    "risk.sign_off": "supervisor;",
    "transfers.decide": "cpc deputy central_support; R11",
    "nominals.archive": "cpc deputy; R11",
    "nominals.delete": "cpc deputy; R11",
    "nominals.limit_access": "cpc deputy; R11",
}


@pytest.mark.clause("PF-5.13.2", "PF-4.25.2", "PF-7/Partner.2", "PF-7/CPC Probation.5")
@pytest.mark.parametrize(("action", "row"), ROWS.items())
def test_section_4_2(action: str, row: str) -> None:
    allowed, _, otherwise = row.partition(";")
    for standing, (who, facts) in STANDING.items():
        found = code(who, action, facts)
        assert (found is None) == (standing in allowed.split()), (action, standing, found)
        if found is not None and otherwise.strip():
            assert found == otherwise.strip(), (action, standing)


@pytest.mark.clause("PF-7/Supervisor.1")
def test_only_the_records_own_supervisor_signs_off_and_never_their_own_assessment() -> None:
    who, facts = STANDING["supervisor"]
    assert code(who, "risk.sign_off", facts) is None
    assert code(who, "risk.sign_off", facts, own=True) == "R23"
    assert code(who, "risk.sign_off", replace(facts, supervisor_id=new_id())) == "R20"
    assert code(STANDING["manager"][0], "risk.sign_off", facts) == "R20"  # table 4.2


@pytest.mark.clause("PF-7/CPC Prison.2")
@pytest.mark.parametrize("action", [name for name, row in actions().items() if row.prison])
def test_prisons_own_no_records(action: str) -> None:
    cpc = principal(PRISON, "cpc:area-53", "partner")
    assert code(cpc, action, Facts(limited_access=True, status="archived")) == "R30"


@pytest.mark.clause("PF-4.16l.2")
@pytest.mark.parametrize("standing", [*STANDING])
def test_limited_access_comes_before_state_token_and_relationship(standing: str) -> None:
    who, facts = STANDING[standing]
    limited = replace(facts, limited_access=True, status="archived", opened=True)
    inside = standing in {"cpc", "deputy"}
    assert (code(who, "nominals.read", limited) is None) == inside
    assert code(who, "activity_log.add", limited) == ("R27" if inside else "R15")
    assert code(who, "activity_log.add", replace(limited, listed=True)) == "R27"


@pytest.mark.clause("SC-17.12.2")
def test_an_archived_record_is_read_and_not_written() -> None:
    who, facts = STANDING["partner"]
    archived = replace(facts, status="archived")
    assert code(who, "nominals.read", archived) is None
    assert code(who, "activity_log.add", archived) == "R27"
    # State comes before token: who may do nothing at all hears of the archive first.
    assert code(principal(LEEDS, "admin"), "activity_log.add", archived) == "R27"


@pytest.mark.clause("PF-7/ViSOR Administrative access.2")
@pytest.mark.parametrize("tokens", [(), ("admin",), ("read_only",)])
def test_admin_sees_no_nominal(tokens: tuple[str, ...]) -> None:
    who = principal(LEEDS, *tokens, person_id=ME)
    everything = Facts(manager_id=ME, supervisor_id=ME, partner=True, listed=True, opened=True)
    for action in actions():
        assert code(who, action, everything) in {"R11", "R20"} | (
            {"R14"} if not actions()[action].live else set()
        )


@pytest.mark.clause("PF-7/ViSOR Tokens.3", "PF-7/ViSOR Tokens.4")
@pytest.mark.parametrize("name", ["manager", "supervisor", "partner"])
def test_a_standing_needs_its_token_still(name: str) -> None:
    """Named on the record, but the token was ended since."""
    who, facts = STANDING[name]
    others = LIVE_TOKENS - {name, "lpc", "cpc", "central_support"}
    assert standings_of(principal(LEEDS, *others, person_id=who.person_id), facts) == frozenset()


@pytest.mark.clause("PF-7/Accessing.1")
def test_a_reason_opens_for_reading_only() -> None:
    who, facts = STANDING["none"]
    opened = replace(facts, opened=True)
    assert decide(who, "nominals.read", opened).by_reason
    assert code(who, "activity_log.add", opened) == "R14"
    assert not decide(*STANDING["partner"][:1], "nominals.read", replace(opened, partner=True)).by_reason


def test_several_tokens_are_their_union() -> None:
    who = principal(LEEDS, "manager", "partner", "lpc", "cpc:area-53", person_id=ME)
    assert standings_of(who, Facts(manager_id=ME, partner=True)) == {"manager", "partner", "lpc", "cpc"}


def test_a_unit_elsewhere_gives_no_standing() -> None:
    facts = Facts(owner_unit="area-34", managing_unit="pdu-N50BOLT")
    for standing in ("lpc", "cpc", "deputy", "central_support"):
        assert standings_of(STANDING[standing][0], facts) == frozenset()


def test_the_suite_itself_may() -> None:
    assert decide(system_principal("records"), "activity_log.add", Facts()).allowed


def test_every_row_names_rules_that_exist_and_its_clause() -> None:
    for row in actions().values():
        assert row.clause
        assert {row.unrelated, row.prison or "R30"} <= rules().keys()
