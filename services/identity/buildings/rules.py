"""Which addresses a building's network may have. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

Range = IPv4Network | IPv6Network
# A wider range would be a country's network, not a building's: /8 in IPv4, /32 in IPv6.
_WIDEST = {4: 8, 6: 32}


@dataclass(frozen=True)
class Registered:
    """An open range and whose it is; `building` is its name."""

    addresses: Range
    building: str
    unit: str


def parse(text: str) -> Range:
    """As in 10.1.2.0/24. Raises ValueError, with a sentence for whoever typed it."""
    try:
        found = ip_network(text.strip())
    except ValueError:
        raise ValueError(
            "Write the network’s first address and its length, as in 10.1.2.0/24, with no bit beyond that length."
        ) from None
    if found.prefixlen < _WIDEST[found.version]:
        raise ValueError("This range is too wide for a building.")
    if found.is_multicast or found.is_unspecified:
        raise ValueError("Nobody can have an address in this range.")
    return found


def clash(wanted: Range, building: tuple[str, str], others: Iterable[Registered]) -> Registered | None:
    """The range of another building that this one would overlap; `building` is its unit and name.

    Within one building ranges may lie inside each other: the narrowest counts, as for Wi-Fi within a LAN.
    """
    for other in others:
        if (other.unit, other.building) == building:
            if other.addresses == wanted:
                return other
        elif other.addresses.version == wanted.version and other.addresses.overlaps(wanted):
            return other
    return None
