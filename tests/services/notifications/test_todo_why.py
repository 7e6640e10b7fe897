"""Whoever stands in for somebody reads so, and not that the record is theirs."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from shared.ids import new_id
from tests.services.notifications.conftest import SignedIn
from tests.services.notifications.office import Office
from tests.services.notifications.test_deadlines_own_people import notified
from tests.services.notifications.test_notifications_hand_over import LEEDS, asked, picture
from tests.services.notifications.test_notifications_pages import page
from tests.services.notifications.test_notifications_returning_news import merge_withdrawn


@pytest.mark.parametrize(("role", "does"), [("manager", "manages"), ("supervisor", "supervises")])
def test_the_next_holder_reads_that_they_stand_in(
    office: Office, client: FlaskClient, signed_in: SignedIn, role: str, does: str
) -> None:
    mary, nora, nominal_id = office.person("Mary"), office.person("Nora", (role, LEEDS)), new_id()
    picture(office, nominal_id, 1, **{role: mary})
    office.suspend(mary)
    asked(office, nominal_id, (mary, role))
    (item,) = office.items(nora)
    text = page(client, f"/notifications/todo/{item.id}", signed_in(nora))
    assert f"you hold the role “{role}” for Leeds and stand in: nobody who {does} the record is there" in text
    assert f"because you {role.removesuffix('r')}" not in text

    picture(office, nominal_id, 2, **{role: nora})
    text = page(client, f"/notifications/todo/{item.id}", signed_in(nora))
    assert "stand in" not in text
    assert f"because you {does.removesuffix('s')} the record" in text


def test_who_is_told_of_what_was_not_done_in_time_supervises_the_record(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    sue, nominal_id = office.person("Sue", ("supervisor", LEEDS)), new_id()
    picture(office, nominal_id, 1, supervisor=sue)
    notified(office, nominal_id)
    office.at(date(2026, 3, 31))
    office.tick()
    (item,) = office.items(sue)
    text = page(client, f"/notifications/todo/{item.id}", signed_in(sue))
    assert "It was not done in time, and you supervise the record: you are next in line" in text


def test_whoever_has_it_for_a_colleague_who_is_away_reads_so(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    cora, dan = office.person("Cora", ("cpc", "area-53")), office.person("Dan", ("cpc", "area-53"))
    office.suspend(cora)
    merge_withdrawn(office, new_id(), (cora, "cpc", "area-53"))
    (item,) = office.items(dan)
    text = page(client, f"/notifications/todo/{item.id}", signed_in(dan))
    assert "you hold the role “CPC” for West Yorkshire and stand in for a colleague who was away" in text
