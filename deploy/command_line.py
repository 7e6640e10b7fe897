"""`visor`: what an operator types."""

from __future__ import annotations

import click

from deploy.commands import estate, keeping, key_rings, messages, people, running, systems, tasks, trail
from shared import log


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="visor-suite")
def main() -> None:
    """ViSOR suite: what police, probation and prisons know together about dangerous people."""
    log.configure()


for command in (
    running.run,
    people.demo,
    people.users,
    estate.estate,
    systems.clients,
    trail.audit,
    messages.dead_letters,
    messages.events,
    tasks.tasks,
    key_rings.keys,
    running.health,
    keeping.backup,
    keeping.restore,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
