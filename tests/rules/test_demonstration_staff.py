"""Invented users: every post filled, the cast in theirs, and nobody who can be reached."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from ipaddress import IPv4Network

import pytest

from deploy.demonstration.cast import cast, story_nominal
from deploy.demonstration.staff import staff
from deploy.demonstration.users import Staff
from services.identity.demonstration import sites
from shared.reference.estate import units_by_code
from shared.reference.identifiers import parse_crn, parse_cro, parse_noms, parse_pnc

TODAY = date(2026, 11, 21)
TOKENS = {"partner", "create", "manager", "supervisor", "lpc", "central_support", "cpc", "admin", "read_only"}
NPPV3_TOKENS = {"cpc", "central_support", "admin"}


@pytest.fixture(scope="module")
def everybody() -> Staff:
    return staff(1, TODAY)


def test_the_same_seed_and_day_give_the_same_people(everybody: Staff) -> None:
    assert staff(1, TODAY) == everybody
    assert staff(2, TODAY) != everybody


def test_the_cast_is_there_whatever_the_seed(everybody: Staff) -> None:
    for people in (everybody, staff(99, TODAY)):
        for member in cast():
            user = people.by_username[member.username]
            assert (user.forename, user.surname, user.unit, user.part) == (
                member.forename,
                member.surname,
                member.unit,
                member.part,
            )


def test_the_cast_holds_what_the_story_needs(everybody: Staff) -> None:
    def holds(username: str) -> set[str]:
        user = everybody.by_username[username]
        return {held.name for held in (*user.tokens, *user.roles)}

    assert {"create", "manager", "partner", "mappa_administrator", "tasked_with_creation"} <= holds(
        "ruth.ackroyd"
    )
    assert "cpc" in holds("samuel.oyelade")
    assert "lpc" in holds("malcolm.sugden")
    assert {"supervisor", "spo"} <= holds("joanna.kaczmarek")
    assert {"partner", "prison_administrator"} <= holds("grace.mensah")
    assert {"create", "manager", "partner"} <= holds("craig.hirst")
    assert holds("yvonne.blenkinsop") == {"admin"}
    assert holds("arthur.moncrieff") == {"sro"}


@pytest.mark.clause("PF-4.16/A.1", "PF-6.2.1", "PF-7/SyOps.1")
def test_some_of_the_cast_cannot_sign_in_each_for_one_reason(everybody: Staff) -> None:
    expired = everybody.by_username["peter.expired"]
    assert expired.vetting is not None
    assert expired.vetting.expires_on < TODAY
    assert everybody.by_username["fiona.unvetted"].vetting is None
    assert everybody.by_username["liam.untrained"].courses == ()
    assert everybody.by_username["chloe.unsigned"].syops_signed_on is None
    assert everybody.by_username["gareth.disabled"].disabled
    unable = {user.username for user in everybody.users if not user.can_sign_in(TODAY)}
    assert unable == {
        "peter.expired",
        "fiona.unvetted",
        "liam.untrained",
        "chloe.unsigned",
        "gareth.disabled",
    }


def test_no_username_is_given_twice(everybody: Staff) -> None:
    assert len(everybody.by_username) == len(everybody.users)
    assert all(re.fullmatch(r"[a-z][a-z.-]*[a-z]\d*", user.username) for user in everybody.users)


@pytest.mark.clause("PF-7/CPC Probation.4", "PF-5.4", "PF-4.8")
def test_every_area_group_and_force_has_one_cpc_and_every_delivery_unit_one_lpc(everybody: Staff) -> None:
    holders = Counter(
        (held.name, user.unit)
        for user in everybody.users
        for held in user.tokens
        if held.name in ("cpc", "lpc")
    )
    for unit in units_by_code().values():
        if unit.kind in ("mappa_area", "prison_group", "force"):
            assert holders["cpc", unit.code] == 1, unit
        if unit.kind == "delivery_unit":
            assert holders["lpc", unit.code] == 1, unit


@pytest.mark.clause("PF-4.4.1")
def test_every_area_has_a_deputy_with_nppv3(everybody: Staff) -> None:
    units = units_by_code()
    deputies = {
        units[user.unit].parent
        for user in everybody.users
        if {"lpc", "central_support"} <= {held.name for held in user.tokens}
    }
    assert {code for code, unit in units.items() if unit.kind == "mappa_area"} <= deputies


@pytest.mark.clause("PF-6.1.3", "PF-7/ViSOR Administrative access.1")
def test_whoever_holds_a_token_that_needs_nppv3_has_it(everybody: Staff) -> None:
    for user in everybody.users:
        if NPPV3_TOKENS & {held.name for held in user.tokens}:
            assert user.vetting is not None
            assert user.vetting.level == "NPPV3"


@pytest.mark.clause("PF-7/CPC Prison.2")
def test_no_prison_user_creates_manages_or_supervises(everybody: Staff) -> None:
    for user in everybody.users:
        if user.agency == "prison-service":
            assert not {held.name for held in user.tokens} & {"create", "manager", "supervisor", "lpc"}


def test_every_token_and_role_has_a_holder(everybody: Staff) -> None:
    assert {held.name for user in everybody.users for held in user.tokens} == TOKENS
    roles = {held.name for user in everybody.users for held in user.roles}
    assert roles >= {
        "governor",
        "visor_lead",
        "head_of_public_protection",
        "prison_group_director",
        "sro",
        "spo",
        "prison_administrator",
        "mappa_administrator",
        "case_administrator",
        "practitioner",
        "pom",
        "tasked_with_creation",
    }


def test_every_scope_is_the_users_own_unit(everybody: Staff) -> None:
    for user in everybody.users:
        assert {held.scope for held in (*user.tokens, *user.roles)} <= {user.unit}
        assert units_by_code()[user.unit].agency == user.agency


@pytest.mark.clause("PF-0.4.2")
def test_a_contracted_prison_has_a_director(everybody: Staff) -> None:
    title = {user.unit: user.job_title for user in everybody.users if user.post == "governor"}
    assert title["prison-ACI"] == "Director"
    assert title["prison-WSI"] == "Governor"
    assert len(title) == 125


def test_no_card_reaches_anybody(everybody: Staff) -> None:
    # Ofcom's numbers for drama: the areas named there, 01632 960xxx, 07700 900xxx.
    drama = re.compile(
        r"(01632 960|0113 496 0|0114 496 0|0115 496 0|0116 496 0|0117 496 0|0121 496 0|0141 496 0|0151 496 0|"
        r"0161 496 0|0191 498 0|020 7946 0|028 9649 6|029 2018 0)\d{3}"
    )
    for user in everybody.users:
        assert user.email.endswith(".example.org")
        assert drama.fullmatch(user.telephone), user.telephone
        assert re.fullmatch(r"07700 900\d{3}", user.mobile)


def test_the_nominal_of_the_story_has_good_numbers() -> None:
    nominal = story_nominal()
    assert parse_pnc(nominal.pnc, TODAY) == nominal.pnc
    assert parse_cro(nominal.cro) == nominal.cro
    assert parse_noms(nominal.noms) == "A0002AA", "the number in the message that the prison sends"
    assert parse_crn(nominal.crn) == nominal.crn
    assert {nominal.unit, nominal.prison} <= set(units_by_code())


@pytest.mark.clause("PF-6.4.1", "PF-6.6.1")
def test_every_prison_has_an_approved_terminal_and_every_unit_a_cable_and_a_wireless_network() -> None:
    units = list(units_by_code().values())
    now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    terminals = list(sites.terminals(units, now, TODAY))
    approved = {terminal["unit"] for terminal in terminals if terminal["status"] == "approved"}
    assert approved == {unit.code for unit in units if unit.kind == "prison"}
    assert len({terminal["asset_tag"] for terminal in terminals}) == len(terminals)
    kinds, ranges = defaultdict(set), list[IPv4Network]()
    for network in sites.networks(units, now):
        kinds[network["unit"]].add(network["kind"])
        ranges.append(IPv4Network(network["addresses"]))
    assert kinds == {unit.code: {"lan", "wifi"} for unit in units}
    assert all(one.is_private for one in ranges)
    assert len(set(ranges)) == len(ranges)
