"""A caseload to measure on: the real demonstration in a PostgreSQL of its own, with all its safety on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from deploy.databases import embedded, plain, with_address
from deploy.demonstration.staff import staff
from deploy.demonstration.users import InventedUser, Staff
from deploy.ports import free_port
from services.identity.demonstration import person_id
from shared.access import credentials
from shared.access.principal import Principal, grants
from shared.clock import SystemClock
from shared.database import PLANNING
from shared.ids import new_id
from shared.keys import SigningKeys
from shared.keys.signing_keys import ACCESS_TOKENS
from shared.reference.estate import units_by_code
from shared.settings import Settings

CPC = "samuel.oyelade"
AREA = "area-53"
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass
class Ground:
    """`home` holds the databases and keys; `settings` leads to the running server."""

    home: Path
    nominals: int
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = Settings.from_environment(
            {"VISOR_HOME": str(self.home), "VISOR_PORT": str(free_port())}
        )

    @contextmanager
    def server(self) -> Iterator[None]:
        """The database server, for as long as the suite's own is not running."""
        server = embedded(self.settings)
        server.start()
        before, self.settings = self.settings, with_address(self.settings, server)
        try:
            yield
        finally:
            server.stop()
            self.settings = before

    @property
    def environment(self) -> dict[str, str]:
        told = {"VISOR_HOME": str(self.home), "VISOR_PORT": str(self.settings.port)}
        if self.settings.database_url:
            told["VISOR_DATABASE_URL"] = self.settings.database_url
        if self.settings.owner_url:
            told["VISOR_DATABASE_OWNER_URL"] = self.settings.owner_url
        # A start reads compiled modules, as everybody's second one does.
        return {name: value for name, value in os.environ.items() if name != _NO_BYTECODE} | told

    def connection(self, service: str = "records") -> psycopg.Connection[Any]:
        """Planned for as the suite's own, so that a floor is as low as it can be."""
        url = plain(self.settings.owner_database(service))
        return psycopg.connect(url, autocommit=True, options=PLANNING)

    @cached_property
    def people(self) -> Staff:
        return staff(1, SystemClock().today())

    @cached_property
    def searchers(self) -> Iterator[str]:
        """Users of probation who may search, in turns: none so often that it is noticed, whatever ran before."""
        users = self.people.by_username.items()
        found = [
            name
            for name, user in users
            if user.agency == "probation-service" and any(one.name == "partner" for one in user.tokens)
        ]
        random.shuffle(found)
        return cycle(found)

    def principal(self, username: str = CPC) -> Principal:
        return _principal(self.people.by_username[username], self.settings.issuer)

    def token(self, username: str = CPC) -> str:
        """An access token, good for two minutes."""
        return self._signed(self.principal(username))

    def token_for(self, person_id: UUID) -> str:
        """The same for somebody of whom only notifications knows."""
        return self._signed(
            replace(self.principal(), person_id=person_id, tokens=frozenset(), roles=frozenset())
        )

    def _signed(self, principal: Principal) -> str:
        key = SigningKeys(self.settings.keys_home, ACCESS_TOKENS).current
        return credentials.issue(principal, key, SystemClock())


@contextmanager
def ground(nominals: int, keep: Path | None = None) -> Iterator[Ground]:
    """Loaded once where `keep` names a folder that stays."""
    with tempfile.TemporaryDirectory(prefix="visor-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home" if keep is None else keep / str(nominals)
        Path(folder).chmod(0o711)
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        made = Ground(home, nominals)
        if not (home / "loaded").exists():
            with made.server():
                _load(made)
            (home / "loaded").touch()
        yield made


def _load(made: Ground) -> None:
    command = [sys.executable, "-m", "tests.load.fill", str(made.nominals)]
    subprocess.run(command, env=made.environment, check=True)
    for service in ("identity", "records", "notifications", "keys"):
        with made.connection(service) as connection:
            connection.execute("VACUUM ANALYZE")


def _principal(user: InventedUser, issuer: str) -> Principal:
    """A probation user's, as identity would vouch for them."""
    known, areas, here = units_by_code(), [], user.unit
    while here:
        areas.append(here)
        here = known[here].parent or ""
    return Principal(
        person_id=person_id(user.username),
        issuer=issuer,
        session_id=new_id(),
        auth_time=SystemClock().now() - timedelta(seconds=2),
        agency=user.agency,
        agency_kind="probation",
        unit=user.unit,
        areas=tuple(areas),
        tokens=grants((one.name, one.scope) for one in user.tokens),
        roles=grants((one.name, one.scope) for one in user.roles),
        name=user.name,
    )
