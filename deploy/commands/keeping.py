"""`visor backup` and `visor restore`."""

from __future__ import annotations

from pathlib import Path

import click

from deploy.commands.opened import fail, settings

FOLDER = click.Path(path_type=Path, file_okay=False)
EXISTING = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command()
@click.argument("folder", type=FOLDER)
@click.option(
    "--keys", type=FOLDER, help="Where the archive of the keys goes: another place than the data's."
)
def backup(folder: Path, keys: Path | None) -> None:
    """Copy databases, files and keys as they are at one moment, while people work on."""
    from deploy.backup import backup as make_backup
    from deploy.postgres_tools import ToolFailed

    with settings() as found:
        try:
            made = make_backup(found, folder, keys)
        except ToolFailed as problem:
            fail(str(problem))
    click.echo(f"Data: {made.data}\nKeys: {made.keys}")
    if keys is None:
        click.echo("Keep the two in different places: with one alone nothing encrypted can be read.")


@click.command()
@click.argument("data", type=EXISTING)
@click.argument("keys", type=EXISTING)
@click.option("--replace", is_flag=True, help="Give up what the databases hold now.")
def restore(data: Path, keys: Path, *, replace: bool) -> None:
    """Put a backup back: DATA and KEYS are the two folders that `visor backup` made. The suite must not run."""
    from deploy.postgres_tools import ToolFailed
    from deploy.restore import CannotRestore
    from deploy.restore import restore as put_back

    with settings() as found:
        try:
            put_back(found, data, keys, replace=replace, tell=click.echo)
        except (CannotRestore, ToolFailed) as problem:
            fail(str(problem))
