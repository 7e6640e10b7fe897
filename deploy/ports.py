"""Free ports for servers that the suite starts itself."""

from __future__ import annotations

import random
import socket

FIRST, LAST = 20_000, 29_999
_handed_out: set[int] = set()


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port between 20000 and 29999 that nobody listens on and that this process was not given before.

    Never one from `bind(0)`: those lie in the range from which clients get their local ports, so while a
    server is down a client that keeps reconnecting can be given the very port that the server needs again.
    """
    for port in random.sample(range(FIRST, LAST + 1), 500):
        if port not in _handed_out and is_free(port):
            _handed_out.add(port)
            return port
    msg = f"no free port between {FIRST} and {LAST}"
    raise OSError(msg)
