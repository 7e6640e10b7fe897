"""Who has looked at this record, partners too; and what practitioners have not read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.refusals import Invalid, Refusal
from tests.servers.records import LEEDS, NOW, World, again
from tests.services.records.conftest import Cast, Web, refusal

LOOKED, UNREAD = "access.looked", "practitioner_digest.unread"
WHY = {"reason_type": "allocated", "reason": "He was allocated to my team this morning."}


def looks(records: World, cast: Cast, **given: Any) -> list[tuple[str, str, bool]]:
    found = records.ask(LOOKED, cast.cpc, nominal_id=cast.nominal, **given)["looks"]
    return [(one["name"], one["what"], one["by_reason"]) for one in found if one["what"] != "Who has looked"]


@pytest.mark.clause("PF-7/Partner token.3", "PF-7/Accessing.3")
def test_everybody_who_looked_partners_too(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    records.ask("nominals.summary", cast.partner, nominal_id=cast.nominal)
    records.later(hours=1)
    records.run("access.open", cast.stranger, nominal_id=cast.nominal, **WHY)
    records.ask("nominals.summary", cast.stranger, nominal_id=cast.nominal)
    records.ask("attachments.folders", cast.stranger, nominal_id=cast.nominal)
    assert looks(records, cast) == [
        ("Stan Stranger", "Attachments", True),
        ("Stan Stranger", "Summary", True),
        ("Paul Police", "Summary", False),
    ]
    assert looks(records, cast, tie="with") == [("Paul Police", "Summary", False)]
    assert [one[0] for one in looks(records, cast, tie="without")] == ["Stan Stranger"] * 2
    assert len(looks(records, cast, person_id=cast.partner.person_id)) == 1
    assert looks(records, cast, until=NOW.date() - timedelta(days=1)) == []
    page = web(cast.cpc).get(f"/nominals/{cast.nominal}/looked?tie=without").text
    assert "With a reason" in page
    assert "<td" in page
    assert "Older" not in page


@pytest.mark.clause("PF-7/Accessing.3")
def test_whoever_turned_back_at_the_question_why_has_not_looked(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    assert web(cast.stranger).get(f"/nominals/{cast.nominal}/open").status_code == 200
    assert looks(records, cast) == []


def test_its_pages_go_on_where_the_last_one_ended(records: World, cast: Cast) -> None:
    for _ in range(55):
        records.ask("nominals.summary", cast.partner, nominal_id=cast.nominal)
    first = records.ask(LOOKED, cast.cpc, nominal_id=cast.nominal, tie="with")
    second = records.ask(LOOKED, cast.cpc, nominal_id=cast.nominal, tie="with", before=first["next_before"])
    assert (len(first["looks"]), second["next_before"]) == (50, None)
    assert sum(one["what"] == "Summary" for one in [*first["looks"], *second["looks"]]) == 55


@pytest.mark.clause("PF-7/Accessing.3")
def test_who_looked_at_a_record_before_it_was_merged_into_this_one(records: World, cast: Cast) -> None:
    """Also at one that was merged into that before; their views of it go back with it."""
    first = records.nominal(surname="First", partners=(cast.partner,))
    second = records.nominal(surname="Second")
    records.ask("nominals.summary", cast.partner, nominal_id=first)
    records.run("access.open", cast.stranger, nominal_id=first, **WHY)
    records.ask("nominals.summary", cast.stranger, nominal_id=first)
    merges = []
    for gone, into in ((first, second), (second, cast.nominal)):
        given = {
            "nominal_id": into,
            "other_id": gone,
            "reason": "The same person, says the officer in the case.",
        }
        merges.append(records.run("merging.merge", again(cast.cpc), **given)["id"])
    views = [("Stan Stranger", "Summary", True), ("Paul Police", "Summary", False)]
    assert [one for one in looks(records, cast) if one[1] == "Summary"] == views
    assert [one[0] for one in looks(records, cast, person_id=cast.partner.person_id)] == ["Paul Police"]
    undo = {"merge_id": UUID(merges[1]), "reason": "They are brothers, as the police found out yesterday."}
    records.run("merging.undo", again(cast.cpc), **undo)
    assert [one for one in looks(records, cast) if one[1] == "Summary"] == []


def test_who_may_see_who_looked(records: World, cast: Cast) -> None:
    for who in (cast.manager, cast.partner, cast.lpc):
        assert refusal(records, LOOKED, who, nominal_id=cast.nominal).code == "R11"
    days = {"since": NOW.date(), "until": NOW.date() - timedelta(days=1)}
    with pytest.raises(Invalid):
        records.ask(LOOKED, cast.cpc, nominal_id=cast.nominal, **days)


def write(records: World, who: Principal, nominal: UUID, **more: Any) -> None:
    usual = {"kind": "risk", "text": "He was seen near the school."}
    records.run("activity_log.add", who, nominal_id=nominal, **usual | more)


def unread(records: World, who: Principal) -> list[tuple[str | None, int, list[str]]]:
    found = records.ask(UNREAD, who)["records"]
    return [(one["practitioner"], one["entries"], one["agencies"]) for one in found]


@pytest.mark.clause("PI-3.10.3")
def test_the_supervisor_sees_what_others_wrote_that_the_practitioner_has_not_read(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    com = records.person(LEEDS, "partner", name="Cora Com")
    nominal = records.nominal(
        supervisor_id=cast.supervisor.person_id, com_id=com.person_id, partners=(com, cast.partner)
    )
    write(records, com, nominal)
    assert unread(records, cast.supervisor) == [], "what probation itself wrote"
    write(records, cast.partner, nominal)
    write(records, cast.partner, nominal, important=True)
    write(records, cast.partner, nominal, only_people=[str(cast.partner.person_id)])
    assert unread(records, cast.supervisor) == [("Cora Com", 2, ["West Yorkshire Police"])]
    page = web(cast.supervisor).get("/unread-by-practitioners").text
    assert "Cora Com" in page
    assert "1 important" in page
    records.ask("activity_log.read", cast.supervisor, nominal_id=nominal)
    records.ask("activity_log.read", com, nominal_id=nominal, important=True)
    assert len(unread(records, cast.supervisor)) == 1, "neither the supervisor's look nor a part of the log"
    records.ask("activity_log.read", com, nominal_id=nominal)
    records.ask("activity_log.read", com, nominal_id=nominal)
    assert unread(records, cast.supervisor) == []
    write(records, cast.partner, nominal)
    assert unread(records, cast.supervisor) == [("Cora Com", 1, ["West Yorkshire Police"])]


@pytest.mark.clause("PI-3.10.3")
def test_of_a_practitioner_who_is_no_user_what_nobody_told_them(records: World, cast: Cast) -> None:
    write(records, cast.partner, cast.nominal)
    assert unread(records, cast.supervisor) == [(None, 1, ["West Yorkshire Police"])]
    through = records.rows("SELECT id FROM activity_entry")[0][0]
    told = {"nominal_id": cast.nominal, "how": "in_person", "through": str(through)}
    records.run("practitioner_digest.tell", cast.manager, **told)
    assert unread(records, cast.supervisor) == []


def test_who_may_see_what_is_not_read(records: World, cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        records.ask(UNREAD, cast.manager)
    assert refused.value.code == "R11"
    write(records, cast.partner, cast.nominal)
    assert unread(records, records.person(LEEDS, "supervisor", name="Another")) == []
