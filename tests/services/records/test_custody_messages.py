"""The prisons' messages: taken once, told once, and whatever comes amiss is set aside or refused, never our fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.access.principal import Principal
from tests.servers.records import NOW, PRISON, World
from tests.services.records.conftest import Cast, Web, agencies, at_once, feed, refusal, told

SAMPLES = Path(__file__).parents[2] / "journeys" / "samples"
URL = "/integrations/hmpps/domain-events"
RECEIVED = "records.custody.received"


def message(**changes: Any) -> str:
    """A reception into Leeds prison a minute ago; `changes` to its fields, dropped where None."""
    inner = json.loads(json.loads((SAMPLES / "prisoner-received.json").read_text())["Message"])
    inner["additionalInformation"]["prisonId"] = "LEI"
    inner["occurredAt"] = (NOW - timedelta(minutes=1)).isoformat()
    more = inner["additionalInformation"]
    for name, value in changes.items():
        place = more if name in more else inner
        place.pop(name, None)
        if value is not None:
            place[name] = value
    return json.dumps(inner)


def hear(world: World, text: str) -> Any:
    return world.run("custody.hear", feed(), Message=text)


def released(at: str, **changes: Any) -> str:
    kind = "prison-offender-events.prisoner.released"
    return message(**{"eventType": kind, "reason": "RELEASED", "occurredAt": at} | changes)


@pytest.mark.clause("PF-5.13.1", "PF-5.12.2")
def test_a_reception_tells_the_prisons_administrators_once(records: World, cast: Cast) -> None:
    assert hear(records, message())["outcome"] == "taken"
    assert hear(records, message())["outcome"] == "known"

    [(data, _)] = records.events(RECEIVED)
    assert data["prison"] == PRISON
    assert told(records, RECEIVED) == [("prison_administrator", "Petra Prison")]
    assert records.rows("SELECT custody_prison, custody_since FROM nominal") == [(PRISON, NOW.date())]
    assert [entry[:2] for entry in records.audit()] == [("custody.hear", "done")] * 2


def test_whatever_its_message_id_it_counts_once(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    outer = json.loads((SAMPLES / "prisoner-received.json").read_text()) | {"Message": message()}
    client = web(feed())
    answers = [client.send(URL, outer | {"MessageId": number}) for number in ("1", "2")]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert [answer.json()["outcome"] for answer in answers] == ["taken", "known"]


def test_a_prison_without_administrators_is_reported(records: World, cast: Cast) -> None:
    hear(records, message(prisonId="WSI"))
    assert told(records, RECEIVED) == [("prison_administrator", "nobody")]


def test_the_same_message_twice_at_one_moment_counts_once(records: World, cast: Cast) -> None:
    results = at_once(*[lambda: hear(records, message())] * 2)
    assert sorted(one["outcome"] for one in results) == ["known", "taken"]
    assert len(records.events(RECEIVED)) == 1


def test_the_sample_as_it_is_years_old_is_taken(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    outer = json.loads((SAMPLES / "prisoner-received.json").read_text())
    answer = web(feed()).send(URL, outer)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "taken")
    [(data, _)] = records.events(RECEIVED)
    assert data["received_at"].startswith("2022-05-04T07:09:36")


@pytest.mark.clause("PF-5.18")
def test_a_release_takes_the_prison_from_the_summary(records: World, cast: Cast) -> None:
    hear(records, message())
    assert hear(records, released(NOW.isoformat()))["outcome"] == "taken"
    assert records.rows("SELECT custody_prison, custody_since FROM nominal") == [(None, None)]


def left(records: World) -> list[tuple[str, str]]:
    """(reception, prison) of each that ended, oldest first."""
    return [(data["reception_id"], data["prison"]) for data, _ in records.events("records.custody.left")]


@pytest.mark.clause("PF-5.18", "PF-5.13.1")
def test_whoever_leaves_or_comes_elsewhere_ends_what_the_prison_had_to_do(records: World, cast: Cast) -> None:
    hear(records, message(occurredAt=(NOW - timedelta(hours=5)).isoformat()))
    hear(records, released((NOW - timedelta(hours=3)).isoformat()))
    hear(records, message(occurredAt=(NOW - timedelta(hours=2)).isoformat()))
    hear(records, message(prisonId="WSI", occurredAt=NOW.isoformat()))
    first, second, _ = (data["reception_id"] for data, _ in records.events(RECEIVED))
    assert left(records) == [(first, PRISON), (second, PRISON)]
    assert agencies(records, "records.custody.left") == ["prison-service"]


def test_going_to_court_ends_nothing(records: World, cast: Cast) -> None:
    hear(records, message())
    hear(records, released(NOW.isoformat(), reason="SENT_TO_COURT"))
    assert left(records) == []


@pytest.mark.clause("PF-5.13.1")
def test_a_prison_that_is_partnered_already_is_not_asked_to_be(records: World, cast: Cast) -> None:
    hear(records, message(occurredAt=(NOW - timedelta(hours=5)).isoformat()))
    assert records.events(RECEIVED)[0][0]["already_partnered"] is False
    records.partner(cast.nominal, records.person(PRISON, "partner", name="Paula Partner"))
    hear(records, released((NOW - timedelta(hours=1)).isoformat()))
    hear(records, message(occurredAt=NOW.isoformat()))
    assert records.events(RECEIVED)[1][0]["already_partnered"] is True


def test_a_partner_who_works_elsewhere_by_now_does_not_count(records: World, cast: Cast) -> None:
    records.partner(cast.nominal, records.person("prison-WSI", "partner", name="Paula Partner"))
    hear(records, message())
    assert records.events(RECEIVED)[0][0]["already_partnered"] is False


def test_a_reception_heard_after_the_release_that_followed_it_changes_nothing(
    records: World, cast: Cast
) -> None:
    hear(records, released(NOW.isoformat()))
    assert hear(records, message())["outcome"] == "taken"
    assert records.rows("SELECT custody_prison FROM nominal") == [(None,)]
    assert records.events(RECEIVED) == []
    assert records.rows("SELECT count(*) FROM custody_movement") == [(2,)]


def test_coming_back_from_court_starts_no_clock(records: World, cast: Cast) -> None:
    hear(records, message())
    hear(records, released((NOW - timedelta(seconds=30)).isoformat(), reason="SENT_TO_COURT"))
    hear(records, message(reason="RETURN_FROM_COURT", occurredAt=NOW.isoformat()))
    assert len(records.events(RECEIVED)) == 1
    assert records.rows("SELECT custody_prison FROM nominal") == [(PRISON,)]


def test_a_return_to_a_prison_that_we_did_not_know_of_is_a_reception(records: World, cast: Cast) -> None:
    hear(records, message(reason="TEMPORARY_ABSENCE_RETURN"))
    assert len(records.events(RECEIVED)) == 1


@pytest.mark.clause("PSI-2.5")
def test_without_a_record_the_answer_says_to_ask_for_one_and_a_later_sending_counts(
    records: World, cast: Cast
) -> None:
    unknown = message(nomsNumber="A9999ZZ")
    answer = hear(records, unknown)
    assert answer["outcome"] == "no_record"
    assert "R16" in answer["reason"]

    assert hear(records, unknown)["outcome"] == "no_record"
    records.nominal(surname="Later", numbers={"noms": "A9999ZZ"})
    assert hear(records, unknown)["outcome"] == "taken"
    assert hear(records, unknown)["outcome"] == "known"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"eventType": "prison-offender-events.prisoner.merged"}, "type"),
        ({"eventType": None}, "type"),
        ({"eventType": 7}, "type"),
        ({"additionalInformation": None}, "additionalInformation"),
        ({"additionalInformation": [1]}, "additionalInformation"),
        ({"nomsNumber": None}, "nomsNumber"),
        ({"nomsNumber": 12}, "nomsNumber"),
        ({"nomsNumber": "A0002A"}, "nomsNumber"),
        ({"prisonId": None}, "prisonId"),
        ({"prisonId": "OUT OF"}, "prisonId"),
        ({"prisonId": "ZZZ"}, "No prison"),
        ({"occurredAt": None}, "occurredAt"),
        ({"occurredAt": "2026-04-01T08:00:00"}, "without a zone"),
        ({"occurredAt": "yesterday"}, "unreadable"),
        ({"occurredAt": 1775032200}, "occurredAt"),
        ({"occurredAt": "0001-01-01T00:00:00+14:00"}, "occurredAt"),
        ({"occurredAt": "9999-12-31T23:59:59-14:00"}, "occurredAt"),
        ({"occurredAt": "2026-04-02T08:00:00Z"}, "future"),
    ],
)
def test_what_cannot_be_taken_is_set_aside_with_its_reason(
    records: World, cast: Cast, changes: dict[str, Any], says: str
) -> None:
    text = message(**changes)
    for _ in range(2):
        answer = hear(records, text)
        assert answer["outcome"] == "set_aside"
        assert says in answer["reason"]
    rows = records.rows("SELECT outcome, body FROM incoming_message")
    assert [row.outcome for row in rows] == ["set_aside"]
    assert b"nomsNumber" not in rows[0].body
    assert records.events(RECEIVED) == []


@pytest.mark.parametrize("changes", [{"nomsNumber": " a0002aa\r\n"}, {"prisonId": "lei\r"}, {"reason": None}])
def test_what_only_looks_amiss_is_taken(records: World, cast: Cast, changes: dict[str, Any]) -> None:
    assert hear(records, message(**changes))["outcome"] == "taken"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"Message": None},
        {"Message": 7},
        {"Message": ""},
        {"Message": "[]"},
        {"Message": "null"},
        {"Message": "{"},
        {"Message": "[" * 50_000},
        {"Message": '{"a": ' + "9" * 5_000 + "}"},
        {"Message": "x" * 100_001},
        [],
        None,
        "text",
    ],
)
def test_what_is_no_message_is_refused_field_by_field(
    records: World, cast: Cast, web: Callable[[Principal], Web], body: Any
) -> None:
    answer = web(feed()).send(URL, body)
    assert answer.status_code in {400, 422}, answer.text
    assert records.rows("SELECT count(*) FROM incoming_message") == [(0,)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
SCALARS = st.none() | st.integers() | st.text() | st.sampled_from(["\ud800", "\x00", "A0002AA\r", "LEI"])
LIKE_A_MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "eventType": SCALARS | st.just("prison-offender-events.prisoner.received"),
        "occurredAt": SCALARS | st.datetimes().map(lambda at: at.isoformat() + "+01:00"),
        "additionalInformation": JSON
        | st.fixed_dictionaries({"nomsNumber": SCALARS | st.just("A0002AA"), "prisonId": SCALARS}),
    },
)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(inner=LIKE_A_MESSAGE | JSON)
def test_no_json_is_our_fault(records: World, web: Callable[[Principal], Web], inner: Any) -> None:
    answer = web_of(records, web).send(URL, {"Message": json.dumps(inner), "Extra": inner})
    assert answer.status_code in {202, 422}, answer.text


@MANY
@given(text=st.text(alphabet=st.characters()))
def test_no_text_is_our_fault(records: World, web: Callable[[Principal], Web], text: str) -> None:
    raw = json.dumps({"Message": text}).encode()
    answer = web_of(records, web).http.post(
        f"/records/api{URL}", content=raw, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {202, 422}, answer.text


@MANY
@given(raw=st.binary(max_size=300))
def test_no_bytes_are_our_fault(records: World, web: Callable[[Principal], Web], raw: bytes) -> None:
    answer = web_of(records, web).http.post(
        f"/records/api{URL}", content=raw, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 422}, answer.text


_CLIENTS: dict[int, Web] = {}


def web_of(world: World, web: Callable[[Principal], Web]) -> Web:
    """One client for all examples of a test."""
    return _CLIENTS.setdefault(id(world), web(feed()))


def test_another_systems_account_may_not_bring_these_messages(records: World, cast: Cast) -> None:
    with pytest.raises(Exception, match="R11"):
        records.run("custody.hear", feed("integration.ndelius"), Message=message())
    assert records.audit() == [("custody.hear", "refused", "R11")]


def test_a_person_may_not_bring_messages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    answer = web(cast.prison).send(URL, {"Message": message()})
    assert (answer.status_code, answer.json()["code"]) == (403, "R32")


def test_who_runs_the_suite_sees_why_and_never_what(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    hear(records, message(nomsNumber="secret"))
    hear(records, message(nomsNumber="A9999ZZ"))
    for who, reads in ((cast.admin, False), (cast.prison_cpc, True)):
        page = web(who).get("/integrations/hmpps/set-aside")
        assert page.status_code == 200
        assert "nomsNumber is missing" in page.text
        assert "R16" in page.text
        assert ("Read" in page.text) is reads
        assert "secret" not in page.text
    first = records.ask("custody.set_aside", cast.admin)["messages"][-1]
    path = f"/integrations/hmpps/set-aside/{first.id}"
    assert "secret" in web(cast.prison_cpc).get(path).text
    assert records.audit()[-1] == ("custody.set_aside_text", "viewed", None)
    assert refusal(records, "custody.set_aside_text", cast.admin, message_id=first.id).code == "R11"
    assert refusal(records, "custody.set_aside", cast.cpc).code == "R11"
    assert web(cast.prison_cpc).get(f"/integrations/hmpps/set-aside/{cast.nominal}").status_code == 404
