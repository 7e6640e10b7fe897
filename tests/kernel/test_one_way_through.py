"""What every command and query gets without its author's doing: guard, audit, once, versions, field by field errors."""

from __future__ import annotations

import re
import threading
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from shared.access import revocations
from shared.ids import new_id
from shared.runtime import Runtime
from tests.kernel.conftest import Bearer


def entries(runtime: Runtime) -> list[tuple[str, str, str | None]]:
    with runtime.database.engine.connect() as connection:
        rows = connection.execute(text("SELECT action, outcome, refusal_code FROM audit_entry ORDER BY id"))
        return [(row[0], row[1], row[2]) for row in rows]


def count(runtime: Runtime, table: str) -> int:
    with runtime.database.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_a_change_its_audit_entry_and_its_event_are_one(
    client: FlaskClient, bearer: Bearer, runtime: Runtime
) -> None:
    answer = client.post("/notebook/api/notes", json={"text": "hello", "tag": "a"}, headers=bearer())

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["text"] == "hello"
    assert entries(runtime) == [("note.add", "done", None)]
    assert count(runtime, "outbox") == 1


def test_a_refusal_changes_nothing_but_the_audit(
    client: FlaskClient, bearer: Bearer, runtime: Runtime
) -> None:
    answer = client.post("/notebook/api/notes", json={"text": "forbidden", "tag": "a"}, headers=bearer())

    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["code"] == "R14"
    assert entries(runtime) == [("note.add", "refused", "R14")]
    assert count(runtime, "note") == count(runtime, "outbox") == 0


def test_what_the_database_alone_can_decide_becomes_its_refusal(
    client: FlaskClient, bearer: Bearer, runtime: Runtime
) -> None:
    client.post("/notebook/api/notes", json={"text": "one", "tag": "same"}, headers=bearer())
    answer = client.post("/notebook/api/notes", json={"text": "two", "tag": "same"}, headers=bearer())

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["code"] == "R12"
    assert entries(runtime)[-1] == ("note.add", "refused", "R12")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "x", "tag": "a", "surprise": 1}, "surprise"),
        ({"text": "", "tag": "a"}, "text"),
        ({"tag": "a"}, "text"),
        ({"text": 7, "tag": "a"}, "text"),
        ({"text": "x" * 201, "tag": "a"}, "text"),
    ],
)
def test_bad_input_is_answered_field_by_field(
    client: FlaskClient, bearer: Bearer, runtime: Runtime, body: dict[str, object], field: str
) -> None:
    answer = client.post("/notebook/api/notes", json=body, headers=bearer())

    assert answer.status_code == 422
    assert answer.json is not None
    assert field in answer.json["errors"]
    assert count(runtime, "note") == 0


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"1"])
def test_a_body_that_is_no_object_is_no_fault_of_ours(
    client: FlaskClient, bearer: Bearer, body: bytes
) -> None:
    answer = client.post("/notebook/api/notes", data=body, content_type="application/json", headers=bearer())

    assert answer.status_code in {400, 422}
    assert answer.mimetype == "application/problem+json"


def test_the_same_sending_counts_once(client: FlaskClient, bearer: Bearer, runtime: Runtime) -> None:
    headers = {**bearer(), "Idempotency-Key": "k1"}
    first = client.post("/notebook/api/notes", json={"text": "one", "tag": "t"}, headers=headers)
    second = client.post("/notebook/api/notes", json={"text": "one", "tag": "t"}, headers=headers)

    assert first.json == second.json
    assert count(runtime, "note") == 1


def test_the_same_sending_twice_at_once_counts_once(app: Flask, bearer: Bearer, runtime: Runtime) -> None:
    headers = {**bearer(), "Idempotency-Key": "k2"}
    answers: list[object] = []

    def send() -> None:
        answers.append(
            app.test_client()
            .post("/notebook/api/notes", json={"text": "x", "tag": "t"}, headers=headers)
            .json
        )

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count(runtime, "note") == 1
    assert all(answer == answers[0] for answer in answers)


def test_a_late_edit_is_refused_with_both_texts(client: FlaskClient, bearer: Bearer) -> None:
    made = client.post("/notebook/api/notes", json={"text": "one", "tag": "t"}, headers=bearer()).json
    assert made is not None
    url = f"/notebook/api/notes/{made['id']}"
    assert client.put(url, json={"text": "two"}, headers={**bearer(), "If-Match": '"1"'}).status_code == 200

    late = client.put(url, json={"text": "three"}, headers={**bearer(), "If-Match": '"1"'})
    without = client.put(url, json={"text": "three"}, headers=bearer())
    in_the_body = client.put(url, json={"text": "three", "version": 1}, headers=bearer())

    assert (late.status_code, without.status_code, in_the_body.status_code) == (412, 428, 409)
    assert late.json is not None
    assert (late.json["yours"], late.json["theirs"]) == ({"text": "three"}, {"text": "two"})


def test_two_edits_at_once_lose_neither(app: Flask, client: FlaskClient, bearer: Bearer) -> None:
    made = client.post("/notebook/api/notes", json={"text": "one", "tag": "t"}, headers=bearer()).json
    assert made is not None
    url, statuses = f"/notebook/api/notes/{made['id']}", []

    def save(words: str) -> None:
        answer = app.test_client().put(url, json={"text": words, "version": 1}, headers=bearer())
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=save, args=(words,)) for words in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 409]


def test_nobody_gets_in_without_a_credential(client: FlaskClient, bearer: Bearer, runtime: Runtime) -> None:
    forged = {"Authorization": bearer()["Authorization"][:-6] + "AAAAAA"}
    foreign = bearer(issuer="elsewhere")
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer a.b.c"}, forged, foreign):
        answer = client.post("/notebook/api/notes", json={"text": "x", "tag": "a"}, headers=headers)
        assert answer.status_code == 401
    assert count(runtime, "note") == 0


def test_an_onboarding_session_opens_nothing_else(client: FlaskClient, bearer: Bearer) -> None:
    answer = client.post(
        "/notebook/api/notes", json={"text": "x", "tag": "a"}, headers=bearer(scope="onboarding")
    )

    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["code"] == "R06"


def test_a_revoked_session_opens_nothing(client: FlaskClient, bearer: Bearer, runtime: Runtime) -> None:
    session_id = new_id()
    before = client.post(
        "/notebook/api/notes", json={"text": "x", "tag": "a"}, headers=bearer(session_id=session_id)
    )
    with runtime.system_work("test.revoke") as work:
        revocations.revoke(work.session, runtime.service.tables.revocation, session_id, work.system_now)
    runtime.revocations.__init__(runtime.database.reading, runtime.service.tables.revocation)  # type: ignore[misc]
    after = client.post(
        "/notebook/api/notes", json={"text": "x", "tag": "b"}, headers=bearer(session_id=session_id)
    )

    assert (before.status_code, after.status_code) == (201, 401)


def test_a_read_is_audited_and_takes_no_unknown_parameter(
    client: FlaskClient, bearer: Bearer, runtime: Runtime
) -> None:
    made = client.post("/notebook/api/notes", json={"text": "one", "tag": "t"}, headers=bearer()).json
    assert made is not None
    read = client.get(f"/notebook/api/notes/{made['id']}", headers=bearer())
    odd = client.get(f"/notebook/api/notes/{made['id']}?surprise=1", headers=bearer())
    missing = client.get(f"/notebook/api/notes/{uuid4()}", headers=bearer())

    assert (read.status_code, odd.status_code, missing.status_code) == (200, 422, 404)
    assert [entry[:2] for entry in entries(runtime)][1:] == [("note.read", "viewed"), ("note.read", "failed")]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no {name} on the page"
    return found.group(1)


def test_a_page_gives_back_what_was_typed(client: FlaskClient, bearer: Bearer, runtime: Runtime) -> None:
    headers = bearer(session_id=new_id())
    page = client.get("/notebook/notes/add", headers=headers).text
    form = {
        "csrf_token": hidden(page, "csrf_token"),
        "_once": hidden(page, "_once"),
        "text": "typed",
        "tag": "",
    }

    wrong = client.post("/notebook/notes/add", data=form, headers=headers)
    right = client.post("/notebook/notes/add", data={**form, "tag": "t"}, headers=headers)
    again = client.post("/notebook/notes/add", data={**form, "tag": "t"}, headers=headers)

    assert wrong.status_code == 422
    assert "typed" in wrong.text
    assert right.status_code == again.status_code == 303
    assert right.location == again.location
    assert count(runtime, "note") == 1


def test_a_form_from_elsewhere_is_handed_back_unsaved(
    client: FlaskClient, bearer: Bearer, runtime: Runtime
) -> None:
    answer = client.post(
        "/notebook/notes/add", data={"csrf_token": "x", "text": "typed", "tag": "t"}, headers=bearer()
    )

    assert answer.status_code == 403
    assert "typed" in answer.text
    assert count(runtime, "note") == 0


def test_with_the_database_away_the_page_says_so_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, bearer: Bearer, runtime: Runtime
) -> None:
    headers = bearer()
    page = client.get("/notebook/notes/add", headers=headers).text
    form = {
        "csrf_token": hidden(page, "csrf_token"),
        "_once": hidden(page, "_once"),
        "text": "typed",
        "tag": "t",
    }
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    original = engine.url
    engine.dispose()
    engine.pool._creator = _refuse  # a server that is gone, without stopping everybody's
    try:
        answer = client.post("/notebook/notes/add", data=form, headers=headers)
    finally:
        assert engine.url == original

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "typed" in answer.text


def _refuse(*_: object) -> None:
    raise psycopg.OperationalError("connection refused")
