"""`visor users` and `visor demo`."""

from __future__ import annotations

import importlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy.commands.opened import fail, runtimes, settings

if TYPE_CHECKING:
    from services.identity.terminals.enrolling import MadeCode


@click.group(invoke_without_command=True)
@click.pass_context
@click.option("--unit", help="Only the users of this unit, as in area-53.")
@click.option("--limit", default=50, show_default=True)
def users(context: click.Context, unit: str | None, limit: int) -> None:
    """List who has an account, and in a demonstration how its cast signs in."""
    from deploy.who_can_sign_in import tell
    from services.identity.administration import list_people

    if context.invoked_subcommand is not None:
        return
    with runtimes("identity") as opened:
        for row in list_people(opened["identity"], unit=unit, limit=limit):
            click.echo(f"{row.username:32} {row.name:32} {row.unit:16} {row.state}")
        tell(opened["identity"].settings)


@users.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def first_administrator(file: Path) -> None:
    """Begin a real deployment, once: the first account, head, CPC and terminal, as FILE says (TOML).

    The administrator's recovery code and its link, and the terminal's enrolment code, are shown this once.
    """
    from services.identity.bootstrap.beginning import BeginningRefused, begin
    from services.identity.bootstrap.files import BeginningFileError, read

    with runtimes("identity") as opened:
        try:
            begun = begin(opened["identity"], read(file))
        except (BeginningRefused, BeginningFileError) as problem:
            fail(str(problem))
    for field, value in asdict(begun.administrator).items():
        click.echo(f"{field.replace('_', ' ')}: {value}")
    if begun.terminal is not None:
        _tell_code(begun.terminal)


@users.command()
@click.argument("asset_tag")
@click.option("--authority", required=True, help="Reference of the paper that asks for it.")
def enrolment_code(asset_tag: str, authority: str) -> None:
    """Make the code that gives an approved terminal its key, where nobody can sign in to do so."""
    from services.identity.terminals.enrolling import operators_code
    from shared.refusals import Refusal

    with runtimes("identity") as opened:
        try:
            _tell_code(operators_code(opened["identity"], asset_tag, authority))
        except Refusal as refusal:
            fail(refusal.message)


def _tell_code(made: MadeCode) -> None:
    click.echo(f"terminal {made.asset_tag}: type {made.code} there, on /identity/terminals/enrol,")
    click.echo(f"before {made.expires_at:%d %B %Y, %H:%M} UTC")


@users.command()
@click.argument("username")
@click.option("--reason", default="suspended", show_default=True)
def disable(username: str, reason: str) -> None:
    """Shut somebody out of every page within seconds."""
    from services.identity.administration import AdministrationError, disable_user

    with runtimes("identity") as opened:
        try:
            disable_user(opened["identity"], username, reason)
        except AdministrationError as problem:
            fail(str(problem))


@click.group(invoke_without_command=True)
@click.pass_context
@click.option("--nominals", default=1_000, show_default=True, type=click.IntRange(1, 200_000))
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same people.")
def demo(context: click.Context, nominals: int, seed: int) -> None:
    """Load invented people into empty databases, and mark them as a demonstration for good."""
    if context.invoked_subcommand is not None:
        return
    from deploy.databases import ensure_databases
    from deploy.demonstration.emptiness import is_empty
    from deploy.migrations import ALL
    from deploy.prepare import make_keys

    load = importlib.import_module("deploy.demonstration.load")
    with settings() as found:
        ensure_databases(found)
        for migrations in ALL:
            migrations.upgrade(found.owner_database(migrations.name))
        make_keys(found)
        if not is_empty(found):
            fail("There are people in these databases already: a demonstration needs empty ones.")
        load.load(found, nominals=nominals, seed=seed)


@demo.command()
@click.argument("days", type=float)
def clock(days: float) -> None:
    """Move the policy clock so many days on from the real one; 0 puts it back. Only in a demonstration.

    Deadlines and vetting follow it; sessions, signatures and the audit never do.
    """
    from datetime import timedelta

    from shared.time import policy_clock

    with runtimes() as opened:
        for name, runtime in opened.items():
            if not runtime.demonstration:
                fail(f"The {name} database is no demonstration: its clock cannot be moved.")
        for runtime in opened.values():
            with runtime.system_work("demonstration.clock") as work:
                policy_clock.move(work.session, runtime.service.tables.policy_clock, timedelta(days=days))
                work.concerns(hours=round(days * 24))
                work.audit(work.action, work.about)
            # The runtime's own clock keeps the offset it has read for half a second.
            moved = runtime.clocks.system.now() + timedelta(days=days)
            click.echo(f"{runtime.service.name}: {moved:%d %B %Y, %H:%M} UTC")
