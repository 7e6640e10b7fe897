"""Who is found by their role, and kept from the record by Limited Access, hears only that something is there."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.notifications.todo.models import TodoItem
from shared.ids import new_id
from tests.services.notifications.conftest import SignedIn
from tests.services.notifications.office import Office
from tests.services.notifications.test_notifications_hand_over import LEEDS, asked, handed, tell_picture
from tests.services.notifications.test_notifications_pages import page, read

WORDS, HIDDEN = "Answer the partnership request", "Restricted update"


def said(items: list[TodoItem]) -> list[tuple[str, str]]:
    return [(one.title, one.detail) for one in items]


def overdue(office: Office, request_id: UUID) -> None:
    due_on = office.clock_of("D-06", request_id).due_on
    assert due_on is not None
    office.at(due_on + timedelta(days=1))
    office.tick()


@pytest.mark.clause("PF-4.16l.1")
@pytest.mark.parametrize(
    ("limited", "listed", "title"), [(False, False, WORDS), (True, False, HIDDEN), (True, True, WORDS)]
)
def test_who_stands_in_for_an_absent_manager_is_told_what_they_may_read(
    office: Office, title: str, *, limited: bool, listed: bool
) -> None:
    mary, stan = office.person("Mary"), office.person("Stan", ("manager", LEEDS))
    nominal_id = new_id()
    stands = {"manager": mary} | ({"partner": stan} if listed else {})
    tell_picture(office, nominal_id, 1, stands, limited=limited)
    office.suspend(mary)
    request_id = asked(office, nominal_id, (mary, "manager"))
    (item,) = office.items(stan)
    assert item.title == title
    assert bool(item.link) is (title == WORDS)
    assert item.due_on is not None
    overdue(office, request_id)
    assert [one.title for one in office.items(stan)] == [title]
    assert office.items(mary) == []


@pytest.mark.clause("PF-4.16l.1")
def test_whom_records_names_is_told_in_full_and_a_rung_by_what_it_may_read(office: Office) -> None:
    mary, cara = office.person("Mary"), office.person("Cara", ("cpc", "area-53"), unit="area-53")
    nominal_id = new_id()
    tell_picture(office, nominal_id, 1, {"manager": mary}, limited=True)
    request_id = asked(office, nominal_id, (mary, "manager"))
    overdue(office, request_id)
    assert said(office.items(mary)) == [(WORDS, "full")]
    assert said(office.items(cara)) == [(HIDDEN, "restricted")]
    tell_picture(office, nominal_id, 2, {"manager": mary, "cpc": cara}, limited=True)
    late = asked(office, nominal_id, (mary, "manager"))
    overdue(office, late)
    assert ("Not done in time: answer the partnership request", "full") in said(office.items(cara))


def test_when_limited_access_ends_the_next_who_stands_in_is_told_in_full(office: Office) -> None:
    mary, stan, nominal_id = office.person("Mary"), office.person("Stan", ("manager", LEEDS)), new_id()
    office.suspend(mary)
    tell_picture(office, nominal_id, 1, {"manager": mary}, limited=True)
    tell_picture(office, nominal_id, 2, {"manager": mary})
    asked(office, nominal_id, (mary, "manager"))
    assert said(office.items(stan)) == [(WORDS, "full")]


def test_what_was_kept_from_who_stood_in_is_said_to_the_new_manager(office: Office) -> None:
    mary, nora = office.person("Mary"), office.person("Nora")
    stan, nominal_id = office.person("Stan", ("manager", LEEDS)), new_id()
    office.suspend(mary)
    tell_picture(office, nominal_id, 1, {"manager": mary}, limited=True)
    asked(office, nominal_id, (mary, "manager"))
    assert said(office.items(stan)) == [(HIDDEN, "restricted")]
    tell_picture(office, nominal_id, 2, {"manager": nora}, limited=True)
    handed(office, nominal_id, "manager", mary, nora)
    assert said(office.items(nora)) == [(WORDS, "full")]
    assert office.items(stan) == []


@pytest.mark.clause("PF-4.16l.1")
@pytest.mark.parametrize(
    ("how", "hidden"), [("open", False), ("limited", True), ("limited, standing", False), ("conflict", True)]
)
def test_a_deadline_says_to_whom_the_record_is_closed_only_that_it_is_there(
    office: Office, client: FlaskClient, signed_in: SignedIn, how: str, *, hidden: bool
) -> None:
    """The point of contact of the unit oversees its deadlines, and not every record in it."""
    mary, lena = office.person("Mary"), office.person("Lena", ("lpc", "area-53"))
    nominal_id = new_id()
    stands = {"manager": mary} | ({"lpc": lena} if how in ("open", "limited, standing") else {})
    closed = [lena] if how == "conflict" else []
    tell_picture(office, nominal_id, 1, stands, limited="limited" in how, closed=closed)
    request_id = asked(office, nominal_id, (mary, "manager"))
    clock, who = office.clock_of("D-06", request_id), signed_in(lena, ("lpc", "area-53"))
    for url in ("/deadlines", f"/deadlines/{clock.id}", f"/nominals/{nominal_id}/deadlines"):
        shown = re.sub(
            r"<a[^>]*>The catalogue of deadlines</a>", "", page(client, f"/notifications{url}", who)
        )
        assert (HIDDEN in shown) is hidden, url
        for told in ("D-06", "partnership request", "PF-4.25"):
            assert (told in shown) is not hidden, (url, told)
        if url != f"/nominals/{nominal_id}/deadlines":  # there everybody knows whose record it is
            assert ("Mary" in shown) is not hidden, url
    (one,) = read(client, "/notifications/api/deadlines", who)["clocks"]
    assert (one["code"], one["duty"] == HIDDEN) == ("" if hidden else "D-06", hidden)
