"""What a database and a folder of keys were made for, said once and for good when they were empty."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    select,
)

from shared.environment import ENVIRONMENTS, LIVE, WrongEnvironment, environment
from shared.keys.private_files import private_folder, write_once

_FILE = "environment"


def environment_table(metadata: MetaData) -> Table:
    """At most one row, written once; a database without one is live."""
    return Table(
        "environment",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("name", String(10), nullable=False),
        Column("marked_at", DateTime(timezone=True), nullable=False),
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint(f"name in {ENVIRONMENTS}", name="known"),
    )


def check_database(connection: Connection, table: Table, what: str) -> None:
    """Raises WrongEnvironment where this database was made for the other."""
    marked = connection.execute(select(table.c.name)).scalar_one_or_none() or LIVE
    compare(marked, f"The {what} database")


def check_keys(folder: Path) -> None:
    """Marks an empty folder; raises WrongEnvironment where its keys were made for the other. Unmarked keys are live."""
    path = private_folder(folder) / _FILE
    try:
        marked = path.read_text().strip()
    except FileNotFoundError:
        marked = LIVE if any(folder.glob("*.master")) else environment()
        if not any(folder.glob("*.master")):
            _write(path, marked)
    compare(marked, f"The folder of keys {folder}")


def _write(path: Path, marked: str) -> None:
    try:
        write_once(path, marked.encode() + b"\n")
    except FileExistsError:  # another process was here at the same moment
        compare(path.read_text().strip(), f"The folder of keys {path.parent}")


def compare(marked: str, what: str) -> None:
    """Raises WrongEnvironment where `what` was made for the other environment."""
    if marked != environment():
        raise WrongEnvironment(
            f"{what} was made for {marked}, and VISOR_ENVIRONMENT says {environment()}: nothing is started."
        )
