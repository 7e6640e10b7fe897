"""What people do with their list: several at once, back again, off to a later day, on to a colleague, cover."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.notifications.todo.cards import NominalCard
from shared.events.records.access import STANDING_CHANGED
from shared.events.records.activity_log import NOTIFY_MANAGER
from shared.events.records.meetings import MINUTES_ADDED
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from tests.services.notifications.conftest import SignedIn
from tests.services.notifications.facts import meeting, request
from tests.services.notifications.office import Office
from tests.services.notifications.test_notifications_pages import KnownCards, notified, page, read

PDU = "pdu-N55LEE"
API = "/notifications/api"
MONDAY = date(2026, 3, 9)


def stand(office: Office, nominal: UUID, *people: UUID, version: int = 1) -> None:
    standings = [{"person_id": one, "standing": "partner"} for one in people]
    said = {"nominal_id": nominal, "chunk": 1, "chunks": 1, "version": version, "standings": standings}
    office.deliver(STANDING_CHANGED, said)


def post(client: FlaskClient, url: str, who: dict[str, str], json: Any, status: int = 200) -> dict[str, Any]:
    answer = client.post(f"{API}{url}", json=json, headers=who)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def total(client: FlaskClient, who: dict[str, str], query: str = "") -> int:
    return int(read(client, f"{API}/todo?{query}", who)["total"])


@pytest.mark.clause("PF-4.30.1")
def test_several_are_closed_at_once_and_what_a_person_said_can_be_taken_back(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada, ben = office.person("Ada"), office.person("Ben")
    for _ in range(3):
        office.runtime.keys.create(nominal := new_id())
        notified(office, ada, nominal)
    notified(office, ben)
    items = [str(one.id) for one in office.items(ada)]
    others = str(office.items(ben)[0].id)
    who = signed_in(ada)

    post(client, "/todo/outcomes", who, {"items": items, "outcome": "no_action"}, 422)
    assert total(client, who) == 3
    some = {"items": [*items[:2], others], "outcome": "actioned"}
    closed = ",".join(items[:2])
    assert post(client, "/todo/outcomes", who, some) == {"done": 2, "left": 1, "closed": closed}
    assert (total(client, who), len(office.items(ben))) == (1, 1)
    # One of them is closed already: it keeps its outcome.
    note = {"items": items, "outcome": "no_action", "note": "Known already"}
    assert post(client, "/todo/outcomes", who, note) == {"done": 1, "left": 2, "closed": items[2]}
    assert len([one for one in office.audited("todo.close") if one.outcome == "done"]) == 3

    assert post(client, "/todo/back", who, {"items": [items[0], others]}) == {"done": 1, "left": 1}
    assert total(client, who) == 1
    post(client, "/todo/back", signed_in(ben), {"items": items}, 404)
    for wrong in ([], ["x"], [str(new_id())] * 101):
        post(client, "/todo/outcomes", who, {"items": wrong, "outcome": "actioned"}, 422)


def test_what_a_fact_closed_cannot_be_taken_back(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess = office.person("Tess")
    held = meeting(office, tess, level=3, held_on=MONDAY)
    (item,) = office.items(tess)
    who = signed_in(tess)
    post(client, f"/todo/{item.id}/outcome", who, {"outcome": "actioned"})
    assert post(client, "/todo/back", who, {"items": [str(item.id)]})["done"] == 1
    post(client, f"/todo/{item.id}/outcome", who, {"outcome": "actioned"})
    office.deliver(MINUTES_ADDED, {"meeting_id": held, "nominal_id": new_id()})
    assert post(client, "/todo/back", who, {"items": [str(item.id)]}, 409)["code"] == "R34"


@pytest.mark.clause("PF-4.30.1")
def test_the_list_and_its_undo_work_without_javascript(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada")
    notified(office, ada)
    notified(office, ada)
    who = signed_in(ada)
    items = [str(one.id) for one in office.items(ada)]

    def hidden(text: str) -> dict[str, str]:
        return {"csrf_token": re.findall(r'name="csrf_token" value="([^"]*)"', text)[-1]}

    listed = page(client, "/notifications/todo", who)
    nothing = client.post(
        "/notifications/todo/outcomes/new", data=hidden(listed) | {"outcome": "actioned"}, headers=who
    )
    assert nothing.status_code == 422
    asked = client.post(
        "/notifications/todo/outcomes/new",
        data=hidden(listed) | {"items": items, "_change": "1"},
        headers=who,
    )
    assert asked.status_code == 200
    assert asked.text.count("Read the activity log entry for your attention") == 2
    assert asked.text.count(" checked") >= 2
    done = {"items": items[:1], "outcome": "actioned"}
    sent = client.post("/notifications/todo/outcomes/new", data=hidden(listed) | done, headers=who)
    assert sent.status_code == 303
    assert total(client, who) == 1

    one = f"/notifications/todo/{items[1]}"
    closing = client.post(
        f"{one}/outcome", data=hidden(page(client, one, who)) | {"outcome": "actioned"}, headers=who
    )
    after = page(client, closing.headers["Location"], who)
    assert "Undo: put it back on the list" in after
    back = client.post("/notifications/todo/back/new", data=hidden(after) | {"items": items[1]}, headers=who)
    assert back.status_code == 303
    assert total(client, who) == 1
    assert "Put the chosen back" in page(client, "/notifications/todo?show=done", who)

    both = {"items": items, "outcome": "actioned"}
    sent = client.post(
        "/notifications/todo/outcomes/new",
        data=hidden(page(client, "/notifications/todo", who)) | both,
        headers=who,
    )
    after = page(client, sent.headers["Location"], who)
    assert "Undo: put it back on the list" in after
    assert items[1] in after
    assert items[0] not in after  # it was closed before, and is not what was done now


@pytest.mark.clause("PF-4.30.1")
def test_several_are_taken_back_in_one_go_where_they_were_closed_in_one(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada")
    for _ in range(3):
        notified(office, ada)
    who, items = signed_in(ada), [str(one.id) for one in office.items(ada)]
    closed = post(client, "/todo/outcomes", who, {"items": items[:2], "outcome": "actioned"})["closed"]
    after = page(client, f"/notifications/todo?closed={closed}", who)
    assert "Undo: put the 2 tasks back on the list" in after
    assert sorted(re.findall(r'type="hidden" name="items" value="([^"]*)"', after)) == sorted(items[:2])
    assert client.get("/notifications/todo?closed=x,y", headers=who).status_code == 422


# ---- Put off ----


def test_an_item_is_put_off_within_its_deadline_and_comes_back_by_itself_or_with_a_reminder(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess = office.person("Tess")
    meeting(office, tess, level=2, held_on=MONDAY)  # due on 23 March, reminded on the 16th and the 20th
    (item,) = office.items(tess)
    who, url = signed_in(tess), f"/todo/{item.id}/later"
    for wrong in ("2026-03-09", "2026-03-24", "x"):
        post(client, url, who, {"to": wrong}, 422)
    post(client, url, who, {"to": "2026-03-13"})
    assert (total(client, who), total(client, who, "show=put_off")) == (0, 1)
    assert read(client, f"{API}/todo/count", who)["count"] == 0
    office.at(date(2026, 3, 13))
    assert total(client, who) == 1

    post(client, url, who, {"to": "2026-03-20"})
    assert total(client, who) == 0
    office.at(date(2026, 3, 16))
    office.tick()
    assert total(client, who) == 1


def test_what_is_important_is_not_put_off(office: Office, client: FlaskClient, signed_in: SignedIn) -> None:
    ada = office.person("Ada")
    notified(office, ada)
    (item,) = office.items(ada)
    post(client, f"/todo/{item.id}/later", signed_in(ada), {"to": "2026-03-10"}, 422)
    assert "Put it off" not in page(client, f"/notifications/todo/{item.id}", signed_in(ada))


# ---- Passed on ----


def test_an_item_is_passed_on_only_to_who_may_see_the_record_and_its_reminders_go_along(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess, mina, eve = office.person("Tess"), office.person("Mina"), office.person("Eve")
    gone = office.person("Gone", active=False)
    held = meeting(office, tess, level=2, held_on=MONDAY)
    (item,) = office.items(tess)
    assert item.nominal_id is not None
    stand(office, item.nominal_id, tess, mina, gone)
    who, url = signed_in(tess), f"/todo/{item.id}/colleague"

    form = page(client, f"/notifications{url}/new", who)
    assert ("Mina" in form, "Eve" in form, "Gone" in form) == (True, False, False)
    for wrong in (eve, gone, tess, new_id()):
        post(client, url, who, {"person_id": str(wrong)}, 422)
    post(client, url, who, {"person_id": str(mina)})
    assert office.items(tess) == []
    (theirs,) = office.items(mina)
    assert theirs.passed_on_by == tess
    assert "Passed on by Tess" in page(client, "/notifications/todo", signed_in(mina))
    assert "A colleague passed it on to you." in page(
        client, f"/notifications/todo/{theirs.id}", signed_in(mina)
    )

    office.at(date(2026, 3, 16))
    office.tick()
    assert office.items(tess) == []
    assert office.items(mina)[0].reminded_at is not None
    office.deliver(MINUTES_ADDED, {"meeting_id": held, "nominal_id": new_id()})
    assert office.items(mina) == []


def test_somebody_who_no_longer_stands_to_the_record_is_not_offered(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess, mina, nominal = office.person("Tess"), office.person("Mina"), new_id()
    notified(office, tess, nominal)
    stand(office, nominal, tess, mina)
    (item,) = office.items(tess)
    assert "Pass it on" in page(client, f"/notifications/todo/{item.id}", signed_in(tess))
    stand(office, nominal, tess, version=2)
    assert "Pass it on" not in page(client, f"/notifications/todo/{item.id}", signed_in(tess))
    form = page(client, f"/notifications/todo/{item.id}/colleague/new", signed_in(tess), status=409)
    assert "Nobody else of your agency may see this task" in form
    post(client, f"/todo/{item.id}/colleague", signed_in(tess), {"person_id": str(mina)}, 422)


def test_what_was_passed_on_comes_back_as_soon_as_the_standing_has_ended(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess, mina = office.person("Tess"), office.person("Mina")
    held = meeting(office, tess, level=2, held_on=MONDAY)
    (item,) = office.items(tess)
    assert item.nominal_id is not None
    stand(office, item.nominal_id, tess, mina)
    post(client, f"/todo/{item.id}/colleague", signed_in(tess), {"person_id": str(mina)})
    assert (len(office.items(tess)), len(office.items(mina))) == (0, 1)
    stand(office, item.nominal_id, tess, mina, version=2)
    assert len(office.items(mina)) == 1
    half = {"nominal_id": item.nominal_id, "chunk": 1, "chunks": 2, "version": 3, "standings": []}
    office.deliver(STANDING_CHANGED, half)
    assert len(office.items(mina)) == 1  # the other half may still have her
    stand(office, item.nominal_id, tess, version=4)
    assert office.items(mina) == []
    assert [one.id for one in office.items(tess)] == [item.id]
    assert len(office.audited("todo.take_back")) == 1
    office.at(date(2026, 3, 16))
    office.tick()
    assert office.items(tess)[0].reminded_at is not None
    assert office.items(mina) == []
    assert office.clock_of("D-11", held).state == "running"


def test_an_item_that_comes_back_to_who_had_it_opens_again(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess, mina, nominal = office.person("Tess"), office.person("Mina"), new_id()
    notified(office, tess, nominal)
    stand(office, nominal, tess, mina)
    (item,) = office.items(tess)
    post(client, f"/todo/{item.id}/colleague", signed_in(tess), {"person_id": str(mina)})
    (theirs,) = office.items(mina)
    post(client, f"/todo/{theirs.id}/colleague", signed_in(mina), {"person_id": str(tess)})
    assert [one.id for one in office.items(tess)] == [item.id]
    assert office.items(mina) == []


def acts_at_once(*acts: Callable[[], Any]) -> list[str]:
    """Each in a thread of its own, at one moment: "done", "corrected" or the refusal's code, sorted."""
    together, outcomes = Barrier(len(acts)), list[str]()

    def do(act: Callable[[], Any]) -> None:
        together.wait()
        try:
            act()
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        except Invalid:
            outcomes.append("corrected")

    threads = [Thread(target=do, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_an_item_that_two_pass_on_at_once_is_on_one_list(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    """Its own holder, and a colleague who covers for them."""
    tess, mina, olu, nominal = *(office.person(name) for name in ("Tess", "Mina", "Olu")), new_id()
    notified(office, tess, nominal)
    stand(office, nominal, tess, mina, olu)
    (item,) = office.items(tess)
    days = {"from_day": "2026-03-09", "to_day": "2026-03-12"}
    post(client, "/cover", signed_in(tess), {"by_id": str(olu), **days}, 201)
    command = office.runtime.service.declarations.commands["todo.pass_on"]

    def passing(who: UUID, to: UUID) -> Callable[[], Any]:
        given = {"item_id": item.id, "person_id": to}
        return lambda: office.runtime.run(command, office.principal(who), given)

    assert acts_at_once(passing(tess, mina), passing(olu, mina), passing(tess, olu)) == ["R53", "R53", "done"]
    assert len(office.items(mina)) + len(office.items(olu)) == 1


# ---- Cover ----


def test_a_colleague_covers_for_some_days_and_sees_what_they_may_see_anyway(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ruth, olu = office.person("Ruth"), office.person("Olu")
    shared, hers = new_id(), new_id()
    notified(office, ruth, shared)
    notified(office, ruth, hers)
    stand(office, shared, ruth, olu)
    stand(office, hers, ruth)
    mine, theirs = signed_in(ruth), signed_in(olu)
    for wrong in (
        {"by_id": str(ruth)},
        {"by_id": str(office.person("Ada", unit="prison-LEI"))},
        {"from_day": "2026-03-08"},
        {"to_day": "2026-03-09"},
        {"to_day": "2027-03-09"},
    ):
        asked = {"by_id": str(olu), "from_day": "2026-03-10", "to_day": "2026-03-12", **wrong}
        post(client, "/cover", mine, asked, 422)
    made = post(
        client, "/cover", mine, {"by_id": str(olu), "from_day": "2026-03-10", "to_day": "2026-03-12"}, 201
    )

    counts = []
    for day in (9, 10, 12, 13):
        office.at(date(2026, 3, day))
        counts.append(total(client, theirs))
        assert read(client, f"{API}/todo/count", theirs)["count"] == counts[-1]
    assert counts == [0, 1, 1, 0]
    office.at(date(2026, 3, 11))
    assert "For Ruth, who is away" in page(client, "/notifications/todo", theirs)
    assert "Ruth" in page(client, "/notifications/cover", theirs)
    (covered,) = [one for one in office.items(ruth) if one.nominal_id == shared]
    post(client, f"/todo/{covered.id}/outcome", theirs, {"outcome": "actioned"})
    assert [one.closed_by for one in office.items(ruth, state="done")] == [olu]

    post(client, f"/cover/{made['id']}/end", signed_in(office.person("Eve")), {}, 404)
    post(client, f"/cover/{made['id']}/end", theirs, {})
    assert total(client, theirs) == 0
    post(client, f"/cover/{made['id']}/end", mine, {}, 409)


def test_who_covers_may_say_of_several_at_once_that_nothing_is_needed(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    """The form that asks why shows what was chosen, also from a colleague's list."""
    ruth, olu, nominal = office.person("Ruth"), office.person("Olu"), new_id()
    notified(office, ruth, nominal)
    stand(office, nominal, ruth, olu)
    days = {"from_day": "2026-03-09", "to_day": "2026-03-12"}
    post(client, "/cover", signed_in(ruth), {"by_id": str(olu), **days}, 201)
    (item,) = office.items(ruth)
    who = signed_in(olu)
    csrf = re.findall(r'name="csrf_token" value="([^"]*)"', page(client, "/notifications/todo", who))[-1]
    chosen = {"csrf_token": csrf, "items": str(item.id), "_change": "1"}
    asked = client.post("/notifications/todo/outcomes/new", data=chosen, headers=who)
    assert f'value="{item.id}" checked' in asked.text
    why = {"csrf_token": csrf, "items": str(item.id), "outcome": "no_action", "note": "Known already"}
    office.runtime.keys.create(nominal)
    assert client.post("/notifications/todo/outcomes/new", data=why, headers=who).status_code == 303
    assert [one.closed_by for one in office.items(ruth, state="done")] == [olu]


def test_a_colleague_covers_once_on_each_day(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ruth, olu = office.person("Ruth"), office.person("Olu")
    command = office.runtime.service.declarations.commands["cover.name"]
    given = {"by_id": olu, "from_day": date(2026, 3, 9), "to_day": date(2026, 3, 12)}
    naming = [lambda: office.runtime.run(command, office.principal(ruth), given)] * 2
    assert acts_at_once(*naming) == ["corrected", "done"]
    who, after = signed_in(ruth), {"by_id": str(olu), "from_day": "2026-03-13", "to_day": "2026-03-13"}
    post(client, "/cover", who, after | {"from_day": "2026-03-12"}, 422)
    post(client, "/cover", who, after, 201)
    (made, _) = read(client, f"{API}/cover", who)["covers"]
    post(client, f"/cover/{made['id']}/end", who, {})
    post(client, "/cover", who, after | {"from_day": "2026-03-12", "to_day": "2026-03-12"}, 201)


@pytest.mark.clause("PF-4.29.3")
def test_whoever_oversees_a_unit_finds_who_is_away_names_cover_and_ends_it(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ruth, olu, cass = office.person("Ruth Ackroyd"), office.person("Olu"), office.person("Cass")
    office.person("Ruth of a prison", unit="prison-LEI")
    office.person("Ruth who left", active=False)
    theirs = signed_in(cass, ("cpc", "area-53"))
    assert "/notifications/cover/people" in page(client, "/notifications/cover", theirs)
    assert "/notifications/cover/people" not in page(client, "/notifications/cover", signed_in(olu))
    page(client, "/notifications/cover/people", signed_in(olu), status=403)
    page(client, "/notifications/cover/people", theirs)

    found = post(client, "/cover/people", theirs, {"name": " ruth "})["people"]
    assert [one["name"] for one in found] == ["Ruth Ackroyd"]
    assert post(client, "/cover/people", theirs, {"name": "%"})["people"] == []
    post(client, "/cover/people", theirs, {"name": "x" * 101}, 422)
    days = {"from_day": "2026-03-09", "to_day": "2026-03-12"}
    made = post(client, f"/people/{ruth}/cover", theirs, {"by_id": str(olu), **days}, 201)
    assert "Ruth Ackroyd" in page(client, "/notifications/cover", theirs)
    assert "Ruth Ackroyd" in page(client, "/notifications/cover", signed_in(olu))
    end = f"/notifications/cover/{made['id']}/end/new"
    tab = " (opens in a new tab)"
    said = re.sub("<[^>]+>", "", page(client, end, theirs))
    assert f"Olu{tab} for Ruth Ackroyd{tab}, 9 March 2026 to 12 March 2026" in said
    page(client, end, signed_in(office.person("Eve")), status=404)
    post(client, f"/cover/{made['id']}/end", theirs, {})
    assert "Ruth Ackroyd" not in page(client, "/notifications/cover", theirs)
    page(client, end, theirs, status=409)


def test_whoever_oversees_the_unit_names_cover_for_somebody_who_is_away_unforeseen(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ruth, olu, cass = office.person("Ruth"), office.person("Olu"), office.person("Cass")
    asked = {"by_id": str(olu), "from_day": "2026-03-09", "to_day": "2026-03-12"}
    url = f"/people/{ruth}/cover"
    post(client, url, signed_in(olu), asked, 403)
    post(client, url, signed_in(cass, ("cpc", "force-13")), asked, 403)
    post(client, url, signed_in(cass, ("cpc", "area-53")), asked, 201)
    notified(office, ruth)
    post(client, f"/people/{new_id()}/cover", signed_in(cass, ("cpc", "area-53")), asked, 404)


# ---- The list itself ----


def test_the_list_can_show_what_is_important_and_what_is_due_within_a_week(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess = office.person("Tess")
    meeting(office, tess, level=2, held_on=MONDAY)
    request(office, (tess, "manager"))
    notified(office, tess)
    who = signed_in(tess)
    assert total(client, who, "important=true") == 1
    assert total(client, who, "due=this_week") == 1
    assert total(client, who) == 3


@pytest.mark.clause("PF-4.29.3")
def test_the_list_says_when_it_was_opened_before(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    who = signed_in(office.person("Ada"))
    assert "You last opened" not in page(client, "/notifications/todo", who)
    office.later(days=3)
    assert "You last opened your list on 9 March 2026" in page(client, "/notifications/todo", who)


def test_a_list_with_nothing_on_it_offers_no_type_of_task(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess = office.person("Tess")
    assert "Type of task" not in page(client, "/notifications/todo", signed_in(tess))
    meeting(office, tess, level=3, held_on=MONDAY)
    assert "Type of task" in page(client, "/notifications/todo", signed_in(tess))


def test_every_item_says_why_it_is_there(office: Office, client: FlaskClient, signed_in: SignedIn) -> None:
    tess, lily = office.person("Tess"), office.person("Lily", ("lpc", PDU))
    data = {"nominal_id": new_id(), "entry_id": new_id(), "for_attention": ["manager"]}
    office.deliver(NOTIFY_MANAGER, data, [(tess, "manager", PDU)])
    meeting(office, tess, level=3, held_on=MONDAY - timedelta(days=10))
    office.tick()
    said = [page(client, f"/notifications/todo/{one.id}", signed_in(tess)) for one in office.items(tess)]
    assert any("because you manage the record" in text for text in said)
    assert any("you hold the role “MAPPA administrator” for Leeds" in text for text in said)
    office.at(date(2026, 3, 20))
    office.tick()
    (raised,) = office.items(lily)
    text = page(client, f"/notifications/todo/{raised.id}", signed_in(lily))
    assert "It was not done in time, and you hold the role “LPC”" in text


def test_everybody_can_check_who_is_told_of_what(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    text = page(client, "/notifications/alerts", signed_in(office.person("Ada")))
    for words in (
        "Meeting: held",
        "Upload the minutes of the level 3 meeting",
        "MAPPA administrator",
        "LPC, then CPC",
        "A role is found vacant",
        "An e-mail is refused for good",
    ):
        assert words in text


def test_a_form_for_several_offers_the_first_of_the_list_where_none_was_chosen(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    """And knows what its button said; each task with whom it is about, as several may be called alike."""
    ada, nominal = office.person("Ada"), new_id()
    notified(office, ada, nominal)
    office.runtime.extras["cards"] = KnownCards(
        {nominal: NominalCard("V00001234", "Darren EXAMPLE", 1984, "Leeds", f"/records/nominals/{nominal}")}
    )
    who, (item,) = signed_in(ada), office.items(ada)
    csrf = re.findall(r'name="csrf_token" value="([^"]*)"', page(client, "/notifications/todo", who))[-1]
    address = "/notifications/todo/outcomes/new"
    nothing = client.post(address, data={"csrf_token": csrf, "outcome": "actioned"}, headers=who)
    assert (nothing.status_code, f'value="{item.id}"' in nothing.text) == (422, True)
    assert "Darren EXAMPLE, V00001234" in nothing.text
    asked = client.post(address, data={"csrf_token": csrf, "_change": "outcome=no_action"}, headers=who)
    assert re.search(r'value="no_action" checked', asked.text)
    back = client.post("/notifications/todo/back/new", data={"csrf_token": csrf}, headers=who)
    assert (back.status_code, str(item.id) in back.text) == (422, False)


def test_a_form_waits_for_nobody_who_works_on_the_same(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    """It is only looked at: a row that somebody, or the tick, has in hand keeps nobody from reading."""
    ada, ben, nominal = office.person("Ada"), office.person("Ben"), new_id()
    stand(office, nominal, ada, ben)
    notified(office, ada, nominal)
    who, (item,) = signed_in(ada), office.items(ada)
    day = office.clock.today().isoformat()
    cover = post(client, "/cover", who, {"by_id": str(ben), "from_day": day, "to_day": day}, 201)["id"]
    with office.runtime.database.engine.begin() as busy:
        busy.exec_driver_sql("SELECT FROM todo_item FOR UPDATE")
        busy.exec_driver_sql("SELECT FROM cover FOR UPDATE")
        busy.exec_driver_sql("SELECT FROM deadline FOR UPDATE")
        shown: list[str] = []
        for url in (
            f"/notifications/todo/{item.id}/outcome",
            f"/notifications/todo/{item.id}/later/new",
            f"/notifications/todo/{item.id}/colleague/new",
            f"/notifications/cover/{cover}/end/new",
        ):
            asking = Thread(target=lambda url=url: shown.append(page_or_why(client, url, who)), daemon=True)
            asking.start()
            asking.join(timeout=20)
            assert not asking.is_alive(), url
    assert [text for text in shown if "<h1" not in text] == []
    assert len(shown) == 4


def page_or_why(client: FlaskClient, url: str, who: dict[str, str]) -> str:
    answer = client.get(url, headers=who)
    return answer.text if answer.status_code in (200, 409) else f"{url}: {answer.status_code}"
