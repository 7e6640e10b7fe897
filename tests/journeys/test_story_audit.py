"""The audit's word at the end of the story: whole, and broken when a row was touched behind the suite's back."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from shared.audit.places import sealer_of, verify_here
from shared.audit.verdict import Verdict
from shared.keys import KeyDestroyed
from tests.journeys.test_story_api import REASON, create
from tests.journeys.world import World

SERVICE = "records"


def seal(world: World) -> None:
    """Everything: an entry waits as long as any transaction is open that began before it, a tick's for instance."""
    runtime = world.runtimes[SERVICE]
    sealer = sealer_of(SERVICE, runtime.database.engine, world.settings, runtime.clocks.system)

    def all_sealed() -> bool:
        sealer.seal()
        return not verdict(world).unsealed

    world.eventually(all_sealed, "the sealing of every entry")


def verdict(world: World) -> Verdict:
    return verify_here(SERVICE, world.runtimes[SERVICE].database.engine, world.settings)


def behind_its_back(world: World, *statements: str) -> None:
    """By the account that owns the tables: the services' own could do none of this."""
    owner = create_engine(world.runtimes[SERVICE].database.url)
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement))
        connection.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER ALL"))
    owner.dispose()


@pytest.mark.clause("PF-7/Accessing.3", "PF-7/Partner token.2")
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_entry SET action = 'nothing.happened' WHERE id = (SELECT min(id::text)::uuid FROM audit_entry)",
        "DELETE FROM audit_entry WHERE id = (SELECT min(id::text)::uuid FROM audit_entry)",
    ],
)
def test_the_audit_of_the_story_is_whole_until_somebody_touches_it(world: World, tampering: str) -> None:
    nominal = create(world)
    world.client("grace.mensah").post(f"/records/api/nominals/{nominal}/opening", json=REASON)
    world.settled()
    seal(world)
    assert verdict(world).ok, verdict(world).lines()

    behind_its_back(world, tampering)

    found = verdict(world)
    assert not found.ok
    assert found.first is not None


@pytest.mark.clause("PF-4.16i.3")
def test_destroying_a_nominals_key_leaves_the_chain_whole_and_the_reason_unreadable(world: World) -> None:
    nominal = UUID(create(world))
    world.client("grace.mensah").post(f"/records/api/nominals/{nominal}/opening", json=REASON)
    samuel = world.client("samuel.oyelade")
    history = f"/records/api/nominals/{nominal}/access-history"
    assert REASON["reason"] in samuel.get(history).text
    world.settled()
    seal(world)

    world.runtimes[SERVICE].keys.destroy(nominal)

    assert verdict(world).ok
    sealed = world.sql(
        SERVICE, "SELECT private FROM audit_entry WHERE nominal_id = :id AND private IS NOT NULL", id=nominal
    )
    assert sealed
    with pytest.raises(KeyDestroyed):
        world.runtimes[SERVICE].decrypt(nominal, "audit", bytes(sealed[0][0]))
