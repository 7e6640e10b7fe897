"""What follows from an entry: attachments to update, reviews to copy, the manager told of an assessment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from services.records.activity_log.needs import updated
from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, NotFound
from tests.servers.records import LEEDS, World
from tests.services.records.conftest import Cast, Web, at_once, codes, feed, refusal, told
from tests.services.records.test_activity_log import ATTENTION, write
from tests.services.records.test_activity_log_restricted import log

NEEDED, SETTLED = "records.attachment.needs_updating", "records.attachment.need_settled"
COMPLETED, COPIED = "records.review.completed", "records.review.copied"


@pytest.mark.clause("PF-4.35", "PF-7/Manager.2")
def test_an_entry_carries_what_needs_updating_and_who_is_to_be_informed(records: World, cast: Cast) -> None:
    write(
        records,
        cast.partner,
        cast,
        attachments=["telecoms", "custody", "telecoms"],
        to_inform="Housing office",
    )
    [entry] = log(records, cast.lpc, cast)
    assert [(need.folder, need.state) for need in entry.needs] == [("custody", "open"), ("telecoms", "open")]
    assert entry.to_inform == "Housing office"
    assert told(records, NEEDED) == [("manager", "Mary Manager")]
    assert [data["folder_name"] for data, _ in records.events(NEEDED)] == ["Custody", "Telecoms"]
    assert b"Housing" not in bytes(records.rows("SELECT to_inform FROM activity_entry")[0][0])


@pytest.mark.clause("PF-7/Manager.2")
def test_a_changed_attachment_settles_all_that_asked_for_it(records: World, cast: Cast) -> None:
    for _ in range(2):
        write(records, cast.partner, cast, attachments=["telecoms", "custody"])
    with records.runtime.work(cast.manager, "test.attachment") as work:
        assert updated(work, cast.nominal, "telecoms") == 2
        assert updated(work, cast.nominal, "telecoms") == 0
    states = {(need.folder, need.state) for entry in log(records, cast.lpc, cast) for need in entry.needs}
    assert states == {("custody", "open"), ("telecoms", "updated")}
    asked = {data["need_id"] for data, _ in records.events(NEEDED) if data["folder"] == "telecoms"}
    assert {data["need_id"] for data, _ in records.events(SETTLED)} == asked


def need_of(world: World, cast: Cast) -> UUID:
    write(world, cast.partner, cast, attachments=["telecoms"])
    found: UUID = world.rows("SELECT id FROM attachment_need")[0][0]
    return found


@pytest.mark.clause("PF-4.17.4")
def test_an_update_is_declined_with_its_reason(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    need = need_of(records, cast)
    base = f"/nominals/{cast.nominal}/activity-log"
    manager = web(cast.manager)
    assert "needs updating" in manager.get(base).text
    assert manager.fill(f"{base}/needs/{need}/decline", reason=" ").status_code == 422
    assert manager.fill(f"{base}/needs/{need}/decline", reason="It is there.").status_code == 303
    assert "not to be updated" in manager.get(base).text
    assert manager.get(f"{base}/needs/{need}/decline").status_code == 409
    assert records.events(SETTLED)[-1][0]["state"] == "declined"
    given = {"nominal_id": cast.nominal, "need_id": need, "reason": "x"}
    assert refusal(records, "activity_log.decline_need", cast.stranger, **given).code == "R14"
    other = records.nominal(surname="Other", partners=(cast.partner,))
    for wrong in ({"nominal_id": other}, {"need_id": new_id()}):
        with pytest.raises(NotFound):
            records.run("activity_log.decline_need", cast.partner, **given | wrong)


def test_two_who_decline_at_one_moment_decline_once(records: World, cast: Cast) -> None:
    given = {"nominal_id": cast.nominal, "need_id": need_of(records, cast), "reason": "It is there."}

    def decline(who: Principal) -> Any:
        return records.run("activity_log.decline_need", who, **given)

    results = at_once(lambda: decline(cast.manager), lambda: decline(cast.partner))
    assert codes(results) == ["R34", "done"]
    assert len(records.events(SETTLED)) == 1


@pytest.mark.clause("PF-4.22")
def test_a_completed_review_is_owed_by_the_units_administrators_until_it_is_copied(
    records: World, cast: Cast
) -> None:
    records.person(LEEDS, "partner", roles=("case_administrator",), name="Cass Admin")
    given = {"nominal_id": cast.nominal, "completed_on": "2026-03-31"}
    review = records.run("activity_log.review_completed", cast.manager, **given)
    assert told(records, COMPLETED) == [("case_administrator", "Cass Admin")]
    with pytest.raises(Invalid):
        records.run("activity_log.review_completed", cast.manager, **given)
    write(records, cast.partner, cast, kind="risk")
    assert records.events(COPIED) == []
    entry = write(records, cast.partner, cast, kind="level_1_review")
    [(data, _)] = records.events(COPIED)
    assert (data["review_id"], data["entry_id"]) == (review["id"], entry["id"])
    write(records, cast.partner, cast, kind="level_1_review")
    assert len(records.events(COPIED)) == 1


@pytest.mark.clause("PF-4.22")
def test_a_completed_review_can_also_come_from_ndelius(records: World, cast: Cast) -> None:
    records.nominal(surname="Known", numbers={"crn": "X123456"})
    client = feed("integration.ndelius")

    def hear(crn: str, day: str = "2026-03-31") -> str:
        return str(records.run("activity_log.hear_review", client, crn=crn, completed_on=day)["outcome"])

    assert [hear("X123456"), hear("X123456"), hear("X999999")] == ["taken", "known", "no_record"]
    assert len(records.events(COMPLETED)) == 1
    assert told(records, COMPLETED) == [("case_administrator", "nobody")]
    with pytest.raises(Invalid):
        hear("X123456", "2026-04-02")
    given = {"crn": "X123456", "completed_on": "2026-03-31"}
    assert refusal(records, "activity_log.hear_review", feed("integration.hmpps"), **given).code == "R11"


def test_a_review_of_tomorrow_or_by_a_stranger_is_refused(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    path = f"/nominals/{cast.nominal}/level-1-reviews"
    for body in ({}, {"completed_on": "2026-04-02"}, {"completed_on": "yesterday"}, {"completed_on": None}):
        assert web(cast.manager).send(path, body).status_code == 422
    assert web(cast.stranger).get(f"{path}/new").status_code == 403
    day = {"completed_on-day": "31", "completed_on-month": "3", "completed_on-year": "2026"}
    assert web(cast.manager).fill(f"{path}/new", **day).status_code == 303
    assert records.rows("SELECT count(*) FROM level_1_review") == [(1,)]


@pytest.mark.clause("PF-4.19.1", "PF-4.19.2")
def test_the_manager_is_told_of_an_assessment_with_an_entry_filled_in_beforehand(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    path = f"/nominals/{cast.nominal}/activity-log/add-risk-assessment"
    form = web(cast.partner).get(path).text
    assert "OASys R10" in form
    assert 'value="manager" checked' in form
    sent = web(cast.partner).fill(
        path, kind="risk_assessment", text="R10 added.", for_attention=["manager"], important="true"
    )
    assert sent.status_code == 303
    assert told(records, ATTENTION) == [("manager", "Mary Manager")]
    [entry] = log(records, cast.manager, cast)
    assert (entry.kind, entry.important) == ("risk_assessment", True)
