"""One person added to many nominals: the same whatever came first, and gone with the next picture that says so."""

from __future__ import annotations

from itertools import permutations
from uuid import UUID

import pytest

from shared.events.records.access import STANDING_ADDED
from shared.events.records.bulk_partner import BULK_PARTNER_COMPLETED
from shared.events.registry import EventDataError
from shared.ids import new_id
from tests.services.notifications.office import Office
from tests.services.notifications.test_notifications_changes import PARTNER, changed, news, picture

PRISON = "prison-service"


def added(office: Office, person: UUID, versions: dict[UUID, int], agency: str = "probation-service") -> None:
    nominals = [{"nominal_id": nominal, "version": version} for nominal, version in versions.items()]
    data = {"person_id": person, "standing": PARTNER, "nominals": nominals}
    office.deliver(STANDING_ADDED, data, agency=agency)


@pytest.mark.clause("PF-7/Bulk Partner.1", "PF-7/To do list.1")
def test_a_new_partner_is_told_of_later_changes_of_every_nominal_and_of_no_earlier_one(
    office: Office,
) -> None:
    ben, ada, first, second = new_id(), new_id(), new_id(), new_id()
    for nominal in (first, second):
        picture(office, nominal, 1, ada)
        changed(office, nominal, 1)
    added(office, ben, {first: 2, second: 2})
    assert news(office, ben) == {}
    for nominal in (first, second):
        changed(office, nominal, 2)
    assert news(office, ben) == {first: 1, second: 1}
    assert news(office, ada) == {first: 2, second: 2}


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_arrival_changes_nothing(office: Office, order: tuple[int, ...]) -> None:
    """Ada stands to it from the first, Ben is added at 3, Cem leaves at 2 and Dee comes at 4."""
    ada, ben, cem, dee, nominal = (new_id() for _ in range(5))
    facts = [
        lambda: picture(office, nominal, 1, ada, cem),
        lambda: picture(office, nominal, 2, ada),
        lambda: added(office, ben, {nominal: 3}),
        lambda: picture(office, nominal, 4, ada, ben, dee),
    ]
    for number in order:
        facts[number]()
    changed(office, nominal, 4)
    assert [len(news(office, who)) for who in (ada, ben, cem, dee)] == [1, 1, 0, 1]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_somebody_removed_later_stands_to_it_no_more(office: Office, order: tuple[int, ...]) -> None:
    ada, ben, nominal = new_id(), new_id(), new_id()
    facts = [
        lambda: picture(office, nominal, 1, ada),
        lambda: added(office, ben, {nominal: 2}),
        lambda: picture(office, nominal, 3, ada),
    ]
    for number in order:
        facts[number]()
    changed(office, nominal, 3)
    assert (len(news(office, ada)), len(news(office, ben))) == (1, 0)


@pytest.mark.parametrize("first", [True, False])
def test_the_first_of_an_agency_needs_no_picture_and_leaves_with_the_next(
    office: Office, first: bool
) -> None:
    """A prison user is added where no prison user stood before; the next picture of all agencies is without her."""
    ada, grace, nominal = new_id(), new_id(), new_id()
    picture(office, nominal, 1, ada)
    if first:
        added(office, grace, {nominal: 2}, PRISON)
        changed(office, nominal, 2)
        assert news(office, grace) == {nominal: 1}
    picture(office, nominal, 3, ada)
    if not first:
        added(office, grace, {nominal: 2}, PRISON)
    changed(office, nominal, 3)
    assert news(office, grace) == {}


def test_told_twice_it_changes_nothing(office: Office) -> None:
    ben, nominal = new_id(), new_id()
    added(office, ben, {nominal: 2})
    changed(office, nominal, 2)
    added(office, ben, {nominal: 2})
    added(office, ben, {nominal: 5})  # again a partner after a picture that is still on its way
    assert news(office, ben) == {nominal: 1}


@pytest.mark.parametrize("nominals", [None, "x", [1], [{"nominal_id": "x", "version": 1}], [{"version": 1}]])
def test_what_is_no_list_of_nominals_is_refused(nominals: object) -> None:
    with pytest.raises(EventDataError):
        STANDING_ADDED.load({"person_id": str(new_id()), "standing": PARTNER, "nominals": nominals})


@pytest.mark.clause("PF-7/Bulk Partner.2")
def test_one_item_comes_instead_of_hundreds(office: Office) -> None:
    ben, carol, job = new_id(), new_id(), new_id()
    data = {"job_id": job, "person_id": ben, "added": 480, "already": 3, "limited": 1, "failed": 0}
    people = ((ben, "partner", "pdu-N55LEE"), (carol, "requester", "area-53"))
    office.deliver(BULK_PARTNER_COMPLETED, data, to=people)
    for who in (ben, carol):
        (item,) = office.items(who)
        assert (item.kind, item.clause) == ("bulk_partnered", "PF-7/Bulk Partner.2")
        assert item.title == "Partnerships were added in bulk: 480"
        assert item.link == f"/records/bulk-partner/jobs/{job}"
