"""`visor clients`: the accounts of other systems that may send messages."""

from __future__ import annotations

import click

from deploy.commands.opened import fail, runtimes

TOKENS = ("integration.hmpps",)


@click.group()
def clients() -> None:
    """Accounts of other systems, such as the prisons' own."""


@clients.command()
@click.argument("client_id")
@click.option("--name", required=True, help="What people call the system.")
@click.option("--token", "tokens", multiple=True, default=TOKENS, show_default=True, help="What it may send.")
def add(client_id: str, name: str, tokens: tuple[str, ...]) -> None:
    """Make an account, or a new secret for one. The secret is shown once."""
    from services.identity.administration import register_client

    with runtimes("identity") as opened:
        click.echo(register_client(opened["identity"], client_id, name, tokens))


@clients.command()
@click.argument("client_id")
def end(client_id: str) -> None:
    """Give this account no further access token."""
    from services.identity.administration import AdministrationError, end_client

    with runtimes("identity") as opened:
        try:
            end_client(opened["identity"], client_id)
        except AdministrationError as problem:
            fail(str(problem))
