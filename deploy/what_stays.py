"""Memory of what is loaded once and stays for good."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def what_stays() -> Iterator[None]:
    """What is imported and made meanwhile is no rubbish: the collector does not look through it, then or later.

    Looking costs a fifth of the time of a start, and finds nothing that would be worth it; and a page of memory that
    nobody touches is shared after a fork.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
