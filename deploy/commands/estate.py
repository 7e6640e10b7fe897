"""`visor estate`: agencies, units, buildings and their networks from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy.commands.opened import fail, runtimes

if TYPE_CHECKING:
    from services.identity.estate.rules import Preview
    from services.identity.estate.shapes import Estate

_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def estate() -> None:
    """Load agencies, units, buildings and networks from a file, with a preview."""


@estate.command()
@_FILE
def preview(file: Path) -> None:
    """Say what loading this file would change; changes nothing. Status 1 where something in it is wrong."""
    from services.identity.estate.loading import preview_of

    with runtimes("identity") as opened:
        seen = preview_of(opened["identity"], _read(file))
    _tell(seen, "would change")
    if seen.problems:
        fail("Nothing of this file can be loaded before that is mended.")


@estate.command()
@_FILE
def load(file: Path) -> None:
    """Load this file: all of it or nothing. What it does not name stays as it is."""
    from services.identity.estate.loading import EstateRefused
    from services.identity.estate.loading import load as load_estate

    with runtimes("identity") as opened:
        try:
            seen = load_estate(opened["identity"], _read(file))
        except EstateRefused as refused:
            _tell(refused.seen, "would change")
            fail("Nothing was changed.")
    _tell(seen, "changed")


@estate.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--present", is_flag=True, help="What the database holds, not what comes with the suite.")
def write(file: Path, *, present: bool) -> None:
    """Write a file to begin with: the agencies and units of the country that come with the suite (.toml or .csv)."""
    from services.identity.estate.files import to_csv, to_toml
    from services.identity.estate.national import national_estate

    if file.suffix not in {".toml", ".csv"}:
        fail("The file’s name must end in .toml or .csv")
    if file.exists():
        fail(f"{file} is there already.")
    found = _of_database() if present else national_estate()
    file.write_text(to_toml(found) if file.suffix == ".toml" else to_csv(found), encoding="utf-8")
    click.echo(f"{len(found.agencies)} agencies and {len(found.units)} units are in {file}.")


def _of_database() -> Estate:
    from services.identity.estate.loading import held

    with runtimes("identity") as opened:
        return held(opened["identity"])


def _read(file: Path) -> Estate:
    from services.identity.estate.files import EstateFileError, read

    try:
        return read(file)
    except EstateFileError as problem:
        fail(str(problem))


def _tell(seen: Preview, did: str) -> None:
    for change in seen.changes:
        click.echo(change.line)
    for problem in seen.problems:
        click.echo(f"! {problem}")
    new = sum(change.before is None for change in seen.changes)
    click.echo(f"{did}: {new} new, {len(seen.changes) - new} changed; problems: {len(seen.problems)}")
    if seen.not_named:
        click.echo(f"{len(seen.not_named)} open units are not in this file and stay as they are.")
