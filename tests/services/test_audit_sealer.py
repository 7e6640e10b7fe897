"""What the sealer takes, leaves and does not do twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from shared import audit
from shared.audit import guards, sealing_statements
from shared.audit.places import sealer_of, verify_here
from shared.audit.seal_file import SealFile
from shared.audit.sealer import Sealed
from shared.ids import new_id
from shared.settings import Settings
from tests.servers.audited import TABLES, Audited, a_role, entry


def test_every_entry_is_sealed_once_and_in_order(audited: Audited) -> None:
    written = audited.write(25)
    assert audited.seal(batch=10) == Sealed(active=True, entries=25, seals=3)
    assert [row[0] for row in audited.query("SELECT entry_id FROM audit_number ORDER BY number")] == written
    assert audited.seal() == Sealed(active=True)
    assert audited.verify().ok


def test_no_seal_where_nothing_was_written(audited: Audited) -> None:
    assert audited.seal() == Sealed(active=True)
    assert audited.query("SELECT count(*) FROM audit_seal") == [(0,)]
    assert audited.verify().ok


def test_an_open_older_transaction_holds_back_what_is_newer(audited: Audited) -> None:
    with Session(audited.engine) as slow:
        late = entry()
        audit.write(slow, TABLES, late)
        early = audited.write(3)
        assert audited.seal() == Sealed(active=True)
        assert audited.verify().unsealed == 3
        slow.commit()
    assert audited.seal().entries == 4
    assert [audited.id_of(number) for number in (1, 2, 3, 4)] == [late.id, *early]
    assert audited.verify().ok


def test_a_transaction_that_writes_its_entry_late_is_not_taken_for_one_put_in(audited: Audited) -> None:
    """It took its number before the others were sealed, and writes its entry after."""
    with Session(audited.engine) as slow:
        slow.execute(text("SELECT pg_current_xact_id()"))
        audited.write(3)
        audited.seal()
        audit.write(slow, TABLES, entry())
        slow.commit()
    assert audited.verify().ok
    audited.seal()
    assert audited.verify().ok
    assert audited.verify().entries == 4


def test_what_is_rolled_back_was_never_there(audited: Audited) -> None:
    with Session(audited.engine) as undone:
        audit.write(undone, TABLES, entry())
        undone.rollback()
    audited.write(2)
    assert audited.seal().entries == 2
    assert audited.verify().ok


@pytest.mark.parametrize("count", [9, 10, 11, 20])
def test_a_transaction_larger_than_a_batch_is_sealed_whole(audited: Audited, count: int) -> None:
    with Session(audited.engine) as bulk:
        audit.write_many(bulk, TABLES, [entry() for _ in range(count)])
        bulk.commit()
    assert audited.seal(batch=10).entries == count
    assert audited.verify().entries == count
    assert audited.verify().ok


def test_while_one_seals_another_stands_by(audited: Audited) -> None:
    audited.write(3)
    with sealing_statements.the_only_sealer(audited.engine) as held:
        assert held is not None
        assert audited.seal() == Sealed(active=False)
    assert audited.seal().entries == 3


def test_many_sealers_and_writers_at_once_double_nothing_and_miss_nothing(audited: Audited) -> None:
    stop = threading.Event()
    sealer = audited.sealer(batch=7)

    def seal_until_stopped() -> int:
        taken = 0
        while not stop.is_set():
            taken += sealer.seal().entries
        return taken

    with ThreadPoolExecutor(7) as pool:
        sealers = [pool.submit(seal_until_stopped) for _ in range(3)]
        writers = [pool.submit(audited.write, 40) for _ in range(4)]
        written = {one for writer in writers for one in writer.result()}
        stop.set()
        taken = sum(one.result() for one in sealers)
    taken += audited.seal().entries
    numbered = [row[0] for row in audited.query("SELECT entry_id FROM audit_number")]
    assert taken == len(numbered) == len(written)
    assert set(numbered) == written
    assert audited.verify().ok


def test_the_lock_does_not_outlive_its_sealer(audited: Audited) -> None:
    audited.write(1)
    with pytest.raises(RuntimeError, match="died"), sealing_statements.the_only_sealer(audited.engine):
        raise RuntimeError("died")
    assert audited.seal().active


def test_verification_sees_one_moment_while_people_work(sealed: Audited) -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            sealed.write(3)
            sealed.seal()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        try:
            verdicts = [sealed.verify() for _ in range(20)]
        finally:
            stop.set()
        working.result()
    assert [verdict.first for verdict in verdicts if not verdict.ok] == []


def test_a_seal_says_when_and_for_whom(audited: Audited) -> None:
    audited.write(1, nominal_id=new_id())
    audited.seal()
    verdict = audited.verify()
    assert verdict.sealed_at == audited.clock.at
    assert verdict.service == "records"


def test_the_services_role_is_enough(audited: Audited) -> None:
    audited.behind_its_back(*guards.grant_ddl(a_role(audited)))
    audited.write(12)
    confined = {"options": f"-c role={a_role(audited)}"}
    audited.engine = create_engine(audited.url, poolclass=NullPool, connect_args=confined)
    assert audited.seal().entries == 12
    assert audited.verify().entries == 12


def test_a_deployment_seals_and_verifies_with_its_own_settings(audited: Audited, tmp_path: Path) -> None:
    settings = Settings.from_environment({"VISOR_HOME": str(tmp_path / "var")})
    audited.write(3)
    sealer_of("records", audited.engine, settings, audited.clock).seal()
    verdict = verify_here("records", audited.engine, settings)
    assert verdict.ok
    assert verdict.entries == 3
    assert verdict.head == SealFile(tmp_path / "var" / "seals", "records").pinned()
