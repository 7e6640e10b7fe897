"""Live or training: what a process is.

A training deployment trains on invented people, with accounts that many share. Whatever is misconfigured, nothing of
it may reach live data: its access tokens and events say what they are and are refused, its exchange and queues have
other names, and a database or a folder of keys that was made for the one does not serve the other
(`shared/marking.py`).
"""

from __future__ import annotations

import os

LIVE, TRAINING = "live", "training"
ENVIRONMENTS = (LIVE, TRAINING)


class WrongEnvironment(RuntimeError):
    """Something here was made for the other environment; the message is the line to print, and nothing starts."""


def environment() -> str:
    """Of this process: `VISOR_ENVIRONMENT`. Raises WrongEnvironment for anything but the two."""
    value = os.environ.get("VISOR_ENVIRONMENT") or LIVE
    if value not in ENVIRONMENTS:
        raise WrongEnvironment(f"VISOR_ENVIRONMENT is {value}: it is live or training.")
    return value


def named(name: str) -> str:
    """A name in the broker: its own in training, so that a crossed broker mixes nothing."""
    return name if environment() == LIVE else f"{name}.{TRAINING}"
