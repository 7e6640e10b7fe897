"""What must be true before the suite serves anybody: databases, versions, keys, and a caseload for a trial.

`python -m deploy.prepare [--no-demonstration]`, as a process of its own, so that the supervisor stays small.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from deploy.database_roles import RoleProblem, check_audit_is_kept
from deploy.databases import DatabaseProblem, ensure_databases
from deploy.demonstration.emptiness import is_empty
from deploy.environments import check_before, is_bare, mark
from deploy.migrations import ALL
from shared.environment import WrongEnvironment
from shared.keys import KeyProblem, SigningKeys, open_keys
from shared.keys.signing_keys import ACCESS_TOKENS, SEALS
from shared.marking import check_keys
from shared.settings import SERVICES, Settings
from shared.web.compiled_templates import former

console = Console()


@contextmanager
def step(sentence: str) -> Iterator[None]:
    """Says what takes its time while it does."""
    with console.status(sentence):
        yield
    console.print(f"[green]✓[/green] {sentence}")


def prepare(settings: Settings, *, demonstration: bool) -> None:
    """Raises DatabaseProblem, RoleProblem, WrongEnvironment or KeyProblem, whose message is the line to print."""
    settings.home.mkdir(mode=0o711, parents=True, exist_ok=True)
    for kept in former(settings.home):
        shutil.rmtree(kept, ignore_errors=True)
    check_keys(settings.keys_home)
    ensure_databases(settings)
    for migrations in ALL:
        url = settings.owner_database(migrations.name)
        bare = is_bare(url)
        if not bare and migrations.name in SERVICES:
            check_before(url, migrations.name)
        if not migrations.is_current(url):
            with step(f"Bringing the {migrations.name} database to its newest version"):
                migrations.upgrade(url)
        if bare and migrations.name in SERVICES:
            mark(url)
    check_audit_is_kept(settings)
    make_keys(settings)
    if demonstration:
        load_demonstration(settings)


def make_keys(settings: Settings) -> None:
    """Those of a first start; from then on a missing one stops the suite instead."""
    engine = create_engine(settings.database("keys"), poolclass=NullPool)
    open_keys(engine, settings.keys_home)
    for purpose in (ACCESS_TOKENS, SEALS):
        SigningKeys(settings.keys_home, purpose)


def load_demonstration(settings: Settings) -> None:
    """A thousand invented nominals and the users of the story, where the databases hold nobody yet."""
    if is_empty(settings):
        importlib.import_module("deploy.demonstration.load").load(settings)  # only a first start pays for it


def main(arguments: list[str]) -> int:
    try:
        prepare(Settings.from_environment(), demonstration="--no-demonstration" not in arguments)
    except (DatabaseProblem, RoleProblem, WrongEnvironment, KeyProblem) as problem:
        console.print(f"[red]{problem}[/red]", highlight=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
