"""Opening a record that one is not partnered to: a reason, and the owning CPC told each time."""

from __future__ import annotations

import threading

import pytest
from markupsafe import Markup
from marshmallow import ValidationError

from services.records.access.openings import last_reason
from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.display import Person
from tests.servers.records import PRISON, WEST_YORKSHIRE, World, again

TOLD = "records.nominal.accessed_unpartnered"
WHY = "He came into our prison this morning and I must ask for partnership."


@pytest.fixture
def cpc(records: World) -> Principal:
    return records.person(WEST_YORKSHIRE, "cpc", "partner", name="Colin Cpc")


@pytest.fixture
def visitor(records: World) -> Principal:
    return records.person(PRISON, "partner", name="Petra Prison")


def refusal(world: World, name: str, who: Principal, **given: object) -> Refusal:
    declared = world.runtime.service.declarations
    with pytest.raises(Refusal) as refused:
        (world.run if name in declared.commands else world.ask)(name, who, **given)
    return refused.value


@pytest.mark.clause("PF-7/Accessing.1", "PF-7/Partner token.2")
def test_without_a_reason_the_record_stays_shut(records: World, cpc: Principal, visitor: Principal) -> None:
    nominal = records.nominal()

    refused = refusal(records, "nominals.summary", visitor, nominal_id=nominal)

    assert refused.code == "R13"
    assert refused.contact is not None
    assert refused.contact.name == "Colin Cpc"
    assert records.audit() == [("nominals.summary", "refused", "R13")]
    assert records.events(TOLD) == []


@pytest.mark.clause("PF-7/Accessing.3")
def test_each_request_for_the_summary_is_told_to_the_owning_cpc(
    records: World, cpc: Principal, visitor: Principal
) -> None:
    nominal = records.nominal()
    records.run("access.open", visitor, nominal_id=nominal, reason_type="custody", reason=WHY)

    # The first look belongs to the opening itself; every other one is an access of its own.
    for _ in range(3):
        assert records.ask("nominals.summary", visitor, nominal_id=nominal)["by_reason"]

    told = records.events(TOLD)
    assert len(told) == 3
    assert all(
        copies
        == [
            {
                "agency": "probation-service",
                "people": [{"person_id": str(cpc.person_id), "as": "cpc", "unit": WEST_YORKSHIRE}],
                "detail": "full",
            }
        ]
        for _, copies in told
    )
    assert len({data["access_id"] for data, _ in told}) == 3


@pytest.mark.clause("PF-7/record owner.CPC")
def test_a_vacant_cpc_is_reported_rather_than_forgotten(records: World, visitor: Principal) -> None:
    nominal = records.nominal()
    records.run("access.open", visitor, nominal_id=nominal, reason_type="other", reason=WHY)
    [(_, copies)] = records.events(TOLD)
    assert copies[0]["people"] == [
        {"person_id": "00000000-0000-0000-0000-000000000000", "as": "cpc", "unit": WEST_YORKSHIRE}
    ]


@pytest.mark.clause("PF-7/Accessing.3")
def test_the_cpc_reads_who_and_why(records: World, cpc: Principal, visitor: Principal) -> None:
    nominal = records.nominal()
    records.run("access.open", visitor, nominal_id=nominal, reason_type="custody", reason=WHY)

    [look] = records.ask("access.history", cpc)["looks"]

    assert look["reason"] == WHY
    assert look["person_name"] == "Petra Prison"
    assert look["nominal_id"] == nominal
    [same] = records.ask("access.history_of_nominal", cpc, nominal_id=nominal)["looks"]
    assert same == look


@pytest.mark.clause("PF-7/Accessing.3")
def test_nobody_but_the_owning_cpc_reads_the_history(
    records: World, cpc: Principal, visitor: Principal
) -> None:
    nominal = records.nominal()
    elsewhere = records.person("area-34", "cpc", name="Else Where")
    records.run("access.open", visitor, nominal_id=nominal, reason_type="other", reason=WHY)

    assert records.ask("access.history", elsewhere)["looks"] == []
    assert refusal(records, "access.history_of_nominal", elsewhere, nominal_id=nominal).code == "R11"
    assert refusal(records, "access.history", visitor).code == "R11"


def test_the_reason_is_not_readable_in_the_database(
    records: World, cpc: Principal, visitor: Principal
) -> None:
    nominal = records.nominal()
    records.run("access.open", visitor, nominal_id=nominal, reason_type="other", reason=WHY)

    kept = records.rows("SELECT reason FROM unpartnered_access UNION ALL SELECT private FROM audit_entry")
    assert all(b"prison" not in bytes(row[0]) for row in kept)

    records.runtime.keys.destroy(nominal)
    [look] = records.ask("access.history", cpc)["looks"]
    assert look["reason"] is None


def test_opening_another_record_closes_the_first(records: World, visitor: Principal) -> None:
    first, second = records.nominal(), records.nominal(surname="Other")
    records.run("access.open", visitor, nominal_id=first, reason_type="other", reason=WHY)
    records.run("access.open", visitor, nominal_id=second, reason_type="other", reason=WHY)

    assert refusal(records, "nominals.summary", visitor, nominal_id=first).code == "R13"
    assert records.ask("nominals.summary", visitor, nominal_id=second)["by_reason"]


@pytest.mark.parametrize(("minutes", "open_still"), [(29.9, True), (30, False)])
def test_an_opening_lasts_thirty_minutes(
    records: World, visitor: Principal, minutes: float, open_still: bool
) -> None:
    nominal = records.nominal()
    records.run("access.open", visitor, nominal_id=nominal, reason_type="other", reason=WHY)
    records.later(minutes=minutes)
    if open_still:
        assert records.ask("nominals.summary", visitor, nominal_id=nominal)["by_reason"]
    else:
        assert refusal(records, "nominals.summary", visitor, nominal_id=nominal).code == "R13"


def test_an_opening_belongs_to_one_session(records: World, visitor: Principal) -> None:
    nominal = records.nominal()
    records.run("access.open", visitor, nominal_id=nominal, reason_type="other", reason=WHY)
    assert refusal(records, "nominals.summary", again(visitor), nominal_id=nominal).code == "R13"


def test_who_comes_back_finds_their_reason_filled_in(records: World, visitor: Principal) -> None:
    nominal = records.nominal()
    records.run("access.open", visitor, nominal_id=nominal, reason_type="other", reason=WHY)
    with records.runtime.work(again(visitor), "access.open.form") as work:
        found = last_reason(work, nominal_id=nominal)
    assert (found["reason_type"], found["reason"]) == ("other", WHY)
    stranger = records.person(PRISON, "partner")
    with records.runtime.work(stranger, "access.open.form") as work:
        assert last_reason(work, nominal_id=nominal).keys() == {"intro"}


@pytest.mark.clause("PF-7/Accessing.3")
def test_who_will_be_told_is_said_before(records: World, visitor: Principal) -> None:
    cpc = records.person(WEST_YORKSHIRE, "cpc", name="Colin <Cpc>")
    with records.runtime.work(visitor, "access.open.form") as work:
        said = last_reason(work, nominal_id=records.nominal())["intro"]
    told = Markup("The Central Point of Contact (CPC) of West Yorkshire, {}, will be told")
    assert told.format(Person(cpc.person_id, "Colin <Cpc>").link) in said
    assert "<Cpc>" not in said


@pytest.mark.clause("PF-7/Accessing.2")
def test_who_manages_a_linked_nominal_says_which(records: World, visitor: Principal) -> None:
    """And no number of a record that they do not work with tells them anything."""
    nominal, mine, other = records.nominal(), records.nominal(partners=(visitor,)), records.nominal()
    numbers = {row.id: row.visor_number for row in records.rows("SELECT id, visor_number FROM nominal")}
    given = {"nominal_id": nominal, "reason_type": "linked_nominal", "reason": WHY}
    for wrong in ("", numbers[other], "V99999999", "nonsense"):
        with pytest.raises(Invalid) as invalid:
            records.run("access.open", visitor, **given, linked=wrong)
        assert invalid.value.errors.keys() == {"linked"}
    records.run("access.open", visitor, **given, linked=numbers[mine].lower())
    assert records.rows("SELECT linked_nominal_id FROM unpartnered_access") == [(mine,)]


@pytest.mark.clause("PF-7/Partner token.2")
@pytest.mark.parametrize("reason", ["", "x" * 19, " " * 30, " " + "x" * 19 + " "])
def test_a_reason_has_twenty_characters(records: World, visitor: Principal, reason: str) -> None:
    with pytest.raises(ValidationError, match="reason"):
        records.run("access.open", visitor, nominal_id=new_id(), reason_type="other", reason=reason)


def test_twenty_characters_are_enough(records: World, visitor: Principal) -> None:
    nominal = records.nominal()
    answer = records.run(
        "access.open", visitor, nominal_id=nominal, reason_type="other", reason=" " + "x" * 20
    )
    assert answer["needed"]


@pytest.mark.clause("PF-7/Partner token.3", "PF-7/Partner.2")
def test_a_partner_is_asked_for_no_reason_and_nobody_is_told(records: World) -> None:
    partner = records.person(PRISON, "partner")
    nominal = records.nominal(partners=(partner,))

    assert records.ask("nominals.summary", partner, nominal_id=nominal)["standings"] == ["partner"]
    assert not records.run("access.open", partner, nominal_id=nominal, reason_type="other", reason=WHY)[
        "needed"
    ]
    assert records.events(TOLD) == []
    assert records.audit()[0] == ("nominals.summary", "viewed", None)


@pytest.mark.clause("PF-4.16l.2")
def test_limited_access_shuts_out_even_with_a_reason_and_the_cpc_learns_of_each_attempt(
    records: World, cpc: Principal, visitor: Principal
) -> None:
    nominal = records.nominal(limited_access=True, partners=(visitor,))

    for name, more in (("nominals.summary", {}), ("access.open", {"reason_type": "other", "reason": WHY})):
        refused = refusal(records, name, visitor, nominal_id=nominal, **more)
        assert refused.code == "R15"
        assert refused.message == "Access to this record is limited. Contact Colin Cpc, 0113 496 0000."

    assert [data["refused"] for data, _ in records.events(TOLD)] == [True, True]
    assert [look["refused"] for look in records.ask("access.history", cpc)["looks"]] == [True, True]


@pytest.mark.clause("PF-4.16l.1")
def test_limited_access_lets_in_who_is_listed(records: World, cpc: Principal, visitor: Principal) -> None:
    nominal = records.nominal(limited_access=True, partners=(visitor,), listed=(visitor,))
    assert records.ask("nominals.summary", visitor, nominal_id=nominal)["standings"] == ["partner"]
    assert records.ask("nominals.summary", cpc, nominal_id=nominal)["standings"] == ["cpc"]


def test_two_first_looks_at_one_moment_are_the_opening_and_one_access(
    records: World, cpc: Principal, visitor: Principal
) -> None:
    nominal = records.nominal()
    records.run("access.open", visitor, nominal_id=nominal, reason_type="other", reason=WHY)
    start = threading.Barrier(2)

    def look() -> None:
        start.wait()
        records.ask("nominals.summary", visitor, nominal_id=nominal)

    both = [threading.Thread(target=look) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(records.events(TOLD)) == 2


def test_a_record_that_is_not_there_is_not_found(records: World, visitor: Principal) -> None:
    with pytest.raises(NotFound):
        records.ask("nominals.summary", visitor, nominal_id=new_id())
    assert records.audit() == [("nominals.summary", "failed", None)]
