"""Putting somebody on the register: who may, what it must look like, and nobody twice."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from tests.servers.records import BRADFORD, LEEDS, PRISON, WEST_YORKSHIRE, WEST_YORKSHIRE_POLICE, World

PNC, NOMS, CRN = "2002/0073319Z", "A1234BC", "X123456"
PERSON: dict[str, Any] = {
    "category": "2",
    "level": 2,
    "forenames": "Darren Alan",
    "surname": "Example",
    "date_of_birth": date(1979, 4, 3),
    "managing_unit": LEEDS,
}


@pytest.fixture
def administrator(records: World) -> Principal:
    return records.person(
        LEEDS,
        "create",
        "partner",
        "manager",
        roles=("mappa_administrator", "tasked_with_creation"),
        name="Ada Min",
    )


def code(world: World, who: Principal, **changes: Any) -> str:
    with pytest.raises(Refusal) as refused:
        world.run("nominals.create", who, **{**PERSON, **changes})
    return refused.value.code


@pytest.mark.clause("PF-4.10.1", "PF-7/nominal record owner.2")
def test_a_record_is_created_and_everybody_concerned_is_told(
    records: World, administrator: Principal
) -> None:
    supervisor = records.person(LEEDS, "supervisor", name="Sue Pervisor")
    created = records.run(
        "nominals.create",
        administrator,
        **PERSON,
        pnc="02/73319z",
        noms=" a1234bc ",
        crn=CRN,
        aliases=["Daz Sample", "Alan Specimen"],
        markers=["weapons", "violent"],
        supervisor_id=supervisor.person_id,
    )

    assert created["visor_number"] == "V10000001"
    assert created["owner_unit"] == WEST_YORKSHIRE
    summary = records.ask("nominals.summary", administrator, nominal_id=UUID(created["nominal_id"]))
    assert summary["identifiers"] == [
        {"kind": "crn", "value": CRN},
        {"kind": "noms", "value": NOMS},
        {"kind": "pnc", "value": PNC},
    ]
    assert summary["aliases"] == ["Daz Sample", "Alan Specimen"]
    assert summary["markers"] == ["Violent", "Weapons"]
    assert summary["manager"]["name"] == "Ada Min"
    [(data, copies)] = records.events("records.nominal.created")
    assert data["owner_unit"] == WEST_YORKSHIRE
    assert {(duty["person_id"], duty["as"]) for copy in copies for duty in copy["people"]} == {
        (str(administrator.person_id), "manager"),
        (str(supervisor.person_id), "supervisor"),
    }
    [(picture, _)] = records.events("records.standing.changed")
    assert picture["version"] == summary["standing_version"]
    assert records.audit()[0] == ("nominals.create", "done", None)


@pytest.mark.clause("PF-7/CPC Prison.2", "PF-4.9", "PF-7/Police owned", "PF-7/ViSOR Tokens.2", "PF-4.10.1")
def test_who_may_not_create(records: World, administrator: Principal) -> None:
    role = ("tasked_with_creation",)
    prison = records.person(PRISON, "create", roles=role)
    police = records.person(WEST_YORKSHIRE_POLICE, "create", roles=role)
    assert code(records, prison) == "R30"
    assert code(records, police) == "R17"
    assert code(records, administrator, category="1") == "R17"
    assert code(records, administrator, category="4") == "R17"
    assert code(records, administrator, category="3", statutory_supervision=False) == "R17"
    assert code(records, police, category="3", statutory_supervision=True) == "R17"
    assert code(records, records.person(LEEDS, "partner", roles=role)) == "R11"
    assert code(records, records.person(LEEDS, "create")) == "R32"
    # The agency is refused before the token is asked for.
    assert code(records, records.person(PRISON, "partner"), category="1") == "R30"
    assert records.rows("SELECT count(*) FROM nominal") == [(0,)]


@pytest.mark.clause("PF-4.8")
def test_whom_to_ask_is_ones_cpc_and_the_cpc_asks_whoever_appoints_the_cpc(records: World) -> None:
    def asked(who: Principal) -> tuple[str, str | None]:
        with pytest.raises(Refusal) as refused:
            records.run("nominals.create", who, **PERSON)
        assert refused.value.contact is not None
        return refused.value.contact.what, refused.value.contact.name

    role = ("tasked_with_creation",)
    cpc = records.person(WEST_YORKSHIRE, "cpc", roles=role, name="Cora Cpc")
    assert asked(records.person(LEEDS, "partner", roles=role)) == ("Your CPC", "Cora Cpc")
    assert asked(cpc) == ("Whoever appoints the CPC", None)
    records.person(WEST_YORKSHIRE, roles=("head_of_public_protection",), name="Hetty Hopp")
    assert asked(cpc) == ("Whoever appoints the CPC", "Hetty Hopp")


@pytest.mark.clause("PF-7/nominal record owner.1", "PF-1.3.2", "PF-7/nominal record owner.3")
@pytest.mark.parametrize(("category", "level"), [("1", 1), ("4", 3), ("PDP", None), ("SOC", None), ("3", 2)])
def test_police_create_and_own_theirs(records: World, category: str, level: int | None) -> None:
    police = records.person(WEST_YORKSHIRE_POLICE, "create", "manager")
    given = {**PERSON, "category": category, "level": level, "managing_unit": None}
    given |= {
        "statutory_supervision": False,
        "authority": "Superintendent Roe",
        "review_on": date(2026, 10, 1),
    }
    created = records.run("nominals.create", police, **given)
    assert created["owner_unit"] == WEST_YORKSHIRE_POLICE


@pytest.mark.parametrize(
    ("category", "level", "supervised"),
    [("2", None, False), ("3", 1, True), ("3", None, True)],
)
def test_a_category_has_its_levels(
    records: World, administrator: Principal, category: str, level: int | None, supervised: bool
) -> None:
    given = {**PERSON, "category": category, "level": level, "statutory_supervision": supervised}
    with pytest.raises(Invalid) as wrong:
        records.run("nominals.create", administrator, **given)
    assert wrong.value.errors.keys() == {"level"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pnc", "2002/0073319A"),
        ("pnc", "nonsense"),
        ("cro", "85227/65G"),
        ("noms", "A1234B"),
        ("crn", "123456X"),
        ("date_of_birth", date(2016, 4, 2)),
        ("date_of_birth", date(2026, 4, 2)),
        ("date_of_birth", date(1905, 3, 31)),
        ("managing_unit", "pdu-NOWHERE"),
        ("managing_unit", WEST_YORKSHIRE_POLICE),
        ("managing_unit", "pdu-N55UPAC"),
        ("manager_id", new_id()),
    ],
)
def test_bad_input_is_named_field_by_field_and_changes_nothing(
    records: World, administrator: Principal, field: str, value: object
) -> None:
    with pytest.raises(Invalid) as wrong:
        records.run("nominals.create", administrator, **{**PERSON, field: value})
    assert wrong.value.errors.keys() == {field}
    assert records.rows("SELECT count(*) FROM nominal") == [(0,)]


def test_the_youngest_is_ten(records: World, administrator: Principal) -> None:
    created = records.run("nominals.create", administrator, **{**PERSON, "date_of_birth": date(2016, 4, 1)})
    assert created["nominal_id"]


@pytest.mark.clause("PF-7/ViSOR Tokens.4")
def test_a_manager_holds_the_manager_token(records: World, administrator: Principal) -> None:
    partner = records.person(LEEDS, "partner")
    assert code(records, administrator, manager_id=partner.person_id) == "R11"
    assert code(records, administrator, supervisor_id=administrator.person_id) == "R11"


@pytest.mark.clause("PF-4.16m.2")
@pytest.mark.parametrize(
    ("kind", "value", "typed", "match"),
    [
        ("pnc", PNC, "02/73319Z", "PNC"),
        ("cro", "065656/91H", "65656/91h", "CRO"),
        ("noms", NOMS, "a1234bc", "NOMS number"),
        ("crn", CRN, "x123456", "CRN"),
    ],
)
def test_the_same_number_is_the_same_person_whatever_reason_is_given(
    records: World, administrator: Principal, kind: str, value: str, typed: str, match: str
) -> None:
    records.nominal(surname="Quite", forenames="Other", numbers={kind: value}, date_of_birth=date(1960, 1, 1))
    reason = "It really is somebody else, I have seen both of them."
    with pytest.raises(Refusal) as refused:
        records.run("nominals.create", administrator, **{**PERSON, kind: typed, "duplicate_reason": reason})
    assert refused.value.message == f"A record with this {match} exists: V10000001."


@pytest.mark.clause("PF-4.16m.2")
@pytest.mark.parametrize(
    ("surname", "forenames", "born", "likely"),
    [
        ("Example", "Darren", date(1979, 4, 3), True),
        ("Exampel", "Darren", date(1979, 4, 3), True),
        ("EXAMPLE", "Darren", date(1979, 3, 4), True),  # day and month swapped
        ("Example", "Darren", date(1979, 4, 4), True),  # one digit wrong
        ("Exampel", "Daren", date(1979, 4, 4), True),  # that, and each name misspelt
        ("Exampel", "Darren", date(1979, 4, 13), True),  # two slips: a letter, and a digit of the date
        ("Darren", "Example", date(1979, 4, 3), True),  # the names the other way round
        ("Example", "Darren", date(1979, 5, 14), False),
        ("Example", "Darren", date(1983, 4, 3), False),
        ("Example", "Darren", date(1984, 11, 20), False),
        ("Sample", "Gordon", date(1979, 4, 3), False),
        ("Example", "Wilfred", date(1979, 4, 3), False),  # a twin
    ],
)
def test_a_likely_duplicate_is_shown_first(
    records: World, administrator: Principal, surname: str, forenames: str, born: date, likely: bool
) -> None:
    records.nominal(surname=surname, forenames=forenames, date_of_birth=born)
    if not likely:
        assert records.run("nominals.create", administrator, **PERSON)["nominal_id"]
        return
    assert code(records, administrator) == "R18"
    assert code(records, administrator, duplicate_reason="x" * 19) == "R18"
    created = records.run("nominals.create", administrator, **PERSON, duplicate_reason="x" * 20)
    assert created["visor_number"] == "V10000002"


def test_a_duplicate_under_limited_access_gives_no_number_away(
    records: World, administrator: Principal
) -> None:
    records.nominal(limited_access=True)
    with pytest.raises(Refusal) as refused:
        records.run("nominals.create", administrator, **PERSON)
    assert (
        refused.value.message
        == "A record with this name and date of birth exists: a record to which access is limited."
    )


@pytest.mark.clause("PI-3.4.1")
@pytest.mark.parametrize(("level", "partnered"), [(1, False), (2, True), (3, True)])
def test_police_are_partner_to_category_2_at_level_2_and_3(
    records: World, administrator: Principal, level: int, partnered: bool
) -> None:
    officer = records.person(WEST_YORKSHIRE_POLICE, "partner", name="PC Partner")
    records.person(WEST_YORKSHIRE_POLICE, "partner", active=False, name="PC Gone")
    records.person(WEST_YORKSHIRE_POLICE, "cpc", name="No Partner Token")
    records.run("nominals.create", administrator, **{**PERSON, "level": level})
    found = [row.person_id for row in records.rows("SELECT person_id FROM partnership")]
    assert found == ([officer.person_id] if partnered else [])


def test_two_who_create_the_same_person_at_one_moment_make_one_record(
    records: World, administrator: Principal
) -> None:
    other = records.person(BRADFORD, "create", "partner", roles=("tasked_with_creation",))
    start, outcomes = threading.Barrier(2), []

    def make(who: Principal, surname: str) -> None:
        start.wait()
        try:
            records.run(
                "nominals.create", who, **{**PERSON, "surname": surname, "managing_unit": None}, pnc=PNC
            )
            outcomes.append("created")
        except Refusal as refused:
            outcomes.append(refused.code)

    threads = [
        threading.Thread(target=make, args=pair) for pair in ((administrator, "Example"), (other, "Sample"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["R18", "created"]
    assert records.rows("SELECT count(*) FROM nominal") == [(1,)]


def test_an_agency_is_told_of_its_own_people_only(records: World, administrator: Principal) -> None:
    officer = records.person(WEST_YORKSHIRE_POLICE, "partner")
    records.run("nominals.create", administrator, **PERSON)
    chunks = {copies[0]["agency"]: data for data, copies in records.events("records.standing.changed")}
    assert chunks["police-13"]["standings"] == [{"person_id": str(officer.person_id), "standing": "partner"}]
    assert str(officer.person_id) not in str(chunks["probation-service"])
    assert {data["chunks"] for data in chunks.values()} == {2}
    assert sorted(data["chunk"] for data in chunks.values()) == [1, 2]


class TestFromAReferral:
    @pytest.fixture
    def referral(self, records: World, administrator: Principal) -> str:
        given = {**PERSON, "unit": LEEDS, "registered_on": date(2026, 3, 31), "noms": NOMS}
        del given["managing_unit"]
        return str(records.run("referrals.register", administrator, **given)["referral_id"])

    @pytest.mark.clause("PF-4.10.2")
    def test_registering_tells_the_administrators_who_are_tasked(
        self, records: World, administrator: Principal, referral: str
    ) -> None:
        [(data, copies)] = records.events("records.referral.registered")
        assert data == {
            "referral_id": referral,
            "category": "2",
            "level": 2,
            "registered_on": "2026-03-31",
            "unit": LEEDS,
            "jurisdiction": "ENG",
        }
        assert copies[0]["people"] == [
            {"person_id": str(administrator.person_id), "as": "tasked_with_creation", "unit": LEEDS}
        ]

    @pytest.mark.clause("PF-4.10.1")
    def test_the_record_meets_it(self, records: World, administrator: Principal, referral: str) -> None:
        given = {**PERSON, "managing_unit": None}
        created = records.run("nominals.create", administrator, **given, referral_id=referral, noms=NOMS)
        [(data, _)] = records.events("records.nominal.created")
        assert data["referral_id"] == referral
        [row] = records.ask("referrals.list", administrator, status="created")["referrals"]
        assert str(row.nominal_id) == created["nominal_id"]
        assert records.ask("referrals.list", administrator)["referrals"] == []

    def test_a_referral_makes_one_record(
        self, records: World, administrator: Principal, referral: str
    ) -> None:
        records.run("nominals.create", administrator, **PERSON, referral_id=referral)
        again = {**PERSON, "surname": "Somebody", "forenames": "Else"}
        assert code(records, administrator, **again, referral_id=referral) == "R18"

    def test_an_unknown_referral_is_not_found(self, records: World, administrator: Principal) -> None:
        with pytest.raises(NotFound):
            records.run("nominals.create", administrator, **PERSON, referral_id=new_id())

    def test_other_areas_and_prisons_see_nothing_of_it(
        self, records: World, administrator: Principal, referral: str
    ) -> None:
        elsewhere = records.person("pdu-N50BOLT", "create")
        assert records.ask("referrals.list", elsewhere)["referrals"] == []
        with pytest.raises(NotFound):
            records.ask("referrals.read", elsewhere, referral_id=referral)
        for who, expected in (
            (records.person(PRISON, "partner"), "R30"),
            (records.person(LEEDS, "partner"), "R11"),
        ):
            with pytest.raises(Refusal) as refused:
                records.ask("referrals.list", who)
            assert refused.value.code == expected

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"registered_on": date(2026, 4, 2)}, "registered_on"),
            ({"unit": "nowhere"}, "unit"),
            ({"crn": "x"}, "crn"),
            ({"level": None}, "level"),
        ],
    )
    def test_bad_input(
        self, records: World, administrator: Principal, changes: dict[str, Any], field: str
    ) -> None:
        given = {**PERSON, "registered_on": date(2026, 4, 1), "unit": LEEDS, **changes}
        del given["managing_unit"]
        with pytest.raises(Invalid) as wrong:
            records.run("referrals.register", administrator, **given)
        assert wrong.value.errors.keys() == {field}
