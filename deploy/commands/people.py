"""`visor users` and `visor demo`."""

from __future__ import annotations

import importlib

import click

from deploy.commands.opened import fail, runtimes, settings


@click.command()
@click.option("--unit", help="Only the users of this unit, as in area-53.")
@click.option("--limit", default=50, show_default=True)
def users(unit: str | None, limit: int) -> None:
    """List who has an account, and in a demonstration how its cast signs in."""
    from sqlalchemy import select

    from deploy.who_can_sign_in import tell

    with runtimes("identity") as opened:
        people = importlib.import_module("services.identity.people.models")
        person = people.Person
        query = select(person.username, person.name, person.unit, person.state).order_by(person.username)
        query = query.where(person.unit == unit) if unit else query
        with opened["identity"].database.reading.connect() as connection:
            for row in connection.execute(query.limit(limit)):
                click.echo(f"{row.username:32} {row.name:32} {row.unit:16} {row.state}")
        tell(opened["identity"].settings)


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
            migrations.upgrade(found.database(migrations.name))
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
            click.echo(f"{runtime.service.name}: {runtime.clocks.policy.now():%d %B %Y, %H:%M}")
