"""Asks clamd, the ClamAV daemon, about a file. Where one is configured and does not answer, nothing is taken in."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

Scan = Callable[[Iterable[bytes]], str | None]
SECONDS = 30.0
_PIECE = 64 * 1024


class ScannerAway(Exception):
    """clamd could not be asked, or gave no verdict."""


def scanner(address: str | None) -> Scan | None:
    """`unix:/run/clamav/clamd.ctl` or `tcp://host:3310`; None where no scanner is configured."""
    if not address:
        return None
    connect = _connector(address)

    def scan(pieces: Iterable[bytes]) -> str | None:
        try:
            with connect() as clamd:
                return _verdict(_asked(clamd, pieces))
        except OSError as error:
            raise ScannerAway from error

    return scan


def _connector(address: str) -> Callable[[], socket.socket]:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        return lambda: _unix(parts.path)
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        host, port = parts.hostname, parts.port
        return lambda: socket.create_connection((host, port), SECONDS)
    raise ValueError("VISOR_CLAMD is unix:/path/of/the/socket or tcp://host:port")


def _unix(path: str) -> socket.socket:
    clamd = socket.socket(socket.AF_UNIX)
    clamd.settimeout(SECONDS)
    try:
        clamd.connect(path)
    except OSError:
        clamd.close()
        raise
    return clamd


def _asked(clamd: socket.socket, pieces: Iterable[bytes]) -> str:
    """INSTREAM: each piece with its length before it, and a length of nothing at the end."""
    clamd.sendall(b"zINSTREAM\0")
    for piece in pieces:
        for start in range(0, len(piece), _PIECE):
            part = piece[start : start + _PIECE]
            clamd.sendall(len(part).to_bytes(4, "big") + part)
    clamd.sendall(bytes(4))
    with clamd.makefile("rb") as answer:
        return answer.read(4096).rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> str | None:
    """`stream: OK`, or `stream: Eicar-Test-Signature FOUND`."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return None
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerAway
