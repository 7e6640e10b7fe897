"""Tables 4.1 and 4.2 for tokens and roles: who grants what to whom, what is needed for it, and what is warned of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from services.identity.appointments.rules import Appointing, is_manager, may_name_successor, why_not_appoint
from services.identity.appointments.rules import warnings as role_warnings
from services.identity.appointments.table import roles
from services.identity.assurance.rules import may_read, may_write, wrong_day
from services.identity.authority import Reach
from services.identity.central_support.rules import why_not_ask, why_not_decide
from services.identity.deputies.rules import Candidate, days_of, is_fit, why_not_name
from services.identity.token_sets.table import token_sets
from services.identity.tokens.rules import (
    Granting,
    Refused,
    needs_authority,
    warnings,
    why_not_end,
    why_not_grant,
    why_not_set,
)
from services.identity.tokens.table import tokens
from services.identity.vetting.rules import TOKEN_LEVELS
from shared.reference.estate import units_by_code
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE, areas_of, principal

# Table 4.1: level, whether one alone holds it, and who grants it.
SECTION_4_1 = {
    "partner": (2, False, "cpc", "admin"),
    "create": (2, False, "cpc", "admin"),
    "manager": (2, False, "cpc", "admin"),
    "supervisor": (2, False, "cpc", "admin"),
    "lpc": (2, True, "cpc", "granter"),
    "central_support": (3, False, "cpc", "granter"),
    "cpc": (3, True, "appointer", "granter"),
    "admin": (3, False, "national", "granter"),
    "read_only": (2, False, "cpc", "granter"),
}
WHO = {
    "partner": principal(LEEDS, "partner"),
    "lpc": principal(LEEDS, "lpc"),
    "central_support": principal(LEEDS, "central_support"),
    "deputy": principal(LEEDS, "lpc", "central_support", deputy_for=(WEST_YORKSHIRE,)),
    "cpc": principal(WEST_YORKSHIRE, "cpc"),
    "cpc elsewhere": principal("area-34", "cpc"),
    "admin": principal("home-office", "admin"),
    "head": principal(WEST_YORKSHIRE, roles=("head_of_public_protection",)),
    "region": principal("region-N55", roles=("regional_probation_director",)),
    "sro": principal("home-office", roles=("sro",)),
    "director": principal("group-YRKS", roles=("prison_group_director",)),
}
MAY = {
    "cpc": {"cpc", "deputy"},
    "appointer": {"head", "region", "sro"},
    "national": {"admin", "sro"},
}
TODAY = date(2026, 3, 2)


def asked(who: str, token: str, unit: str = LEEDS, **more: Any) -> Granting:
    """For somebody of Leeds who has all that the token needs."""
    scope = {"cpc": WEST_YORKSHIRE, "admin": "home-office"}.get(token, unit)
    kind = units_by_code()[scope].kind
    given = {
        "unit": Reach(WHO[who], areas_of(scope)),
        "person": Reach(WHO[who], areas_of(LEEDS)),
        "oneself": False,
        "agency_kind": "probation",
        "unit_kind": kind,
        "level": 3,
    }
    return Granting(token, **{**given, **more})


def code(refused: Refused | None) -> str | None:
    return refused.code if refused else None


@pytest.mark.clause("PF-4.8", "PF-5.4", "PF-6.1.3", "PF-7/CPC Probation.4", "PF-7/LPC.1", "PF-4.8/t.1")
def test_the_table_is_that_of_the_requirements() -> None:
    found = {name: (row.level, row.one, row.granted_by, row.set_by) for name, row in tokens().items()}
    assert found == SECTION_4_1
    assert all(row.clause for row in tokens().values())
    assert {name for name, row in tokens().items() if "prison" in row.never} == {"create", "manager"}
    assert dict(TOKEN_LEVELS) == {name: level for name, (level, *_) in SECTION_4_1.items()}


@pytest.mark.clause("PF-4.16b", "PF-4.16a.1", "PF-4.8/t.4")
@pytest.mark.parametrize(("who", "token"), list(product(WHO, SECTION_4_1)))
def test_who_grants_what(who: str, token: str) -> None:
    by = SECTION_4_1[token][2]
    expected = None if who in MAY[by] else {"cpc": "R11", "appointer": "R32", "national": "R11"}[by]
    assert code(why_not_grant(asked(who, token))) == expected


@pytest.mark.clause("PF-4.16a.1")
@pytest.mark.parametrize("token", [name for name, row in SECTION_4_1.items() if row[2] == "cpc"])
def test_a_cpc_gives_nobody_of_another_area_a_token_for_their_own(token: str) -> None:
    """Whoever answers for that person decides what they hold."""
    elsewhere = Reach(WHO["cpc"], areas_of(PRISON))
    assert code(why_not_grant(asked("cpc", token, person=elsewhere))) == "R11"
    assert code(why_not_grant(asked("cpc", token, PRISON))) == "R11"


@pytest.mark.clause("PF-4.16b")
@pytest.mark.parametrize(("who", "token"), list(product(WHO, SECTION_4_1)))
def test_who_ends_what(who: str, token: str) -> None:
    """Whoever grants it; and an administrator, on authority, all but the CPC token."""
    by = SECTION_4_1[token][2]
    also = {"admin"} if by == "cpc" else set()
    assert (why_not_end(asked(who, token)) is None) == (who in MAY[by] | also)


@pytest.mark.clause("PF-4.16a.1")
@pytest.mark.parametrize("token", SECTION_4_1)
def test_nobody_grants_to_themselves(token: str) -> None:
    for who in MAY[SECTION_4_1[token][2]]:
        assert code(why_not_grant(asked(who, token, oneself=True))) == "R23"
        assert code(why_not_end(asked(who, token, oneself=True))) == "R23"


@pytest.mark.clause("PF-6.1.3", "PF-6.1.2")
@pytest.mark.parametrize(("token", "level"), list(product(SECTION_4_1, (0, 2, 3))))
def test_the_level_that_each_token_needs(token: str, level: int) -> None:
    who = next(iter(sorted(MAY[SECTION_4_1[token][2]])))
    found = code(why_not_grant(asked(who, token, level=level)))
    assert found == (None if level >= SECTION_4_1[token][0] else "R03")


@pytest.mark.clause("PF-7/CPC Prison.2")
def test_in_a_prison_nobody_creates_or_manages_whoever_grants_it() -> None:
    for who, token in product(WHO, ("create", "manager")):
        assert code(why_not_grant(asked(who, token, agency_kind="prison"))) == "R30"


@pytest.mark.clause("PF-7/CPC Prison.5", "PF-5.1")
def test_a_prison_cpc_is_appointed_by_the_director_alone_and_has_the_course() -> None:
    def of_group(who: str, **more: Any) -> Granting:
        base = asked(who, "cpc", agency_kind="prison", unit_kind="prison_group", **more)
        reach = Reach(WHO[who], ("group-YRKS",))
        return replace(base, unit=reach, person=reach)

    assert code(why_not_grant(of_group("director"))) == "R04"
    trained = frozenset({"cpc"})
    assert code(why_not_grant(of_group("director", courses=trained))) is None
    for who in ("head", "region", "sro", "admin"):
        assert code(why_not_grant(of_group(who, courses=trained))) == "R32"
    assert [one.code for one in warnings(of_group("director", in_establishment=True))] == ["establishment"]
    assert warnings(of_group("director")) == ()


@pytest.mark.clause("PF-4.8/t.4", "PF-7/ViSOR Administrative access.3", "PF-7/Central Support Token.1")
@pytest.mark.parametrize(
    ("who", "token", "more", "codes"),
    [
        ("head", "cpc", {}, []),
        ("region", "cpc", {}, ["other_appointer"]),
        ("sro", "cpc", {}, ["other_appointer"]),
        ("sro", "admin", {"held": frozenset({"partner"})}, ["live_user"]),
        ("sro", "admin", {"held": frozenset({"read_only"})}, []),
        ("sro", "admin", {}, []),
        ("cpc", "partner", {"held": frozenset({"admin"})}, ["administrator"]),
        ("cpc", "central_support", {}, ["unrequested"]),
        ("cpc", "central_support", {"requested": True}, []),
        ("head", "cpc", {"in_establishment": True}, []),
    ],
)
def test_what_is_warned_of(who: str, token: str, more: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in warnings(asked(who, token, **more))] == codes


@pytest.mark.clause("PF-7/Identity Manager LDAP.1", "PF-7/CPC Probation.6")
def test_an_administrator_executes_and_says_on_whose_word() -> None:
    assert needs_authority(asked("admin", "partner"))
    assert needs_authority(asked("admin", "admin"))
    assert not needs_authority(asked("sro", "admin"))
    assert not needs_authority(asked("cpc", "partner"))
    reach = Reach(WHO["admin"], areas_of(LEEDS))
    assert code(why_not_set(reach, oneself=False, own_order=False)) is None
    assert code(why_not_set(reach, oneself=True, own_order=False)) == "R23"
    assert code(why_not_set(reach, oneself=False, own_order=True)) == "R23"
    for who in WHO.keys() - {"admin"}:
        refused = why_not_set(Reach(WHO[who], areas_of(LEEDS)), oneself=False, own_order=False)
        assert code(refused) == "R11"


FIT = Candidate("Lena", level=3, lpc=True, central_support=True)


@pytest.mark.clause("PF-7/LPC.2", "PF-4.8/t.2", "PF-4.4.2", "PI-3.9.1")
@pytest.mark.parametrize(
    ("candidate", "ground", "scheme", "fit"),
    [
        (FIT, "absent", "lpc_with_central_support", True),
        (FIT, "vacant", "lpc_with_central_support", True),
        (replace(FIT, lpc=False), "absent", "lpc_with_central_support", False),
        (replace(FIT, central_support=False), "absent", "lpc_with_central_support", False),
        (replace(FIT, lpc=False), "absent", "any_cleared_deputy", True),
        (FIT, "cover", "lpc_with_central_support", False),
        (Candidate("Sam", level=3, is_cpc=True), "cover", "lpc_with_central_support", True),
        (Candidate("Sam", level=3, is_cpc=True), "absent", "lpc_with_central_support", False),
        (
            Candidate("Sam", 3, lpc_anywhere=True, central_support_anywhere=True),
            "cover",
            "lpc_with_central_support",
            True,
        ),
        (
            Candidate("Pia", level=3, is_cpc=True, same_kind=False),
            "cover",
            "lpc_with_central_support",
            False,
        ),
    ],
)
def test_who_is_fit_to_deputise(candidate: Candidate, ground: Any, scheme: str, fit: bool) -> None:
    assert is_fit(candidate, ground, scheme) is fit


@pytest.mark.clause("PF-7/LPC.2")
@pytest.mark.parametrize("who", WHO)
def test_who_names_a_deputy(who: str) -> None:
    reach = Reach(WHO[who], areas_of(WEST_YORKSHIRE))
    refused = why_not_name(reach, FIT, "absent", scheme="lpc_with_central_support", area="West Yorkshire")
    assert (refused is None) == (who in {"cpc", "head"})


@pytest.mark.clause("PF-7/LPC.2")
@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        (None, 0, set()),
        (None, 89, set()),
        (None, 90, {"valid_to"}),
        (None, -1, {"valid_to"}),
        (-1, 5, {"valid_from"}),
        (10, 99, set()),
        (10, 100, {"valid_to"}),
        (10, 9, {"valid_to"}),
    ],
)
def test_the_days_of_a_deputy(first: int | None, last: int, wrong: set[str]) -> None:
    starts = None if first is None else TODAY + timedelta(days=first)
    assert set(days_of(starts, TODAY + timedelta(days=last), TODAY, 90).wrong) == wrong


@pytest.mark.clause("PF-7/Central Support Token.1")
def test_who_asks_for_central_support_and_who_decides() -> None:
    assert [code(why_not_ask(level, "Lena")) for level in (0, 2, 3)] == ["R03", "R03", None]
    for who, one in WHO.items():
        refused = why_not_decide(Reach(one, areas_of(LEEDS)), oneself=False)
        assert (refused is None) == (who in {"cpc", "deputy"})
    assert code(why_not_decide(Reach(WHO["cpc"], areas_of(LEEDS)), oneself=True)) == "R23"


@pytest.mark.clause("PF-5.9-G.1", "PF-5.5", "PF-5.5/t.1")
@pytest.mark.parametrize(
    ("title", "level", "updates", "codes"),
    [
        ("Head of Offender Management Delivery", 3, False, []),
        ("Head of Offender Management Delivery", 2, False, ["level_3_recommended"]),
        ("Prison Officer", 3, False, ["no_manager"]),
        ("Hub Manager", 3, True, ["updates_visor"]),
        ("Officer", 2, True, ["level_3_recommended", "no_manager", "updates_visor"]),
    ],
)
def test_what_is_warned_of_in_a_lead(title: str, level: int, updates: bool, codes: list[str]) -> None:
    reach = Reach(principal(PRISON, roles=("governor",)), areas_of(PRISON))
    lead = Appointing("visor_lead", reach, reach, False, "Mia", level, title, updates)
    assert why_not_appoint(lead) is None
    assert [one.code for one in role_warnings(lead)] == codes


@pytest.mark.clause("PF-5.5")
@pytest.mark.parametrize("title", ["HOMD", "Deputy Governor", "Custodial Manager", "Head of Security"])
def test_managers_by_their_titles(title: str) -> None:
    assert is_manager(title)


@pytest.mark.clause("PI-3.8.5")
def test_who_names_a_successor() -> None:
    for post, expected in (
        ("cpc", {"cpc", "deputy", "head"}),
        ("head_of_public_protection", {"cpc", "deputy", "head", "region"}),
    ):
        found = {
            who for who, one in WHO.items() if may_name_successor(Reach(one, areas_of(WEST_YORKSHIRE)), post)
        }
        assert found == expected


@pytest.mark.clause("PF-7/CPC Probation.2")
def test_who_writes_and_reads_the_assurance_log() -> None:
    reaches = {who: Reach(one, areas_of(WEST_YORKSHIRE)) for who, one in WHO.items()}
    assert {who for who, reach in reaches.items() if may_write(reach)} == {"cpc", "deputy"}
    assert {who for who, reach in reaches.items() if may_read(reach)} == {"cpc", "deputy", "head"}
    assert wrong_day(TODAY, TODAY) == {}
    assert wrong_day(TODAY + timedelta(days=1), TODAY)


def test_roles_and_sets_name_what_there_is() -> None:
    known = {"cpc", "admin", *roles()}
    assert all(set(row.appointed_by) <= known and row.clause for row in roles().values())
    assert all(one.tokens and one.clause for one in token_sets().values())
