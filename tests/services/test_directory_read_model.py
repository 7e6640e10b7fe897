"""The directory's read model over a real PostgreSQL: pages in, cards and holders out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from shared.database import new_metadata
from shared.directory import read_model
from shared.directory.feed import FETCH, catch_up, when_directory_changed
from shared.directory.refresh import DirectoryAway, refresh
from shared.directory.tables import DIRECTORY, tables
from shared.events.envelope import Event
from tests.servers.databases import FreshDatabase

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
UNITS = [
    ("region-N55", "region", None),
    ("area-53", "mappa_area", "region-N55"),
    ("pdu-N55LEE", "delivery_unit", "area-53"),
    ("pdu-N55BRA", "delivery_unit", "area-53"),
]


@pytest.fixture(scope="module")
def engine(fresh_database: FreshDatabase) -> Iterator[Engine]:
    engine = create_engine(fresh_database("directory"))
    metadata = new_metadata()
    tables(metadata)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session
        session.rollback()


def work_in(session: Session, fetch: Any = None) -> Any:
    """The little of a unit of work that the read model asks for."""
    runtime = SimpleNamespace(extras={FETCH: fetch} if fetch else {}, service=SimpleNamespace(name="records"))
    return SimpleNamespace(session=session, system_now=NOW, runtime=runtime)


def unit_row(code: str, kind: str, parent: str | None, version: int) -> dict[str, Any]:
    return {
        "code": code,
        "name": code.upper(),
        "kind": kind,
        "parent": parent,
        "agency": "probation-service",
        "jurisdiction": "ENG",
        "version": version,
    }


def person_row(name: str, version: int, *grants: tuple[str, str], **more: Any) -> dict[str, Any]:
    row = {
        "id": str(uuid4()),
        "name": name,
        "job_title": "MAPPA administrator",
        "email": "someone@probation.example",
        "telephone": "0113 496 0000",
        "agency": "probation-service",
        "unit": "pdu-N55LEE",
        "active": True,
        "version": version,
        "grants": [{"kind": "token", "name": token, "unit": unit} for token, unit in grants],
    }
    return row | more


class Identity:
    """Stands where identity's endpoint stands: pages of what changed, by version."""

    def __init__(self, *people: dict[str, Any]) -> None:
        self.units = [unit_row(*row, version=number) for number, row in enumerate(UNITS, start=1)]
        self.people = list(people)
        self.asked: list[int] = []

    def __call__(self, after: int, limit: int, page: int = 3) -> dict[str, Any]:
        self.asked.append(after)
        changed = sorted([*self.units, *self.people], key=lambda row: row["version"])
        changed = [row for row in changed if row["version"] > after]
        now = changed[:page]
        return {
            "version": now[-1]["version"] if now else after,
            "more": len(changed) > page,
            "units": [row for row in now if "code" in row],
            "people": [row for row in now if "id" in row],
        }


def event(version: int) -> Event:
    return Event(uuid4(), "identity.directory.changed", 1, NOW, {"version": version})


@pytest.mark.clause("PF-7/white pages.4")
def test_every_page_is_read_and_each_card_has_an_address(session: Session) -> None:
    ann, bob = person_row("Ann Ash", 5), person_row("Bob Birch", 6)
    identity = Identity(ann, bob)
    assert refresh(work_in(session), identity)
    assert identity.asked == [0, 3]
    card = read_model.person(session, UUID(ann["id"]))
    assert card is not None
    assert card.name == "Ann Ash"
    assert card.card_url == f"/identity/people/{ann['id']}"
    assert set(read_model.people(session, [card.id, UUID(bob["id"]), uuid4()])) == {card.id, UUID(bob["id"])}


def test_reading_again_changes_nothing_and_asks_only_for_what_is_new(session: Session) -> None:
    identity = Identity(person_row("Ann Ash", 5, ("lpc", "pdu-N55LEE")))
    refresh(work_in(session), identity)
    before = session.execute(DIRECTORY.grant.select()).all()
    identity.asked.clear()
    refresh(work_in(session), identity)
    assert identity.asked == [5]
    assert session.execute(DIRECTORY.grant.select()).all() == before


def test_an_ended_token_is_no_longer_held(session: Session) -> None:
    ann = person_row("Ann Ash", 5, ("lpc", "pdu-N55LEE"), ("partner", "pdu-N55LEE"))
    refresh(work_in(session), Identity(ann))
    assert [card.name for card in read_model.holders(session, "lpc", "pdu-N55LEE")] == ["Ann Ash"]
    later = person_row("Ann Ash", 6, ("partner", "pdu-N55LEE"), id=ann["id"])
    refresh(work_in(session), Identity(later))
    assert read_model.holders(session, "lpc", "pdu-N55LEE") == []
    assert len(read_model.holders(session, "partner", "pdu-N55LEE")) == 1


@pytest.mark.clause("PF-7/LPC.1")
def test_a_unit_knows_what_is_above_and_below_it(session: Session) -> None:
    refresh(work_in(session), Identity())
    assert read_model.above(session, "pdu-N55LEE") == ("pdu-N55LEE", "area-53", "region-N55")
    assert read_model.above(session, "pdu-of-nowhere") == ()
    assert read_model.below(session, "area-53") == {"area-53", "pdu-N55LEE", "pdu-N55BRA"}
    found = read_model.unit(session, "area-53")
    assert found is not None
    assert found.kind == "mappa_area"


@pytest.mark.clause("PF-4.8")
def test_the_owning_cpc_is_the_nearest_active_one_upwards(session: Session) -> None:
    left = person_row("Gone", 5, ("cpc", "pdu-N55LEE"), active=False)
    area = person_row("Carol Cedar", 6, ("cpc", "area-53"), unit="area-53")
    refresh(work_in(session), Identity(left, area))
    found = read_model.owning_cpc(session, "pdu-N55LEE")
    assert found is not None
    assert found.name == "Carol Cedar"
    assert read_model.owning_cpc(session, "region-N55") is None


@pytest.mark.clause("PF-4.38.2")
def test_a_leaver_keeps_a_card_and_holds_nothing(session: Session) -> None:
    gone = person_row("Dan Deal", 5, ("partner", "pdu-N55LEE"), active=False)
    stays = person_row("Eve Elm", 6, ("partner", "pdu-N55LEE"))
    refresh(work_in(session), Identity(gone, stays))
    card = read_model.person(session, UUID(gone["id"]))
    assert card is not None
    assert not card.active
    assert [one.name for one in read_model.members(session, "pdu-N55LEE", "partner")] == ["Eve Elm"]
    assert read_model.members(session, "pdu-N55LEE", "create") == []


def test_an_event_of_what_was_read_asks_nobody(session: Session) -> None:
    identity = Identity(person_row("Ann Ash", 5))
    when_directory_changed(work_in(session, identity), event(5))
    identity.asked.clear()
    when_directory_changed(work_in(session, identity), event(4))
    assert identity.asked == []
    when_directory_changed(work_in(session, identity), event(6))
    assert identity.asked == [5]


def test_with_identity_away_the_tick_asks_again(session: Session) -> None:
    identity = Identity(person_row("Ann Ash", 5))

    def away(after: int, limit: int) -> dict[str, Any]:
        raise DirectoryAway("ConnectError")

    when_directory_changed(work_in(session, away), event(5))
    assert read_model.members(session, "pdu-N55LEE") == []
    catch_up(work_in(session, identity))
    assert [card.name for card in read_model.members(session, "pdu-N55LEE")] == ["Ann Ash"]
    identity.asked.clear()
    catch_up(work_in(session, identity))
    assert identity.asked == []


def test_two_readers_at_once_do_not_wait_for_each_other_on_the_tick(engine: Engine) -> None:
    with Session(engine) as first, Session(engine) as second:
        refresh(work_in(first), Identity())
        first.commit()
        refresh(work_in(first), Identity(person_row("Ann Ash", 5)))
        asked = Identity()
        assert not refresh(work_in(second), asked, wait=False)
        assert asked.asked == []
        first.rollback()
        second.rollback()
    with engine.begin() as connection:  # the one test here that commits
        for table in (DIRECTORY.state, DIRECTORY.unit, DIRECTORY.person, DIRECTORY.grant):
            connection.execute(table.delete())
