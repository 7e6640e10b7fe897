"""A release date on the lists of who must know it, told back as the receipt (PSI-6.1)."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.events.records.release_notices import RELEASE_DATE_TOLD
from shared.ids import new_id
from tests.services.notifications.office import Office

LEEDS = "pdu-N55LEE"
RECEIPT = "notifications.notice.delivered"


def told(office: Office, *to: tuple[UUID | None, str], previous: UUID | None = None, **more: str) -> UUID:
    notice = new_id()
    data = {"notice_id": notice, "nominal_id": new_id(), "prison": "prison-LEI", "what": "changed"}
    people = [(who, role, LEEDS) for who, role in to]
    office.deliver(RELEASE_DATE_TOLD, {**data, "previous_id": previous}, people, **more)
    return notice


def receipts(office: Office) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (one["subject_id"], sorted((who["person_id"], who["role"]) for who in one["people"]))
        for one in office.told(RECEIPT)
    ]


@pytest.mark.clause("PSI-6.1")
def test_it_comes_onto_the_lists_and_its_receipt_says_on_whose(office: Office) -> None:
    mary, paul = office.person("Mary"), office.person("Paul", unit="force-13")
    notice = told(office, (mary, "manager"), (paul, "partner"))
    for who in (mary, paul):
        (item,) = office.items(who)
        assert (item.title, item.clause) == ("The release date was changed", "PSI-6.1")
    assert receipts(office) == [(str(notice), sorted([(str(mary), "manager"), (str(paul), "partner")]))]


@pytest.mark.clause("PSI-6.1")
def test_whoever_has_left_has_no_receipt_and_whoever_stands_in_has(office: Office) -> None:
    mary, stan = office.person("Mary"), office.person("Stan", ("manager", LEEDS))
    paul = office.person("Paul", unit="force-13")
    office.suspend(mary)
    office.suspend(paul)
    notice = told(office, (mary, "manager"), (paul, "partner"))
    assert receipts(office) == [(str(notice), [(str(stan), "manager")])]


@pytest.mark.clause("PSI-6.1")
def test_told_twice_there_is_one_receipt_and_what_it_overtakes_is_over(office: Office) -> None:
    mary = office.person("Mary")
    first = told(office, (mary, "manager"))
    second = told(office, (mary, "manager"), previous=first)
    assert [one.subject_id for one in office.items(mary)] == [second]
    again = office.fact(
        RELEASE_DATE_TOLD,
        {
            "notice_id": second,
            "nominal_id": new_id(),
            "prison": "prison-LEI",
            "what": "changed",
            "previous_id": None,
        },
        [(mary, "manager", LEEDS)],
    )
    office.redeliver(again, again)
    assert [subject for subject, _ in receipts(office)] == [str(first), str(second)]


@pytest.mark.clause("PSI-6.1")
def test_a_restricted_one_says_no_more_and_has_its_receipt(office: Office) -> None:
    mary = office.person("Mary")
    notice = told(office, (mary, "manager"), detail="restricted")
    (item,) = office.items(mary)
    assert (item.title, item.link) == ("Restricted update", "")
    assert [subject for subject, _ in receipts(office)] == [str(notice)]


def test_other_items_have_no_receipt(office: Office) -> None:
    from tests.services.notifications.facts import request  # noqa: PLC0415 - beside the one test that asks

    request(office, (office.person("Mel"), "manager"))
    assert office.told(RECEIPT) == []
