"""Entries stay as they were written; what was wrong is put right by another entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from services.records.activity_log.models import Entry
from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, NotFound
from tests.servers.records import World
from tests.services.records.conftest import Cast, Web, at_once, codes, refusal, statements, told
from tests.services.records.test_activity_log import ATTENTION, write
from tests.services.records.test_activity_log_restricted import log


def correct(world: World, who: Principal, cast: Cast, entry: Any, **changes: Any) -> Any:
    given = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"]), "text": "He moved to York."}
    return world.run("activity_log.correct", who, **given | changes)


@pytest.mark.clause("PF-7/Activity Log.1")
def test_a_correction_shows_what_it_corrects_and_both_stay(records: World, cast: Cast) -> None:
    wrong = write(records, cast.partner, cast, text="He moved to Hull.", kind="risk")
    right = correct(records, cast.manager, cast, wrong, for_attention=["supervisor"])
    newest, oldest = log(records, cast.supervisor, cast)
    assert (newest.text, newest.kind, str(newest.corrects)) == ("He moved to York.", "risk", wrong["id"])
    assert (newest.corrected_text, newest.corrected_author_id) == (
        "He moved to Hull.",
        cast.partner.person_id,
    )
    assert (oldest.text, str(oldest.corrected_by)) == ("He moved to Hull.", right["id"])
    assert told(records, ATTENTION) == [("supervisor", "Sue Supervisor")]


def test_a_correction_can_be_corrected_and_an_entry_only_once(records: World, cast: Cast) -> None:
    wrong = write(records, cast.partner, cast)
    right = correct(records, cast.manager, cast, wrong)
    given = {"nominal_id": cast.nominal, "text": "No, Hull."}
    refused = refusal(records, "activity_log.correct", cast.partner, entry_id=UUID(wrong["id"]), **given)
    assert refused.code == "R34"
    correct(records, cast.partner, cast, right)


def test_two_who_correct_at_one_moment_correct_once(records: World, cast: Cast) -> None:
    wrong = write(records, cast.partner, cast)
    results = at_once(
        *[lambda who=who: correct(records, who, cast, wrong) for who in (cast.manager, cast.cpc)]
    )
    assert codes(results) == ["R34", "done"]
    assert records.rows("SELECT count(*) FROM activity_entry") == [(2,)]


def test_a_correction_of_a_restricted_entry_is_as_restricted(records: World, cast: Cast) -> None:
    wrong = write(records, cast.partner, cast, text="His sister told it.", only_roles=["cpc"])
    with pytest.raises(NotFound):
        correct(records, cast.manager, cast, wrong)
    correct(records, cast.cpc, cast, wrong, text="His aunt told it.")
    assert [entry.text for entry in log(records, cast.partner, cast)] == [
        "His aunt told it.",
        "His sister told it.",
    ]
    assert [entry.text for entry in log(records, cast.manager, cast)] == [None, None]


def test_who_may_correct(records: World, cast: Cast) -> None:
    wrong = write(records, cast.partner, cast)
    given = {"nominal_id": cast.nominal, "entry_id": UUID(wrong["id"]), "text": "x"}
    for who, code in ((cast.stranger, "R14"), (cast.lpc, "R14"), (cast.admin, "R11")):
        assert refusal(records, "activity_log.correct", who, **given).code == code
    other = records.nominal(surname="Other", partners=(cast.partner,))
    for wrong_place in ({"nominal_id": other}, {"entry_id": new_id()}):
        with pytest.raises(NotFound):
            records.run("activity_log.correct", cast.partner, **given | wrong_place)


@pytest.mark.clause("PF-7/Activity Log.1")
def test_the_database_lets_nobody_change_an_entry(records: World, cast: Cast) -> None:
    write(records, cast.partner, cast)
    for column, value in (("text", b"other"), ("important", True), ("author_id", new_id())):
        with records.session() as session, pytest.raises(DBAPIError, match="append-only"):
            session.execute(update(Entry).values({column: value}))
    with records.session() as session:  # but a merge moves it
        session.execute(update(Entry).values(nominal_id=cast.nominal))


def test_the_pages_of_a_correction(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    wrong = write(records, cast.partner, cast, text="He moved to Hull.")
    base = f"/nominals/{cast.nominal}/activity-log"
    partner = web(cast.partner)
    assert "He moved to Hull." in partner.get(f"{base}/{wrong['id']}/correct").text
    assert partner.fill(f"{base}/{wrong['id']}/correct", text="").status_code == 422
    sent = partner.fill(f"{base}/{wrong['id']}/correct", text="He moved to York.")
    shown = partner.get(sent.headers["location"].removeprefix("/records")).text
    assert "which said" in shown
    assert "Corrected" in shown
    assert partner.get(f"{base}/{wrong['id']}/correct").status_code == 409


@pytest.mark.clause("PF-7/Activity Log.1")
def test_the_log_is_filtered_by_days_and_importance(records: World, cast: Cast) -> None:
    day = date(2026, 4, 1)
    write(records, cast.partner, cast, text="First")
    records.later(days=1)
    write(records, cast.partner, cast, text="Second", important=True)
    for asked, found in (
        ({"since": day + timedelta(days=1)}, ["Second"]),
        ({"until": day}, ["First"]),
        ({"since": day, "until": day}, ["First"]),
        ({"important": True}, ["Second"]),
        ({"since": day + timedelta(days=2)}, []),
    ):
        assert [entry.text for entry in log(records, cast.manager, cast, **asked)] == found
    with pytest.raises(Invalid):
        log(records, cast.manager, cast, since=day, until=day - timedelta(days=1))


def test_words_are_found_over_pages_and_never_stand_in_an_address(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    for number in range(60):
        write(records, cast.partner, cast, text=f"Seen near the SCHOOL gate, number {number}")
        write(records, cast.partner, cast, text="At work")
    found = records.ask("activity_log.search", cast.manager, nominal_id=cast.nominal, words="gate school")
    assert len(found["entries"]) == 25
    rest = records.ask(
        "activity_log.search", cast.manager, nominal_id=cast.nominal, words="school", before=found["next"]
    )
    assert [entry.text[-2:] for entry in rest["entries"]][:2] == ["34", "33"]
    base = f"/nominals/{cast.nominal}/activity-log"
    page = web(cast.manager).http.get(f"/records{base}").text
    assert f'action="/records{base}/search"' in page
    assert web(cast.manager).get(f"{base}/search").status_code == 405
    for words in (" ", "x", "x" * 101, None):
        sent = web(cast.manager).send(f"{base}/search", {"words": words})
        assert (sent.status_code, list(sent.json()["errors"])) == (422, ["words"])


def test_a_page_of_the_log_costs_as_many_statements_however_long_it_is(records: World, cast: Cast) -> None:
    write(records, cast.partner, cast, attachments=["telecoms"])
    with statements(records) as few:
        log(records, cast.manager, cast)
    wrong = [write(records, cast.partner, cast, attachments=["telecoms", "custody"]) for _ in range(10)]
    for entry in wrong:
        correct(records, cast.manager, cast, entry)
    with statements(records) as many:
        assert len(log(records, cast.manager, cast)) == 21
    assert len(many) == len(few), many


def test_an_entry_written_while_another_reads_is_on_the_next_page_shown(records: World, cast: Cast) -> None:
    results = at_once(
        *[lambda: write(records, cast.partner, cast)] * 3, *[lambda: log(records, cast.manager, cast)] * 3
    )
    assert not [one for one in results if isinstance(one, Exception)]
    assert len(log(records, cast.manager, cast)) == 3
    assert records.rows(text("SELECT count(*) FROM activity_entry").text) == [(3,)]
