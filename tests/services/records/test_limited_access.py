"""Limited Access and conflicts of interest: who sets and ends them, and to whom the record is closed."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.records.access.authorise import facts
from services.records.access.rules import decide
from services.records.limited_access.jobs import remind
from shared.access.principal import Principal
from shared.refusals import Invalid, NotFound, Refusal
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE, World, again

WHY = "A relative of the person works in the unit."
REVIEW = date(2026, 9, 1)


@pytest.fixture
def cpc(records: World) -> Principal:
    return records.person(WEST_YORKSHIRE, "cpc", "partner", name="Colin Cpc")


@pytest.fixture
def partner(records: World) -> Principal:
    return records.person(PRISON, "partner")


@pytest.fixture
def nominal(records: World, partner: Principal) -> UUID:
    return records.nominal(partners=(partner,))


def limit(world: World, who: Principal, nominal: UUID, *people: Principal, **given: Any) -> Any:
    ids = [str(one.person_id) for one in people]
    given = {"reason": WHY, "review_on": REVIEW, "people": ids, **given}
    return world.run("limited_access.set", who, nominal_id=nominal, **given)


def refused(world: World, action: str, who: Principal, **given: Any) -> str:
    with pytest.raises(Refusal) as found:
        (world.run if action in world.runtime.service.declarations.commands else world.ask)(
            action, who, **given
        )
    return found.value.code


@pytest.mark.clause("PF-4.16l.1", "PF-4.16l.2")
def test_a_cpc_closes_a_record_to_all_but_a_list(
    records: World, cpc: Principal, partner: Principal, nominal: UUID
) -> None:
    listed = records.person(LEEDS, "partner")
    records.partner(nominal, listed)
    assert records.ask("nominals.summary", partner, nominal_id=nominal)
    limit(records, cpc, nominal, listed)

    assert refused(records, "nominals.summary", partner, nominal_id=nominal) == "R15"
    reason = {"reason_type": "other", "reason": "A full and reasonable explanation"}
    assert refused(records, "access.open", partner, nominal_id=nominal, **reason) == "R15"
    for who in (cpc, listed):
        assert records.ask("nominals.summary", who, nominal_id=nominal)["limited_access"]
    [(data, _)] = records.events("records.nominal.limited_access")
    assert data == {"nominal_id": str(nominal), "limited": True, "review_on": "2026-09-01"}
    attempts = [data for data, _ in records.events("records.nominal.accessed_unpartnered") if data["refused"]]
    assert len(attempts) == 2
    pictures = [data for data, _ in records.events("records.standing.changed")[-2:]]
    assert {one["person_id"] for data in pictures for one in data["standings"]} == {
        str(cpc.person_id),
        str(listed.person_id),
    }
    assert all(data["limited"] for data in pictures), "else whoever stands in is told what they may not read"

    records.run("limited_access.end", cpc, nominal_id=nominal, reason="The relative works elsewhere now.")
    assert records.ask("nominals.summary", partner, nominal_id=nominal)
    assert records.rows("SELECT * FROM limited_access_person") == []
    assert not records.events("records.standing.changed")[-1][0]["limited"]


@pytest.mark.clause("PF-4.16l.1")
def test_only_its_cpc_sets_it_with_a_reason_and_a_review_date(
    records: World, cpc: Principal, partner: Principal, nominal: UUID
) -> None:
    assert (
        refused(records, "limited_access.set", partner, nominal_id=nominal, reason=WHY, review_on=REVIEW)
        == "R30"
    )
    manager = records.person(LEEDS, "manager", "partner")
    assert (
        refused(records, "limited_access.set", manager, nominal_id=nominal, reason=WHY, review_on=REVIEW)
        == "R11"
    )
    for day in (date(2026, 4, 1), date(2026, 10, 2)):
        with pytest.raises(Invalid) as wrong:
            limit(records, cpc, nominal, review_on=day)
        assert wrong.value.errors.keys() == {"review_on"}
    with pytest.raises(Invalid) as unknown:
        limit(records, cpc, nominal, others=["nobody@example.invalid"])
    assert unknown.value.errors.keys() == {"others"}
    limit(records, cpc, nominal, review_on=date(2026, 10, 1))
    assert (
        refused(records, "limited_access.set", cpc, nominal_id=nominal, reason=WHY, review_on=REVIEW) == "R34"
    )


def test_whoever_has_it_open_with_a_reason_has_it_no_longer(
    records: World, cpc: Principal, nominal: UUID
) -> None:
    stranger = records.person(LEEDS, "partner")
    reason = {"reason_type": "other", "reason": "A full and reasonable explanation"}
    records.run("access.open", stranger, nominal_id=nominal, **reason)
    assert records.ask("nominals.summary", stranger, nominal_id=nominal)
    limit(records, cpc, nominal)
    assert refused(records, "nominals.summary", stranger, nominal_id=nominal) == "R15"
    records.run("limited_access.end", cpc, nominal_id=nominal, reason="Not needed any more, says she.")
    assert refused(records, "nominals.summary", stranger, nominal_id=nominal) == "R13"


@pytest.mark.clause("PF-4.16l.1")
def test_the_list_is_kept_and_the_review_reminded_of_once(
    records: World, cpc: Principal, partner: Principal, nominal: UUID
) -> None:
    limit(records, cpc, nominal, partner)
    here = {"nominal_id": nominal}
    records.run("limited_access.unlist", cpc, **here, person_id=partner.person_id)
    with pytest.raises(NotFound):
        records.run("limited_access.unlist", cpc, **here, person_id=partner.person_id)
    records.rows("SELECT 1")
    page = records.ask("limited_access.read", cpc, **here)
    assert (page["limited"], page["people"], page["times"][0]["reason"]) == (True, [], WHY)

    def tick() -> int:
        with records.runtime.system_work("test") as work:
            return remind(work)

    assert tick() == 0
    records.later(days=140)
    assert (tick(), tick()) == (1, 0)
    [(data, [copy])] = records.events("records.limited_access.review_due")
    assert data["review_on"] == "2026-09-01"
    assert copy["people"][0]["person_id"] == str(cpc.person_id)
    now = again(cpc)
    records.run("limited_access.review", now, **here, reason=WHY, review_on=date(2026, 10, 1))
    assert tick() == 0
    records.later(days=30)
    assert tick() == 1
    [row] = records.ask("reports.rpt_16", now, show="current").found.rows
    assert (row["visor_number"], row["reason"], row["listed"]) == ("V10000001", WHY, 0)
    assert records.ask("reports.rpt_16", records.person("area-34", "cpc"), show="all").found.rows == []


def test_two_who_limit_it_at_one_moment_limit_it_once(records: World, cpc: Principal, nominal: UUID) -> None:
    start, outcomes = threading.Barrier(2), list[str]()

    def act() -> None:
        start.wait()
        try:
            limit(records, cpc, nominal)
            outcomes.append("limited")
        except Refusal as found:
            outcomes.append(found.code)

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["R34", "limited"]


class TestConflictOfInterest:
    def test_it_closes_the_record_to_oneself_alone(
        self, records: World, cpc: Principal, partner: Principal, nominal: UUID
    ) -> None:
        made = records.run(
            "conflicts.declare", partner, nominal_id=nominal, reason="The person is my cousin."
        )
        for action in ("nominals.summary", "activity_log.read"):
            assert refused(records, action, partner, nominal_id=nominal) == "R49"
        reason = {"reason_type": "other", "reason": "A full and reasonable explanation"}
        assert refused(records, "access.open", again(partner), nominal_id=nominal, **reason) == "R49"
        assert records.ask("nominals.mine", partner)["nominals"] == []
        [line] = records.ask("search.nominals", partner, surname="Example").results
        assert (line.nominal_id, line.name, line.limited) == (None, None, False)
        assert records.ask("nominals.summary", cpc, nominal_id=nominal)
        [(data, [copy])] = records.events("records.conflict.declared")
        assert data["person_id"] == str(partner.person_id)
        assert copy["people"][0]["person_id"] == str(cpc.person_id)

        [one] = records.ask("conflicts.list", cpc, nominal_id=nominal)["conflicts"]
        assert one["reason"] == "The person is my cousin."
        given = {
            "nominal_id": nominal,
            "conflict_id": UUID(made["conflict_id"]),
            "reason": "It was somebody else.",
        }
        assert (
            refused(records, "conflicts.end", records.person(LEEDS, "manager", "partner"), **given) == "R11"
        )
        records.run("conflicts.end", cpc, **given)
        assert records.ask("nominals.summary", partner, nominal_id=nominal)
        [(_, [told])] = records.events("records.conflict.ended")
        assert told["people"][0]["person_id"] == str(partner.person_id)
        with pytest.raises(NotFound):
            records.run("conflicts.end", cpc, **given)

    def test_a_cpc_too_and_never_ends_her_own(self, records: World, cpc: Principal, nominal: UUID) -> None:
        made = records.run("conflicts.declare", cpc, nominal_id=nominal, reason="The person is my neighbour.")
        given = {
            "nominal_id": nominal,
            "conflict_id": UUID(made["conflict_id"]),
            "reason": "Not any more, they moved.",
        }
        assert refused(records, "conflicts.end", cpc, **given) == "R49"
        assert refused(records, "conflicts.declare", cpc, nominal_id=nominal, reason=WHY) == "R49"

    def test_it_comes_before_every_other_refusal_of_the_record(self, records: World, nominal: UUID) -> None:
        who = records.person(LEEDS, "partner")
        records.run("conflicts.declare", who, nominal_id=nominal, reason="We went to school together.")
        with records.runtime.work(who, "test") as work:
            record = facts(work, nominal)
        assert decide(who, "nominals.archive", record).refusal == "R49"
