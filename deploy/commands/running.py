"""`visor run` and `visor health`."""

from __future__ import annotations

import sys

import click

from deploy.commands.opened import runtimes
from shared.settings import Settings


@click.command()
@click.option("--no-demonstration", is_flag=True, help="Leave empty databases empty: no invented caseload.")
@click.option("--logs-here", is_flag=True, help="Write the logs to the terminal instead of VISOR_HOME/log.")
def run(*, no_demonstration: bool, logs_here: bool) -> None:
    """Start the whole suite on this machine."""
    from deploy.run import run as run_suite

    sys.exit(run_suite(Settings.from_environment(), demonstration=not no_demonstration, logs_here=logs_here))


@click.command()
def health() -> None:
    """Say how web, databases and messaging are; status 1 where something is wrong."""
    from deploy.health import report

    settings = Settings.from_environment()
    with runtimes() as opened:
        lines, well = report(settings, opened)
    click.echo("\n".join(lines))
    sys.exit(0 if well else 1)
