"""Writing in the log, and reading it (PF-7/Activity Log)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from services.records.activity_log.models import Entry
from shared.access.principal import Principal
from shared.refusals import NotFound
from tests.servers.records import World
from tests.services.records.conftest import Cast, Web, agencies, at_once, refusal, statements, told

ADDED, ATTENTION = "records.activity.added", "records.activity.notify_manager"


def write(world: World, who: Principal, cast: Cast, **changes: Any) -> Any:
    given = {"nominal_id": cast.nominal, "kind": "contact", "text": "Seen at home.", "for_attention": []}
    return world.run("activity_log.add", who, **given | changes)


@pytest.mark.clause("PF-7/Activity Log.1", "PF-4.22")
def test_an_entry_is_on_the_log(records: World, cast: Cast) -> None:
    answer = write(records, cast.partner, cast, kind="level_1_review", text="  Reviewed.\nNo change.")
    assert answer["author_id"] == str(cast.partner.person_id)
    [entry] = records.ask("activity_log.read", cast.manager, nominal_id=cast.nominal)["entries"]
    assert (entry.kind, entry.text, entry.agency) == (
        "level_1_review",
        "  Reviewed.\nNo change.",
        "police-13",
    )
    assert agencies(records, ADDED) == ["police-13", "probation-service"]
    assert records.events(ATTENTION) == []
    assert records.audit()[0] == ("activity_log.add", "done", None)


@pytest.mark.clause("SC-17.12.4")
def test_what_is_written_lies_encrypted_and_is_gone_with_the_nominals_key(records: World, cast: Cast) -> None:
    write(records, cast.partner, cast, text="Seen with a child.")
    [(kept,)] = records.rows("SELECT text FROM activity_entry")
    assert b"child" not in bytes(kept)
    records.runtime.keys.destroy(cast.nominal)
    [entry] = records.ask("activity_log.read", cast.manager, nominal_id=cast.nominal)["entries"]
    assert entry.text is None
    assert entry.author_id == cast.partner.person_id


def test_an_entry_moved_by_a_merge_opens_with_the_key_of_whom_it_was_about(
    records: World, cast: Cast
) -> None:
    other = records.nominal(surname="Other", partners=(cast.partner,))
    write(records, cast.partner, cast, nominal_id=other, text="Of the other.")
    with records.session() as session:
        session.execute(update(Entry).values(nominal_id=cast.nominal))
        session.commit()
    [entry] = records.ask("activity_log.read", cast.manager, nominal_id=cast.nominal)["entries"]
    assert (entry.text, entry.origin_nominal_id) == ("Of the other.", other)


def test_an_entry_costs_few_statements_however_many_partners_there_are(records: World, cast: Cast) -> None:
    others = tuple(records.person("prison-WSI", "partner", name=f"Partner {number}") for number in range(30))
    crowded = records.nominal(surname="Crowded", partners=(cast.partner, *others))
    with statements(records) as sent:
        write(records, cast.partner, cast, nominal_id=crowded)
    # The record with its agencies; then in one statement the entry, the outbox with the aggregate's version, the audit.
    assert len(sent) == 2, sent
    assert agencies(records, ADDED) == ["police-13", "prison-service", "probation-service"]


def test_an_agency_whose_partners_are_all_ended_is_told_no_more(records: World, cast: Cast) -> None:
    gone = {"nominal_id": cast.nominal, "person_id": cast.partner.person_id, "reason": "He was released."}
    records.run("partnership.end", cast.manager, **gone)
    write(records, cast.manager, cast)
    assert agencies(records, ADDED) == ["probation-service"]


@pytest.mark.clause("PF-7/Activity Log.2", "PF-4.19.2", "PF-7/To do list.2")
def test_exactly_those_asked_for_are_told(records: World, cast: Cast) -> None:
    for role, name in (
        ("manager", "Mary Manager"),
        ("supervisor", "Sue Supervisor"),
        ("lpc", "Lena Lpc"),
        ("cpc", "Colin Cpc"),
    ):
        write(records, cast.partner, cast, for_attention=[role])
        assert told(records, ATTENTION) == [(role, name)]
    write(records, cast.partner, cast, for_attention=["cpc", "manager", "cpc"])
    assert told(records, ATTENTION) == [("cpc", "Colin Cpc"), ("manager", "Mary Manager")]
    assert records.events(ATTENTION)[-1][0]["for_attention"] == ["cpc", "manager"]
    assert records.rows("SELECT DISTINCT urgent FROM outbox WHERE kind = :kind", kind=ATTENTION) == [(True,)]


@pytest.mark.clause("PF-7/Activity Log.2")
def test_a_vacant_role_is_reported_and_nobody_is_told_of_their_own_entry(records: World, cast: Cast) -> None:
    with records.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE directory_person SET active = false WHERE name = 'Sue Supervisor'")
    write(records, cast.manager, cast, for_attention=["manager", "supervisor"])
    assert told(records, ATTENTION) == [("supervisor", "nobody")]
    write(records, cast.manager, cast, for_attention=["manager"])
    assert len(records.events(ATTENTION)) == 1


@pytest.mark.clause("PF-5.13.2")
def test_who_may_write(records: World, cast: Cast) -> None:
    for who in (cast.manager, cast.supervisor, cast.partner, cast.cpc):
        write(records, who, cast)
    for who in (cast.lpc, cast.stranger, cast.prison, cast.prison_cpc):
        assert _refused(records, who, cast) == "R14"
    assert _refused(records, cast.admin, cast) == "R11"
    # Having opened the record with a reason lets nobody write in it.
    why = "Checking the risk before a visit."
    records.run("access.open", cast.stranger, nominal_id=cast.nominal, reason_type="other", reason=why)
    assert _refused(records, cast.stranger, cast) == "R14"
    archived = records.nominal(status="archived", partners=(cast.partner,))
    assert _refused(records, cast.partner, cast, nominal_id=archived) == "R27"
    limited = records.nominal(limited_access=True, partners=(cast.partner,))
    assert _refused(records, cast.partner, cast, nominal_id=limited) == "R15"
    with pytest.raises(NotFound):
        write(records, cast.partner, cast, nominal_id=cast.partner.person_id)


def _refused(world: World, who: Principal, cast: Cast, **changes: Any) -> str:
    given = {"nominal_id": cast.nominal, "kind": "risk", "text": "x", "for_attention": []} | changes
    return refusal(world, "activity_log.add", who, **given).code


def test_r14_names_the_manager_to_ask(records: World, cast: Cast) -> None:
    given = {"nominal_id": cast.nominal, "kind": "risk", "text": "x", "for_attention": []}
    contact = refusal(records, "activity_log.add", cast.stranger, **given).contact
    assert contact is not None
    assert contact.name == "Mary Manager"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"kind", "text"}),
        ({"kind": "gossip", "text": ""}, {"kind", "text"}),
        ({"kind": "risk", "text": " \n\t"}, {"text"}),
        ({"kind": "risk", "text": "x" * 20_001}, {"text"}),
        ({"kind": "risk", "text": "x", "for_attention": ["governor"]}, {"for_attention"}),
        ({"kind": "risk", "text": "x", "for_attention": "manager"}, {"for_attention"}),
        ({"kind": None, "text": None, "surprise": 1}, {"kind", "text", "surprise"}),
        ({"kind": "risk", "text": "x\u0000y"}, {"text"}),
        ({"kind": "risk", "text": "x\ud800y"}, {"text"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    records: World, cast: Cast, web: Callable[[Principal], Web], body: dict[str, Any], fields: set[str]
) -> None:
    answer = web(cast.partner).send(f"/nominals/{cast.nominal}/activity-log", body)
    assert answer.status_code == 422, answer.text
    assert set(answer.json()["errors"]) == fields
    assert records.rows("SELECT count(*) FROM activity_entry") == [(0,)]


def test_a_form_sent_twice_at_one_moment_is_one_entry(records: World, cast: Cast) -> None:
    command = records.runtime.service.declarations.commands["activity_log.add"]
    given = {"nominal_id": cast.nominal, "kind": "risk", "text": "Once.", "for_attention": ["manager"]}
    answers = at_once(*[lambda: dict(records.runtime.run(command, cast.partner, given, once_key="k"))] * 2)
    assert answers[0] == answers[1]
    assert records.rows("SELECT count(*) FROM activity_entry") == [(1,)]
    assert len(records.events(ATTENTION)) == 1


def test_entries_of_many_at_one_moment_are_all_kept_in_one_order(records: World, cast: Cast) -> None:
    at_once(*[lambda: write(records, cast.partner, cast)] * 6)
    versions = [
        row[0]["version"]
        for row in records.rows(
            "SELECT aggregate FROM outbox WHERE kind = :kind ORDER BY sequence", kind=ADDED
        )
    ]
    assert sorted(versions) == list(range(min(versions), min(versions) + 6))


@pytest.mark.clause("PF-7/Activity Log.1", "PF-5.24")
def test_the_log_is_read_page_by_page_and_by_type_agency_and_author(records: World, cast: Cast) -> None:
    for number in range(27):
        write(records, cast.partner if number % 3 else cast.manager, cast, text=f"Entry {number}")
    write(records, cast.manager, cast, kind="risk", text="The newest")

    def read(**given: Any) -> Any:
        return records.ask("activity_log.read", cast.manager, nominal_id=cast.nominal, **given)

    first = read()
    assert [entry.text for entry in first["entries"]][:2] == ["The newest", "Entry 26"]
    assert len(first["entries"]) == 25
    second = read(before=first["next"])
    assert [entry.text for entry in second["entries"]] == ["Entry 2", "Entry 1", "Entry 0"]
    assert second["next"] is None
    assert [entry.text for entry in read(kind="risk")["entries"]] == ["The newest"]
    assert {entry.agency for entry in read(agency="police-13")["entries"]} == {"police-13"}
    own = read(author_id=cast.manager.person_id)["entries"]
    assert len(own) == 10
    assert first["agencies"] == {
        "police-13": "West Yorkshire Police",
        "probation-service": "Probation Service",
    }


def test_who_may_read(records: World, cast: Cast) -> None:
    write(records, cast.partner, cast)
    for who in (cast.manager, cast.supervisor, cast.lpc, cast.cpc, cast.partner):
        assert len(records.ask("activity_log.read", who, nominal_id=cast.nominal)["entries"]) == 1
    assert refusal(records, "activity_log.read", cast.stranger, nominal_id=cast.nominal).code == "R13"
    assert refusal(records, "activity_log.read", cast.admin, nominal_id=cast.nominal).code == "R11"
    other = records.nominal(surname="Other", manager_id=cast.manager.person_id)
    assert records.ask("activity_log.read", cast.manager, nominal_id=other)["entries"] == []


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    base = f"/nominals/{cast.nominal}/activity-log"
    partner = web(cast.partner)
    assert "There are no entries." in partner.get(base).text

    sent = partner.fill(
        f"{base}/add", kind="risk", text="<b>He</b> moved.\r\n", for_attention=["manager", "lpc"]
    )

    assert sent.status_code == 303
    shown = partner.get(sent.headers["location"].removeprefix("/records")).text
    assert "The entry is on the log." in shown
    assert "&lt;b&gt;He&lt;/b&gt; moved." in shown
    assert "For the attention of" in shown
    assert "LPC, manager" in shown
    filtered = partner.get(f"{base}?kind=&agency=police-13&author_id={cast.partner.person_id}")
    assert "moved" in filtered.text
    assert "No entry fits." in partner.get(f"{base}?kind=mappa&agency=&author_id=").text
    wrong = partner.fill(f"{base}/add", text="Typed with care", for_attention=["manager"])
    assert wrong.status_code == 422
    assert "Typed with care" in wrong.text
    reader = web(cast.lpc)
    assert "Add an entry" not in reader.get(base).text
    assert reader.get(f"{base}/add").status_code == 403
    assert "not partnered" in reader.get(f"{base}/add").text


@pytest.mark.parametrize(
    "query", ["kind=gossip", "before=7", "author_id=me", "surprise=1", "agency=" + "x" * 41]
)
def test_a_bad_filter_is_refused(
    records: World, cast: Cast, web: Callable[[Principal], Web], query: str
) -> None:
    assert (
        web(cast.partner).http.get(f"/records/api/nominals/{cast.nominal}/activity-log?{query}").status_code
        == 422
    )
