"""granian, with what it is to serve put together before its workers fork.

`python -m deploy.web.preloaded <options of granian> deploy.web.wsgi:application`. The suite is imported and its routes
are laid out once for all workers, in time and in memory; a worker that died is back at once. What went over a
connection meanwhile (do keys and databases belong together?) is hung up: each worker opens its own. Where processes
are not forked (macOS, Python 3.14) it is granian as ever.
"""

from __future__ import annotations

import importlib
import multiprocessing
import sys
from collections.abc import Sequence

from granian.cli import entrypoint

from deploy import assembly
from deploy.what_stays import what_stays
from shared.settings import SERVICES


def import_all() -> None:
    """As far as that goes without a database."""
    importlib.import_module("deploy.web.one_machine")
    for name in SERVICES:
        assembly.service(name)


def load() -> None:
    """What the workers are to find. Raises what `deploy.assembly.open_runtime` does, and OperationalError where a
    database is away.
    """
    importlib.import_module("deploy.web.wsgi").front.hang_up()


def serve(options: Sequence[str]) -> None:
    """Until SIGTERM; `options` are granian's."""
    sys.argv[1:] = options
    entrypoint()  # type: ignore[no-untyped-call]


def main() -> None:
    if multiprocessing.get_start_method() == "fork":
        with what_stays():
            load()
    serve(sys.argv[1:])


if __name__ == "__main__":
    main()
