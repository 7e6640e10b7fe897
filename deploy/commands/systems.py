"""`visor clients`: the accounts of other systems that may send messages."""

from __future__ import annotations

import click

from deploy.commands.opened import fail, runtimes


@click.group()
def clients() -> None:
    """Accounts of other systems, such as the prisons' own."""


@clients.command()
@click.argument("client_id")
@click.option("--name", required=True, help="What people call the system.")
def add(client_id: str, name: str) -> None:
    """Make an account, or a new secret for one. The secret is shown once."""
    from services.identity.clients.registering import register

    with runtimes("identity") as opened:
        click.echo(register(opened["identity"], client_id, name))


@clients.command()
@click.argument("client_id")
def end(client_id: str) -> None:
    """Give this account no further access token."""
    from services.identity.clients.registering import end as end_client
    from shared.refusals import NotFound

    with runtimes("identity") as opened:
        try:
            end_client(opened["identity"], client_id)
        except NotFound:
            fail(f"There is no client {client_id}.")
