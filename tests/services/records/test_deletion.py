"""A record is deleted by two people, on a ground, and nothing of it is left but a tombstone (PF-4.16i)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.records.deletion.jobs import TASK, destroy_keys
from services.records.deletion.rules import CHECKLIST
from services.records.retention.jobs import ask_for_reviews
from shared.access.principal import Principal
from shared.ids import new_id
from shared.keys import KeyDestroyed
from shared.refusals import Invalid, NotFound
from tests.rules.test_office_files import document
from tests.servers.records import LEEDS, NOW, WEST_YORKSHIRE, World, again
from tests.services.records.conftest import Cast, Web, at_once, codes, feed, refusal, told
from tests.services.records.test_attachment_files import (
    DOWNLOAD,
    LIST,
    PICTURE,
    attach,
    body,
    photograph,
    work_off,
)
from tests.services.records.test_attachment_files import ask as ask_of
from tests.services.records.test_custody_messages import hear, message
from tests.services.records.test_imminent_risk import act, raise_risk

TODAY = NOW.date()
SAME = "The same fingerprints were taken twice."
WHY = "The court found that he was entered by mistake for somebody else."
DELETED = "records.nominal.deleted"


@pytest.fixture
def head(records: World) -> Principal:
    return records.person(WEST_YORKSHIRE, "admin", roles=("head_of_public_protection",), name="Hal Head")


def ask(world: World, cast: Cast, **given: Any) -> UUID:
    asked = {"nominal_id": cast.nominal, "ground": "unlawful", "checked": list(CHECKLIST), "reason": WHY}
    return UUID(world.run("deletion.request", again(cast.cpc), **asked | given)["id"])


def run_task(world: World) -> None:
    rows = world.rows("SELECT payload FROM task WHERE name = :name", name=TASK)
    for row in rows:
        with world.runtime.system_work("test.task") as work:
            destroy_keys(work, row.payload)


def found_anywhere(world: World, *needles: str) -> list[str]:
    """Every column of every table that holds one of these, whatever its type: nothing personal may be left."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'directory%'"
    likes = [f"%{needle}%" for needle in needles]
    hits = set()
    for (table,) in world.rows(tables):
        held = f'SELECT to_jsonb(held) FROM "{table}" held WHERE held::text ILIKE ANY(:likes)'
        for (row,) in world.rows(held, likes=likes):
            hits |= {
                f"{table}.{column}: {needle}"
                for column, value in row.items()
                for needle in needles
                if needle.lower() in str(value).lower()
            }
    return sorted(hits)


@pytest.mark.clause("PF-4.16i.1", "PF-4.16i.3")
def test_a_record_is_deleted_by_two_people(records: World, cast: Cast, head: Principal) -> None:
    entry = {"nominal_id": cast.nominal, "kind": "risk", "text": "Seen near the school.", "for_attention": []}
    records.run("activity_log.add", cast.manager, **entry)
    request = ask(records, cast)
    assert told(records, "records.deletion.requested") == [("head_of_public_protection", "Hal Head")]
    given = {"request_id": request}
    assert refusal(records, "deletion.approve", again(cast.cpc), **given).code == "R23"
    done = records.run("deletion.approve", head, **given)
    assert done["visor_number"] == "V10000001"
    assert records.rows("SELECT count(*) FROM nominal") == [(0,)]
    with pytest.raises(NotFound):
        records.ask("nominals.summary", again(cast.cpc), nominal_id=cast.nominal)
    assert {copy["agency"] for copy in records.events(DELETED)[-1][1]} == {"police-13", "probation-service"}
    run_task(records)
    with pytest.raises(KeyDestroyed):
        records.runtime.keys.for_nominal(cast.nominal)
    [stone] = records.rows("SELECT * FROM tombstone")
    assert (stone.record_id, stone.ground, stone.requested_by, stone.approved_by) == (
        cast.nominal,
        "unlawful",
        cast.cpc.person_id,
        head.person_id,
    )
    assert stone.keys_destroyed_at is not None
    assert stone.rows > 5


def came_before(world: World, cast: Cast, nominal: UUID) -> None:
    """What other systems told of the person, two referrals, and an answer that is kept for a form sent twice."""
    assert hear(world, message(nomsNumber="A7777ZZ"))["outcome"] == "taken"
    nothing = world.run(
        "partnership.hear_supervision", feed("integration.ndelius"), crn="K493765", unit=LEEDS
    )
    assert nothing["outcome"] == "own"
    for surname, status in (("Quillfeather", "closed"), ("Somebody", "open")):
        given = {"id": new_id(), "surname": surname, "status": status, "by": cast.cpc.person_id, "at": NOW}
        with world.engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO referral (id, category, statutory_supervision, registered_on, unit, owner_unit,"
                " jurisdiction, forenames, surname, date_of_birth, sex, crn, status, registered_by, registered_at)"
                " VALUES (%(id)s, '2', false, %(at)s, 'pdu-N55LEE', 'area-53', 'ENG', '', %(surname)s, '1979-04-03',"
                " 'male', 'K493765', %(status)s, %(by)s, %(at)s)",
                given,
            )
    command = world.runtime.service.declarations.commands["activity_log.add"]
    entry = {"nominal_id": nominal, "kind": "information", "text": "Seen at work."}
    world.runtime.run(command, cast.manager, entry, once_key="k")


@pytest.mark.clause("PF-4.16i.1")
def test_nothing_of_the_person_is_left(records: World, cast: Cast, head: Principal) -> None:
    quiet = records.nominal(
        forenames="Zbigniew",
        surname="Quillfeather",
        aliases=("Ziggy Featherquill",),
        numbers={"noms": "A7777ZZ", "pnc": "06/341178L", "crn": "K493765"},
        address="7 Elm Row, Leeds",
        manager_id=cast.manager.person_id,
        partners=(cast.partner,),
    )
    telecom = {"telecom_type": "mobile", "number_or_address": "07700 900123", "known_to_be_shared": False}
    about = {"from_date": TODAY, "status": "current", "source": "visit", "source_date": TODAY}
    records.run("attachments.add.telecoms", cast.manager, nominal_id=quiet, **telecom, **about)
    came_before(records, cast, quiet)
    needles = ("zbigniew", "quillfeather", "featherquill", "A7777ZZ", "341178", "elm row", "K493765")
    held = {one.partition(".")[0] for one in found_anywhere(records, *needles, str(quiet))}
    assert held >= {"incoming_message", "supervision", "referral", "once"}
    request = ask(records, cast, nominal_id=quiet)
    records.run("deletion.approve", head, request_id=request)
    # The open referral asks for another record, and stays.
    assert found_anywhere(records, *needles) == ["referral.crn: K493765"]
    named = {one.partition(".")[0] for one in found_anywhere(records, str(quiet))}
    assert named == {"aggregate_version", "audit_entry", "outbox", "tombstone"}
    assert records.rows("SELECT count(*) FROM search_key WHERE nominal_id = :id", id=quiet) == [(0,)]
    for asked in ({"surname": "Quillfeather"}, {"number": "A7777ZZ"}, {"telephone": "07700 900123"}):
        assert records.ask("search.nominals", cast.stranger, **asked).results == []
    # Of others nothing has gone: the manager's other record is as it was.
    assert records.ask("nominals.summary", again(cast.manager), nominal_id=cast.nominal)["name"]


@pytest.mark.clause("PF-4.16i.1")
def test_before_the_review_it_needs_another_ground(records: World, cast: Cast) -> None:
    no = refusal(
        records,
        "deletion.request",
        again(cast.cpc),
        nominal_id=cast.nominal,
        ground="retention_review",
        checked=list(CHECKLIST),
        reason=WHY,
    )
    assert (no.code, "3 April 2079" in no.message) == ("R22", True)


@pytest.mark.clause("PF-4.16i.2")
def test_the_whole_checklist_is_looked_at(records: World, cast: Cast) -> None:
    for checked in ([], list(CHECKLIST)[1:]):
        with pytest.raises(Invalid) as wrong:
            ask(records, cast, checked=checked)
        assert set(wrong.value.errors) == {"checked"}


@pytest.mark.clause("SC-17.12.4")
def test_a_review_that_ends_in_deletion(records: World, cast: Cast, head: Principal) -> None:
    old = records.nominal(surname="Old", date_of_birth=TODAY.replace(year=1926), status="archived")
    with records.runtime.system_work("test.tick") as work:
        assert ask_for_reviews(work) == 1
    request = ask(records, cast, nominal_id=old, ground="retention_review")
    with records.runtime.system_work("test.tick") as work:
        assert ask_for_reviews(work) == 0  # it is decided, though not carried out yet
    assert records.events("records.retention.reviewed")[-1][0]["outcome"] == "remove"
    for another in ("retention_review", "unlawful"):
        asked = {"nominal_id": old, "ground": another, "checked": list(CHECKLIST), "reason": WHY}
        no = refusal(records, "deletion.request", again(cast.cpc), **asked)
        assert (no.code, "asked already" in no.message) == ("R34", True)
    text = "His widow has asked for a copy first; wait for it."
    records.run("deletion.refuse", head, request_id=request, text=text)
    assert told(records, "records.deletion.refused") == [("requester", "Colin Cpc")]
    assert len(records.events("records.retention.due")) == 2  # the review waits again
    second = ask(records, cast, nominal_id=old, ground="retention_review")
    records.run("deletion.approve", head, request_id=second)
    assert records.rows("SELECT ground FROM tombstone") == [("retention_review",)]


def test_who_may_ask_and_who_may_decide(records: World, cast: Cast, head: Principal) -> None:
    asked = {"nominal_id": cast.nominal, "ground": "unlawful", "checked": list(CHECKLIST), "reason": WHY}
    for who, code in ((cast.manager, "R11"), (cast.lpc, "R11"), (cast.prison_cpc, "R30"), (head, "R11")):
        assert refusal(records, "deletion.request", who, **asked).code == code
    given = {"request_id": ask(records, cast)}
    elsewhere = records.person("area-52", "cpc", roles=("head_of_public_protection",), name="Other Head")
    for who, code in ((cast.manager, "R32"), (elsewhere, "R32"), (cast.prison_cpc, "R30")):
        assert refusal(records, "deletion.approve", who, **given).code == code
        assert refusal(records, "deletion.read", who, **given).code == code
    deputy = records.person(LEEDS, "lpc", "central_support", name="Dep Uty", deputy_for=(WEST_YORKSHIRE,))
    records.run("deletion.approve", deputy, **given)


def test_it_asks_for_a_recent_sign_in(records: World, cast: Cast, head: Principal) -> None:
    given = {"request_id": ask(records, cast)}
    records.later(minutes=11)
    assert refusal(records, "deletion.approve", head, **given).code == "R31"
    asked = {"nominal_id": cast.nominal, "ground": "unlawful", "checked": list(CHECKLIST), "reason": WHY}
    assert refusal(records, "deletion.request", again(cast.cpc), **asked).code == "R31"


def test_two_who_ask_or_agree_at_one_moment(records: World, cast: Cast, head: Principal) -> None:
    asked = {"nominal_id": cast.nominal, "ground": "unlawful", "checked": list(CHECKLIST), "reason": WHY}
    results = at_once(*[lambda: records.run("deletion.request", again(cast.cpc), **asked)] * 2)
    assert codes(results) == ["R34", "done"]
    [(request,)] = records.rows("SELECT id FROM deletion_request")
    agreed = at_once(*[lambda: records.run("deletion.approve", again(head), request_id=request)] * 2)
    assert [isinstance(one, dict) for one in agreed].count(True) == 1
    assert any(isinstance(one, NotFound) for one in agreed)
    assert len(records.events(DELETED)) == 1
    assert records.rows("SELECT count(*) FROM tombstone") == [(1,)]


def test_two_second_people_at_one_moment(records: World, cast: Cast, head: Principal) -> None:
    """One agrees as the other refuses: the record is gone, or the request is over."""
    officer = records.person(WEST_YORKSHIRE, "admin", roles=("data_protection_officer",), name="Dina Data")
    given = {"request_id": ask(records, cast)}
    results = at_once(
        lambda: records.run("deletion.approve", again(head), **given),
        lambda: records.run(
            "deletion.refuse", again(officer), **given, text="No, there is a public inquiry."
        ),
    )
    assert [isinstance(one, dict) for one in results].count(True) == 1
    [(left, stones, refused)] = records.rows(
        "SELECT (SELECT count(*) FROM nominal), (SELECT count(*) FROM tombstone),"
        " (SELECT count(*) FROM deletion_request WHERE state = 'refused')"
    )
    assert (left, stones, refused) in {(0, 1, 0), (1, 0, 1)}


def test_somebody_writes_as_it_is_deleted(records: World, cast: Cast, head: Principal) -> None:
    """Written before, it goes as well; after, there is nothing any more to write in."""
    given = {"request_id": ask(records, cast)}
    entry = {"nominal_id": cast.nominal, "kind": "risk", "text": "Seen near the school.", "for_attention": []}
    results = at_once(
        lambda: records.run("deletion.approve", again(head), **given),
        *[lambda: records.run("activity_log.add", again(cast.manager), **entry)] * 3,
    )
    assert isinstance(results[0], dict)
    written = [one for one in results[1:] if not isinstance(one, NotFound)]
    assert set(codes(written)) <= {"done", "R34"}
    assert records.rows("SELECT count(*) FROM activity_entry") == [(0,)]


def test_agreeing_as_it_is_withdrawn(records: World, cast: Cast, head: Principal) -> None:
    given = {"request_id": ask(records, cast)}
    results = at_once(
        lambda: records.run("deletion.approve", again(head), **given),
        lambda: records.run(
            "deletion.withdraw", again(cast.cpc), **given, text="It was the wrong one, sorry."
        ),
    )
    done = [one for one in results if isinstance(one, dict)]
    assert len(done) == 1
    [(left, stones)] = records.rows("SELECT (SELECT count(*) FROM nominal), (SELECT count(*) FROM tombstone)")
    assert (left, stones) in {(0, 1), (1, 0)}


@pytest.mark.clause("PF-4.16i.1", "PF-4.16m")
def test_no_record_is_merged_while_its_deletion_is_asked_for(records: World, cast: Cast) -> None:
    """Who asked meant one of the two: an approval would take both."""
    other = records.nominal(surname="Exampel", manager_id=cast.manager.person_id)
    request = ask(records, cast)
    for pair in ((cast.nominal, other), (other, cast.nominal)):
        two = dict(zip(("nominal_id", "other_id"), pair, strict=True))
        no = refusal(records, "merging.merge", again(cast.cpc), **two, reason=SAME)
        assert (no.code, "request to delete V10000001" in no.message) == ("R29", True)
    text = "It was the wrong one, sorry."
    records.run("deletion.withdraw", again(cast.cpc), request_id=request, text=text)
    records.run("merging.merge", again(cast.cpc), nominal_id=cast.nominal, other_id=other, reason=SAME)


def test_a_merge_is_undone_as_the_deletion_is_agreed(records: World, cast: Cast, head: Principal) -> None:
    """Both records go, or the one that came back stays, whole and readable."""
    other = records.nominal(surname="Exampel", manager_id=cast.manager.person_id)
    entry = {"nominal_id": other, "kind": "risk", "text": "Seen near the school.", "for_attention": []}
    records.run("activity_log.add", cast.manager, **entry)
    two = {"nominal_id": cast.nominal, "other_id": other, "reason": SAME}
    merge = UUID(records.run("merging.merge", again(cast.cpc), **two)["id"])
    request = ask(records, cast)
    results = at_once(
        lambda: records.run("deletion.approve", again(head), request_id=request),
        lambda: records.run("merging.undo", again(cast.cpc), merge_id=merge, reason=SAME),
    )
    assert isinstance(results[0], dict), results
    run_task(records)
    [(gone,)] = records.rows("SELECT record_ids FROM tombstone")
    if isinstance(results[1], dict):
        assert gone == [cast.nominal]
        log = records.ask("activity_log.read", again(cast.manager), nominal_id=other)
        assert [one.text for one in log["entries"]] == ["Seen near the school."]
    else:
        assert isinstance(results[1], NotFound)
        assert sorted(gone) == sorted([cast.nominal, other])
        assert records.rows("SELECT count(*) FROM nominal") == [(0,)]


def test_a_merge_as_somebody_asks_for_the_deletion(records: World, cast: Cast) -> None:
    other = records.nominal(surname="Exampel", manager_id=cast.manager.person_id)
    two = {"nominal_id": cast.nominal, "other_id": other, "reason": SAME}
    asked = {"nominal_id": other, "ground": "unlawful", "checked": list(CHECKLIST), "reason": WHY}
    results = at_once(
        lambda: records.run("merging.merge", again(cast.cpc), **two),
        lambda: records.run("deletion.request", again(cast.cpc), **asked),
    )
    assert codes(results) in (["R29", "done"], ["R51", "done"])
    [(merged, waiting)] = records.rows(
        "SELECT (SELECT count(*) FROM merge), (SELECT count(*) FROM deletion_request)"
    )
    assert (merged, waiting) in {(1, 0), (0, 1)}


@pytest.mark.clause("PF-4.16i.1")
def test_a_transfer_ends_what_the_old_owner_asked_for(records: World, cast: Cast, head: Principal) -> None:
    cora = records.person("area-52", "cpc", name="Cora Cpc")
    nell = records.person("pdu-N55SHF", "manager", "supervisor", name="Nell Manager")
    request = ask(records, cast)
    transfer = {"nominal_id": cast.nominal, "to_unit": "pdu-N55SHF", "reason": "He moves there in summer."}
    moving = UUID(records.run("transfers.request", again(cast.cpc), **transfer)["id"])
    people = {"manager_id": nell.person_id, "supervisor_id": nell.person_id}
    records.run("transfers.agree", cora, transfer_id=moving, **people)
    assert told(records, "records.deletion.withdrawn") == [("requester", "Colin Cpc")]
    no = refusal(records, "deletion.approve", head, request_id=request)
    assert (no.code, "withdrawn" in no.message) == ("R34", True)
    assert records.rows("SELECT count(*) FROM tombstone") == [(0,)]
    ask(records, replace(cast, cpc=cora))  # the new owner's CPC may ask anew


def test_what_was_merged_into_it_goes_too(records: World, cast: Cast, head: Principal) -> None:
    other = records.nominal(surname="Exampel", manager_id=cast.manager.person_id)
    merge = {
        "nominal_id": cast.nominal,
        "other_id": other,
        "reason": SAME,
    }
    records.run("merging.merge", again(cast.cpc), **merge)
    records.run("deletion.approve", head, request_id=ask(records, cast))
    assert records.rows("SELECT count(*) FROM nominal") == [(0,)]
    run_task(records)
    for one in (cast.nominal, other):
        with pytest.raises(KeyDestroyed):
            records.runtime.keys.for_nominal(one)
    assert len(records.events(DELETED)) == 2


def test_entries_that_an_undone_merge_gave_away_outlive_it(
    records: World, cast: Cast, head: Principal
) -> None:
    """They were sealed anew under the other record's key, files and pictures too."""
    other = records.nominal(
        surname="Exampel",
        manager_id=cast.manager.person_id,
        supervisor_id=cast.supervisor.person_id,
        partners=(cast.partner,),
    )
    merge = {
        "nominal_id": cast.nominal,
        "other_id": other,
        "reason": SAME,
    }
    done = UUID(records.run("merging.merge", again(cast.cpc), **merge)["id"])
    entry = {"nominal_id": cast.nominal, "kind": "risk", "text": "Seen near the school.", "for_attention": []}
    written = records.run("activity_log.add", cast.manager, **entry)["id"]
    shot = photograph(records, cast.partner, cast)
    attach(records, cast.partner, cast, shot, document(), "a.docx")
    work_off(records)
    given = [f"log:{written}", f"attachment:{shot['id']}"]
    undo = {"merge_id": done, "reason": "They are brothers after all.", "assign": given}
    records.run("merging.undo", again(cast.cpc), **undo)
    records.run("deletion.approve", head, request_id=ask(records, cast))
    run_task(records)

    theirs = replace(cast, nominal=other)
    log = records.ask("activity_log.read", again(cast.manager), nominal_id=other)
    assert [one.text for one in log["entries"]] == ["Seen near the school."]
    files = ask_of(records, LIST, cast.partner, theirs, shot)["files"]
    assert [one.description for one in files] == ["Photograph", "Taken at the station"]
    for one in files:
        assert body(ask_of(records, DOWNLOAD, cast.partner, theirs, shot, file_id=one.file_id))
    of = {"file_id": files[0].file_id, "number": 0}
    assert body(ask_of(records, PICTURE, cast.partner, theirs, shot, **of))
    held = records.rows("SELECT count(*) FROM stored_file WHERE nominal_id = :id", id=cast.nominal)
    assert held == [(0,)]


def test_the_pages(records: World, cast: Cast, head: Principal, web: Callable[[Principal], Web]) -> None:
    colin, hal = web(cast.cpc), web(head)
    base = f"/nominals/{cast.nominal}"
    assert "Ask for deletion" in colin.get(f"{base}/retention").text
    assert f'href="/records{base}/retention">Cancel' in colin.get(f"{base}/deletion/new").text
    bad = colin.fill(f"{base}/deletion/new", ground="unlawful", reason=WHY)
    assert "Look at this as well" in bad.text
    sent = colin.fill(f"{base}/deletion/new", ground="unlawful", checked=list(CHECKLIST), reason=WHY)
    assert sent.status_code == 303
    place = sent.headers["Location"].removeprefix("/records").partition("?")[0]
    assert "nobody agrees to their own request" in colin.get(place).text
    assert "V10000001" in hal.get("/deletions").text
    assert WHY in hal.get(place).text
    gone = hal.fill(f"{place}/approval/new")
    assert gone.status_code == 303
    assert "V10000001" in hal.get("/deletions?show=deleted").text
    report = colin.get("/reports/rpt-15").text
    assert "no lawful basis" in report
    assert f"Deleted: most in {NOW.year} (1)" in report
    assert colin.get(base).status_code == 404
    assert "Nothing waits" in hal.get("/deletions").text
    assert "No request was" in hal.get("/deletions?show=over").text


@pytest.mark.parametrize("what", ["transfer", "imminent risk"])
def test_a_deletion_must_be_in_time(records: World, cast: Cast, head: Principal, what: str) -> None:
    """What is open comes to its end first: before it is asked for, and before it is agreed to."""
    asked = {"nominal_id": cast.nominal, "ground": "unlawful", "checked": list(CHECKLIST), "reason": WHY}
    ends = begin(records, cast, what)
    no = refusal(records, "deletion.request", again(cast.cpc), **asked)
    assert (no.code, what in no.message) == ("R29", True)
    ends()
    request = ask(records, cast)
    ends = begin(records, cast, what)
    no = refusal(records, "deletion.approve", head, request_id=request)
    assert (no.code, what in no.message) == ("R29", True)
    ends()
    records.run("deletion.approve", head, request_id=request)


def begin(world: World, cast: Cast, what: str) -> Callable[[], object]:
    """What brings it to its end again."""
    if what == "imminent risk":
        risk = raise_risk(world, cast.partner, cast)
        over = "He was arrested this morning."
        return lambda: act(world, "stand_down", cast.cpc, cast, risk, reason=over)
    asked = {"nominal_id": cast.nominal, "to_unit": "pdu-N55SHF", "reason": "He moves there in summer."}
    transfer = UUID(world.run("transfers.request", again(cast.cpc), **asked)["id"])
    why = "He stays here after all."
    return lambda: world.run("transfers.withdraw", again(cast.cpc), transfer_id=transfer, text=why)
