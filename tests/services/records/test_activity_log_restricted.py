"""Entries that only some may read: what others see of them on the log, in its filters and in what they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shared.access.principal import Principal
from tests.servers.records import LEEDS, World
from tests.services.records.conftest import Cast, Web, agencies, told
from tests.services.records.test_activity_log import ATTENTION, write

ADDED = "records.activity.added"
SECRET = "Told in confidence by his sister."


def log(world: World, who: Principal, cast: Cast, **asked: Any) -> list[Any]:
    found: list[Any] = world.ask("activity_log.read", who, nominal_id=cast.nominal, **asked)["entries"]
    return found


def texts(world: World, who: Principal, cast: Cast, **asked: Any) -> list[str | None]:
    return [entry.text for entry in log(world, who, cast, **asked)]


@pytest.mark.clause("PF-7/Activity Log.1")
def test_only_its_readers_and_its_author_read_a_restricted_entry(records: World, cast: Cast) -> None:
    write(records, cast.partner, cast, text=SECRET, only_roles=["supervisor", "cpc"])
    for who in (cast.partner, cast.supervisor, cast.cpc):
        assert texts(records, who, cast) == [SECRET]
    for who in (cast.manager, cast.lpc):
        [entry] = log(records, who, cast)
        assert (entry.restricted, entry.cleared, entry.agency) == (True, False, "police-13")
        known = (entry.kind, entry.text, entry.author_id, entry.readers, entry.unit, entry.important)
        assert known == (None, None, None, None, None, False)


@pytest.mark.parametrize("way", ["agency", "person", "deputy"])
def test_a_reader_is_named_by_agency_or_name_and_a_deputy_reads_as_the_cpc(
    records: World, cast: Cast, way: str
) -> None:
    reader = cast.lpc
    named: dict[str, Any] = {"only_people": [str(cast.lpc.person_id)]}
    if way == "agency":
        named, reader = {"only_agencies": ["probation-service"]}, cast.manager
    if way == "deputy":
        named = {"only_roles": ["cpc"]}
        reader = records.person(LEEDS, "central_support", name="Dep", deputy_for=("area-53",))
    write(records, cast.partner, cast, text=SECRET, **named)
    assert texts(records, reader, cast) == [SECRET]
    other = records.person("force-13", "partner", name="Other Partner")
    records.partner(cast.nominal, other)
    assert texts(records, other, cast) == [None]


def test_no_filter_and_no_search_finds_out_what_a_restricted_entry_is(records: World, cast: Cast) -> None:
    write(records, cast.partner, cast, text=SECRET, kind="risk", important=True, only_roles=["cpc"])
    author = str(cast.partner.person_id)
    for asked in ({"kind": "risk"}, {"important": True}, {"author_id": author}):
        assert len(log(records, cast.cpc, cast, **asked)) == 1
        assert log(records, cast.manager, cast, **asked) == []
    for who, count in ((cast.cpc, 1), (cast.partner, 1), (cast.manager, 0)):
        found = records.ask("activity_log.search", who, nominal_id=cast.nominal, words="SISTER told")
        assert len(found["entries"]) == count
    page = records.ask("activity_log.read", cast.manager, nominal_id=cast.nominal)
    assert page["authors"] == {}
    assert list(page["agencies"]) == ["police-13"]
    assert len(log(records, cast.manager, cast, agency="police-13")) == 1


def test_what_others_are_told_is_only_that_there_is_a_restricted_update(records: World, cast: Cast) -> None:
    write(records, cast.partner, cast, text=SECRET, important=True, only_roles=["cpc"])
    [(data, _copies)] = records.events(ADDED)
    assert data["what"] == "restricted update"
    write(records, cast.partner, cast, for_attention=["manager", "cpc"], only_roles=["cpc"])
    details = {
        copy["people"][0]["as"]: copy["detail"] for _, copies in records.events(ATTENTION) for copy in copies
    }
    assert details == {"cpc": "full", "manager": "restricted"}


def test_the_front_page_and_the_log_show_no_more_than_that_it_is_there(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    write(records, cast.partner, cast, text=SECRET, kind="risk", only_roles=["cpc"])
    for path in ("", "/activity-log"):
        page = web(cast.manager).get(f"/nominals/{cast.nominal}{path}").text
        assert "Restricted entry" in page
        assert SECRET not in page
        assert SECRET in web(cast.cpc).get(f"/nominals/{cast.nominal}{path}").text
    assert SECRET not in web(cast.manager).http.get(f"/records/api/nominals/{cast.nominal}/activity-log").text


def test_the_form_offers_those_who_stand_to_the_record(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    base = f"/nominals/{cast.nominal}/activity-log"
    form = web(cast.partner).get(f"{base}/add").text
    assert "Mary Manager, Probation Service" in form
    assert "West Yorkshire Police" in form
    assert "Stan Stranger" not in form
    sent = web(cast.partner).fill(
        f"{base}/add", kind="risk", text=SECRET, only_people=[str(cast.manager.person_id)]
    )
    assert sent.status_code == 303
    assert texts(records, cast.manager, cast) == [SECRET]
    assert texts(records, cast.supervisor, cast) == [None]
    assert "Mary Manager" in web(cast.partner).get(base).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"only_roles": ["governor"]}, "only_roles"),
        ({"only_agencies": ["mi5"]}, "only_agencies"),
        ({"only_people": ["nobody"]}, "only_people"),
        ({"only_people": ["01a22b23-bed5-7e4a-bca2-b61215e224d6"]}, "only_people"),
        ({"important": "perhaps"}, "important"),
        ({"attachments": ["attic"]}, "attachments"),
        ({"to_inform": "x" * 501}, "to_inform"),
    ],
)
def test_bad_input_of_who_may_read(
    records: World, cast: Cast, web: Callable[[Principal], Web], wrong: dict[str, Any], field: str
) -> None:
    body = {"kind": "risk", "text": "x", **wrong}
    answer = web(cast.partner).send(f"/nominals/{cast.nominal}/activity-log", body)
    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]
    assert records.rows("SELECT count(*) FROM activity_entry") == [(0,)]


def test_an_important_entry_is_told_as_such(records: World, cast: Cast) -> None:
    write(records, cast.partner, cast, important=True)
    assert records.events(ADDED)[-1][0]["what"] == "important activity"
    assert agencies(records, ADDED) == ["police-13", "probation-service"]
    assert records.events(ATTENTION) == []
    assert told(records, ADDED) == []
