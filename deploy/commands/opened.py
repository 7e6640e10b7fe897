"""The services' runtimes for a command: over the running suite's databases, or ones started for the meantime."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from deploy.databases import reachable
from shared.settings import SERVICES, Settings

if TYPE_CHECKING:
    from shared.runtime import Runtime

service_option = click.option(
    "--service", type=click.Choice(SERVICES), help="Only this one; all three otherwise."
)


@contextmanager
def settings() -> Iterator[Settings]:
    with reachable(Settings.from_environment()) as found:
        yield found


@contextmanager
def runtimes(only: str | None = None) -> Iterator[dict[str, Runtime]]:
    from sqlalchemy.exc import OperationalError

    from deploy.assembly import open_runtimes
    from shared.environment import WrongEnvironment
    from shared.keys import KeyProblem

    with settings() as found:
        try:
            opened = open_runtimes(found, (only,) if only else SERVICES)
        except (KeyProblem, WrongEnvironment) as problem:
            fail(str(problem))
        except OperationalError as problem:
            fail(f"PostgreSQL cannot be reached: {str(problem.orig).strip()}")
        try:
            yield opened
        finally:
            for runtime in opened.values():
                runtime.close()


def fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)
