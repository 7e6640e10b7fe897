"""`visor users` and `visor demo`."""

from __future__ import annotations

import importlib
from dataclasses import asdict
from typing import Any

import click

from deploy.commands.opened import fail, runtimes, settings


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
@click.option("--username", required=True)
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--telephone", required=True)
@click.option("--authority", required=True, help="Reference of the document that appoints this person.")
@click.option("--vetting-reference", required=True)
@click.option("--vetting-expires-on", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--training-reference", required=True)
@click.option("--network", required=True, help="From which this person signs in, as in 10.1.0.0/16.")
def first_administrator(**given: Any) -> None:
    """Make the account that makes all others, once. Password and code secret are shown once."""
    from services.identity.administration import AdministrationError, Administrator
    from services.identity.administration import first_administrator as make

    expires = given.pop("vetting_expires_on").date()
    with runtimes("identity") as opened:
        try:
            made = make(opened["identity"], Administrator(vetting_expires_on=expires, **given))
        except (AdministrationError, ValueError) as problem:
            fail(str(problem))
    for field, value in asdict(made).items():
        click.echo(f"{field.replace('_', ' ')}: {value}")


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
    from deploy.migrations import ALL
    from deploy.prepare import make_keys

    load = importlib.import_module("deploy.demonstration.load")
    with settings() as found:
        ensure_databases(found)
        for migrations in ALL:
            migrations.upgrade(found.owner_database(migrations.name))
        make_keys(found)
        if not load.is_empty(found):
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
