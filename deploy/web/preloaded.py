"""granian, with what it is to serve put together before its workers fork.

`python -m deploy.web.preloaded <options of granian> deploy.web.wsgi:application`. The suite is imported and its routes
are laid out once for all workers, in time and in memory; a worker that died is back at once. What went over a
connection meanwhile (do keys and databases belong together?) is hung up: each worker opens its own. Where processes
are not forked (macOS, Python 3.14) it is granian as ever.
"""

from __future__ import annotations

import importlib
import multiprocessing

from granian.cli import entrypoint

from deploy.what_stays import what_stays


def main() -> None:
    if multiprocessing.get_start_method() == "fork":
        with what_stays():
            importlib.import_module("deploy.web.wsgi").front.hang_up()
    entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
