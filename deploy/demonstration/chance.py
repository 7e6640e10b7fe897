"""Chance that is the same every time."""

from __future__ import annotations

import random


def chance_of(*key: object) -> random.Random:
    """A generator of its own for each key, so that one invention never shifts the next."""
    return random.Random("/".join(str(part) for part in key))  # noqa: S311 - must repeat, and hides nothing
