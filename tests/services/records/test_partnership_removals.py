"""A prisoner leaves: the removal of the prison's partners is drafted, sent with one click, and done with one more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import NotFound
from tests.servers.records import NOW, PRISON, World
from tests.services.records.conftest import Cast, Web, at_once, codes, refusal, told

DRAFTED, ASKED = "records.partnership.removal_drafted", "records.partnership.removal_requested"
SETTLED, ENDED = "records.partnership.draft_settled", "records.partnership.removed"
RECORD = "custody.record"


def move(world: World, cast: Cast, kind: str, hours: float, prison: str = PRISON) -> None:
    at = (NOW - timedelta(days=2) + timedelta(hours=hours)).isoformat()
    world.run(RECORD, cast.manager, nominal_id=cast.nominal, kind=kind, prison=prison, at=at)


def leave(world: World, cast: Cast) -> UUID:
    """Held with two partners of the prison, then released; the draft."""
    for who in (cast.prison, cast.colleague):
        world.partner(cast.nominal, who)
    move(world, cast, "received", 0)
    move(world, cast, "released", 20)
    return UUID(str(world.events(DRAFTED)[-1][0]["draft_id"]))


@pytest.mark.clause("PF-5.9.7")
def test_a_release_drafts_the_removal_for_the_prisons_administrators(records: World, cast: Cast) -> None:
    leave(records, cast)
    assert told(records, DRAFTED) == [("prison_administrator", "Petra Prison")]
    [draft] = records.ask("partnership.drafts", cast.prison)["drafts"]
    assert (draft.kind, draft.unit, draft.state) == ("removal", PRISON, "open")
    assert refusal(records, "partnership.drafts", cast.colleague).code == "R32"


@pytest.mark.clause("PF-5.9.7")
def test_a_transfer_drafts_it_for_the_prison_that_was_left(records: World, cast: Cast) -> None:
    records.partner(cast.nominal, cast.prison)
    move(records, cast, "received", 0)
    move(records, cast, "received", 20, "prison-WSI")
    [(data, _)] = records.events(DRAFTED)
    assert data["prison"] == PRISON


def test_a_prison_without_partners_drafts_nothing_nor_does_a_day_at_court(records: World, cast: Cast) -> None:
    move(records, cast, "received", 0)
    move(records, cast, "released", 20)
    assert records.events(DRAFTED) == []


@pytest.mark.clause("PF-5.19.2")
def test_sent_with_one_click_it_tells_the_owner(records: World, cast: Cast) -> None:
    draft = leave(records, cast)
    records.run("partnership.send_draft", cast.prison, draft_id=draft)
    assert told(records, ASKED) == [
        ("lpc", "Lena Lpc"),
        ("manager", "Mary Manager"),
        ("supervisor", "Sue Supervisor"),
    ]
    assert [data["state"] for data, _ in records.events(SETTLED)] == ["sent"]
    # Until the owner has acted the prison can still enter the date of the move (PF-5.18).
    written = {"nominal_id": cast.nominal, "kind": "custody", "text": "Left today.", "for_attention": []}
    records.run("activity_log.add", cast.colleague, **written)


@pytest.mark.clause("PSI-2.4.1", "PF-5.19.2")
def test_the_owner_ends_them_all_with_one_more(records: World, cast: Cast) -> None:
    draft = leave(records, cast)
    given = {"nominal_id": cast.nominal, "draft_id": draft}
    assert refusal(records, "partnership.remove_unit", cast.manager, **given).code == "R34"
    records.run("partnership.send_draft", cast.prison, draft_id=draft)
    for who, code in ((cast.prison, "R30"), (cast.partner, "R11"), (cast.stranger, "R11")):
        assert refusal(records, "partnership.remove_unit", who, **given).code == code
    results = at_once(
        *[
            lambda who=who: records.run("partnership.remove_unit", who, **given)
            for who in (cast.manager, cast.lpc)
        ]
    )
    assert codes(results) == ["R34", "done"]
    assert told(records, ENDED) == [("partner", "Carl Colleague"), ("partner", "Petra Prison")]
    assert records.rows("SELECT count(*) FROM partnership WHERE ended_at IS NULL") == [(1,)]
    other = records.nominal(surname="Other", manager_id=cast.manager.person_id)
    with pytest.raises(NotFound):
        records.run("partnership.remove_unit", cast.manager, nominal_id=other, draft_id=draft)


@pytest.mark.parametrize("sent", [False, True])
def test_whoever_comes_back_is_not_removed(records: World, cast: Cast, sent: bool) -> None:
    draft = leave(records, cast)
    if sent:
        records.run("partnership.send_draft", cast.prison, draft_id=draft)
    move(records, cast, "received", 30)
    assert records.ask("partnership.drafts", cast.prison)["drafts"] == []
    assert records.events(SETTLED)[-1][0]["state"] == "overtaken"
    given = {"nominal_id": cast.nominal, "draft_id": draft}
    assert refusal(records, "partnership.remove_unit", cast.manager, **given).code == "R34"


def test_a_draft_is_decided_once_and_by_its_unit(records: World, cast: Cast) -> None:
    draft = leave(records, cast)
    elsewhere = records.person("prison-WSI", "partner", roles=("prison_administrator",), name="Else")
    for who in (cast.colleague, elsewhere, cast.manager):
        assert refusal(records, "partnership.send_draft", who, draft_id=draft).code == "R32"
    lead = records.person(PRISON, "partner", roles=("visor_lead",), name="Lea Lead")
    results = at_once(
        lambda: records.run("partnership.send_draft", cast.prison, draft_id=draft),
        lambda: records.run(
            "partnership.dismiss_draft", lead, draft_id=draft, reason="He is back on Monday."
        ),
    )
    assert codes(results) == ["R34", "done"]
    assert len(records.events(SETTLED)) == 1
    with pytest.raises(NotFound):
        records.run("partnership.send_draft", cast.prison, draft_id=new_id())


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    draft = leave(records, cast)
    prison = web(cast.prison)
    assert "1 to send" in prison.get("/partnership/drafts").text
    assert prison.fill(f"/partnership/drafts/{draft}/dismiss", reason="no").status_code == 422
    assert prison.fill(f"/partnership/drafts/{draft}/send").status_code == 303
    assert "Nothing waits to be sent" in prison.get("/partnership/drafts").text
    manager = web(cast.manager)
    assert "asks that its users are removed" in manager.get(f"/nominals/{cast.nominal}/partners").text
    path = f"/nominals/{cast.nominal}/partnership/removals/{draft}/remove"
    assert manager.fill(path).status_code == 303
    assert manager.get(path).status_code == 409
    assert "asks that its users are removed" not in manager.get(f"/nominals/{cast.nominal}/partners").text


def _bad(web: Web, draft: UUID, body: Any) -> int:
    return web.send(f"/partnership/drafts/{draft}/dismissed", body).status_code


def test_bad_input(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    draft = leave(records, cast)
    bodies: list[Any] = [
        {},
        {"reason": None},
        {"reason": "x"},
        {"reason": "x" * 2001},
        {"reason": "a\u0000" * 10},
        [],
    ]
    for body in bodies:
        assert _bad(web(cast.prison), draft, body) == 422
    assert records.rows("SELECT state FROM partnership_draft") == [("open",)]
