"""What the environment says about how the suite is run here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.environment import named

SERVICES = ("identity", "records", "notifications")


@dataclass(frozen=True)
class Settings:
    """One deployment. Addresses hold secrets: never log them."""

    home: Path
    port: int
    database_url: str | None
    amqp_url: str | None
    transport: str
    agencies: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    issuer: str
    keys_home: Path
    clamd: str | None = None
    # The mail server, smtp:// or smtps:// with name and password; without one nothing is e-mailed.
    smtp_url: str | None = None
    mail_from: str = "visor@localhost"
    # Whoever shows it reads the metrics from elsewhere than this machine.
    metrics_token: str | None = None
    # Other identity services whose people may come here, as `shared.access.trusted` reads them.
    issuers: str = ""
    # The account that owns the tables: for preparing, backing up and restoring, and for no running service.
    owner_url: str | None = None
    # Which agencies keep their people's passwords themselves, a TOML file.
    directories: Path | None = None
    # Where people see the site: passkeys count for its host name alone.
    origin: str = "http://localhost:8000"

    @staticmethod
    def from_environment(env: Mapping[str, str] | None = None) -> Settings:
        """Read VISOR_*; without VISOR_AMQP_URL the transport is `local`, which needs no broker."""
        env = os.environ if env is None else env
        home = Path(env.get("VISOR_HOME", "var")).absolute()
        amqp_url = env.get("VISOR_AMQP_URL") or None
        return Settings(
            home=home,
            port=int(env.get("VISOR_PORT", "8000")),
            database_url=env.get("VISOR_DATABASE_URL") or None,
            amqp_url=amqp_url,
            transport=env.get("VISOR_TRANSPORT") or ("rabbitmq" if amqp_url else "local"),
            agencies=_listed(env.get("VISOR_AGENCIES", "")),
            trusted_proxies=_listed(env.get("VISOR_TRUSTED_PROXIES", "")),
            issuer=env.get("VISOR_ISSUER") or named("visor"),
            keys_home=Path(env.get("VISOR_KEYS_HOME", str(home / "keys"))).absolute(),
            issuers=env.get("VISOR_ISSUERS", ""),
            owner_url=env.get("VISOR_DATABASE_OWNER_URL") or None,
            directories=Path(env["VISOR_DIRECTORIES"]) if env.get("VISOR_DIRECTORIES") else None,
            smtp_url=env.get("VISOR_SMTP_URL") or None,
            mail_from=env.get("VISOR_MAIL_FROM") or "visor@localhost",
            metrics_token=env.get("VISOR_METRICS_TOKEN") or None,
            clamd=env.get("VISOR_CLAMD") or None,
            origin=env.get("VISOR_ORIGIN") or f"http://localhost:{env.get('VISOR_PORT', '8000')}",
        )

    def database(self, service: str) -> str:
        """The SQLAlchemy address of one service's own database, or of the key store (`keys`)."""
        return _address(self.database_url, service)

    def owner_database(self, service: str) -> str:
        """The same database, with the account that owns its tables."""
        return _address(self.owner_url or self.database_url, service)


def _address(url: str | None, service: str) -> str:
    if url is None:
        raise LookupError("VISOR_DATABASE_URL is not set")
    base, _, query = url.partition("?")
    scheme, _, rest = base.partition("://")
    server = rest.split("/", 1)[0]
    driver = "postgresql+psycopg" if scheme.startswith("postgres") else scheme
    return f"{driver}://{server}/visor_{service}" + (f"?{query}" if query else "")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
