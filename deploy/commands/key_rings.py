"""`visor keys`: master keys wrap each nominal's own key; signing keys sign access tokens and seals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from deploy.commands.opened import fail, settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from shared.keys import MasterKeys
    from shared.settings import Settings

PURPOSES = ("access-tokens", "seals")


@contextmanager
def key_store() -> Iterator[tuple[Settings, Engine, MasterKeys]]:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    from shared.keys import KeyProblem, MasterKeys

    with settings() as found:
        engine = create_engine(found.database("keys"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            yield found, engine, MasterKeys(found.keys_home)
        except KeyProblem as problem:
            fail(str(problem))


@click.group()
def keys() -> None:
    """The keys, which are kept apart from the databases. Back them up apart, too."""


@keys.command()
def show() -> None:
    """Which keys there are and what they are used for; never a key itself."""
    from shared.keys import SigningKeys, store

    with key_store() as (found, engine, masters):
        wraps = store.master_ids(engine)
        click.echo(f"Keys folder: {found.keys_home}")
        for name in masters.ids:
            current = " (current)" if name == masters.current else ""
            click.echo(f"master {name}: wraps {wraps.get(name, 0)} keys{current}")
        for purpose in PURPOSES:
            signing = SigningKeys(found.keys_home, purpose)
            for key in signing.published["keys"]:
                current = " (current)" if key["kid"] == signing.current.kid else ""
                click.echo(f"signing {purpose}: {key['kid']}{current}")


@keys.command()
def rotate() -> None:
    """Make the next master key and wrap every nominal's key with it. People work on meanwhile."""
    from shared.keys.rewrap import rewrap

    with key_store() as (_, engine, masters):
        name = masters.rotate()
        click.echo(
            f"New master key {name}; {rewrap(engine, masters)} keys wrapped with it. Back up the keys folder now."
        )


@keys.command()
@click.argument("master_id")
def retire(master_id: str) -> None:
    """Delete a master key that wraps nothing any more. Old copies of the key store become unreadable."""
    from shared.keys.rewrap import retire as retire_master

    with key_store() as (_, engine, masters):
        retire_master(engine, masters, master_id)
        click.echo(f"Master key {master_id} is gone.")


@keys.command()
@click.argument("purpose", type=click.Choice(PURPOSES))
def rotate_signing(purpose: str) -> None:
    """Make the next signing key. The older ones stay published, so that what they signed still verifies."""
    from shared.keys import SigningKeys

    with key_store() as (found, _, _masters):
        click.echo(f"New signing key for {purpose}: {SigningKeys(found.keys_home, purpose).rotate()}")
