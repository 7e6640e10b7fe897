"""The meter, the page of gaps and RPT-06: how complete records are, counted in SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from services.notifications.deadlines.catalogue import catalogue
from services.records.attachments.models import Entry, NothingKnown
from services.records.minimum_dataset.rules import datasets
from services.records.nominals.models import Marker
from services.records.service import service
from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from tests.servers.records import LEEDS, NOW, PRISON, WEST_YORKSHIRE, World
from tests.services.records.conftest import Cast, Web, refusal, told

GAPS, REPORT = "minimum_dataset.gaps", "reports.rpt_06"
TODAY = NOW.date()
# What a record answers by itself as soon as there is one with a number: nobody has to fill it in twice.
OWN = {"names_and_aliases", "reference_numbers", "mappa_management"}


def enter(
    records: World, nominal: UUID, folders: list[str], agency: str = "probation-service", **more: Any
) -> None:
    """Current entries, as their own rows say; what they hold is not counted."""
    usual: dict[str, Any] = {"version": 1, "grading": "open", "state": "current", "entered_by": new_id()}
    where: dict[str, Any] = {"agency": agency, "unit": LEEDS, "entered_at": NOW, "changed_at": NOW}
    where["nominal_id"] = nominal
    with records.session() as session:
        session.add_all(Entry(folder=folder, **{**usual, **where, **more}) for folder in folders)
        session.commit()


def nothing_known(records: World, nominal: UUID, folder: str, agency: str) -> None:
    said = {"unit": LEEDS, "looked_on": TODAY, "said_by": new_id(), "said_at": NOW}
    with records.session() as session:
        session.add(NothingKnown(nominal_id=nominal, folder=folder, agency=agency, **said))
        session.commit()


def gaps(records: World, who: Principal, nominal: UUID) -> dict[str, Any]:
    answer = records.ask(GAPS, who, nominal_id=nominal)
    return {one["agency"]: one for one in answer["datasets"]}


def wanted(agency: str, category: str = "2") -> list[str]:
    return [one.folder for one in datasets(TODAY)[agency].of(category)]


def rows(records: World, who: Principal, **given: Any) -> list[dict[str, Any]]:
    answer = records.ask(REPORT, who, **given)
    return [dict(row) for row in answer.rows]


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(world.engine, "before_cursor_execute", note)


@pytest.mark.clause("PF-4.23", "PF-5.16")
def test_each_agency_has_its_own_gaps(records: World, cast: Cast) -> None:
    before = gaps(records, cast.manager, cast.nominal)
    for name in ("police", "probation", "prison"):
        missing = [one.folder for one in before[name]["missing"]]
        assert missing == [one for one in wanted(name) if one not in OWN]
    enter(records, cast.nominal, [one for one in wanted("probation") if one != "health"])
    nothing_known(records, cast.nominal, "health", "probation-service")
    after = gaps(records, cast.manager, cast.nominal)
    assert after["probation"]["complete"]
    assert [one["folder"] for one in after["probation"]["nothing_known"]] == ["health"]
    # What probation said is no word of the prison's.
    assert "health" in [want.folder for want in after["prison"]["missing"]]


@pytest.mark.clause("PF-4.23")
def test_what_the_record_itself_holds_is_no_gap(records: World, cast: Cast) -> None:
    with_all = records.nominal(
        manager_id=cast.manager.person_id,
        com_id=cast.manager.person_id,
        sex="male",
        address="1 High Street, LS1 1AA",
        custody_prison=PRISON,
        numbers={"noms": "A0003AA"},
    )
    with records.session() as session:
        session.add(Marker(nominal_id=with_all, code="violent"))
        session.commit()
    prison = gaps(records, cast.manager, with_all)["prison"]
    own = {"personal_details", "addresses", "offender_managers", "warning_markers", "custody", *OWN}
    assert {one.folder for one in prison["on_record"]} == own
    assert {one.folder for one in prison["missing"]} == set(wanted("prison")) - own
    # As RPT-06 counts it.
    lead = records.person(PRISON, roles=("visor_lead",))
    assert rows(records, lead)[0]["gaps"] == len(prison["missing"])


def test_what_ended_or_was_removed_is_a_gap_again(records: World, cast: Cast) -> None:
    enter(records, cast.nominal, ["addresses"], ends_on=TODAY)
    enter(records, cast.nominal, ["telecoms"], state="superseded")
    missing = [want.folder for want in gaps(records, cast.manager, cast.nominal)["probation"]["missing"]]
    assert {"addresses", "telecoms"} <= set(missing)
    enter(records, cast.nominal, ["addresses", "telecoms"])
    missing = [want.folder for want in gaps(records, cast.manager, cast.nominal)["probation"]["missing"]]
    assert not {"addresses", "telecoms"} & set(missing)


@pytest.mark.clause("PF-1.4.3")
def test_nobody_learns_from_it_of_intelligence_that_is_not_theirs(records: World, cast: Cast) -> None:
    records.partner(cast.nominal, cast.prison)
    c = {"grading": "intelligence-handled", "handling_code": "C"}
    enter(
        records,
        cast.nominal,
        ["intelligence"],
        agency=cast.prison.agency,
        **c | {"readers": [f"agency:{cast.prison.agency}"]},
    )
    theirs = [want.folder for want in gaps(records, cast.prison, cast.nominal)["prison"]["missing"]]
    mine = [want.folder for want in gaps(records, cast.manager, cast.nominal)["prison"]["missing"]]
    assert ("intelligence" in theirs, "intelligence" in mine) == (False, True)


@pytest.mark.clause("PF-4.24")
def test_whether_the_offender_manager_is_recorded(records: World, cast: Cast) -> None:
    assert not records.ask(GAPS, cast.manager, nominal_id=cast.nominal)["offender_manager"]
    enter(records, cast.nominal, ["offender_managers"])
    assert records.ask(GAPS, cast.manager, nominal_id=cast.nominal)["offender_manager"]
    other = records.nominal(manager_id=cast.manager.person_id, com_id=cast.partner.person_id)
    assert records.ask(GAPS, cast.manager, nominal_id=other)["offender_manager"]


def test_the_meter_and_the_page(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    enter(records, cast.nominal, ["telecoms", "health"])
    summary = web(cast.manager).get(f"/nominals/{cast.nominal}").text
    assert f"5 of {len(wanted('probation'))} held" in summary
    assert f"{len(wanted('probation')) - 10} more" in summary
    page = web(cast.manager).get(f"/nominals/{cast.nominal}/minimum-dataset").text
    for text in (
        "Police: ",
        "Probation: 5 of",
        "On the record itself: Names",
        "Prison: ",
        "Not recorded",
        "(if tested)",
    ):
        assert text in page
    police = web(cast.partner).get(f"/nominals/{cast.nominal}").text
    assert f"of {len(wanted('police'))} held" in police


BEGAN, SETTLED = "records.partnership.began", "records.minimum_dataset.settled"


def begin(records: World, cast: Cast) -> dict[str, Any]:
    """The prison has its first partner."""
    why = "They manage him on the wing."
    given = {"nominal_id": cast.nominal, "people": [str(cast.prison.person_id)], "reason": why}
    records.run("partnership.add", cast.manager, **given)
    data: dict[str, Any] = records.events(BEGAN)[-1][0]
    return data


def nothing(records: World, cast: Cast, folder: str) -> None:
    given = {"nominal_id": cast.nominal, "folder": folder, "looked_on": TODAY}
    records.run("attachments.nothing_known", cast.prison, **given)


@pytest.mark.clause("PF-5.16", "PSI-5.3.2.1")
def test_the_prisons_task_is_over_when_nothing_is_missing(records: World, cast: Cast) -> None:
    task = begin(records, cast)
    assert (task["unit"], task["agency_kind"], task["jurisdiction"]) == (PRISON, "prison", "ENG")
    assert {role for role, _ in told(records, BEGAN)} == set(catalogue()["D-50"].reminded)
    *most, last = [one.folder for one in gaps(records, cast.prison, cast.nominal)["prison"]["missing"]]
    enter(records, cast.nominal, most[1:])
    nothing(records, cast, most[0])
    assert records.events(SETTLED) == [], "one is missing still"
    nothing(records, cast, last)
    [(settled, copies)] = records.events(SETTLED)
    assert (settled["task_id"], settled["state"]) == (task["task_id"], "complete")
    assert [copy["agency"] for copy in copies] == ["prison-service"]


@pytest.mark.clause("PF-5.16")
def test_the_summary_can_fill_the_last_gap(records: World, cast: Cast) -> None:
    begin(records, cast)
    missing = [one.folder for one in gaps(records, cast.prison, cast.nominal)["prison"]["missing"]]
    enter(records, cast.nominal, [one for one in missing if one != "warning_markers"])
    version = records.rows("SELECT version FROM nominal WHERE id = :id", id=cast.nominal)[0][0]
    given = {"risk_level": None, "address": None, "general_comments": None, "offender_manager_id": None}
    change = {"nominal_id": cast.nominal, "version": version, "markers": ["violent"], **given}
    records.run("nominals.change", cast.prison, **change)
    assert records.events(SETTLED)[-1][0]["state"] == "complete"


@pytest.mark.clause("PF-5.16")
def test_who_is_partner_no_more_need_not_fill_it(records: World, cast: Cast) -> None:
    begin(records, cast)
    ended = {"nominal_id": cast.nominal, "person_id": cast.prison.person_id, "reason": "He left the prison."}
    records.run("partnership.end", cast.manager, **ended)
    assert [data["state"] for data, _ in records.events(SETTLED)] == ["overtaken"]
    second = begin(records, cast)
    assert records.rows("SELECT count(*) FROM dataset_task WHERE state = 'open'") == [(1,)]
    assert second["task_id"] != records.events(SETTLED)[0][0]["task_id"]


def test_no_task_where_nothing_is_missing(records: World, cast: Cast) -> None:
    enter(records, cast.nominal, wanted("prison"))
    given = {"nominal_id": cast.nominal, "people": [str(cast.prison.person_id)], "reason": "He is held here."}
    records.run("partnership.add", cast.manager, **given)
    assert records.events(BEGAN) == []


def test_who_may_see_the_gaps(records: World, cast: Cast) -> None:
    assert refusal(records, GAPS, cast.stranger, nominal_id=cast.nominal).code == "R13"


def test_it_asks_no_more_for_a_full_record(records: World, cast: Cast) -> None:
    with statements(records) as few:
        gaps(records, cast.manager, cast.nominal)
    for _ in range(3):
        enter(records, cast.nominal, wanted("police"))
    with statements(records) as many:
        gaps(records, cast.manager, cast.nominal)
    assert len(many) == len(few)


@pytest.mark.clause("PF-5.9.1", "PF-5.10.4", "PSI-2.1.3", "PI-2.1.3")
def test_rpt_06_counts_by_unit_and_prison(records: World, cast: Cast) -> None:
    one = records.nominal(custody_prison=PRISON, pom_id=cast.partner.person_id)
    other = records.nominal(custody_prison=PRISON)
    records.nominal(custody_prison=PRISON, status="archived")
    records.nominal(custody_prison="prison-WSI")
    enter(records, one, wanted("prison")[1:])
    nothing_known(records, one, wanted("prison")[0], cast.prison.agency)
    enter(records, other, [*wanted("prison")[:3], "vehicles"])
    lead = records.person(PRISON, roles=("visor_lead",))
    [row] = rows(records, lead)
    many = len(wanted("prison"))
    assert (row["agency_name"], row["records"], row["complete"], row["gaps"]) == ("Prison", 2, 1, many - 5)
    assert (row["percent"], row["no_manager"]) == ((many + 5) * 100 // (2 * many), 1)
    [area] = [row for row in rows(records, cast.cpc) if row["unit_name"].startswith("Leeds")]
    assert (area["agency_name"], area["records"], area["complete"]) == ("Probation", 4, 0)
    assert rows(records, lead, agency="police") == []
    assert len(rows(records, lead, state="gaps")) == 1
    enter(records, other, wanted("prison")[3:])
    assert rows(records, lead, state="gaps") == []
    assert rows(records, lead)[0]["percent"] == 100


@pytest.mark.clause("PF-5.8")
def test_rpt_06_sets_reports_raised_beside_those_added(records: World, cast: Cast) -> None:
    nominal = records.nominal(custody_prison=PRISON)
    lead = records.person(PRISON, roles=("visor_lead",))
    march = {"entered_at": datetime(2026, 3, 31, 12, tzinfo=UTC), "unit": PRISON, "grading": "open"}
    for more in (march, march | {"state": "removed"}, march | {"entered_at": NOW}, march | {"unit": LEEDS}):
        enter(records, nominal, ["intelligence"], agency=cast.prison.agency, **more)
    assert (rows(records, lead)[0]["raised"], rows(records, lead)[0]["added"]) == (None, 1)
    for raised in (4, 3):
        records.run("intelligence_returns.tell", lead, month="2026-03-15", raised=raised)
    records.run("intelligence_returns.tell", lead, month="2026-02-15", raised=9)
    assert (rows(records, lead)[0]["raised"], rows(records, lead)[0]["added"]) == (3, 1)
    assert next(row for row in rows(records, cast.cpc) if row["agency_name"] == "Probation")["raised"] is None
    for month, words in (("2026-04-01", "is over"), ("2025-03-31", "twelve months")):
        with pytest.raises(Invalid) as wrong:
            records.run("intelligence_returns.tell", lead, month=month, raised=1)
        assert words in wrong.value.errors["month"][0]
    with pytest.raises(Refusal):
        records.run("intelligence_returns.tell", cast.manager, month="2026-03-15", raised=1)


def test_rpt_06_counts_of_handling_code_c_only_what_the_agency_holds(records: World, cast: Cast) -> None:
    nominal = records.nominal(custody_prison=PRISON)
    lead = records.person(PRISON, roles=("visor_lead",))
    c = {"grading": "intelligence-handled", "handling_code": "C"}
    before = rows(records, lead)[0]["gaps"]
    enter(records, nominal, ["intelligence"], agency="police-13", readers=["agency:police-13"], **c)
    assert rows(records, lead)[0]["gaps"] == before
    enter(records, nominal, ["intelligence"], agency=cast.prison.agency, readers=["agency:x"], **c)
    assert rows(records, lead)[0]["gaps"] == before - 1


def test_who_may_see_rpt_06(records: World, cast: Cast) -> None:
    for who in (cast.manager, cast.stranger):
        with pytest.raises(Refusal) as refused:
            records.ask(REPORT, who)
        assert refused.value.code == "R32"
    assert rows(records, records.person(WEST_YORKSHIRE, f"cpc:{WEST_YORKSHIRE}")) != []
    assert service.reports["RPT-06"].open_to(cast.lpc)
