"""`visor restore`: a backup put back, and then brought up to what may not be undone.

Destroyed keys stay destroyed and deleted records deleted (tombstones are replayed), seals that the databases no longer
know are declared lost, and facts that were on their way at the moment of the backup are published again.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import update

from deploy.assembly import open_runtimes
from deploy.backup import FILES, KEYS_FOLDER, Manifest
from deploy.databases import DATABASES, ensure_databases, maintenance_address, plain
from deploy.migrations import ALL
from deploy.postgres_tools import restore as restore_dump
from deploy.restored_files import add_missing, put_back
from deploy.sealing import sealer
from services.identity.sessions.models import SignInSession
from services.records.deletion.replaying import delete_again
from shared.messaging.upkeep import republish
from shared.runtime import Runtime
from shared.settings import SERVICES, Settings
from shared.work import About

# A fact can have waited in the broker or in a queue for long; what arrived already is ignored.
SAY_AGAIN = timedelta(days=30)

Tell = Callable[[str], object]


class CannotRestore(RuntimeError):
    """The message says why; nothing was changed."""


def restore(settings: Settings, data: Path, keys: Path, *, replace: bool = False, tell: Tell = print) -> None:
    """With `replace` what is in the databases is given up. Raises CannotRestore: nothing was changed."""
    manifest = _checked(data, keys)
    _make_room(settings, replace=replace)
    for name in DATABASES:
        tell(f"Restoring the {name} database")
        restore_dump(
            plain(settings.owner_database(name)), (keys if name == "keys" else data) / f"{name}.dump"
        )
    with tarfile.open(data / FILES) as archive:
        put_back(archive, settings.home)
    with tarfile.open(keys / KEYS_FOLDER) as archive:
        add_missing(archive, settings.keys_home)
    for migrations in ALL:
        migrations.upgrade(settings.owner_database(migrations.name))
    runtimes = open_runtimes(settings, SERVICES)
    try:
        _catch_up(settings, runtimes, manifest, tell)
    finally:
        for runtime in runtimes.values():
            runtime.close()
    tell(f"Restored to {manifest.taken_at}. Whoever lost access after that has it again: take it away again.")


def _checked(data: Path, keys: Path) -> Manifest:
    try:
        found = {folder: Manifest.read(folder) for folder in (data, keys)}
    except (OSError, ValueError, TypeError) as error:
        raise CannotRestore(f"This is no backup: {error}") from error
    for folder, manifest in found.items():
        if damaged := manifest.damaged(folder):
            raise CannotRestore(f"Damaged in {folder}: {', '.join(damaged)}.")
    if found[data].taken_at != found[keys].taken_at:
        raise CannotRestore("Data and keys are not of the same moment.")
    return found[data]


def _make_room(settings: Settings, *, replace: bool) -> None:
    """Four empty databases."""
    ensure_databases(settings)
    names = [f"visor_{name}" for name in DATABASES]
    with psycopg.connect(maintenance_address(settings), autocommit=True) as server:
        users = server.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = ANY(%s)", [names]
        ).fetchone()
        if users and users[0]:
            raise CannotRestore(f"The databases are in use ({users[0]} sessions): end the suite first.")
        full = [name for name in DATABASES if _has_tables(plain(settings.owner_database(name)))]
        if full and not replace:
            raise CannotRestore(f"Not empty: {', '.join(full)}. Say --replace to give up what they hold.")
        if full and not _may_make_databases(server):
            raise CannotRestore("The account needs CREATEDB for --replace; or empty the databases first.")
        for name in full:
            database = sql.Identifier(f"visor_{name}")
            server.execute(sql.SQL("DROP DATABASE {}").format(database))
            server.execute(sql.SQL("CREATE DATABASE {}").format(database))


def _may_make_databases(server: psycopg.Connection) -> bool:
    """Asked before any is dropped."""
    may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    return server.execute(may).fetchone() == (True,)


def _has_tables(address: str) -> bool:
    with psycopg.connect(address) as connection:
        return (
            connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()
            is not None
        )


def _catch_up(settings: Settings, runtimes: dict[str, Runtime], manifest: Manifest, tell: Tell) -> None:
    came_back = runtimes["records"].keys.replay_tombstones()
    tell(f"{came_back} keys of deleted nominals destroyed again.")
    records = delete_again(runtimes["records"])
    tell(f"{records} deleted records deleted again, with all that names or finds them.")
    _end_sessions(runtimes["identity"])
    for name, runtime in runtimes.items():
        sealer(settings, runtime.database, name).seal(after_restore=True)
        with runtime.system_work("operations.restore") as work:
            work.audit("operations.restore", About(facts={"backup_taken_at": manifest.taken_at}))
            count = republish(work.session, runtime.service.tables.messaging, manifest.moment - SAY_AGAIN)
        tell(f"{name}: {count} facts are published again when the suite starts.")


def _end_sessions(identity: Runtime) -> None:
    """A session that was ended after the backup must not live again; so none does."""
    with identity.system_work("operations.restore") as work:
        alive = update(SignInSession).where(SignInSession.ended_at.is_(None))
        work.session.execute(alive.values(ended_at=work.system_now, end_reason="restored"))
