"""`visor`: what an operator types. Each command is a few lines here; the work is done elsewhere."""

from __future__ import annotations

import sys

import click

from shared.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="visor-suite")
def main() -> None:
    """ViSOR suite: what police, probation and prisons know together about dangerous people."""


@main.command()
@click.option("--no-demonstration", is_flag=True, help="Leave empty databases empty: no invented caseload.")
@click.option("--logs-here", is_flag=True, help="Write the logs to the terminal instead of VISOR_HOME/log.")
def run(*, no_demonstration: bool, logs_here: bool) -> None:
    """Start the whole suite on this machine."""
    from deploy.run import run as run_suite  # noqa: PLC0415 -- each command loads only what it needs

    sys.exit(run_suite(Settings.from_environment(), demonstration=not no_demonstration, logs_here=logs_here))


if __name__ == "__main__":
    main()
