"""What loading a file would change and what is wrong with it; the kinds of unit and who is in charge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.identity.bootstrap.files import BeginningFileError, from_table
from services.identity.bootstrap.rules import problems as beginning_problems
from services.identity.bootstrap.shapes import Beginning, FirstPerson, FirstTerminal
from services.identity.estate.files import EstateFileError, from_csv, from_toml, to_csv, to_toml
from services.identity.estate.kinds import group_of, head_of, kinds, role_name
from services.identity.estate.national import national_estate
from services.identity.estate.rules import preview
from services.identity.estate.shapes import AgencyRow, BuildingRow, Estate, NetworkRow, UnitRow

SERVICE = AgencyRow("prison-service", "HM Prison Service", "prison")
GROUP = UnitRow("group-X", "Example group", "prison_group", None, "prison-service", "ENG")
PRISON = UnitRow("prison-X", "Example", "prison", "group-X", "prison-service", "ENG")
HOUSE = BuildingRow("prison-X", "Main building", "1 Example Street")
LAN = NetworkRow("10.1.0.0/24", "lan", "prison-X", "Main building")


def estate(*rows: object) -> Estate:
    """Of whatever rows there are."""
    return Estate(
        {row.code: row for row in rows if isinstance(row, AgencyRow)},
        {row.code: row for row in rows if isinstance(row, UnitRow)},
        {(row.unit, row.name): row for row in rows if isinstance(row, BuildingRow)},
        {row.addresses: row for row in rows if isinstance(row, NetworkRow)},
    )


WHOLE = estate(SERVICE, PRISON, GROUP, HOUSE, LAN)


def test_a_preview_names_what_is_new_parents_first_and_what_differs() -> None:
    seen = preview(Estate(), WHOLE)
    assert [change.line for change in seen.changes] == [
        "+ agency prison-service: HM Prison Service",
        "+ unit group-X: Example group",
        "+ unit prison-X: Example",
        "+ building prison-X, Main building: Main building",
        "+ network 10.1.0.0/24",
    ]
    assert seen.problems == ()
    again = preview(WHOLE, estate(replace(PRISON, name="Exemplar", contracted=True)))
    (change,) = again.changes
    assert change.line == "~ unit prison-X: name Example → Exemplar, contracted False → True"
    assert again.not_named == ("group-X",)
    assert preview(WHOLE, WHOLE).changes == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (replace(PRISON, parent=None), "stands under a prison_group"),
        (replace(PRISON, parent="group-Y"), "there is no unit group-Y"),
        (replace(PRISON, parent="prison-X"), "cannot stand under"),
        (replace(PRISON, kind="castle"), "castle is none of"),
        (replace(PRISON, agency="nobody"), "no agency nobody"),
        (replace(PRISON, kind="mappa_area"), "belongs to no prison agency"),
        (replace(PRISON, jurisdiction="FRA"), "FRA is none of"),
        (replace(GROUP, contracted=True), "only a prison"),
        (replace(HOUSE, unit="prison-Y"), "no unit prison-Y"),
        (replace(LAN, building="Nowhere"), "no building Nowhere"),
        (replace(LAN, kind="radio"), "neither lan nor wifi"),
        (replace(LAN, addresses="10.1.0.0/99"), "first address"),
        (AgencyRow("x", "X", "circus"), "circus is none of"),
    ],
)
def test_every_problem_is_told_with_its_row(row: object, said: str) -> None:
    found = preview(WHOLE, estate(row)).problems
    assert any(said in problem for problem in found), found


FORCE = UnitRow("force-scotland", "Police Scotland", "force", None, "police-scotland", "SCT")
POLICE, COUNCIL = (
    AgencyRow("police-scotland", "Police Scotland", "police"),
    AgencyRow("council", "C", "other"),
)
SCOTTISH = replace(GROUP, code="group-S", jurisdiction="SCT", parent="force-scotland")
AUTHORITY = UnitRow("authority-G", "Example Council", "authority", "force-scotland", "council", "SCT")
SCOTLAND = estate(SERVICE, GROUP, POLICE, COUNCIL, FORCE)


@pytest.mark.clause("SC-17.15", "SC-17.2")
@pytest.mark.parametrize(
    ("row", "said"),
    [
        (SCOTTISH, None),
        (AUTHORITY, None),
        (replace(SCOTTISH, parent=None), "a Prison group stands under a force"),
        (replace(SCOTTISH, jurisdiction="ENG"), "cannot stand under force-scotland"),
        (replace(AUTHORITY, parent=None), "a Local authority or health board stands under a force"),
        (
            replace(AUTHORITY, jurisdiction="WLS"),
            "the jurisdiction of a Local authority or health board is SCT",
        ),
        (replace(AUTHORITY, agency="police-scotland"), "belongs to no police agency"),
        (replace(PRISON, jurisdiction="SCT"), "cannot stand under group-X, which is of ENG"),
    ],
)
def test_every_unit_of_scotland_stands_under_its_police(row: UnitRow, said: str | None) -> None:
    found = preview(SCOTLAND, estate(row)).problems
    assert found == () if said is None else any(said in problem for problem in found), found


@pytest.mark.clause("SC-17.3.1", "PF-1.3.4", "PF-1.3.5", "PF-0.1")
def test_the_country_begins_with_every_agency_that_uses_the_register() -> None:
    """Probation Trusts are no more: their work is the Probation Service's."""
    known = {one.name: one.kind for one in national_estate().agencies.values()}
    assert known["Probation Service"] == "probation"
    assert known["HM Prison Service"] == "prison"
    police = (
        "Police Scotland",
        "Police Service of Northern Ireland",
        "British Transport Police",
        "Royal Military Police",
        "Ministry of Defence Police",
        "Counter Terrorism Policing",
        "National Crime Agency",
    )
    assert {known[name] for name in police} == {"police"}
    assert not [name for name in known if "trust" in name.lower()]
    assert {one.agency for one in national_estate().units.values()} == set(national_estate().agencies)


def test_networks_of_two_buildings_in_a_file_may_not_overlap() -> None:
    other = BuildingRow("prison-X", "Annexe", "2 Example Street")
    found = preview(WHOLE, estate(other, NetworkRow("10.1.0.0/16", "lan", "prison-X", "Annexe"))).problems
    assert found == ("network 10.1.0.0/16: overlaps 10.1.0.0/24 of Main building, prison-X",)


def test_an_open_unit_cannot_stand_under_a_closed_one() -> None:
    closed = replace(GROUP, closed_on=date(2026, 1, 1))
    assert preview(WHOLE, estate(closed, PRISON)).problems == (
        "unit prison-X: group-X, under which it stands, is closed",
    )


@pytest.mark.parametrize("whole", [WHOLE, national_estate()], ids=["small", "national"])
def test_what_is_written_is_read_again_in_both_forms(whole: Estate) -> None:
    assert from_toml(to_toml(whole)) == whole
    assert from_csv(to_csv(whole)) == whole


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[castle]]\ncode = 'x'", "unknown tables: castle"),
        ("unit = 7", "double brackets"),
        ("[[unit]]\ncode = 'x'", "[[unit]] 1: the unit lacks agency"),
        ("[[agency]]\ncode = 'x'\nname = 'X'\nkind = 'prison'\ncolour = 'red'", "has no colour"),
        ("[[agency]]\ncode = 'x'\nname = 'X'\nkind = ''", "kind is a text"),
        ("[[agency", "no TOML"),
        ("\n".join(["[[agency]]\ncode = 'x'\nname = 'X'\nkind = 'prison'"] * 2), "stands here twice"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(text: str, said: str) -> None:
    with pytest.raises(EstateFileError) as problem:
        from_toml(text)
    assert said in str(problem.value)


def test_a_csv_with_an_unknown_column_or_flag_is_refused_by_line() -> None:
    with pytest.raises(EstateFileError, match="unknown columns: colour"):
        from_csv("what,colour\nunit,red\n")
    with pytest.raises(EstateFileError, match="line 2: contracted is yes or no, not perhaps"):
        from_csv(
            "what,code,name,kind,agency,jurisdiction,contracted\nunit,x,X,prison,prison-service,ENG,perhaps\n"
        )


@pytest.mark.clause("PF-0.1", "PSI-3.1", "PF-0.4.2")
def test_all_eight_groups_of_the_framework_have_their_units_or_heads() -> None:
    whole = national_estate()
    found = {
        group_of(unit.kind, contracted=unit.contracted, under_18=unit.under_18)
        for unit in whole.units.values()
    }
    found |= {kinds()["probation_provider"].group}
    assert found - {""} == {
        "HMPPS HQ",
        "Public sector prisons",
        "Contracted prisons",
        "Under 18 young offender institutions",
        "Heads of Group",
        "The Probation Service",
        "Other providers of probation and community services",
    }
    # The eighth, Governors, are people: heads of prisons, called Directors where a contractor runs them.
    assert head_of("prison", contracted=False) == "Governor"
    assert head_of("prison", contracted=True) == "Director"
    assert role_name("governor", "prison", contracted=True) == "Director"
    assert role_name("visor_lead", "prison", contracted=True) == "Visor lead"
    contracted = [unit.name for unit in whole.units.values() if unit.contracted]
    assert any("Altcourse" in name for name in contracted)


# ---- The beginning of a deployment ----

TODAY = date(2026, 3, 2)
UNITS = {
    "home-office": ("national", None),
    "area-53": ("mappa_area", "region-N55"),
    "group-X": ("prison_group", None),
    "prison-X": ("prison", "group-X"),
    "prison-Y": ("prison", "group-Y"),
}


def somebody(username: str, unit: str, **more: str) -> FirstPerson:
    return FirstPerson(
        username=username,
        name=username,
        email=f"{username}@example.org",
        telephone="0113 496 0000",
        vetting_reference="V1",
        vetting_expires_on=date(2027, 1, 1),
        training_reference="T1",
        unit=unit,
        **more,
    )


AREA = Beginning(
    document="HMPPS/2026/1",
    administrator=somebody("ida.admin", "home-office"),
    network="10.5.0.0/24",
    head=somebody("hope.head", "area-53"),
    cpc=somebody("cora.cpc", "area-53"),
)
PRISONS = replace(
    AREA,
    head=somebody("dora.director", "group-X"),
    cpc=somebody("paul.cpc", "group-X", cpc_training_reference="C1"),
    terminal=FirstTerminal("WSI-001", "prison-X", "OMU"),
)


def test_a_beginning_in_an_area_and_one_in_a_prison_group_are_right() -> None:
    assert list(beginning_problems(AREA, UNITS, TODAY)) == []
    assert list(beginning_problems(PRISONS, UNITS, TODAY)) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(AREA, cpc=AREA.head), "three people"),
        (replace(AREA, network="10.5.0.1/24"), "network:"),
        (
            replace(AREA, head=somebody("hope.head", "prison-X"), cpc=somebody("c.c", "prison-X")),
            "not a prison",
        ),
        (replace(AREA, cpc=somebody("cora.cpc", "group-X")), "own unit"),
        (
            replace(AREA, head=somebody("hope.head", "area-99"), cpc=somebody("c.c", "area-99")),
            "load the estate",
        ),
        (replace(PRISONS, terminal=None), "first terminal"),
        (replace(PRISONS, terminal=FirstTerminal("X-1", "prison-Y", "OMU")), "no prison of group-X"),
        (replace(PRISONS, terminal=FirstTerminal("X-1", "area-53", "OMU")), "no open prison"),
        (replace(PRISONS, cpc=somebody("paul.cpc", "group-X")), "CPC course"),
        (replace(AREA, cpc=replace(AREA.cpc, vetting_expires_on=TODAY)), "vetting has expired"),
        (replace(AREA, cpc=replace(AREA.cpc, username="X Y")), "user name"),
        (replace(AREA, cpc=replace(AREA.cpc, email="nobody")), "e-mail"),
    ],
)
def test_a_beginning_that_is_wrong_says_what(wrong: Beginning, said: str) -> None:
    found = list(beginning_problems(wrong, UNITS, TODAY))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "lacks administrator, cpc, document, head"),
        ({"document": "X", "administrator": {}, "head": {}, "cpc": {}}, "network"),
        (
            {"document": "X", "administrator": {"network": "x"}, "head": {}, "cpc": {}},
            r"\[administrator\] lacks",
        ),
        ({"document": "X", "administrator": {"network": "x"}, "head": 7, "cpc": {}, "y": 1}, "unknown: y"),
    ],
)
def test_a_file_of_the_beginning_that_is_not_whole_says_what_it_lacks(
    table: dict[str, object], said: str
) -> None:
    with pytest.raises(BeginningFileError, match=said):
        from_table(table)
