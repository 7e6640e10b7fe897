"""`visor audit`: is the audit still what was written?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from deploy.commands.opened import fail, runtimes, service_option


@click.group()
def audit() -> None:
    """The append-only record of every view, search, refusal and change."""


@audit.command()
@service_option
@click.option(
    "--seals", type=click.Path(path_type=Path), help="Where the seal files are; VISOR_HOME/seals otherwise."
)
@click.option("--head", help="A head kept elsewhere, as `verify` printed it then; needs --service.")
def verify(service: str | None, seals: Path | None, head: str | None) -> None:
    """Name the first entry that was altered, removed, swapped or inserted; status 1 if there is one."""
    from deploy.sealing import seal_folder
    from shared.audit.seal_file import Head
    from shared.audit.verify import verify_service
    from shared.keys import SigningKeys
    from shared.keys.signing_keys import SEALS

    if head and not service:
        fail("A head belongs to one service: name it with --service.")
    well = True
    with runtimes(service) as opened:
        for name, runtime in opened.items():
            folder = seals or seal_folder(runtime.settings)
            keys = SigningKeys(runtime.settings.keys_home, SEALS).public_keys()
            pinned = Head.parse(head) if head else None
            verdict = verify_service(name, runtime.database.engine, keys, folder, pinned=pinned)
            well = well and verdict.ok
            click.echo("\n".join(verdict.lines()))
    sys.exit(0 if well else 1)


@audit.command()
@service_option
def restored(service: str | None) -> None:
    """Say that databases were put back from an older copy; `visor restore` says so by itself.

    The next seal names, signed, the one that it goes on from. The suite must not run.
    """
    from deploy.sealing import sealer
    from shared.audit.sealer import SealsDisagree

    with runtimes(service) as opened:
        for name, runtime in opened.items():
            with runtime.system_work("operations.restored") as work:
                work.audit(work.action, work.about)
            try:
                sealer(runtime.settings, runtime.database, name).seal(after_restore=True)
            except SealsDisagree as problem:
                fail(f"{name}: {problem}")
            click.echo(f"{name}: sealing goes on.")
