"""A restore, rehearsed: nothing half-way between two databases, nothing destroyed comes back, the chain holds."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, insert, select, update

from deploy.assembly import open_runtimes
from deploy.backup import Archives, backup
from deploy.databases import plain
from deploy.prepare import prepare
from deploy.restore import CannotRestore, restore
from deploy.sealing import seal_folder, sealer
from deploy.throwaway import throwaway_server
from services.records.deletion.jobs import destroy_keys
from services.records.deletion.models import Tombstone
from services.records.deletion.purging import purge
from services.records.nominals.models import Name, Nominal
from services.records.search import dictionary
from services.records.search.known import know
from shared.audit.verify import verify_service
from shared.events.identity.sign_in import SESSION_REVOKED
from shared.ids import new_id
from shared.keys import KeyDestroyed, SigningKeys
from shared.keys.signing_keys import SEALS
from shared.runtime import Runtime
from shared.settings import SERVICES, Settings
from shared.work import EVERY_AGENCY, About


@dataclass
class House:
    """A suite over a server of its own; `runtimes` are open between `open` and `close`."""

    settings: Settings
    runtimes: dict[str, Runtime]

    def open(self) -> None:
        self.runtimes = open_runtimes(self.settings, SERVICES)

    def close(self) -> None:
        for runtime in self.runtimes.values():
            runtime.close()
        self.runtimes = {}

    def revoke(self, subject: UUID) -> None:
        """A fact and an audit entry in identity, as a command writes them."""
        identity = self.runtimes["identity"]
        with identity.system_work("test.revoke") as work:
            data = {"person_id": subject, "session_id": None, "at": work.system_now, "reason_code": "test"}
            work.emit(SESSION_REVOKED, data, aggregate=("person", subject), agencies=(EVERY_AGENCY,))
            work.audit("test.revoke", About(subject_kind="person", subject_id=subject))

    def seal(self) -> None:
        for name, runtime in self.runtimes.items():
            sealer(self.settings, runtime.database, name).seal()

    def ids(self, service: str, query: str) -> list[UUID]:
        with psycopg.connect(plain(self.settings.database(service))) as connection:
            return [row[0] for row in connection.execute(query.encode())]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with throwaway_server() as server:
        given = {"VISOR_HOME": str(tmp_path / "home"), "VISOR_DATABASE_URL": server.url()}
        settings = Settings.from_environment(given)
        prepare(settings, demonstration=False)
        made = House(settings, {})
        made.open()
        yield made
        made.close()


def backed_up(house: House, to: Path) -> Archives:
    return backup(house.settings, to / "data", to / "keys")


def put_back(house: House, archives: Archives) -> list[str]:
    told: list[str] = []
    house.close()
    restore(house.settings, archives.data, archives.keys, replace=True, tell=told.append)
    house.open()
    return told


def test_a_key_destroyed_after_the_backup_stays_destroyed(house: House, tmp_path: Path) -> None:
    keys = house.runtimes["records"].keys
    kept, deleted = new_id(), new_id()
    sealed = {one: keys.create(one).encrypt("note", "in confidence") for one in (kept, deleted)}
    archives = backed_up(house, tmp_path)
    keys.destroy(deleted)
    shutil.rmtree(house.settings.home / "log", ignore_errors=True)
    put_back(house, archives)
    again = house.runtimes["records"].keys
    assert again.decrypt_for(kept, "note", sealed[kept]) == "in confidence"
    with pytest.raises(KeyDestroyed):
        again.decrypt_for(deleted, "note", sealed[deleted])


SEEN = """
SELECT (SELECT count(*) FROM nominal WHERE id = %(id)s), (SELECT count(*) FROM nominal_name WHERE nominal_id = %(id)s),
       (SELECT count(*) FROM search_key WHERE nominal_id = %(id)s), (SELECT count(*) FROM surname WHERE value = 'quillfeather')
"""


def deleted_record(house: House) -> UUID:
    """A record with a name and an address that a search finds."""
    nominal_id = new_id()
    records = house.runtimes["records"]
    records.keys.create(nominal_id)
    place = {"owner_unit": "area-53", "owner_agency": "probation-service", "managing_unit": "pdu-N55LEE"}
    with records.system_work("test.record") as work:
        facts = {"category": "2", "level": 2, "jurisdiction": "ENG", "date_of_birth": date(1979, 4, 3)}
        made = {"created_at": work.now, "created_by": UUID(int=0)}
        work.session.add(Nominal(id=nominal_id, **facts, **place, **made))
        work.session.flush()
        name = Name(nominal_id=nominal_id, forenames="Zbigniew", surname="Quillfeather")
        dictionary.enter(work.session, [name])
        work.session.add(name)
        know(work, nominal_id, nominal_id, [("address", "7 Elm Row, Leeds")])
    return nominal_id


def seen(house: House, nominal_id: UUID) -> tuple[int, ...]:
    with psycopg.connect(plain(house.settings.database("records"))) as connection:
        return connection.execute(SEEN.encode(), {"id": nominal_id}).fetchone() or ()


@pytest.mark.clause("PF-4.16i.3")
def test_a_record_deleted_after_the_backup_is_nowhere_to_be_found(house: House, tmp_path: Path) -> None:
    """The backup holds its name and what the search found it by; the restore deletes them again."""
    gone, kept = deleted_record(house), new_id()
    house.runtimes["records"].keys.create(kept)
    assert seen(house, gone) == (1, 1, 1, 1)
    archives = backed_up(house, tmp_path)
    records = house.runtimes["records"]
    with records.system_work("test.deletion") as work:
        stone = Tombstone(
            id=new_id(),
            record_id=gone,
            record_ids=[gone],
            visor_number="V10000001",
            ground="unlawful",
            owner_unit="area-53",
            owner_agency="probation-service",
            requested_by=new_id(),
            requested_at=work.now,
            approved_by=new_id(),
            deleted_at=work.now,
            rows=purge(work, [gone]),
        )
        work.session.add(stone)
    with records.system_work("test.task") as work:
        destroy_keys(work, {"tombstone_id": str(stone.id)})
    assert seen(house, gone) == (0, 0, 0, 0)
    told = put_back(house, archives)
    assert "1 deleted records deleted again, with all that names or finds them." in told
    assert seen(house, gone) == (0, 0, 0, 0)
    with pytest.raises(KeyDestroyed):
        house.runtimes["records"].keys.for_nominal(gone)
    assert house.runtimes["records"].keys.for_nominal(kept)
    # The proof came back though the database had forgotten it, and notifications hears of it again.
    assert house.ids("records", "SELECT record_id FROM tombstone") == [gone]
    told_again = "SELECT (data->>'nominal_id')::uuid FROM outbox WHERE kind = 'records.nominal.deleted'"
    assert house.ids("records", told_again) == [gone]
    for name, runtime in house.runtimes.items():
        keys = SigningKeys(house.settings.keys_home, SEALS).public_keys()
        verdict = verify_service(name, runtime.database.engine, keys, seal_folder(house.settings))
        assert verdict.ok, verdict.lines()


def test_on_another_machine_the_two_archives_are_enough(house: House, tmp_path: Path) -> None:
    keys = house.runtimes["records"].keys
    nominal, deleted = new_id(), new_id()
    sealed = keys.create(nominal).encrypt("note", "in confidence")
    keys.create(deleted)
    keys.destroy(deleted)
    (house.settings.home / "files").mkdir()
    (house.settings.home / "files/one").write_bytes(b"ciphertext")
    archives = backed_up(house, tmp_path)
    with throwaway_server() as server:
        given = {"VISOR_HOME": str(tmp_path / "other"), "VISOR_DATABASE_URL": server.url()}
        other = House(Settings.from_environment(given), {})
        restore(other.settings, archives.data, archives.keys, tell=lambda _: None)
        other.open()
        assert other.runtimes["records"].keys.decrypt_for(nominal, "note", sealed) == "in confidence"
        with pytest.raises(KeyDestroyed):
            other.runtimes["records"].keys.for_nominal(deleted)
        assert (other.settings.home / "files/one").read_bytes() == b"ciphertext"
        other.close()


def test_what_was_under_way_is_published_again(house: House, tmp_path: Path) -> None:
    subject = new_id()
    house.revoke(subject)
    outbox = house.runtimes["identity"].service.tables.messaging.outbox
    with house.runtimes["identity"].system_work("test.taken_by_the_broker") as work:
        work.session.execute(update(outbox).values(published_at=func.now()))
    told = put_back(house, backed_up(house, tmp_path))
    assert "identity: 1 facts are published again when the suite starts." in told
    with house.runtimes["identity"].database.engine.connect() as connection:
        assert connection.execute(select(outbox.c.published_at)).all() == [(None,)]


def test_the_chain_holds_and_says_which_seals_were_lost(house: House, tmp_path: Path) -> None:
    house.revoke(new_id())
    house.seal()
    archives = backed_up(house, tmp_path)
    house.revoke(new_id())
    house.seal()
    put_back(house, archives)
    house.revoke(new_id())
    house.seal()
    for name, runtime in house.runtimes.items():
        keys = SigningKeys(house.settings.keys_home, SEALS).public_keys()
        verdict = verify_service(name, runtime.database.engine, keys, seal_folder(house.settings))
        assert verdict.ok, verdict.lines()
    assert len(house.ids("identity", "SELECT id FROM audit_entry WHERE action = 'test.revoke'")) == 2
    assert len(house.ids("identity", "SELECT id FROM audit_entry WHERE action = 'operations.restore'")) == 1


def test_no_fact_is_known_downstream_that_is_unknown_where_it_came_from(house: House, tmp_path: Path) -> None:
    """Facts flow from identity to notifications all the time while the backup is taken."""
    done, arrived = threading.Event(), threading.Event()
    inbox = house.runtimes["notifications"].service.tables.messaging.inbox

    def flow() -> None:
        while not done.is_set():
            subject = new_id()
            house.revoke(subject)
            with house.runtimes["notifications"].system_work("test.arrival") as work:
                work.session.execute(insert(inbox).values(message_id=subject))
            arrived.set()

    writer = threading.Thread(target=flow)
    writer.start()
    arrived.wait(20)
    archives = backed_up(house, tmp_path)
    done.set()
    writer.join()
    put_back(house, archives)
    sent = set(house.ids("identity", "SELECT (aggregate->>'id')::uuid FROM outbox"))
    received = set(house.ids("notifications", "SELECT message_id FROM inbox"))
    assert received
    assert received <= sent
    assert len(sent - received) <= 1, "more than the one fact that was under way"


def test_nothing_is_put_over_what_is_there_or_in_use(house: House, tmp_path: Path) -> None:
    archives = backed_up(house, tmp_path)
    with house.runtimes["records"].database.engine.connect() as connection:
        connection.execute(select(1))
        with pytest.raises(CannotRestore, match="in use"):
            restore(house.settings, archives.data, archives.keys, replace=True)
    house.close()
    with pytest.raises(CannotRestore, match="Not empty"):
        restore(house.settings, archives.data, archives.keys)


def test_a_damaged_or_mixed_backup_is_refused(house: House, tmp_path: Path) -> None:
    first = backed_up(house, tmp_path / "first")
    with (first.data / "records.dump").open("ab") as dump:
        dump.write(b"x")
    with pytest.raises(CannotRestore, match=r"Damaged .* records\.dump"):
        restore(house.settings, first.data, first.keys, replace=True)
    second = backed_up(house, tmp_path / "second")
    with pytest.raises(CannotRestore, match="same moment"):
        restore(house.settings, second.data, first.keys, replace=True)
    with pytest.raises(CannotRestore, match="no backup"):
        restore(house.settings, tmp_path, first.keys, replace=True)


def test_the_archives_are_their_owners_alone_and_apart(house: House, tmp_path: Path) -> None:
    archives = backed_up(house, tmp_path)
    for folder in (archives.data, archives.keys):
        assert folder.stat().st_mode & 0o077 == 0
        assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert {path.name for path in archives.keys.iterdir()} == {"keys.dump", "keys.tar", "manifest.json"}
    assert not any(path.name.startswith("keys") for path in archives.data.iterdir())
