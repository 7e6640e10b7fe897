"""Letters that a real mail server refuses for good: tried for hours, set aside where people see it, sent again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.notifications.todo.models import TodoItem
from shared.web.metrics import collected
from tests.services.notifications.conftest import SignedIn
from tests.services.notifications.office import Office
from tests.services.notifications.test_delivery_mail import Post, post  # noqa: F401 - the fixture
from tests.services.notifications.test_notifications_pages import notified, page

API = "/notifications/api"
WHERE = "/notifications/refused-mail"
ADMIN = ("admin", "area-53")
AT_RCPT: dict[str, Any] = {"refuses": {"ada@probation.example": "550 no such user"}}
AT_DATA: dict[str, Any] = {"takes_data": "550 not a message for us"}


@pytest.fixture(params=[AT_RCPT, AT_DATA], ids=["at RCPT", "at DATA"])
def refusing(request: pytest.FixtureRequest, post: Post) -> Post:  # noqa: F811
    for name, answer in request.param.items():
        setattr(post.box, name, answer)
    return post


def refused_for_good(post: Post) -> None:  # noqa: F811
    for _ in range(6):
        post.hurry()
        post.send()


def admins_items(office: Office, admin: UUID) -> list[TodoItem]:
    return [one for one in office.items(admin) if one.kind == "mail_refused"]


@pytest.mark.clause("PF-4.29.2")
def test_a_letter_refused_for_good_is_tried_for_hours_and_then_set_aside(refusing: Post) -> None:
    ada = refusing.person("Ada")
    notified(refusing.office, ada)
    waits = []
    for _ in range(5):
        refusing.hurry()
        before = refusing.office.runtime.clocks.system.now()
        refusing.send()
        (letter,) = refusing.letters()
        assert letter.state == "waiting"
        waits.append(round((letter.due_at - before).total_seconds() / 60))
    assert waits == [15, 30, 60, 120, 240]
    refusing.hurry()
    refusing.send()
    (letter,) = refusing.letters()
    assert (letter.state, letter.last_error) == ("aside", "refused with 550")
    assert (letter.person_id, letter.kind, letter.items) == (ada, "urgent", 1)
    refusing.send()
    assert refusing.letters()[0].tries == 6


def test_the_administrator_is_told_once_and_the_status_page_counts_it(
    refusing: Post, client: FlaskClient, signed_in: SignedIn
) -> None:
    office, admin = refusing.office, refusing.office.person("Alma", ADMIN)
    ada = refusing.person("Ada")
    notified(office, ada)
    notified(office, ada)
    refused_for_good(refusing)
    (item,) = admins_items(office, admin)
    assert (item.state, item.important, item.link) == ("open", True, WHERE)
    asked = {"service": "notifications"}
    assert collected(office.runtime).get_sample_value("visor_letters_set_aside", asked) == 2
    who = signed_in(admin, ADMIN)
    assert "Letters that the mail server refused for good" in page(
        client, "/notifications/system/health", who
    )
    text = page(client, WHERE, who)
    assert "2 messages" in text
    assert "Refused with 550" in text
    assert text.count("Urgent note") == 2


def test_what_was_refused_is_sent_again_to_the_address_of_now_and_the_item_is_over(
    refusing: Post, client: FlaskClient, signed_in: SignedIn
) -> None:
    office, admin = refusing.office, refusing.office.person("Alma", ADMIN)
    notified(office, refusing.person("Ada"))
    refused_for_good(refusing)
    refusing.box.refuses, refusing.box.takes_data = {}, "250 OK"
    who, (letter,) = signed_in(admin, ADMIN), refusing.letters()
    form = page(client, f"{WHERE}/again/new", who)
    assert f'value="{letter.id}"' in form
    assert "checked" in form
    answer = client.post(f"{API}/refused-mail/again", json={"letters": [str(letter.id)]}, headers=who)
    assert answer.get_json() == {"sent": 1, "left": 0}
    refusing.send()
    assert [one.state for one in refusing.letters()] == ["sent"]
    assert refusing.box.taken[0].rcpt_tos == ["ada@probation.example"]
    assert admins_items(office, admin) == []
    again = client.post(f"{API}/refused-mail/again", json={"letters": [str(letter.id)]}, headers=who)
    assert again.get_json() == {"sent": 0, "left": 1}
    assert "nothing to send again" in page(client, f"{WHERE}/again/new", who, status=409)
    assert len(refusing.box.taken) == 1


def test_whoever_took_it_off_their_list_has_it_back_with_the_next(
    refusing: Post, client: FlaskClient, signed_in: SignedIn
) -> None:
    office, admin = refusing.office, refusing.office.person("Alma", ADMIN)
    ada = refusing.person("Ada")
    notified(office, ada)
    refused_for_good(refusing)
    (item,) = admins_items(office, admin)
    said = {"outcome": "no_action", "note": "It is known."}
    url = f"{API}/todo/{item.id}/outcome"
    assert client.post(url, json=said, headers=signed_in(admin, ADMIN)).status_code == 200
    notified(office, ada)
    refused_for_good(refusing)
    (item,) = admins_items(office, admin)
    assert (item.state, item.outcome, item.note) == ("open", None, None)


def test_only_an_administrator_sees_and_sends_again(
    refusing: Post, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = refusing.person("Ada")
    notified(refusing.office, ada)
    refused_for_good(refusing)
    (letter,) = refusing.letters()
    for who in (signed_in(ada), signed_in(ada, ("cpc", "area-53"))):
        for url in (WHERE, f"{WHERE}/again/new", f"{API}/refused-mail"):
            assert client.get(url, headers=who).status_code == 403
        sent = client.post(f"{API}/refused-mail/again", json={"letters": [str(letter.id)]}, headers=who)
        assert sent.status_code == 403
    assert refusing.letters()[0].state == "aside"


@pytest.mark.parametrize("wrong", [{}, {"letters": []}, {"letters": ["x"]}, {"letters": "x"}, {"x": 1}])
def test_wrong_choices_are_said(
    office: Office, client: FlaskClient, signed_in: SignedIn, wrong: dict[str, Any]
) -> None:
    who = signed_in(office.person("Alma", ADMIN), ADMIN)
    assert client.post(f"{API}/refused-mail/again", json=wrong, headers=who).status_code == 422


@pytest.mark.clause("PF-4.8", "PF-5.4")
def test_where_there_is_no_administrator_the_vacancy_is_told(refusing: Post) -> None:
    office, cass = refusing.office, refusing.office.person("Cass", ("cpc", "area-53"), unit="area-53")
    notified(office, refusing.person("Ada"))
    refused_for_good(refusing)
    assert {"role": "admin", "unit": "pdu-N55LEE"} in office.told("notifications.role.vacant")
    assert [one.kind for one in office.items(cass)] == ["role_vacant"]
