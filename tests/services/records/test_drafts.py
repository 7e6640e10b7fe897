"""What was typed survives the session, for its writer alone (issue 4, "Editing at once")."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from services.records.access.models import Partnership
from services.records.nominals.keepers import export_rows, merge_rows, purge_rows
from services.records.service import service
from shared.access.principal import Principal
from shared.drafts import keeping
from shared.keys import NotReadable
from shared.refusals import NotFound
from tests.servers.records import World, again
from tests.services.records.conftest import Cast, Web, at_once

TYPED = "He speaks of a new <job> at the & yard.\n\nMore to come."


def path(cast: Cast) -> str:
    return f"/nominals/{cast.nominal}/activity-log/add"


def begin(visit: Web, cast: Cast, **typed: str) -> None:
    given = {"kind": "risk", "text": TYPED, "for_attention": "cpc", "_draft": "1"} | typed
    answer = visit.fill(path(cast), **given)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/records{path(cast)}")


def discard_of(page: str) -> str:
    [found] = re.findall(r'action="/records(/drafts/[0-9a-f-]+/discard)"', page)
    return str(found)


def drafts(records: World) -> int:
    return len(records.rows("SELECT FROM draft"))


def test_a_draft_is_there_after_the_session_ended(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    begin(web(cast.partner), cast)
    [kept] = records.rows("SELECT content, nominal_id FROM draft")
    assert b"job" not in bytes(kept.content)
    assert kept.nominal_id == cast.nominal
    back = web(again(cast.partner))
    shown = back.get(path(cast)).text
    assert re.search("This is your draft of <time[^>]+>1 April 2026 at 10:30am<", shown)
    assert "He speaks of a new &lt;job&gt; at the &amp; yard.\n\nMore to come." in shown
    assert '<option value="risk" selected' in shown
    assert re.search(r'value="cpc"\s+checked', shown)
    listed = back.get("/drafts").text
    assert path(cast) in listed
    assert "Add an activity log entry" in listed
    assert ("activity_log.add.draft", "done", None) in records.audit()


def test_a_draft_may_be_half_and_wrong(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    begin(web(cast.partner), cast, kind="", text="x" * 30_000)
    assert "x" * 30_000 in web(cast.partner).get(path(cast)).text


def test_saving_again_takes_its_place(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    begin(web(cast.partner), cast)
    records.later(days=3)
    begin(web(again(cast.partner)), cast, text="The second.")
    assert drafts(records) == 1
    shown = web(cast.partner).get(path(cast)).text
    assert "The second." in shown
    assert "4 April 2026" in shown


def test_the_act_ends_its_draft(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    begin(web(cast.partner), cast)
    answer = web(cast.partner).fill(path(cast), kind="risk", text="")
    assert answer.status_code == 422
    assert drafts(records) == 1
    assert web(cast.partner).fill(path(cast), kind="risk", text=TYPED).status_code == 303
    assert drafts(records) == 0
    assert len(records.rows("SELECT FROM activity_entry")) == 1


def test_nobody_else_is_given_it(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    begin(web(cast.partner), cast)
    other = web(cast.manager)
    assert "new &lt;job&gt;" not in other.get(path(cast)).text
    assert "You have none" in other.get("/drafts").text
    [(draft_id,)] = records.rows("SELECT id FROM draft")
    assert other.get(f"/drafts/{draft_id}/discard").status_code == 200  # asks no question yet
    with pytest.raises(NotFound):
        records.run("drafts.discard", cast.manager, draft_id=draft_id)
    assert drafts(records) == 1


def test_a_row_in_anothers_name_cannot_be_opened(records: World, cast: Cast) -> None:
    place = path(cast)
    with records.runtime.work(cast.partner, "test") as work:
        keeping.save(work, place, "A form", [("text", TYPED)], nominal_id=cast.nominal)
    with records.session() as session:
        session.execute(update(service.tables.draft).values(person_id=cast.manager.person_id))
        session.commit()
    with records.runtime.work(cast.manager, "test") as work, pytest.raises(NotReadable):
        keeping.find(work, place)


@pytest.mark.clause("PF-5.13.2")
def test_who_may_no_longer_see_the_record_cannot_read_the_draft(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    begin(web(cast.partner), cast)
    with records.session() as session:
        session.execute(update(Partnership).values(ended_at=records.policy.at))
        session.commit()
    refused = web(cast.partner).get(path(cast))
    assert refused.status_code == 403
    assert "job" not in refused.text
    assert web(cast.partner).http.post(f"/records{path(cast)}", data={"_draft": "1"}).status_code == 403
    assert "job" not in web(cast.partner).get("/drafts").text


def test_it_is_discarded_by_hand(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    begin(web(cast.partner), cast)
    shown = web(cast.partner).get(path(cast)).text
    answer = web(cast.partner).fill(discard_of(shown))
    assert answer.headers["location"] == f"/records{path(cast)}?done=drafts.discard"
    assert drafts(records) == 0
    after = web(cast.partner).get(f"{path(cast)}?done=drafts.discard").text
    assert "The draft is discarded" in after
    assert "This is your draft" not in after


def test_it_is_gone_after_the_policys_period(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    begin(web(cast.partner), cast)
    end_of_the_last_day = records.policy.at.replace(day=15, hour=23, minute=0, second=0)
    records.policy.at = end_of_the_last_day - timedelta(seconds=1)
    assert "This is your draft" in web(cast.partner).get(path(cast)).text
    records.policy.at = end_of_the_last_day
    assert "This is your draft" not in web(cast.partner).get(path(cast)).text
    with records.runtime.system_work("sweep") as work:
        keeping.forget_old(work)
    assert drafts(records) == 0


def test_it_goes_with_the_nominals_key(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    begin(web(cast.partner), cast)
    records.runtime.keys.destroy(cast.nominal)
    with records.runtime.work(cast.partner, "test") as work:
        assert keeping.find(work, path(cast)) is None


def test_a_script_is_answered_in_json_and_files_are_said_to_be_lost(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    visit = web(cast.partner)
    token = re.search(r'name="csrf_token" value="([^"]+)"', visit.get(path(cast)).text)
    assert token
    data = {"csrf_token": token[1], "text": TYPED, "_draft": "1", "_draft_files": "letter.pdf"}
    answer = visit.http.post(f"/records{path(cast)}", data=data, headers={"Accept": "application/json"})
    assert answer.json() == {"at": "2026-04-01T09:30:00+00:00"}
    assert "A draft keeps no files. Choose again: letter.pdf." in visit.get(path(cast)).text
    forged = visit.http.post(f"/records{path(cast)}", data=data | {"csrf_token": "x"})
    assert forged.status_code == 403


def test_two_savings_at_one_moment_leave_one(records: World, cast: Cast) -> None:
    def save() -> None:
        with records.runtime.work(cast.partner, "test") as work:
            keeping.save(work, path(cast), "A form", [("text", TYPED)], nominal_id=cast.nominal)

    assert at_once(save, save) == [None, None]
    assert drafts(records) == 1


def test_it_goes_with_its_record_and_with_no_export(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    other = records.nominal()
    begin(web(cast.manager), cast)
    with records.runtime.system_work("test") as work:
        assert export_rows(work, cast.nominal)["draft"] == []
        merge_rows(work, cast.nominal, other)
    assert drafts(records) == 0
    begin(web(cast.manager), cast)
    with records.runtime.system_work("test") as work:
        assert purge_rows(work, cast.nominal)["draft"] == 1
    assert drafts(records) == 0
