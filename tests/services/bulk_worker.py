"""A process that works off one task of the records service, and may be told to die over it (VISOR_CRASH_AT)."""

from __future__ import annotations

import sys
from importlib import import_module
from uuid import UUID

import services.records.capabilities  # noqa: F401 - the whole service
from deploy.participants import participant
from services.records.service import service
from shared.clock import Clocks
from shared.database import Database
from shared.keys import open_keys
from shared.messaging.task_runner import TaskRunner
from shared.runtime import Runtime
from shared.settings import Settings
from shared.time.policy_clock import DatabaseOffset


def main(records_url: str, keys_url: str, home: str, task_id: str, chunk: str, jobs: str) -> None:
    """`jobs` names the module of the job, whose CHUNK becomes so small."""
    import_module(jobs).CHUNK = int(chunk)  # type: ignore[attr-defined]
    settings = Settings.from_environment({"VISOR_HOME": home})
    database = Database(records_url)
    keys = open_keys(Database(keys_url).engine, settings.keys_home, "records")
    offset = DatabaseOffset(database.reading, service.tables.policy_clock)
    runtime = Runtime(service, settings, database, Clocks.of_this_machine(), offset, keys)
    TaskRunner(participant(runtime)).run(UUID(task_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
