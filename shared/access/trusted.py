"""Other identity services that a deployment trusts, each for the people of its own agencies (VISOR_ISSUERS)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TrustedIssuer:
    """`keys_url` is where it publishes its keys (`/identity/api/keys`); it speaks for these agencies and no others."""

    name: str
    keys_url: str
    agencies: frozenset[str]


def trusted_issuers(text: str) -> Mapping[str, TrustedIssuer]:
    """Reads `police-13=https://police.example/identity/api/keys police-13; …`. Raises ValueError for anything else."""
    found: dict[str, TrustedIssuer] = {}
    for part in filter(None, (each.strip() for each in text.split(";"))):
        name, _, rest = part.partition("=")
        url, *agencies = rest.split() or [""]
        if not name or name in found or not url.startswith(("https://", "http://127.0.0.1:")) or not agencies:
            raise ValueError(f"VISOR_ISSUERS: write name=https://…/identity/api/keys agency …, not {part!r}")
        found[name] = TrustedIssuer(name, url, frozenset(agencies))
    return found
