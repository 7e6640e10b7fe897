"""Two records of one person become one, and two again (PF-4.16m)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.records.merging.rules import FACTS
from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, NotFound
from tests.servers.records import LEEDS, NOW, PRISON, WEST_YORKSHIRE, World, again
from tests.services.records.conftest import HIDDEN, Cast, Web, at_once, codes, refusal, told
from tests.services.records.test_imminent_risk import raise_risk
from tests.services.records.test_meetings import record

TODAY = NOW.date()
WHY = "Same fingerprints, same mother, and one of the two names is an alias."
UNDO = "They are brothers, as the police found out yesterday."
MERGED, UNMERGED = "records.nominal.merged", "records.nominal.unmerged"
SHEFFIELD, SOUTH_YORKSHIRE = "pdu-N55SHF", "area-52"
NUMBER = "SELECT visor_number FROM nominal WHERE id = :id"


@pytest.fixture
def other(records: World, cast: Cast) -> UUID:
    """A second record of the person, of the same area, with a partner of its own."""
    return records.nominal(
        forenames="Darren",
        surname="Exampel",
        aliases=("Daz Example",),
        numbers={"pnc": "06/341178L"},
        address="7 Elm Row, Leeds",
        partners=(cast.prison, cast.partner),
        manager_id=cast.manager.person_id,
        supervisor_id=cast.supervisor.person_id,
    )


def write(world: World, who: Principal, nominal: UUID, text: str) -> None:
    entry = {"nominal_id": nominal, "kind": "information", "text": text, "for_attention": []}
    world.run("activity_log.add", who, **entry)


def merge(world: World, cast: Cast, other: UUID, **given: Any) -> UUID:
    asked = {"nominal_id": cast.nominal, "other_id": other, "reason": WHY}
    return UUID(world.run("merging.merge", again(cast.cpc), **asked | given)["id"])


def log(world: World, who: Principal, nominal: UUID) -> list[str | None]:
    page = world.ask("activity_log.read", again(who), nominal_id=nominal)
    return sorted(one.text or "" for one in page["entries"])


def summary(world: World, who: Principal, nominal: UUID) -> Any:
    return world.ask("nominals.summary", again(who), nominal_id=nominal)


def everything(world: World, *nominals: UUID) -> dict[str, Any]:
    """All that belongs to these, by whose it is now: what an undoing must bring back."""
    tables = [row[0] for row in world.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    skip = {"merge", "not_same_person", "nominal_change", "opening"}
    owned = {
        row.table_name
        for row in world.rows(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'origin_nominal_id'"
        )
    } - skip
    return {
        name: sorted(
            str(tuple(row))
            for row in world.rows(
                f"SELECT id, nominal_id FROM {name} WHERE nominal_id = ANY(:ids)",
                ids=list(nominals),
            )
        )
        for name in tables
        if name in owned
    }


@pytest.mark.clause("PF-4.16m")
def test_everything_of_two_records_is_in_one(records: World, cast: Cast, other: UUID) -> None:
    write(records, cast.manager, cast.nominal, "Seen at work.")
    write(records, cast.manager, other, "Seen at home.")
    merge(records, cast, other, address="gone")
    assert log(records, cast.manager, cast.nominal) == ["Seen at home.", "Seen at work."]
    seen = summary(records, cast.manager, cast.nominal)
    assert seen["name"] == "Darren Alan Example"
    assert seen["aliases"] == ["Darren Exampel", "Daz Example"]
    assert seen["address"] == "7 Elm Row, Leeds"
    assert {one["kind"] for one in seen["identifiers"]} == {"noms", "pnc"}
    partners = records.ask("partnership.partners", again(cast.cpc), nominal_id=cast.nominal)
    assert sorted(one.name for one in partners["partners"]) == [
        "Paul Police",
        "Petra Prison",
    ]  # none twice
    assert told(records, MERGED) == [("manager", "Mary Manager"), ("supervisor", "Sue Supervisor")]
    history = records.ask("nominals.history", again(cast.manager), nominal_id=cast.nominal)
    assert history["changes"][0]["act"] == "merged"


@pytest.mark.clause("PF-4.16m")
def test_the_number_of_the_other_leads_there(
    records: World, cast: Cast, other: UUID, web: Callable[[Principal], Web]
) -> None:
    [(number,)] = records.rows(NUMBER, id=other)
    merge(records, cast, other)
    found = records.ask("search.nominals", cast.stranger, number=number)
    assert [line.nominal_id for line in found.results] == [cast.nominal]
    named = records.ask("search.nominals", cast.stranger, surname="Exampel")
    assert [line.nominal_id for line in named.results] == [cast.nominal]
    mary = web(cast.manager)
    page = mary.http.get(f"/records/nominals/{other}")
    assert (page.status_code, page.headers["Location"]) == (307, f"/records/nominals/{cast.nominal}?moved=1")
    assert "was merged into this one" in mary.get(f"/nominals/{cast.nominal}?moved=1").text
    for place in ("/activity-log", "/history", "/meetings"):
        led = mary.http.get(f"/records/nominals/{other}{place}")
        assert (led.status_code, led.headers["Location"]) == (307, f"/records/nominals/{cast.nominal}{place}")
    asked = f"?before={other}"
    led = mary.http.get(f"/records/nominals/{other}/history{asked}")
    assert led.headers["Location"] == f"/records/nominals/{cast.nominal}/history{asked}"
    assert mary.http.get(f"/records/nominals/{other}/history?_scheme=x&_external=1").status_code == 422
    api = mary.http.get(f"/records/api/nominals/{other}")
    assert (api.status_code, api.headers["Location"]) == (307, f"/records/api/nominals/{cast.nominal}")
    written = mary.send(f"/nominals/{other}/meetings", {"level": 2, "held_on": TODAY.isoformat()})
    problem = written.json()
    assert (written.status_code, problem["code"]) == (409, "R51")
    assert problem["elsewhere"] == {"nominal_id": str(cast.nominal)}


def test_nobody_stands_to_the_record_that_went(records: World, cast: Cast, other: UUID) -> None:
    merge(records, cast, other)
    mine = records.ask("nominals.mine", cast.manager)
    assert [one["nominal_id"] for one in mine["nominals"]] == [cast.nominal]
    pictures = [data for data, _ in records.events("records.standing.changed")]
    last = [one for one in pictures if one["nominal_id"] == str(other)][-1]
    assert last["standings"] == []


@pytest.mark.clause("PF-4.16m")
def test_an_undoing_brings_back_each_record_as_it_was(records: World, cast: Cast, other: UUID) -> None:
    write(records, cast.manager, other, "Seen at home.")
    before = everything(records, cast.nominal, other)
    facts = [summary(records, cast.manager, one) for one in (cast.nominal, other)]
    done = merge(records, cast, other, **dict.fromkeys(FACTS, "gone"))
    assert summary(records, cast.manager, cast.nominal)["name"] == "Darren Exampel"
    assert everything(records, cast.nominal, other) != before
    undone = records.run("merging.undo", again(cast.cpc), merge_id=done, reason=UNDO)
    assert (undone["state"], undone["stayed"], undone["assigned"]) == ("undone", [], 0)
    assert everything(records, cast.nominal, other) == before
    for was, nominal in zip(facts, (cast.nominal, other), strict=True):
        now = summary(records, cast.manager, nominal)
        for name in ("name", "aliases", "address", "date_of_birth", "identifiers", "status", "visor_number"):
            assert now[name] == was[name], name
    assert told(records, UNMERGED) == [("manager", "Mary Manager"), ("supervisor", "Sue Supervisor")]
    again_offered = records.ask("merging.of_nominal", again(cast.cpc), nominal_id=cast.nominal)["offered"]
    assert [one.line.nominal_id for one in again_offered] == []


@pytest.mark.clause("PF-4.16m")
def test_what_was_added_since_stays_or_goes_where_it_is_assigned(
    records: World, cast: Cast, other: UUID
) -> None:
    """What the record that stayed had before the merge is its own: it is not offered, and cannot be given away."""
    write(records, cast.manager, cast.nominal, "Of before.")
    [(before,)] = records.rows("SELECT id FROM activity_entry")
    records.later(minutes=1)
    done = merge(records, cast, other)
    for text in ("He has a new flat.", "His brother has a new car."):
        write(records, cast.manager, cast.nominal, text)
    listed = records.ask("merging.read", again(cast.cpc), merge_id=done)["since"]
    assert len(listed) == 2
    undo = {"merge_id": done, "reason": UNDO}
    with pytest.raises(Invalid):
        records.run("merging.undo", again(cast.cpc), **undo, assign=[f"log:{before}"])
    records.run("merging.undo", again(cast.cpc), **undo, assign=[listed[1].key])
    assert log(records, cast.manager, cast.nominal) == ["He has a new flat.", "Of before."]
    assert log(records, cast.manager, other) == ["His brother has a new car."]


@pytest.mark.clause("PF-4.16m")
def test_a_correction_goes_where_its_entry_goes(records: World, cast: Cast, other: UUID) -> None:
    """And is read there with what it corrects, whichever key sealed that."""
    write(records, cast.manager, other, "Lives in Hull.")
    done = merge(records, cast, other)
    write(records, cast.manager, cast.nominal, "Works in Hull.")
    for said, right in (("Lives in Hull.", "Lives in York."), ("Works in Hull.", "Works in York.")):
        correct(records, cast, said, right)
    correct(records, cast, "Lives in York.", "Lives in Selby.")
    listed = records.ask("merging.read", again(cast.cpc), merge_id=done)["since"]
    assert len(listed) == 1  # of the corrections none is asked about
    records.run("merging.undo", again(cast.cpc), merge_id=done, reason=UNDO)
    assert log(records, cast.manager, cast.nominal) == ["Works in Hull.", "Works in York."]
    theirs = records.ask("activity_log.read", again(cast.manager), nominal_id=other)["entries"]
    assert {one.text: one.corrected_text for one in theirs} == {
        "Lives in Hull.": None,
        "Lives in York.": "Lives in Hull.",
        "Lives in Selby.": "Lives in York.",
    }
    mine = "SELECT count(*) FROM activity_entry WHERE origin_nominal_id <> nominal_id"
    assert records.rows(mine) == [(0,)]


def correct(world: World, cast: Cast, said: str, right: str) -> None:
    entries = world.ask("activity_log.read", again(cast.manager), nominal_id=cast.nominal)["entries"]
    [wrong] = [one.id for one in entries if one.text == said]
    given = {"nominal_id": cast.nominal, "entry_id": wrong, "text": right, "for_attention": []}
    world.run("activity_log.correct", cast.manager, **given)
    again_read = world.ask("activity_log.read", again(cast.manager), nominal_id=cast.nominal)["entries"]
    assert [one.corrected_text for one in again_read if one.text == right] == [said]


@pytest.mark.clause("PF-4.16m")
def test_of_a_restricted_entry_the_list_says_no_more_than_that(
    records: World, cast: Cast, other: UUID
) -> None:
    done = merge(records, cast, other)
    entry = {"kind": "risk", "text": "From a source.", "for_attention": [], "only_roles": ["supervisor"]}
    records.run("activity_log.add", cast.manager, nominal_id=cast.nominal, **entry)
    [one] = records.ask("merging.read", again(cast.cpc), merge_id=done)["since"]
    assert one.text.startswith("Activity log, restricted entry, ")


@pytest.mark.clause("PF-4.16m")
def test_minutes_go_with_their_meeting(records: World, cast: Cast, other: UUID) -> None:
    done = merge(records, cast, other)
    meeting, minutes = new_id(), new_id()
    with records.engine.begin() as connection:
        given = {"n": cast.nominal, "m": meeting, "e": minutes, "at": NOW + timedelta(minutes=5)}
        connection.exec_driver_sql(
            "INSERT INTO attachment_entry (id, nominal_id, origin_nominal_id, folder, state, version, grading,"
            " entered_by, entered_at, agency, unit, changed_at) VALUES (%(e)s, %(n)s, %(n)s, 'risk_management_plan',"
            " 'current', 1, 'open', %(n)s, %(at)s, 'probation-service', 'pdu-N55LEE', %(at)s)",
            given,
        )
        connection.exec_driver_sql(
            "INSERT INTO mapp_meeting (id, nominal_id, origin_nominal_id, level, held_on, managing_unit, entered_by,"
            " entered_at, minutes_entry_id) VALUES (%(m)s, %(n)s, %(n)s, 2, '2026-04-01', 'pdu-N55LEE', %(n)s, %(at)s,"
            " %(e)s)",
            given,
        )
    records.run("merging.undo", again(cast.cpc), merge_id=done, reason=UNDO, assign=[f"meeting:{meeting}"])
    whose = "SELECT nominal_id, origin_nominal_id FROM mapp_meeting UNION ALL SELECT nominal_id, origin_nominal_id"
    assert records.rows(f"{whose} FROM attachment_entry") == [(other, other)] * 2


@pytest.mark.clause("PF-4.16m")
def test_an_imminent_risk_a_booked_move_and_what_waits_go_where_they_are_assigned(
    records: World, cast: Cast, other: UUID
) -> None:
    records.person(LEEDS, "partner", roles=("mappa_administrator",), name="Mina Mappa")
    done = merge(records, cast, other)
    records.later(minutes=1)
    risk = raise_risk(records, cast.partner, cast)
    meeting = UUID(record(records, cast.manager, cast)["id"])
    custody = {"nominal_id": cast.nominal, "kind": "received", "prison": PRISON}
    records.run("custody.record", cast.prison, **custody, at=records.policy.at.isoformat())
    leaves = {"to_prison": "prison-WSI", "departs_at": (NOW + timedelta(days=3)).isoformat()}
    move = UUID(records.run("prison_moves.book", cast.prison, nominal_id=cast.nominal, **leaves)["id"])
    since = records.ask("merging.read", again(cast.cpc), merge_id=done)["since"]
    said = {one.key.partition(":")[0]: one for one in since}
    assert said["log"].text.startswith("Activity log, imminent risk, ")
    assert said["booked"].text.startswith("Move booked to another prison, ")
    keys = [said[kind].key for kind in ("log", "booked", "meeting")]
    records.run("merging.undo", again(cast.cpc), merge_id=done, reason=UNDO, assign=keys)
    for table, id in (("imminent_risk", risk), ("prison_move", move), ("mapp_meeting", meeting)):
        whose = f"SELECT nominal_id, origin_nominal_id FROM {table} WHERE id = :id"
        assert records.rows(whose, id=id) == [(other, other)], table
    [(told_, _)] = records.events(UNMERGED)
    assert {str(one) for one in (risk, meeting, move)} <= set(told_["waiting"])


@pytest.mark.clause("PF-4.16m")
def test_facts_of_the_summary_that_were_changed_since_are_listed(
    records: World, cast: Cast, other: UUID, web: Callable[[Principal], Web]
) -> None:
    done = merge(records, cast, other, address="gone")
    page, form = f"/merges/{done}", f"/merges/{done}/undoing/new"
    assert "changed since" not in web(cast.cpc).get(page).text, "what the merge itself changed is none"
    records.later(minutes=1)
    mark(records, cast, cast.nominal, "violent")
    assert "that were changed since stay with V10000001: Warning markers." in web(cast.cpc).get(page).text
    assert "Changed since, and staying there too: Warning markers." in web(cast.cpc).get(form).text


def test_facts_that_were_changed_since_stay(records: World, cast: Cast, other: UUID) -> None:
    done = merge(records, cast, other, address="gone")
    version = summary(records, cast.manager, cast.nominal)["version"]
    change = {"nominal_id": cast.nominal, "version": version, "markers": [], "address": "9 New Road, Leeds"}
    records.run("nominals.change", again(cast.manager), **change)
    undone = records.run("merging.undo", again(cast.cpc), merge_id=done, reason=UNDO)
    assert undone["stayed"] == ["address"]
    assert summary(records, cast.manager, cast.nominal)["address"] == "9 New Road, Leeds"
    assert summary(records, cast.manager, other)["address"] == "7 Elm Row, Leeds"


@pytest.mark.clause("PF-4.16m")
def test_each_record_gets_its_own_warning_markers_back(records: World, cast: Cast, other: UUID) -> None:
    """They are saved as one list, so that whose each was is known from what stood before the merge."""
    mark(records, cast, cast.nominal, "violent", "weapons")
    mark(records, cast, other, "weapons", "alcohol")
    done = merge(records, cast, other)
    assert markers(records, cast.nominal) == ["alcohol", "violent", "weapons"]
    mark(records, cast, cast.nominal, "violent", "alcohol", "self_harm")
    records.run("merging.undo", again(cast.cpc), merge_id=done, reason=UNDO)
    assert markers(records, cast.nominal) == ["self_harm", "violent"]  # weapons was taken away since
    assert markers(records, other) == ["alcohol", "weapons"]


def mark(world: World, cast: Cast, nominal: UUID, *codes_: str) -> None:
    seen = summary(world, cast.manager, nominal)
    change = {"nominal_id": nominal, "version": seen["version"], "address": seen["address"]}
    world.run("nominals.change", again(cast.manager), **change, markers=list(codes_))


def markers(world: World, nominal: UUID) -> list[str]:
    return [
        row.code
        for row in world.rows(
            "SELECT code FROM warning_marker WHERE nominal_id = :id ORDER BY code", id=nominal
        )
    ]


@pytest.mark.clause("PF-4.16m")
def test_an_assigned_entry_keeps_the_place_of_which_there_is_one(
    records: World, cast: Cast, other: UUID
) -> None:
    """What the CPC assigned is the newer: the record's own of before stays beside it, without the place."""
    slots = "SELECT nominal_id, slot FROM attachment_entry ORDER BY entered_at"
    for nominal, at in ((cast.nominal, "2026-03-01"), (other, "2026-03-02")):
        singular(records, nominal, at)
    done = merge(records, cast, other)
    assert [row.slot for row in records.rows(slots)] == ["only", None]
    with records.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE attachment_entry SET state = 'removed' WHERE slot IS NOT NULL")
    added = singular(records, cast.nominal, "2026-04-02")
    undo = {"merge_id": done, "reason": UNDO, "assign": [f"attachment:{added}"]}
    records.run("merging.undo", again(cast.cpc), **undo)
    assert [tuple(row) for row in records.rows(slots)] == [
        (cast.nominal, "only"),
        (other, None),
        (other, "only"),
    ]


def singular(world: World, nominal: UUID, at: str) -> UUID:
    """An entry of a folder in which there is one for each place."""
    entry = new_id()
    with world.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO attachment_entry (id, nominal_id, origin_nominal_id, folder, slot, state, version, grading,"
            " entered_by, entered_at, agency, unit, changed_at) VALUES (%(e)s, %(n)s, %(n)s, 'physical_description',"
            " 'only', 'current', 1, 'open', %(n)s, %(at)s, 'probation-service', 'pdu-N55LEE', %(at)s)",
            {"e": entry, "n": nominal, "at": at},
        )
    return entry


@pytest.mark.clause("PF-4.16m")
def test_it_can_be_undone_for_thirty_days(records: World, cast: Cast, other: UUID) -> None:
    done = merge(records, cast, other)
    undo = {"merge_id": done, "reason": UNDO}
    records.later(days=31)
    fresh = records.person(WEST_YORKSHIRE, "cpc", name="Cleo Cpc")
    no = refusal(records, "merging.undo", _now(records, fresh), **undo)
    assert (no.code, "1 May 2026" in no.message) == ("R52", True)
    records.later(days=-1)
    records.run("merging.undo", _now(records, fresh), **undo)
    assert refusal(records, "merging.undo", _now(records, fresh), **undo).code == "R34"


def _now(world: World, who: Principal) -> Principal:
    """Signed in at this moment."""
    return replace(again(who), auth_time=world.runtime.clocks.system.now())


def test_a_chain_is_undone_from_its_end(records: World, cast: Cast, other: UUID) -> None:
    """A into B, B into C: A's rows come with B's, and go back with them."""
    third = records.nominal(surname="Third", manager_id=cast.manager.person_id)
    write(records, cast.manager, other, "Of the first.")
    first = merge(records, cast, other)
    second = merge(records, cast, cast.nominal, nominal_id=third)
    assert log(records, cast.manager, third) == ["Of the first."]
    [(number,)] = records.rows(NUMBER, id=other)
    found = records.ask("search.nominals", cast.stranger, number=number)
    assert [line.nominal_id for line in found.results] == [third]
    fourth = records.nominal(surname="Fourth")
    looked = records.ask("merging.of_nominal", again(cast.cpc), nominal_id=fourth, number=number)
    assert looked["found"].nominal_id == third
    assert refusal(records, "merging.undo", again(cast.cpc), merge_id=first, reason=UNDO).code == "R34"
    records.run("merging.undo", again(cast.cpc), merge_id=second, reason=UNDO)
    assert log(records, cast.manager, cast.nominal) == ["Of the first."]
    records.run("merging.undo", again(cast.cpc), merge_id=first, reason=UNDO)
    assert log(records, cast.manager, other) == ["Of the first."]
    assert log(records, cast.manager, third) == []


# ---- Who may. ----


@pytest.fixture
def elsewhere(records: World) -> tuple[Principal, UUID]:
    """A record of another area, and its CPC."""
    cora = records.person(SOUTH_YORKSHIRE, "cpc", "partner", name="Cora Cpc")
    nominal = records.nominal(
        surname="Exampel", owner_unit=SOUTH_YORKSHIRE, managing_unit=SHEFFIELD, date_of_birth=date(1979, 4, 3)
    )
    return cora, nominal


def opened(world: World, who: Principal, nominal: UUID) -> Principal:
    """In a session that has the record open with a reason."""
    who = again(who)
    why = {"reason_type": "audit", "reason": "Looking whether this is the same person."}
    world.run("access.open", who, nominal_id=nominal, **why)
    return who


@pytest.mark.clause("PF-4.16m")
def test_across_areas_both_cpcs_agree(records: World, cast: Cast, elsewhere: tuple[Principal, UUID]) -> None:
    cora, nominal = elsewhere
    asked = {"nominal_id": cast.nominal, "other_id": nominal, "reason": WHY}
    assert refusal(records, "merging.merge", again(cast.cpc), **asked).code == "R13"
    colin = opened(records, cast.cpc, nominal)
    proposed = records.run("merging.merge", colin, **asked)
    assert (proposed["state"], proposed["asked_owner"]) == ("proposed", SOUTH_YORKSHIRE)
    assert told(records, "records.merge.proposed") == [("cpc", "Cora Cpc")]
    given = {"merge_id": UUID(proposed["id"])}
    assert refusal(records, "merging.agree", again(cast.cpc), **given).code == "R11"
    assert refusal(records, "merging.agree", again(cora), **given).code == "R13"
    assert refusal(records, "merging.merge", colin, **asked).code == "R29"
    cora = opened(records, cora, cast.nominal)
    done = records.run("merging.agree", cora, **given)
    assert done["state"] == "merged"
    assert records.rows(NUMBER.replace("visor_number", "status"), id=nominal) == [("merged",)]
    records.run("merging.undo", again(cora), **given, reason=UNDO)


def test_what_came_between_stands_against_agreeing(
    records: World, cast: Cast, elsewhere: tuple[Principal, UUID]
) -> None:
    cora, nominal = elsewhere
    colin = opened(records, cast.cpc, nominal)
    asked = {"nominal_id": cast.nominal, "other_id": nominal, "reason": WHY}
    given = {"merge_id": UUID(records.run("merging.merge", colin, **asked)["id"])}
    leaves = {"nominal_id": nominal, "to_unit": "pdu-N55LEE", "reason": "He moves there in summer."}
    records.run("transfers.request", again(cora), **leaves)
    no = refusal(records, "merging.agree", opened(records, cora, cast.nominal), **given)
    assert (no.code, "transfer" in no.message) == ("R29", True)


@pytest.mark.clause("PF-4.16m", "PF-1.4.1")
@pytest.mark.parametrize("leaves", ["into", "gone"])
def test_a_proposal_ends_when_one_of_the_two_has_another_owner(
    records: World, cast: Cast, elsewhere: tuple[Principal, UUID], leaves: str
) -> None:
    """Two CPCs would agree of whom one owns neither any more, and the new owner would not be asked."""
    cora, nominal = elsewhere
    colin = opened(records, cast.cpc, nominal)
    asked = {"nominal_id": cast.nominal, "other_id": nominal, "reason": WHY}
    given = {"merge_id": UUID(records.run("merging.merge", colin, **asked)["id"])}
    moved, owner = (cast.nominal, cast.cpc) if leaves == "into" else (nominal, cora)
    [(hull,)] = records.rows(
        "SELECT code FROM directory_unit WHERE parent = 'area-51' AND kind = 'delivery_unit' LIMIT 1"
    )
    there = records.person("area-51", "cpc", name="Hilda Cpc")
    people = {f"{name}_id": records.person("area-51", name).person_id for name in ("manager", "supervisor")}
    goes = {"nominal_id": moved, "to_unit": hull, "reason": "He moves there in summer."}
    transfer = UUID(records.run("transfers.request", again(owner), **goes)["id"])
    records.run("transfers.agree", there, transfer_id=transfer, **people)

    assert refusal(records, "merging.agree", opened(records, cora, cast.nominal), **given).code == "R34"
    assert records.rows("SELECT state FROM merge") == [("withdrawn",)]
    assert told(records, "records.merge.withdrawn") == [("cpc", "Cora Cpc")]
    assert told(records, "records.merge.refused") == [("cpc", "Colin Cpc")]
    page = records.ask("merging.read", again(cast.cpc), **given)
    assert "Propose the merge anew" in page["answer"]
    assert {row.status for row in records.rows("SELECT status FROM nominal")} == {"live"}


@pytest.mark.clause("PF-4.16m")
def test_who_acts_for_both_cpcs_does_not_agree_to_their_own_proposal(
    records: World, cast: Cast, elsewhere: tuple[Principal, UUID]
) -> None:
    """Whoever proposed it when only one area was theirs."""
    _, nominal = elsewhere
    colin = opened(records, cast.cpc, nominal)
    asked = {"nominal_id": cast.nominal, "other_id": nominal, "reason": WHY}
    given = {"merge_id": UUID(records.run("merging.merge", colin, **asked)["id"])}
    both = replace(again(cast.cpc), deputy_for=frozenset({SOUTH_YORKSHIRE}))
    assert refusal(records, "merging.agree", both, **given).code == "R23"


def test_the_other_cpc_refuses_or_it_is_withdrawn(
    records: World, cast: Cast, elsewhere: tuple[Principal, UUID]
) -> None:
    cora, nominal = elsewhere
    colin = opened(records, cast.cpc, nominal)
    asked = {"nominal_id": cast.nominal, "other_id": nominal, "reason": WHY}
    first = {"merge_id": UUID(records.run("merging.merge", colin, **asked)["id"])}
    text = "No, ours is his cousin, as the file says."
    assert refusal(records, "merging.refuse", colin, **first, text=text).code == "R11"
    assert refusal(records, "merging.withdraw", again(cora), **first, text=text).code == "R11"
    records.run("merging.refuse", again(cora), **first, text=text, not_same=True)
    assert told(records, "records.merge.refused") == [("cpc", "Colin Cpc")]
    offered = records.ask("merging.of_nominal", again(cast.cpc), nominal_id=cast.nominal)["offered"]
    assert offered == []
    second = {"merge_id": UUID(records.run("merging.merge", colin, **asked)["id"])}
    records.run("merging.withdraw", colin, **second, text=text)
    assert told(records, "records.merge.withdrawn") == [("cpc", "Cora Cpc")]


def test_who_may_not(records: World, cast: Cast, other: UUID) -> None:
    asked = {"nominal_id": cast.nominal, "other_id": other, "reason": WHY}
    for who, code in (
        (cast.manager, "R11"),
        (cast.lpc, "R11"),
        (cast.stranger, "R11"),
        (cast.prison_cpc, "R30"),
        (cast.admin, "R11"),
    ):
        assert refusal(records, "merging.merge", who, **asked).code == code
    done = merge(records, cast, other)
    for who, code in ((cast.manager, "R11"), (cast.prison_cpc, "R30")):
        assert refusal(records, "merging.undo", who, merge_id=done, reason=UNDO).code == code
        assert refusal(records, "merging.read", who, merge_id=done).code == code
    with pytest.raises(NotFound):
        merge(records, cast, cast.nominal)


@pytest.mark.clause("PF-4.16m")
def test_it_asks_for_a_recent_sign_in(records: World, cast: Cast, other: UUID) -> None:
    records.later(minutes=11)
    asked = {"nominal_id": cast.nominal, "other_id": other, "reason": WHY}
    assert refusal(records, "merging.merge", again(cast.cpc), **asked).code == "R31"


def test_what_stands_against_it(records: World, cast: Cast, other: UUID) -> None:
    request = {"nominal_id": other, "to_unit": SHEFFIELD, "reason": "He moves there in summer."}
    transfer = UUID(records.run("transfers.request", again(cast.cpc), **request)["id"])
    asked = {"nominal_id": cast.nominal, "other_id": other, "reason": WHY}
    no = refusal(records, "merging.merge", again(cast.cpc), **asked)
    assert (no.code, "transfer" in no.message) == ("R29", True)
    records.run("transfers.withdraw", again(cast.cpc), transfer_id=transfer, text="He stays here.")
    wish = {"nominal_id": other, "whom": "me", "reason": "I manage his brother."}
    waits = UUID(records.run("partnership.request", cast.stranger, **wish)["id"])
    no = refusal(records, "merging.merge", again(cast.cpc), **asked)
    assert (no.code, "request for partnership" in no.message) == ("R29", True)
    answer = {"nominal_id": other, "request_id": waits, "answer": "Ask for the other record."}
    records.run("partnership.refuse", again(cast.cpc), **answer)
    merge(records, cast, other)
    assert refusal(records, "merging.merge", again(cast.cpc), **asked).code == "R51"


def test_a_live_record_does_not_go_into_an_archived_one(records: World, cast: Cast) -> None:
    old = records.nominal(surname="Old", status="archived")
    asked = {"nominal_id": old, "other_id": cast.nominal, "reason": WHY}
    assert refusal(records, "merging.merge", again(cast.cpc), **asked).code == "R27"
    merge(records, cast, old)


def test_limited_access_outlasts_the_merge(records: World, cast: Cast, other: UUID) -> None:
    limit = {
        "nominal_id": other,
        "reason": "His aunt works here in the office.",
        "review_on": date(2026, 6, 1),
    }
    records.run("limited_access.set", again(cast.cpc), **limit, people=[cast.manager.person_id])
    done = merge(records, cast, other)
    assert refusal(records, "nominals.summary", again(cast.partner), nominal_id=cast.nominal).code == "R15"
    summary(records, cast.manager, cast.nominal)
    end = {"nominal_id": cast.nominal, "reason": "She has left the office in spring."}
    records.run("merging.undo", again(cast.cpc), merge_id=done, reason=UNDO)
    summary(records, cast.partner, cast.nominal)
    records.run("limited_access.end", again(cast.cpc), **end | {"nominal_id": other})


# ---- Two at once. ----


def test_two_who_merge_at_one_moment(records: World, cast: Cast, other: UUID) -> None:
    asked = {"nominal_id": cast.nominal, "other_id": other, "reason": WHY}
    crosswise = {"nominal_id": other, "other_id": cast.nominal, "reason": WHY}
    results = at_once(
        lambda: records.run("merging.merge", again(cast.cpc), **asked),
        lambda: records.run("merging.merge", again(cast.cpc), **crosswise),
    )
    assert codes(results) == ["R51", "done"]
    assert len(records.events(MERGED)) == 1
    [merge_id] = [UUID(one["id"]) for one in results if isinstance(one, dict)]
    undo = {"merge_id": merge_id, "reason": UNDO}
    undone = at_once(*[lambda: records.run("merging.undo", again(cast.cpc), **undo)] * 2)
    assert codes(undone) == ["R34", "done"]
    assert len(records.events(UNMERGED)) == 1


@pytest.mark.parametrize(
    ("other_act", "states"),
    [
        ("merging.agree", {("merged", "merged")}),
        ("merging.refuse", {("merged", "merged"), ("refused", "live")}),
        ("merging.withdraw", {("merged", "merged"), ("withdrawn", "live")}),
    ],
)
def test_two_who_answer_at_one_moment(
    records: World,
    cast: Cast,
    elsewhere: tuple[Principal, UUID],
    other_act: str,
    states: set[tuple[str, str]],
) -> None:
    cora, nominal = elsewhere
    colin = opened(records, cast.cpc, nominal)
    asked = {"nominal_id": cast.nominal, "other_id": nominal, "reason": WHY}
    given = {"merge_id": UUID(records.run("merging.merge", colin, **asked)["id"])}
    cora = opened(records, cora, cast.nominal)
    who = colin if other_act == "merging.withdraw" else cora
    why = {} if other_act == "merging.agree" else {"text": "It was the wrong one, sorry."}
    results = at_once(
        lambda: records.run("merging.agree", cora, **given),
        lambda: records.run(other_act, who, **given, **why),
    )
    assert codes(results) == ["R34", "done"]
    [(state, status)] = records.rows(
        "SELECT state, status FROM merge JOIN nominal ON nominal.id = gone_id WHERE gone_id = :id", id=nominal
    )
    assert (state, status) in states
    assert len(records.events(MERGED)) == (state == "merged")


def test_somebody_writes_as_it_is_merged(records: World, cast: Cast, other: UUID) -> None:
    """Written before, it goes along; after, whoever writes is led to the other record. Nothing is left behind."""
    results = at_once(
        lambda: merge(records, cast, other),
        *[lambda: write(records, again(cast.manager), other, "Seen at home.")] * 3,
    )
    assert isinstance(results[0], UUID)
    done = results[1:].count(None)
    assert set(codes([one for one in results[1:] if one is not None])) <= {"R34", "R51"}
    assert log(records, cast.manager, cast.nominal) == ["Seen at home."] * done
    assert records.rows("SELECT DISTINCT nominal_id FROM activity_entry") == [(cast.nominal,)] * bool(done)


# ---- Pages. ----


@pytest.mark.clause("PF-4.16m")
def test_the_pages(records: World, cast: Cast, other: UUID, web: Callable[[Principal], Web]) -> None:
    colin = web(cast.cpc)
    base = f"/nominals/{cast.nominal}/merges"
    assert "Duplicates and merges" in colin.get(f"/nominals/{cast.nominal}").text
    shown = colin.get(base).text
    assert "Darren Exampel" in shown
    number = records.rows(NUMBER, id=other)[0][0]
    page = colin.get(f"{base}/{other}").text
    assert f"Keep {number}" in page
    assert "7 Elm Row, Leeds" in page
    form = colin.get(f"{base}/{other}/new").text
    assert "7 Elm Row, Leeds (goes)" in form
    short = colin.fill(f"{base}/{other}/new", reason="Short.")
    assert short.status_code == 422
    assert (
        "7 Elm Row, Leeds (goes)" in short.text
    )  # the choices again; what the records say is for who was let in only
    typed = dict(HIDDEN.findall(form)) | {"reason": "Short."}
    barred = web(cast.stranger).http.post(f"/records{base}/{other}/new", data=typed)
    assert barred.status_code == 403
    assert "7 Elm Row" not in barred.text
    sent = colin.fill(f"{base}/{other}/new", address="gone", reason=WHY)
    assert sent.status_code == 303
    place = sent.headers["Location"].removeprefix("/records").partition("?")[0]
    assert "Undo the merge" in colin.get(place).text
    undoing = colin.get(f"{place}/undoing/new").text
    assert "belongs to the record that comes back" not in undoing  # there is nothing to choose from
    write(records, cast.manager, cast.nominal, "Seen at work.")
    undoing = colin.get(f"{place}/undoing/new").text
    assert "belongs to the record that comes back" in undoing
    assert "Activity log, information, 1 April 2026" in undoing
    assert number in colin.get("/merges").text
    assert colin.fill(f"{place}/undoing/new", reason=UNDO).status_code == 303
    assert "Undone" in colin.get(place).text
    assert "Two people" in colin.get(f"{base}/{other}").text
    assert colin.fill(f"{base}/{other}/not-same/new", reason=UNDO).status_code == 303
