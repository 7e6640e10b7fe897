"""`visor dead-letters` and `visor events`: what could not be handled, and saying things again."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

import click

from deploy.commands.opened import fail, runtimes, service_option


@click.group()
def dead_letters() -> None:
    """Messages that could not be handled after five attempts."""


@dead_letters.command("list")
@service_option
@click.option("--replayed", is_flag=True, help="Those already replayed, too.")
def list_letters(service: str | None, *, replayed: bool) -> None:
    """One line for each, newest first."""
    from shared.messaging.dead_letters import listed

    with runtimes(service) as opened:
        for name, runtime in opened.items():
            with runtime.system_work("operations.dead_letters.list") as work:
                letters = listed(work.session, runtime.service.tables.messaging, replayed=replayed)
            for one in letters:
                again = "  (replayed)" if one.replayed_at else ""
                when = f"{one.dead_at:%Y-%m-%d %H:%M:%S}"
                click.echo(f"{name}  {one.message_id}  {when}  {one.type}  {one.reason}{again}")


@dead_letters.command()
@service_option
@click.argument("message_id", type=click.UUID)
def show(service: str | None, message_id: UUID) -> None:
    """The whole message, with its reason; it holds identifiers, no names."""
    from shared.messaging.dead_letters import shown

    with runtimes(service) as opened:
        for name, runtime in opened.items():
            with runtime.system_work("operations.dead_letters.show") as work:
                letter = shown(work.session, runtime.service.tables.messaging, message_id)
            if letter is not None:
                click.echo(
                    f"{name}: {letter.reason} ({letter.attempts} attempts, {letter.dead_at:%Y-%m-%d %H:%M:%S}Z)"
                )
                click.echo(json.dumps(letter.readable(), indent=2, default=str))
                return
    fail(f"No dead letter {message_id}.")


@dead_letters.command()
@service_option
@click.argument("message_id", type=click.UUID, required=False)
@click.option("--all", "everything", is_flag=True, help="All of them.")
def replay(service: str | None, message_id: UUID | None, *, everything: bool) -> None:
    """Hand one back for another five attempts, or all."""
    from shared.messaging.dead_letters import replay as replay_letters
    from shared.work import About

    if (message_id is None) != everything:
        fail("Name one message, or say --all.")
    total = 0
    with runtimes(service) as opened:
        for runtime in opened.values():
            with runtime.system_work("operations.dead_letters.replay") as work:
                count = replay_letters(work.session, runtime.service.tables.messaging, message_id)
                work.audit("operations.dead_letters.replay", About(facts={"count": count}))
            total += count
    click.echo(f"{total} handed back.")
    if message_id is not None and not total:
        fail(f"No dead letter {message_id} that was not replayed already.")


@click.group()
def events() -> None:
    """The facts that the services tell each other."""


@events.command()
@service_option
@click.option("--since", required=True, metavar="TIME", help="As in 2026-11-21T09:00+00:00.")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds of facts; may be given again.")
def republish(service: str | None, since: str, kinds: tuple[str, ...]) -> None:
    """Publish again what was written since then; whoever has it already ignores it."""
    from shared.messaging.upkeep import republish as republish_facts
    from shared.work import About

    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        fail(f"{since} is no time: write it as 2026-11-21T09:00+00:00.")
    if moment.tzinfo is None:
        fail(f"{since} says no time zone: write {since}+00:00 for UTC.")
    with runtimes(service) as opened:
        for name, runtime in opened.items():
            with runtime.system_work("operations.events.republish") as work:
                count = republish_facts(work.session, runtime.service.tables.messaging, moment, kinds)
                work.audit("operations.events.republish", About(facts={"since": since, "count": count}))
            click.echo(f"{name}: {count} facts are published again.")
