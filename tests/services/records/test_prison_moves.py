"""Before somebody goes to another prison the record is fully updated, or the lead says why it goes as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from services.records.attachments.models import Entry
from services.records.minimum_dataset.rules import datasets
from services.records.nominals.models import Nominal
from shared.access.principal import Principal
from shared.refusals import Invalid
from tests.servers.records import NOW, PRISON, World
from tests.services.records.conftest import Cast, Web, at_once, codes, feed, refusal, told

BOOKED, ENDED, NOT_READY = (f"records.prison_move.{name}" for name in ("booked", "ended", "not_ready"))
TO = "prison-WSI"
LEAVES = NOW + timedelta(days=3)


@dataclass
class Wing:
    world: World
    nominal: UUID
    administrator: Principal
    pom: Principal
    lead: Principal

    def book(self, **more: Any) -> UUID:
        usual = {"nominal_id": self.nominal, "to_prison": TO, "departs_at": LEAVES.isoformat()}
        return UUID(str(self.world.run("prison_moves.book", self.administrator, **usual | more)["id"]))

    def of(self, move: UUID, **more: Any) -> dict[str, Any]:
        return {"nominal_id": self.nominal, "move_id": move, **more}

    def fill(self, *leave_out: str) -> None:
        """Every folder of the prison's dataset but these."""
        usual: dict[str, Any] = {"version": 1, "grading": "open", "state": "current", "changed_at": NOW}
        by = {"agency": self.pom.agency, "unit": PRISON, "entered_by": self.pom.person_id, "entered_at": NOW}
        folders = {one.folder for one in datasets(NOW.date())["prison"].of("2")} - set(leave_out)
        with self.world.session() as session:
            session.add_all(Entry(nominal_id=self.nominal, folder=one, **usual, **by) for one in folders)
            session.commit()


@pytest.fixture
def wing(records: World, cast: Cast) -> Wing:
    return on_a_wing(records, cast)


def on_a_wing(records: World, cast: Cast) -> Wing:
    pom = records.person(PRISON, "partner", name="Polly Pom")
    lead = records.person(PRISON, roles=("visor_lead",), name="Leo Lead")
    nominal = records.nominal(
        custody_prison=PRISON, pom_id=pom.person_id, partners=(cast.prison, pom), numbers={"noms": "A0009AA"}
    )
    return Wing(records, nominal, cast.prison, pom, lead)


@pytest.mark.clause("PF-5.9.6", "PF-5.9.6b")
def test_who_must_bring_the_record_up_to_date_is_told_by_when(records: World, wing: Wing) -> None:
    wing.book()
    assert told(records, BOOKED) == [("pom", "Polly Pom"), ("prison_administrator", "Petra Prison")]
    [(data, _)] = records.events(BOOKED)
    assert (data["prison"], data["jurisdiction"]) == (PRISON, "ENG")
    assert data["departs_at"].startswith(LEAVES.isoformat()[:16])


@pytest.mark.clause("PF-5.9.6", "PF-5.9.6b", "PF-5.9.8")
def test_what_is_missing_refuses_and_the_lead_sees_the_list(
    records: World, wing: Wing, web: Callable[[Principal], Web]
) -> None:
    move = wing.book()
    wing.fill("intelligence")
    refused = refusal(records, "prison_moves.confirm", wing.administrator, **wing.of(move))
    assert (refused.code, "Intelligence" in refused.message) == ("R29", True)
    assert told(records, NOT_READY) == [("visor_lead", "Leo Lead")]
    answer = records.ask("prison_moves.list", wing.administrator, nominal_id=wing.nominal)
    assert [one.what for one in answer["missing"]] == ["attachment Intelligence"]
    page = web(wing.administrator).get(f"/nominals/{wing.nominal}/prison-moves").text
    assert "Still missing" in page
    wing.fill()
    assert records.run("prison_moves.confirm", wing.administrator, **wing.of(move))["state"] == "ready"
    assert records.events(ENDED)[-1][0]["state"] == "ready"
    assert refusal(records, "prison_moves.confirm", wing.administrator, **wing.of(move)).code == "R34"


@pytest.mark.clause("PF-5.9.6")
def test_open_needs_and_a_missing_offender_manager_stand_on_the_list(records: World, wing: Wing) -> None:
    wing.fill()
    written = {"kind": "risk", "text": "A new telephone.", "attachments": ["telecoms"]}
    records.run("activity_log.add", wing.pom, nominal_id=wing.nominal, **written)
    with records.session() as session:
        session.execute(update(Nominal).where(Nominal.id == wing.nominal).values(pom_id=None))
        session.commit()
    wing.book()
    found = records.ask("prison_moves.list", wing.administrator, nominal_id=wing.nominal)["missing"]
    assert [one.what for one in found] == [
        "the prison offender manager",
        "1 attachment that entries asked to update",
    ]


@pytest.mark.clause("PF-5.9.6")
def test_the_lead_overrides_with_a_reason_and_nobody_else(
    records: World, wing: Wing, web: Callable[[Principal], Web]
) -> None:
    move = wing.book()
    why = {"reason": "The transport leaves at seven."}
    for who in (wing.administrator, records.person("prison-WSI", roles=("visor_lead",), name="Other")):
        assert refusal(records, "prison_moves.override", who, **wing.of(move, **why)).code == "R32"
    coming = web(wing.lead).get("/prison-moves").text
    assert "Let it go as it is" in coming
    assert "Let it go as it is" not in web(wing.administrator).get("/prison-moves").text
    assert records.run("prison_moves.override", wing.lead, **wing.of(move, **why))["state"] == "overridden"
    kept = records.rows("SELECT reason FROM prison_move")[0][0]
    assert b"transport" not in bytes(kept)
    assert why["reason"] in web(wing.administrator).get(f"/nominals/{wing.nominal}/prison-moves").text


def test_bad_input_twice_and_cancelled(records: World, wing: Wing) -> None:
    for changes, field in (
        ({"to_prison": PRISON}, "to_prison"),
        ({"departs_at": NOW.isoformat()}, "departs_at"),
        ({"departs_at": (NOW + timedelta(days=400)).isoformat()}, "departs_at"),
    ):
        with pytest.raises(Invalid) as wrong:
            wing.book(**changes)
        assert list(wrong.value.errors) == [field]
    assert codes(at_once(wing.book, wing.book))[0] == "R34"
    [(move,)] = records.rows("SELECT id FROM prison_move")
    records.run("prison_moves.cancel", wing.administrator, **wing.of(move))
    assert records.events(ENDED)[-1][0]["state"] == "cancelled"
    assert wing.book() != move
    outside = {"nominal_id": records.nominal(partners=(wing.administrator,)), "to_prison": TO}
    with pytest.raises(Invalid):
        records.run("prison_moves.book", wing.administrator, **outside, departs_at=LEAVES.isoformat())


@pytest.mark.clause("PF-5.9.6b")
@pytest.mark.parametrize("kind", ["received", "released"])
def test_a_move_is_over_when_the_person_has_left(records: World, wing: Wing, kind: str) -> None:
    """Nobody can confirm any more, and the next prison books its own."""
    move = wing.book()
    records.later(days=3)
    where = {"kind": kind, "prison": TO if kind == "received" else PRISON, "at": LEAVES.isoformat()}
    records.run("custody.record", wing.administrator, nominal_id=wing.nominal, **where)
    [(data, _)] = records.events(ENDED)
    assert (data["move_id"], data["state"]) == (str(move), "left")
    assert refusal(records, "prison_moves.confirm", wing.administrator, **wing.of(move)).code == "R34"


def test_a_record_that_is_hidden_or_archived_is_so_to_the_lead_too(records: World, wing: Wing) -> None:
    move = wing.book()
    why = wing.of(move, reason="The transport leaves at seven.")
    for values, code in (({"limited_access": True}, "R15"), ({"status": "archived"}, "R27")):
        with records.session() as session:
            usual = {"limited_access": False, "status": "live"}
            session.execute(update(Nominal).where(Nominal.id == wing.nominal).values(**usual | values))
            session.commit()
        assert refusal(records, "prison_moves.override", wing.lead, **why).code == code
    message = {"noms": "A0009AA", "to_prison": TO, "departs_at": LEAVES.isoformat()}
    assert records.run("prison_moves.hear", feed(), **message)["outcome"] == "archived"
    assert records.run("prison_moves.hear", feed(), **message)["outcome"] == "archived"
    heard = {data["news_id"] for data, _ in records.events("records.archive.heard_of")}
    assert len(heard) == 1


def test_the_prisons_own_system_books_too(records: World, wing: Wing) -> None:
    message = {"noms": "a0009aa", "to_prison": TO, "departs_at": LEAVES.isoformat()}

    def hear(**changes: Any) -> str:
        return str(records.run("prison_moves.hear", feed(), **message | changes)["outcome"])

    assert [hear(), hear(), hear(noms="Z9999ZZ")] == ["taken", "known", "no_record"]
    assert hear(departs_at=(LEAVES + timedelta(days=1)).isoformat()) == "taken"
    assert [data["state"] for data, _ in records.events(ENDED)] == ["cancelled"]
    assert refusal(records, "prison_moves.hear", wing.administrator, **message).code == "R11"
    with pytest.raises(Invalid):
        hear(to_prison="pdu-N55LEE")


def test_who_may_not(records: World, cast: Cast, wing: Wing) -> None:
    book = {"nominal_id": wing.nominal, "to_prison": TO, "departs_at": LEAVES.isoformat()}
    assert refusal(records, "prison_moves.book", cast.stranger, **book).code == "R14"
    assert refusal(records, "prison_moves.coming", cast.manager).code == "R32"
    assert refusal(records, "prison_moves.list", cast.stranger, nominal_id=wing.nominal).code == "R13"
