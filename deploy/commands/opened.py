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
    from deploy.assembly import open_runtimes

    with settings() as found:
        opened = open_runtimes(found, (only,) if only else SERVICES)
        try:
            yield opened
        finally:
            for runtime in opened.values():
                runtime.close()


def fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)
