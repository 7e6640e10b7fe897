"""The to-do list and its neighbours, as JSON and as pages."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from services.notifications.todo.cards import CardsAway, NominalCard
from shared.access.principal import Principal
from shared.events.records.access import STANDING_CHANGED
from shared.events.records.activity_log import NOTIFY_MANAGER
from shared.events.records.meetings import MINUTES_ADDED
from shared.events.records.nominals import NOMINAL_CHANGED
from shared.ids import new_id
from shared.refusals import Refusal
from tests.page_checks import check_page
from tests.services.notifications.conftest import SignedIn
from tests.services.notifications.facts import meeting, reception, request
from tests.services.notifications.office import Office

PDU = "pdu-N55LEE"


class KnownCards:
    """Records, as far as its cards go: it knows what it was told, and may be away."""

    def __init__(self, known: Mapping[UUID, NominalCard], *, away: bool = False) -> None:
        self.known, self.away = known, away
        self.asked: list[Sequence[UUID]] = []

    def fetch(self, refs: Sequence[UUID], credential: str) -> Mapping[UUID, NominalCard]:
        assert credential.count(".") == 2
        self.asked.append(refs)
        if self.away:
            raise CardsAway("away")
        return {ref: self.known[ref] for ref in refs if ref in self.known}


def page(client: FlaskClient, url: str, who: Mapping[str, str], status: int = 200) -> str:
    answer = client.get(url, headers=who)
    assert answer.status_code == status, answer.text
    check_page(answer.text, url)
    return answer.text


def read(client: FlaskClient, url: str, who: Mapping[str, str]) -> dict[str, Any]:
    answer = client.get(url, headers=who)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def notified(office: Office, person: UUID, nominal: UUID | None = None) -> UUID:
    entry = new_id()
    data = {"nominal_id": nominal or new_id(), "entry_id": entry, "for_attention": ["manager"]}
    office.deliver(NOTIFY_MANAGER, data, [(person, "manager", PDU)])
    return entry


@pytest.mark.clause("PF-7/To do list.1", "PF-5.13.1", "PF-4.29.3")
def test_the_list_shows_each_item_with_its_nominal_clause_due_date_and_state(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada, nominal = office.person("Ada", unit="prison-LEI"), new_id()
    reception(office, ada, nominal_id=nominal)
    card = NominalCard("V00001234", "Darren EXAMPLE", 1984, "Leeds", f"/records/nominals/{nominal}")
    office.runtime.extras["cards"] = KnownCards({nominal: card})
    office.later(days=2)

    text = page(client, "/notifications/todo", signed_in(ada))
    for words in (
        "Request partnership",
        "Darren EXAMPLE",
        "PF-5.13",
        "16 Mar 2026",
        "in 5 days",
        "2 days ago",
    ):
        assert words in text
    assert "1 open task" in text


def test_nothing_to_do_says_so(office: Office, client: FlaskClient, signed_in: SignedIn) -> None:
    assert "There is nothing on your list." in page(
        client, "/notifications/todo", signed_in(office.person("Ada"))
    )


def test_with_records_away_the_list_shows_references(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada")
    notified(office, ada)
    office.runtime.extras["cards"] = KnownCards({}, away=True)
    assert "records cannot be reached" in page(client, "/notifications/todo", signed_in(ada))


def test_what_the_reader_may_not_see_stays_a_reference_and_a_restricted_item_is_not_asked_for(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada")
    notified(office, ada)
    restricted = {"nominal_id": new_id(), "entry_id": new_id(), "for_attention": []}
    office.deliver(NOTIFY_MANAGER, restricted, [(ada, "manager", PDU)], detail="restricted")
    cards = KnownCards({})
    office.runtime.extras["cards"] = cards

    text = page(client, "/notifications/todo", signed_in(ada))
    assert "A nominal record that you may not see" in text
    assert "Restricted update" in text
    assert [restricted["nominal_id"] in refs for refs in cards.asked] == [False]


def test_everybodys_list_shows_only_their_own(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada, ben = office.person("Ada"), office.person("Ben")
    notified(office, ada)
    (item,) = office.items(ada)

    assert read(client, "/notifications/api/todo", signed_in(ben))["items"] == []
    for url in (f"/notifications/api/todo/{item.id}", f"/notifications/todo/{item.id}"):
        assert client.get(url, headers=signed_in(ben)).status_code == 404
    closing = client.post(
        f"/notifications/api/todo/{item.id}/outcome", json={"outcome": "actioned"}, headers=signed_in(ben)
    )
    assert closing.status_code == 404
    assert len(office.items(ada)) == 1


@pytest.mark.clause("PF-7/LPC.2")
def test_a_deputy_sees_the_absent_cpcs_queue(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    cass, lee = office.person("Cass", ("cpc", "area-53"), unit="area-53"), office.person("Lee")
    mel = office.person("Mel")
    request(office, (mel, "manager"))
    office.later(days=5)
    office.tick()
    assert len(office.items(cass)) == 1

    def listed(**more: object) -> int:
        return len(read(client, "/notifications/api/todo", signed_in(lee, **more))["items"])

    assert listed() == 0
    assert listed(deputy_for=frozenset({PDU})) == 1


def test_a_page_behind_the_last_leads_back_to_the_list(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada", unit="prison-LEI")
    reception(office, ada)
    text = page(client, "/notifications/todo?page=99", signed_in(ada))
    assert "The list ends before this page." in text
    assert 'href="/notifications/todo?page=1"' in text
    assert "No task fits" not in text


def test_the_filter_and_the_sort_act_on_the_whole_list(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada", unit="prison-LEI")
    for days in range(30):
        reception(office, ada, at=office.clock.now() - timedelta(days=days))
    notified(office, ada)
    who = signed_in(ada)

    def asked(query: str) -> dict[str, Any]:
        return read(client, f"/notifications/api/todo?{query}", who)

    # The 30 receptions are due from 15 February (day 29) to 16 March; the morning of the 9th has made 22 overdue.
    everything = asked("")
    assert (everything["total"], everything["overdue"], everything["pages"]) == (31, 22, 2)
    assert asked("due=overdue")["total"] == 22
    assert asked("due=not_overdue")["total"] == 9
    assert asked("kind=notify_manager")["total"] == 1
    dues = [one["due_on"] for number in (1, 2) for one in asked(f"sort=due&page={number}")["items"]]
    assert dues[:-1] == sorted(dues[:-1])
    assert dues[-1] is None
    assert len({one["id"] for n in (1, 2) for one in asked(f"page={n}")["items"]}) == 31
    assert asked("")["items"][0]["important"] is True
    assert client.get("/notifications/api/todo?sort=person_id", headers=who).status_code == 422
    text = page(client, "/notifications/todo?due=overdue&sort=-due&kind=request_partnership", who)
    assert "22 open tasks" in text


def test_the_number_of_queries_does_not_grow_with_the_list(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada, ben = office.person("Ada"), office.person("Ben")
    notified(office, ada)
    for _ in range(500):
        notified(office, ben)

    def queries(person: UUID) -> int:
        count = 0

        def counted(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            # What every request may re-read once it is half a second old.
            nonlocal count
            count += "FROM revocation" not in statement and "FROM policy_clock" not in statement

        who = signed_in(person)
        client.get("/notifications/todo", headers=who)
        engines = [office.runtime.database.engine, office.flask_engine]
        for engine in engines:
            event.listen(engine, "before_cursor_execute", counted)
        answer = client.get("/notifications/todo", headers=who)
        for engine in engines:
            event.remove(engine, "before_cursor_execute", counted)
        assert answer.status_code == 200
        return count

    assert queries(ben) == queries(ada) <= 7


@pytest.mark.clause("PF-4.30.1")
def test_an_item_needs_an_outcome_and_no_action_needs_a_reason(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada, nominal = office.person("Ada"), new_id()
    office.runtime.keys.create(nominal)
    notified(office, ada, nominal)
    (item,) = office.items(ada)
    who, url = signed_in(ada), f"/notifications/api/todo/{item.id}/outcome"

    assert client.post(url, json={}, headers=who).status_code == 422
    unexplained = client.post(url, json={"outcome": "no_action", "note": "  "}, headers=who)
    assert unexplained.status_code == 422
    assert "note" in unexplained.get_json()["errors"]
    assert len(office.items(ada)) == 1

    note = "He moved to another area last week."
    closed = client.post(url, json={"outcome": "no_action", "note": note}, headers=who)
    assert (closed.status_code, closed.get_json()["outcome"]) == (200, "no_action")
    (done,) = office.items(ada, state="done")
    assert done.note is not None
    assert note.encode() not in done.note
    again = client.post(url, json={"outcome": "actioned"}, headers=who)
    assert (again.status_code, again.get_json()["code"]) == (409, "R53")
    assert note in page(client, f"/notifications/todo/{item.id}", who)
    (entry,) = [one for one in office.audited("todo.close") if one.outcome == "done"]
    assert entry.facts["outcome"] == "no_action"
    assert note.encode() not in (entry.private or b"")


@pytest.mark.clause("PF-4.30.1")
def test_the_outcome_can_be_given_on_the_items_page_without_javascript(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada")
    notified(office, ada)
    (item,) = office.items(ada)
    who = signed_in(ada)
    shown = page(client, f"/notifications/todo/{item.id}", who)
    hidden = dict(
        re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.split("What came of it")[0][-4000:])
    )

    url = f"/notifications/todo/{item.id}/outcome"
    wrong = client.post(url, data={**hidden}, headers=who)
    assert wrong.status_code == 422
    check_page(wrong.text, url)
    sent = client.post(url, data={**hidden, "outcome": "actioned"}, headers=who)
    assert sent.status_code == 303
    after = page(client, sent.headers["Location"], who)
    assert "The outcome is saved" in after
    assert office.items(ada) == []


def test_the_count_is_cheap_unaudited_and_answers_as_before(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada")
    notified(office, ada)
    url, who = "/notifications/api/todo/count", signed_in(ada)
    first = client.get(url, headers=who)
    assert (first.status_code, first.json) == (200, {"count": 1})
    same = client.get(url, headers={**who, "If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    notified(office, ada)
    assert client.get(url, headers={**who, "If-None-Match": first.headers["ETag"]}).json == {"count": 2}
    assert client.get(url).status_code == 401
    assert office.audited("todo.count") == []


@pytest.mark.clause("PF-7/To do list.1")
def test_changes_are_listed_by_nominal_and_marked_as_read(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada, nominal = office.person("Ada"), new_id()
    standings = [{"person_id": ada, "standing": "partner"}]
    office.deliver(
        STANDING_CHANGED,
        {"nominal_id": nominal, "chunk": 1, "chunks": 1, "version": 1, "standings": standings},
    )
    for what in ("address", "photograph"):
        office.deliver(NOMINAL_CHANGED, {"nominal_id": nominal, "what": what, "standing_version": 1})
    who = signed_in(ada)

    text = page(client, "/notifications/changes", who)
    assert "2 changes: address, photograph" in text
    token = re.findall(r'name="csrf_token" value="([^"]*)"', text)[-1]
    url = f"/notifications/changes/{nominal}/read"
    sent = client.post(url, data={"csrf_token": token, "through": "2"}, headers=who)
    assert sent.status_code == 303
    assert "No record has changed" in page(client, sent.headers["Location"], who)


@pytest.mark.clause("PF-4.20.3")
def test_a_deadline_shows_the_days_it_counted_and_its_ladder(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess = office.person("Tess")
    office.at(date(2026, 4, 1))
    held = meeting(office, tess, level=3, held_on=date(2026, 4, 1))
    clock = office.clock_of("D-10", held)
    assert clock.nominal_id is not None
    who = signed_in(tess)

    listed = page(client, f"/notifications/nominals/{clock.nominal_id}/deadlines", who)
    assert "Upload the minutes of the level 3 meeting" in listed
    text = page(client, f"/notifications/deadlines/{clock.id}", who)
    for words in (
        "Monday 6 April 2026: Easter Monday",
        "Friday 10 April 2026",
        "5 working days",
        "LPC",
        "CPC",
    ):
        assert words in text
    answer = read(client, f"/notifications/api/deadlines/{clock.id}", who)
    assert answer["days_used"] == ["2026-04-02", "2026-04-07", "2026-04-08", "2026-04-09", "2026-04-10"]
    assert [rung["roles"] for rung in answer["rungs"]] == [["lpc"], ["cpc"]]

    office.deliver(MINUTES_ADDED, {"meeting_id": held, "nominal_id": clock.nominal_id})
    assert "on 1 April 2026" in page(client, f"/notifications/nominals/{clock.nominal_id}/deadlines", who)


def test_a_stranger_sees_no_deadline_of_a_record(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess, eve = office.person("Tess"), office.person("Eve")
    held = meeting(office, tess, level=3, held_on=office.clock.today())
    clock = office.clock_of("D-10", held)
    who = signed_in(eve)
    assert "no deadline that concerns you" in page(
        client, f"/notifications/nominals/{clock.nominal_id}/deadlines", who
    )
    assert client.get(f"/notifications/deadlines/{clock.id}", headers=who).status_code == 404


@pytest.mark.clause("PF-4.20.3")
def test_points_of_contact_see_the_deadlines_of_their_area_and_others_are_refused(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess, ada = office.person("Tess"), office.person("Ada", unit="prison-LEI")
    meeting(office, tess, level=2, held_on=office.clock.today())
    reception(office, ada)
    cpc = signed_in(office.person("Cass"), ("cpc", "area-53"))
    text = page(client, "/notifications/deadlines", cpc)
    assert "Upload the minutes of the level 2 meeting" in text
    assert "Request partnership" not in text
    assert "1 deadline" in text
    theirs = f'href="/identity/people/{tess}">Tess</a>'
    assert theirs in text
    (one,) = re.findall(r'href="(/notifications/deadlines/[0-9a-f-]{36})"', text)
    assert theirs in page(client, one, cpc)
    assert "No deadline of your area" in page(client, "/notifications/deadlines?state=overdue", cpc)
    refused = client.get("/notifications/api/deadlines", headers=signed_in(tess))
    assert (refused.status_code, refused.get_json()["code"]) == (403, "R11")


def test_the_catalogue_can_be_read_by_people(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    text = page(client, "/notifications/deadlines/catalogue", signed_in(office.person("Ada")))
    assert "Asked for by section 14, the minimum dataset" in text
    assert "D-07: Request partnership" in text
    assert "7 calendar days" in text


def test_vacant_roles_are_shown_to_those_who_oversee_the_unit(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    reception(office, None)
    own = page(client, "/notifications/vacant-roles", signed_in(office.person("Cass"), ("cpc", "group-YRK")))
    assert "Leeds (HMP)" in own
    other = page(client, "/notifications/vacant-roles", signed_in(office.person("Dora"), ("cpc", "area-53")))
    assert "Leeds (HMP)" not in other
    assert (
        client.get("/notifications/vacant-roles", headers=signed_in(office.person("Eve"))).status_code == 403
    )


@pytest.mark.clause("PF-4.30.1")
def test_two_who_take_the_same_item_off_at_once_leave_one_outcome(office: Office) -> None:
    """The CPC and her deputy share a queue: the second is told that it is done."""
    cass = office.person("Cass", ("cpc", "area-53"), unit="area-53")
    lee = office.person("Lee")
    data = {"nominal_id": new_id(), "entry_id": new_id(), "for_attention": ["cpc"]}
    office.deliver(NOTIFY_MANAGER, data, [(cass, "cpc", "area-53")])
    (item,) = office.items(cass)
    command = office.runtime.service.declarations.commands["todo.close"]
    who = [office.principal(cass), office.principal(lee, deputy_for=frozenset({"area-53"}))]
    together, outcomes = threading.Barrier(2), []

    def close(principal: Principal) -> None:
        together.wait()
        try:
            office.runtime.run(command, principal, {"item_id": item.id, "outcome": "actioned", "note": ""})
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=close, args=(one,)) for one in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["R53", "done"]
    assert len([one for one in office.audited("todo.close") if one.outcome == "done"]) == 1
