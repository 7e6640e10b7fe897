"""Facts that no part of the suite tells: entered by hand, told by another system, said to be done, standing still."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.notifications.deadlines.catalogue import catalogue
from services.notifications.deadlines.models import Clock
from services.notifications.deadlines.offers import offers
from services.notifications.todo.cards import NominalCard
from shared.events.records.record_checks import RECORD_CHECKED
from shared.ids import new_id
from tests.services.notifications.conftest import SignedIn
from tests.services.notifications.facts import meeting
from tests.services.notifications.office import START, Office
from tests.services.notifications.test_notifications_pages import KnownCards, page, read

PDU, AREA = "pdu-N55LEE", "area-53"
API = "/notifications/api"


def send(
    client: FlaskClient, url: str, who: Mapping[str, str], json: Any, status: int = 200
) -> dict[str, Any]:
    answer = client.post(f"{API}{url}", headers=who, json=json)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def known(office: Office) -> UUID:
    """A nominal whose line the reader may see."""
    nominal = new_id()
    card = NominalCard("V00001234", "Darren EXAMPLE", 1984, "Leeds", f"/records/nominals/{nominal}")
    office.runtime.extras["cards"] = KnownCards({nominal: card})
    return nominal


@pytest.mark.clause("PF-4.32")
def test_a_completed_oasys_entered_by_hand_starts_the_administrators_deadline(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ruth, mina = office.person("Ruth"), office.person("Mina", ("manager", PDU))
    nominal = known(office)
    form = page(client, f"/notifications/nominals/{nominal}/deadlines/days/D-20/new", signed_in(ruth))
    assert "Darren EXAMPLE: day on which the OASys was completed" in form
    begun = send(
        client, f"/nominals/{nominal}/deadlines/days/D-20", signed_in(ruth), {"on": "2026-03-09"}, 201
    )
    assert (begun["code"], begun["due_on"]) == ("D-20", "2026-03-11")
    (item,) = office.items(mina)
    assert (item.title, item.nominal_id) == ("Update ViSOR from the completed OASys", nominal)

    # Whoever has it says that it was done; nobody else finds it.
    other = office.person("Olga")
    done = f"/deadlines/{begun['id']}/done"
    send(client, done, signed_in(other), {"on": "2026-03-10"}, 404)
    office.at(date(2026, 3, 11))
    whole = page(client, f"/notifications/deadlines/{begun['id']}", signed_in(mina))
    assert "Say when it was done" in whole
    assert send(client, done, signed_in(mina), {"on": "2026-03-10"})["in_time"] is True
    assert office.items(mina) == []
    send(client, done, signed_in(mina), {"on": "2026-03-10"}, 409)


def test_its_form_waits_for_nobody_who_has_the_deadline_in_hand(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ruth, mina = office.person("Ruth"), office.person("Mina", ("manager", PDU))
    url = f"/nominals/{known(office)}/deadlines/days/D-20"
    begun = send(client, url, signed_in(ruth), {"on": "2026-03-09"}, 201)
    shown: list[str] = []
    form = f"/notifications/deadlines/{begun['id']}/done/new"
    with office.runtime.database.engine.begin() as busy:
        busy.exec_driver_sql("SELECT FROM deadline FOR UPDATE")
        asking = Thread(target=lambda: shown.append(page(client, form, signed_in(mina))), daemon=True)
        asking.start()
        asking.join(timeout=20)
        assert not asking.is_alive()
    assert "D-20: Update ViSOR from the completed OASys" in shown[0]


@pytest.mark.parametrize(
    ("on", "message"), [("2026-03-10", "future"), ("2025-01-01", "more than a year"), ("x", "")]
)
def test_wrong_days_are_said_in_the_field(
    office: Office, client: FlaskClient, signed_in: SignedIn, on: str, message: str
) -> None:
    ruth, nominal = office.person("Ruth"), known(office)
    answer = send(client, f"/nominals/{nominal}/deadlines/days/D-20", signed_in(ruth), {"on": on}, 422)
    assert message in str(answer["errors"]["on"])


def test_what_is_said_to_be_done_lies_neither_ahead_nor_before_it_began(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    mina, nominal = office.person("Mina", ("manager", PDU)), known(office)
    begun = send(
        client, f"/nominals/{nominal}/deadlines/days/D-20", signed_in(mina), {"on": "2026-03-06"}, 201
    )
    for on in ("2026-03-05", "2026-03-10"):
        send(client, f"/deadlines/{begun['id']}/done", signed_in(mina), {"on": on}, 422)


@pytest.mark.clause("PF-4.31")
def test_an_appointment_reminds_the_practitioner_who_entered_it_before_its_minute(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ruth, nominal = office.person("Ruth"), known(office)
    at = START + timedelta(days=6, hours=5)
    begun = send(
        client,
        f"/nominals/{nominal}/deadlines/moments/D-25",
        signed_in(ruth),
        {"at": at.isoformat()},
        201,
    )
    assert datetime.fromisoformat(begun["due_at"]) == at
    (item,) = office.items(ruth)
    assert item.late_from == at
    past = {"at": (START - timedelta(hours=1)).isoformat()}
    send(client, f"/nominals/{nominal}/deadlines/moments/D-25", signed_in(ruth), past, 422)


def test_nothing_is_entered_about_a_record_that_one_may_not_see_nor_for_a_duty_that_is_told_elsewhere(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ruth, nominal = office.person("Ruth"), known(office)
    day = {"on": "2026-03-09"}
    send(client, f"/nominals/{new_id()}/deadlines/days/D-20", signed_in(ruth), day, 404)
    for duty in ("D-10", "D-25", "D-38", "D-99", "D-20.x", "D-38.subject_access", "\x00"):
        send(client, f"/nominals/{nominal}/deadlines/days/{duty}", signed_in(ruth), day, 404)
    with office.runtime.database.session() as session:
        assert session.execute(select(Clock)).first() is None


def test_a_request_for_disclosure_counts_by_its_kind_and_stands_still_only_for_a_point_of_contact(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    cara = office.person("Cara", ("cpc", AREA), unit=AREA)
    cpc = signed_in(cara, ("cpc", AREA), unit=AREA)
    sar = send(client, "/deadlines/occasions/D-38.subject_access", cpc, {"on": "2026-03-09"}, 201)
    foi = send(client, "/deadlines/occasions/D-38.freedom_of_information", cpc, {"on": "2026-03-09"}, 201)
    # Of 20 working days 17 March is left out too, a holiday of Northern Ireland alone (FOIA s.10(6)): with England’s it
    # would be the 8th.
    assert (sar["due_on"], foi["due_on"]) == ("2026-04-09", "2026-04-09")

    pause = f"/deadlines/{sar['id']}/pause"
    send(client, pause, signed_in(office.person("Ruth")), {"reason": "x"}, 404)
    send(client, pause, cpc, {"reason": "Asked which record is meant"})
    send(client, pause, cpc, {"reason": "again"}, 409)
    office.at(date(2026, 3, 19))
    send(client, f"/deadlines/{sar['id']}/resume", cpc, {})
    whole = read(client, f"{API}/deadlines/{sar['id']}", cpc)
    # Nine days more: that on which it came would not have counted anyhow.
    assert whole["due_on"] == "2026-04-18"
    assert [one["why"] for one in whole["changes"]] == ["paused", "resumed"]
    assert "it went on after standing still" in page(client, f"/notifications/deadlines/{sar['id']}", cpc)
    (entry,) = [one for one in office.audited("deadlines.pause") if one.actor == cara and one.private]
    assert b"which record" not in entry.private


def test_a_deadline_that_cannot_stand_still_does_not(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    held = meeting(office, office.person("Tess"), level=3, held_on=START.date())
    clock = office.clock_of("D-10", held)
    cpc = signed_in(office.person("Cara"), ("cpc", AREA))
    send(client, f"/deadlines/{clock.id}/pause", cpc, {"reason": "x"}, 409)
    send(client, f"/deadlines/{clock.id}/done", cpc, {"on": "2026-03-09"}, 409)


# ---- Told by another system ----


def system(office: Office, signed_in: SignedIn, *, right: bool = True) -> dict[str, str]:
    tokens = [("integration.deadlines", "region-N55")] if right else []
    return signed_in(office.person("NDelius"), *tokens, scope="integration")


def told(**more: Any) -> dict[str, Any]:
    return {
        "duty": "D-20",
        "unit": PDU,
        "at": START.isoformat(),
        "reference": str(new_id()),
        "nominal_id": str(new_id()),
        **more,
    }


@pytest.mark.clause("PF-4.32")
def test_what_another_system_tells_starts_a_deadline_once_and_ends_it(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    mina, other = office.person("Mina", ("manager", PDU)), system(office, signed_in)
    said = told()
    first = send(client, "/integrations/occasions", other, said, 202)
    assert send(client, "/integrations/occasions", other, said, 202)["id"] == first["id"]
    assert len(office.items(mina)) == 1
    send(client, "/integrations/occasions", other, {**said, "done": True}, 202)
    assert office.items(mina) == []


def test_an_end_that_comes_before_its_beginning_leaves_nothing_to_do(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    mina, other = office.person("Mina", ("manager", PDU)), system(office, signed_in)
    said = told()
    send(client, "/integrations/occasions", other, {**said, "done": True}, 202)
    assert send(client, "/integrations/occasions", other, said, 202)["state"] == "met"
    assert office.items(mina) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"duty": "D-10"}, "duty"),
        ({"duty": "D-38"}, "duty"),
        ({"unit": "nowhere"}, "unit"),
        ({"at": "2027-01-01T00:00:00Z"}, "at"),
        ({"at": "2026-03-09T09:00:00"}, "at"),
        ({"nominal_id": None}, "nominal_id"),
        ({"reference": "x"}, "reference"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_cannot_be_taken_is_said(
    office: Office, client: FlaskClient, signed_in: SignedIn, wrong: dict[str, Any], field: str
) -> None:
    errors = send(client, "/integrations/occasions", system(office, signed_in), told(**wrong), 422)["errors"]
    assert field in errors


def test_only_a_system_with_the_right_tells(office: Office, client: FlaskClient, signed_in: SignedIn) -> None:
    send(client, "/integrations/occasions", system(office, signed_in, right=False), told(), 403)
    send(client, "/integrations/occasions", signed_in(office.person("Ruth")), told(), 403)


def test_every_duty_entered_by_hand_is_offered_where_it_can_be_entered() -> None:
    paths = {
        one.path.split("/")[1].split(".")[0] for nominal in (True, False) for one in offers(nominal=nominal)
    }
    by_hand = {one.code for one in catalogue().values() if one.runs and one.by_hand and one.by_hand.begins}
    assert paths == by_hand


@pytest.mark.clause("PF-4.31")
def test_checked_before_contact_meets_the_next_appointment_of_who_checked(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ruth, olga, nominal = office.person("Ruth"), office.person("Olga"), known(office)
    path = f"/nominals/{nominal}/deadlines/moments/D-25"
    first, second = (
        send(client, path, signed_in(ruth), {"at": (START + timedelta(days=days)).isoformat()}, 201)
        for days in (3, 9)
    )

    def checked(who: UUID, of: UUID = nominal) -> None:
        data = {"nominal_id": of, "person_id": who, "checked_at": office.clock.now()}
        office.deliver(RECORD_CHECKED, data)

    checked(olga)
    checked(ruth, new_id())
    assert len(office.items(ruth)) == 2, "neither somebody else's check nor that of another record"
    checked(ruth)
    (left,) = office.items(ruth)
    assert left.late_from == datetime.fromisoformat(second["due_at"])
    assert [UUID(one["deadline_id"]) for one in office.told("notifications.deadline.met")] == [
        UUID(first["id"])
    ]
