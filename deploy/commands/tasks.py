"""`visor tasks`: work that was given up, and having it tried anew."""

from __future__ import annotations

from uuid import UUID

import click

from deploy.commands.opened import fail, runtimes, service_option


@click.group()
def tasks() -> None:
    """Work that was given up after five attempts."""


@tasks.command("list")
@service_option
def list_tasks(service: str | None) -> None:
    """One line for each, newest first."""
    from shared.messaging.given_up import listed

    with runtimes(service) as opened:
        for name, runtime in opened.items():
            with runtime.system_work("operations.tasks.list") as work:
                found = listed(work.session, runtime.service.tables.messaging)
            for one in found:
                click.echo(f"{name}  {one.id}  {one.finished_at:%Y-%m-%d %H:%M:%S}  {one.name}  {one.reason}")


@tasks.command()
@service_option
@click.argument("task_id", type=click.UUID, required=False)
@click.option("--all", "everything", is_flag=True, help="All of them.")
def again(service: str | None, task_id: UUID | None, *, everything: bool) -> None:
    """Hand one back for another five attempts, or all; a bulk job goes on where it stopped."""
    from shared.messaging.given_up import try_again
    from shared.work import About

    if (task_id is None) != everything:
        fail("Name one task, or say --all.")
    total = 0
    with runtimes(service) as opened:
        for runtime in opened.values():
            with runtime.system_work("operations.tasks.again") as work:
                count = try_again(work.session, runtime.service.tables.messaging, task_id=task_id)
                work.audit("operations.tasks.again", About(facts={"count": count}))
            total += count
    click.echo(f"{total} handed back.")
    if task_id is not None and not total:
        fail(f"No task {task_id} that was given up.")
