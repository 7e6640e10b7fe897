"""A record is found ready, archived, read and not written, and brought back (PF-4.16g, PF-4.16h, SC-17.12)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, timedelta
from threading import Thread
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.records.archiving.jobs import ask_for_reviews, end_partnerships, look_for_ready
from services.records.service import service
from shared.access.principal import Principal
from shared.refusals import Invalid, Refusal
from tests.servers.records import LEEDS, NOW, WEST_YORKSHIRE, World, again
from tests.services.records.conftest import Cast, Web, at_once, codes, refusal, told
from tests.services.records.test_custody_messages import hear, message
from tests.services.records.test_imminent_risk import raise_risk

TODAY = NOW.date()
READY, ARCHIVED = "records.archive.ready", "records.nominal.archived"
WHY = "Nobody has to do with this person any more."
BACK = "He was sentenced again, and is managed from next week."


def tick(world: World, *jobs: Callable[[Any], int]) -> list[int]:
    counts = []
    for job in jobs:
        with world.runtime.system_work("test.tick") as work:
            counts.append(job(work))
    return counts


def deregister(world: World, cast: Cast) -> None:
    given = {"deregistered_on": TODAY, "reason": "The panel ended the management at level 2."}
    world.run("nominals.deregister", cast.manager, nominal_id=cast.nominal, **given)


def add(world: World, who: Principal, nominal: UUID, folder: str, **values: Any) -> UUID:
    about = {"source": "visit", "source_date": TODAY}
    given = {"nominal_id": nominal, **about, **values}
    return UUID(world.run(f"attachments.add.{folder}", who, **given)["id"])


def add_licence(world: World, who: Principal, nominal: UUID, ends: date | None) -> UUID:
    given = {"sentence_type": "determinate", "sentence_date": date(2024, 1, 2), "status": "on licence"}
    return add(world, who, nominal, "sentences_licences", licence_or_order_end=ends, **given)


def terminated(world: World, nominal: UUID) -> None:
    """The termination OASys is there: R10 signed off, and its R11."""
    with world.engine.begin() as connection:
        for kind, last in (("assessment", True), ("plan", False)):
            connection.exec_driver_sql(
                "WITH entry AS (INSERT INTO attachment_entry (id, nominal_id, origin_nominal_id, folder, state, version,"
                " grading, entered_by, entered_at, agency, unit, changed_at) VALUES (gen_random_uuid(), %(n)s, %(n)s,"
                " 'risk_assessment', 'current', 1, 'open', %(n)s, now(), 'probation-service', %(u)s, now())"
                " RETURNING id) INSERT INTO risk_assessment (id, entry_id, nominal_id, origin_nominal_id, kind, level,"
                " assessed_on, termination, state, round_id, added_by, added_at) SELECT gen_random_uuid(), id, %(n)s,"
                " %(n)s, %(k)s, CASE WHEN %(t)s THEN 'low' END, %(d)s, %(t)s, 'signed_off', gen_random_uuid(), %(n)s, now() FROM entry",
                {"n": nominal, "k": kind, "d": TODAY, "t": last, "u": LEEDS},
            )


def archive(world: World, cast: Cast, **given: Any) -> Any:
    terminated(world, cast.nominal)
    deregister(world, cast)
    return world.run(
        "archiving.archive", cast.cpc, nominal_id=cast.nominal, **({"ground": "deregistered"} | given)
    )


def allocated(cast: Cast, **given: Any) -> dict[str, Any]:
    named = {"manager_id": cast.manager.person_id, "supervisor_id": cast.supervisor.person_id}
    return {"nominal_id": cast.nominal, "reason": BACK} | named | given


@pytest.mark.clause("PF-4.16g", "PF-4.15.4", "SC-17.12.1", "PF-4.28.4")
def test_a_record_is_archived_after_what_stood_against_it_is_put_right(records: World, cast: Cast) -> None:
    given = {"nominal_id": cast.nominal, "ground": "deregistered"}
    no = refusal(records, "archiving.archive", cast.cpc, **given | {"ground": "other", "reason": WHY})
    assert no.code == "R21"
    terminated(records, cast.nominal)
    no = refusal(records, "archiving.archive", cast.cpc, **given | {"ground": "other", "reason": WHY})
    assert (no.code, "managed at level 2" in no.message) == ("R29", True)
    deregister(records, cast)
    [(ready, _)] = records.events(READY)
    done = records.run("archiving.archive", cast.cpc, **given)
    assert (done["status"], done["partnerships_end_on"]) == ("archived", "2026-04-29")
    [(fact, _)] = records.events(ARCHIVED)
    deregistered = records.events("records.nominal.deregistered")[0][0]["deregistration_id"]
    assert (fact["ready_id"], fact["deregistration_id"]) == (ready["ready_id"], deregistered)
    assert told(records, ARCHIVED) == [("manager", "Mary Manager"), ("supervisor", "Sue Supervisor")]
    assert refusal(records, "archiving.archive", cast.cpc, **given).code == "R27"
    history = records.ask("nominals.history", again(cast.manager), nominal_id=cast.nominal)
    assert history["changes"][0]["act"] == "archived"


@pytest.mark.clause("PF-7/To do list.3", "SC-17.13.1")
def test_the_end_of_a_licence_makes_a_record_ready_on_its_day(records: World) -> None:
    mary = records.person(LEEDS, "manager", "partner", name="Mary Manager")
    records.person(WEST_YORKSHIRE, "cpc", name="Colin Cpc")
    nominal = records.nominal(manager_id=mary.person_id, level=1)
    add_licence(records, mary, nominal, TODAY + timedelta(days=3))
    records.later(days=2)
    assert tick(records, look_for_ready) == [0]
    records.later(days=1)
    assert tick(records, look_for_ready, look_for_ready) == [1, 0]
    assert told(records, READY) == [("cpc", "Colin Cpc"), ("manager", "Mary Manager")]
    [(fact, _)] = records.events(READY)
    assert (fact["ground"], fact["since"]) == ("supervision_ended", "2026-04-04")
    add_licence(records, mary, nominal, None)  # another sentence: managed on
    assert len(records.events("records.archive.not_ready")) == 1


def test_two_ticks_at_one_moment_tell_once(records: World) -> None:
    mary = records.person(LEEDS, "manager", "partner", name="Mary Manager")
    nominal = records.nominal(manager_id=mary.person_id, level=1)
    add_licence(records, mary, nominal, TODAY + timedelta(days=1))
    records.later(days=2)
    at_once(*[lambda: tick(records, look_for_ready)] * 2)
    assert len(records.events(READY)) == 1


@pytest.mark.clause("PF-7/To do list.3")
def test_a_death_makes_a_record_ready_and_can_be_taken_back(records: World, cast: Cast) -> None:
    died = {"nominal_id": cast.nominal, "died_on": TODAY, "source": "Death certificate, seen by the manager."}
    for day in (TODAY + timedelta(days=1), date(1979, 4, 2)):
        with pytest.raises(Invalid):
            records.run("archiving.note_death", cast.manager, **died | {"died_on": day})
    records.run("archiving.note_death", cast.manager, **died)
    assert records.events(READY)[-1][0]["ground"] == "died"
    assert refusal(records, "archiving.note_death", cast.manager, **died).code == "R34"
    wrong = {"nominal_id": cast.nominal, "reason": "It was somebody of the same name."}
    records.run("archiving.withdraw_death", cast.manager, **wrong)
    assert len(records.events("records.archive.not_ready")) == 1
    [(sealed,)] = records.rows("SELECT count(*) FROM death")
    assert sealed == 0


def test_who_died_is_archived_without_oasys(records: World, cast: Cast) -> None:
    died = {"nominal_id": cast.nominal, "died_on": TODAY, "source": "Death certificate, seen by the manager."}
    records.run("archiving.note_death", cast.manager, **died)
    records.run("archiving.archive", cast.cpc, nominal_id=cast.nominal, ground="died")


def test_a_ground_must_be_shown_and_another_explained(records: World, cast: Cast) -> None:
    terminated(records, cast.nominal)
    deregister(records, cast)
    for given in ({"ground": "died"}, {"ground": "other", "reason": "Short."}, {"ground": "other"}):
        with pytest.raises(Invalid):
            records.run("archiving.archive", cast.cpc, nominal_id=cast.nominal, **given)
    records.run("archiving.archive", cast.cpc, nominal_id=cast.nominal, ground="other", reason=WHY)


# Acts that an archived record allows, or that begin elsewhere than with the record.
NOT_WRITES = {
    "access.open": "reads",
    "archiving.unarchive": "brings it back",
    "conflicts.declare": "closes it to oneself",
    "conflicts.end": "opens it again to who declared it",
    "imminent_risk.acknowledge": "none is open on an archived record",
    "rotl.check": "a prison checks before any temporary release, of an archived record too (PF-5.23.1)",
}
_ALLOWED = ("limited_access.", "printing.", "retention.", "deletion.", "merging.", "attachments.reveal")


@pytest.mark.clause("SC-17.12.2", "PF-4.16h")
def test_nobody_writes_in_an_archived_record(records: World, cast: Cast) -> None:
    """Every command on a nominal is refused with R27, to its CPC too, before it looks at what was typed."""
    archive(records, cast)
    commands = [
        one
        for one in service.declarations.commands.values()
        if "<uuid:nominal_id>" in one.path
        and one.name not in NOT_WRITES
        and not one.name.startswith(_ALLOWED)
    ]
    assert len(commands) > 40
    wrong = [(one.name, said) for one in commands if (said := _said(records, cast, one)) != "R27"]
    assert wrong == []


def _said(world: World, cast: Cast, command: Any) -> str:
    names = inspect.signature(command.function).parameters
    given: dict[str, Any] = {name: None for name in names if name not in {"work", "nominal_id"}}
    if "folder" in given:
        given["folder"] = "vehicles"
    try:
        with world.runtime.work(cast.cpc, command.name) as work:
            command.function(work, nominal_id=cast.nominal, **given)
    except Refusal as refused:
        return refused.code
    except Exception as problem:  # noqa: BLE001 - the test shows it
        return repr(problem)
    return "done"


@pytest.mark.clause("SC-17.12.2")
@pytest.mark.parametrize(
    ("statement", "left"),
    [("UPDATE nominal SET status = 'archived' WHERE id = :id", 0), ("SELECT :id", 1)],
)
def test_an_entry_that_comes_as_the_record_is_archived(
    records: World, cast: Cast, statement: str, left: int
) -> None:
    """Its writer had read a live record: the entry waits for whoever holds it, and is refused if that archived it."""
    entry = {"nominal_id": cast.nominal, "kind": "risk", "text": "Seen near the school.", "for_attention": []}
    results: list[Any] = []
    with records.engine.begin() as holding:
        holding.execute(text("SELECT FROM nominal WHERE id = :id FOR UPDATE"), {"id": cast.nominal})
        writer = Thread(
            target=lambda: results.extend(
                at_once(lambda: records.run("activity_log.add", cast.manager, **entry))
            )
        )
        writer.start()
        while not records.rows("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            sleep(0.01)
        holding.execute(text(statement), {"id": cast.nominal})
    writer.join()
    assert codes(results) == (["done"] if left else ["R34"])
    assert records.rows("SELECT count(*) FROM activity_entry") == [(left,)]


@pytest.mark.clause("SC-17.12.2")
def test_an_archived_record_is_found_and_marked(records: World, cast: Cast) -> None:
    archive(records, cast)
    found = records.ask("search.nominals", cast.stranger, surname="Example", forename="Darren")
    assert [(line.archived, line.visor_number) for line in found.results] == [(True, "V10000001")]
    assert (
        records.ask("nominals.summary", again(cast.partner), nominal_id=cast.nominal)["status"] == "archived"
    )


@pytest.mark.clause("SC-17.12.2")
def test_another_system_writes_nothing_there_and_the_cpc_is_told(records: World, cast: Cast) -> None:
    archive(records, cast)
    for _ in range(2):
        assert hear(records, message(noms="A0002AA"))["outcome"] == "archived"
    assert records.rows("SELECT count(*) FROM custody_movement") == [(0,)]
    assert told(records, "records.archive.heard_of") == [("cpc", "Colin Cpc")]
    assert len({data["news_id"] for data, _ in records.events("records.archive.heard_of")}) == 1
    records.run("archiving.unarchive", cast.cpc, **allocated(cast))
    assert hear(records, message(noms="A0002AA"))["outcome"] == "taken"


@pytest.mark.clause("PF-4.16g")
def test_partnerships_end_after_the_days_of_policy(records: World, cast: Cast) -> None:
    archive(records, cast)
    ended = "records.partnership.removed"
    records.later(days=27)
    assert tick(records, end_partnerships) == [0]
    records.ask("nominals.summary", again(cast.partner), nominal_id=cast.nominal)
    records.later(days=1)
    assert at_once(*[lambda: tick(records, end_partnerships)] * 2).count([1]) == 1
    assert told(records, ended) == [("partner", "Paul Police")]
    assert len(records.events(ended)) == 1
    assert refusal(records, "nominals.summary", again(cast.partner), nominal_id=cast.nominal).code == "R13"


@pytest.mark.clause("PF-4.16h")
def test_a_record_comes_back_with_new_people_and_without_its_old_partners(records: World, cast: Cast) -> None:
    archive(records, cast)
    records.later(days=28)
    tick(records, end_partnerships)
    for who, code in ((cast.manager, "R11"), (cast.lpc, "R11"), (cast.prison_cpc, "R30")):
        assert refusal(records, "archiving.unarchive", who, **allocated(cast)).code == code
    for name in ("manager_id", "supervisor_id"):
        with pytest.raises(Invalid) as wrong:
            records.run("archiving.unarchive", cast.cpc, **allocated(cast, **{name: cast.partner.person_id}))
        assert set(wrong.value.errors) == {name}
    new = records.person(LEEDS, "manager", name="Nell New")
    records.run("archiving.unarchive", cast.cpc, **allocated(cast, manager_id=new.person_id))
    assert told(records, "records.nominal.unarchived") == [
        ("manager", "Nell New"),
        ("supervisor", "Sue Supervisor"),
    ]
    seen = records.ask("nominals.summary", again(new), nominal_id=cast.nominal)
    assert (seen["status"], seen["deregistered_on"]) == ("live", None)
    assert records.rows("SELECT count(*) FROM partnership WHERE ended_at IS NULL") == [(0,)]
    no = refusal(records, "archiving.unarchive", cast.cpc, **allocated(cast))
    assert no.code == "R34"


@pytest.mark.clause("PF-4.16l.2", "PF-4.16h")
def test_nobody_is_given_a_limited_record_who_is_not_on_its_list(records: World, cast: Cast) -> None:
    archive(records, cast)
    limit = {"reason": "His aunt works here in the office.", "review_on": date(2026, 6, 1)}
    people = [cast.manager.person_id, cast.supervisor.person_id]
    records.run("limited_access.set", again(cast.cpc), nominal_id=cast.nominal, **limit, people=people)
    new = records.person(LEEDS, "manager", name="Nell New")
    with pytest.raises(Invalid) as wrong:
        records.run("archiving.unarchive", again(cast.cpc), **allocated(cast, manager_id=new.person_id))
    assert set(wrong.value.errors) == {"manager_id"}
    records.run("archiving.unarchive", again(cast.cpc), **allocated(cast))


@pytest.mark.clause("PF-4.16g")
def test_nothing_stays_open_in_a_record_that_nobody_writes_in(records: World, cast: Cast) -> None:
    terminated(records, cast.nominal)
    wish = {"nominal_id": cast.nominal, "whom": "me", "reason": "I manage his brother."}
    records.run("partnership.request", cast.stranger, **wish)
    raise_risk(records, cast.partner, cast)
    deregister(records, cast)
    no = refusal(records, "archiving.archive", cast.cpc, nominal_id=cast.nominal, ground="deregistered")
    assert no.code == "R29"
    for what in ("an imminent risk is not stood down", "1 partnership request to be answered"):
        assert what in no.message


def test_two_who_archive_or_bring_back_at_one_moment(records: World, cast: Cast) -> None:
    terminated(records, cast.nominal)
    deregister(records, cast)
    given = {"nominal_id": cast.nominal, "ground": "deregistered"}
    results = at_once(*[lambda: records.run("archiving.archive", again(cast.cpc), **given)] * 2)
    assert codes(results) == ["R27", "done"]
    assert len(records.events(ARCHIVED)) == 1
    back = at_once(*[lambda: records.run("archiving.unarchive", again(cast.cpc), **allocated(cast))] * 2)
    assert codes(back) == ["R34", "done"]
    assert len(records.events("records.nominal.unarchived")) == 1


def test_bringing_back_as_the_partnerships_end(records: World, cast: Cast) -> None:
    """Of the two one comes first, and the record ends live either way."""
    archive(records, cast)
    records.later(days=28)
    results = at_once(
        lambda: records.run("archiving.unarchive", again(cast.cpc), **allocated(cast)),
        lambda: tick(records, end_partnerships),
    )
    assert [one for one in results if isinstance(one, Exception)] == []
    [(status,)] = records.rows("SELECT status FROM nominal WHERE id = :id", id=cast.nominal)
    [(ended, partners)] = records.rows(
        "SELECT (SELECT partnerships_ended_at IS NOT NULL FROM archiving),"
        " (SELECT count(*) FROM partnership WHERE ended_at IS NULL)"
    )
    assert (status, partners) == ("live", 0 if ended else 1)


@pytest.mark.clause("PF-4.16c")
def test_the_archive_of_an_area_is_looked_through_once_a_year(records: World, cast: Cast) -> None:
    archive(records, cast)
    listed = records.ask("archiving.list", cast.cpc, unit="")
    assert [line["visor_number"] for line in listed["records"]] == ["V10000001"]
    assert (listed["archived"], listed["review_due_on"]) == (1, date(2027, 4, 1))
    for who, code in ((cast.manager, "R11"), (cast.prison_cpc, "R30")):
        assert refusal(records, "archiving.list", who, unit=WEST_YORKSHIRE).code == code
        assert refusal(records, "archiving.review", who, unit=WEST_YORKSHIRE).code == code
    records.later(days=364)
    assert tick(records, ask_for_reviews) == [0]
    records.later(days=1)
    assert tick(records, ask_for_reviews, ask_for_reviews) == [1, 0]
    assert told(records, "records.archive.review_due") == [("cpc", "Colin Cpc")]
    done = records.run("archiving.review", cast.cpc, unit=WEST_YORKSHIRE, note="All belong there.")
    assert (done["archived"], done["next_due_on"]) == (1, "2028-04-01")


@pytest.mark.clause("PF-4.16c")
def test_two_who_note_the_yearly_look_at_one_moment(records: World, cast: Cast) -> None:
    archive(records, cast)
    deputy = records.person(LEEDS, "lpc", name="Dep Uty", deputy_for=(WEST_YORKSHIRE,))
    results = at_once(
        *[
            lambda who=who: records.run("archiving.review", again(who), unit=WEST_YORKSHIRE, note="")
            for who in (cast.cpc, deputy)
        ]
    )
    assert codes(results) == ["R34", "done"]
    assert len(records.events("records.archive.reviewed")) == 1
    reviews = "SELECT reviewed_at IS NULL FROM archive_review ORDER BY due_on, id"
    assert records.rows(reviews) == [(False,), (True,)]


@pytest.mark.clause("PF-4.16c")
def test_the_first_two_of_an_archive_begin_its_years_once(records: World, cast: Cast) -> None:
    two = [records.nominal(level=None, category="3", surname=name) for name in ("One", "Two")]
    given = {"ground": "other", "reason": WHY}
    for one in two:
        terminated(records, one)
    results = at_once(
        *[
            lambda one=one: records.run("archiving.archive", again(cast.cpc), nominal_id=one, **given)
            for one in two
        ]
    )
    assert codes(results) == ["done", "done"]
    assert records.rows("SELECT count(*) FROM archive_review") == [(1,)]


@pytest.mark.clause("PF-4.16c")
def test_the_report_of_the_archive(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    deregister(records, cast)
    other = records.nominal(surname="Elsewhere", owner_unit="area-52", managing_unit="pdu-N55SHF")
    page = web(cast.cpc).get("/reports/rpt-14?show=ready").text
    assert "Ready to archive: most in Leeds (1)" in page
    assert str(other) not in page
    terminated(records, cast.nominal)
    records.run("archiving.archive", cast.cpc, nominal_id=cast.nominal, ground="deregistered")
    archived = web(cast.cpc).get("/reports/rpt-14?show=archived").text
    assert "V10000001" in archived
    assert "Archived: most in Leeds (1)" in archived
    assert "V10000001" not in web(cast.cpc).get("/reports/rpt-14?show=ready").text


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    base = f"/nominals/{cast.nominal}"
    colin, mary = web(cast.cpc), web(cast.manager)
    page = colin.get(f"{base}/archive").text
    assert "termination assessment (R10)" in page
    assert "Deregister first" in page
    deregister(records, cast)
    terminated(records, cast.nominal)
    assert "Archive this record" in colin.get(f"{base}/archive").text
    assert "Archive this record" not in mary.get(f"{base}/archive").text
    assert mary.get(f"{base}/archive/new").status_code == 403
    bad = colin.fill(f"{base}/archive/new", ground="died", reason="")
    assert "The record does not show this" in bad.text
    assert colin.fill(f"{base}/archive/new", ground="deregistered", reason="").status_code == 303
    assert "Nobody writes in this record" in colin.get(base).text
    assert "Bring the record back" in colin.get(f"{base}/archive").text
    assert "Archived" in colin.get("/archive").text
    assert colin.fill(f"/archive/{WEST_YORKSHIRE}/review/new", note="").status_code == 303
    back = allocated(cast)
    typed = {name: str(back[name]) for name in ("manager_id", "supervisor_id", "reason")}
    assert colin.fill(f"{base}/archive/end", **typed).status_code == 303
    shown = colin.get(f"{base}/archive").text
    assert "Archived before" in shown
    assert BACK in shown


def test_an_open_transfer_stands_against_it(records: World, cast: Cast) -> None:
    terminated(records, cast.nominal)
    deregister(records, cast)
    records.run(
        "transfers.request",
        cast.cpc,
        nominal_id=cast.nominal,
        to_unit="pdu-N55SHF",
        reason="He moves there soon.",
    )
    no = refusal(records, "archiving.archive", cast.cpc, nominal_id=cast.nominal, ground="deregistered")
    assert (no.code, "transfer" in no.message) == ("R29", True)
