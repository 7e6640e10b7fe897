"""granian, with what it is to serve imported before its workers fork.

`python -m deploy.web.preloaded <options of granian> deploy.web.wsgi:application`. One import serves both workers, in
time and in memory; a worker that died is back at once. What opens connections or threads is still made in each worker,
by `deploy.web.wsgi`. Where processes are not forked (macOS, Python 3.14) it is granian as ever.
"""

from __future__ import annotations

import gc

from granian.cli import entrypoint

from deploy import assembly
from deploy.web import one_machine
from shared.settings import SERVICES

__all__ = ["one_machine"]


def main() -> None:
    for name in SERVICES:
        assembly.service(name)
    # What is here now stays for good: the collector need not touch it, and so copy it, in every worker.
    gc.collect()
    gc.freeze()
    entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
