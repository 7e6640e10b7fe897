"""The web server and what goes on behind it, both forked from a process that has loaded the suite for them.

`python -m deploy.together [--logs-here] [--after FILE] <options of granian>`. Importing the suite and laying out its
pages takes most of the time and half of the memory of a start: on one machine it is done once. Which of the two dies is
back at once. In a deployment where each runs by itself they are `deploy.web.preloaded` and `deploy.backstage`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from deploy import backstage, waiting
from deploy.forked import Forked
from deploy.supervisor import HOPELESS, Charge, Supervisor
from deploy.web import preloaded
from deploy.what_stays import what_stays
from shared.settings import Settings

LOGS_HERE = "--logs-here"
GRACE_SECONDS = 20.0
NAMES = {"web": "visor-web", "backstage": "visor-backstage"}


def main(arguments: Sequence[str]) -> int:
    others, prepared = waiting.taken_out(arguments)
    granian = [argument for argument in others if argument != LOGS_HERE]
    logs = None if LOGS_HERE in arguments else Settings.from_environment().home / "log"
    with what_stays():
        preloaded.import_all()
        waiting.wait_for(prepared)
        preloaded.load()
    works: dict[str, Callable[[], None]] = {
        "web": partial(preloaded.serve, granian),
        "backstage": partial(backstage.main, ["all"]),
    }
    charges = [Charge(name, partial(_begin, name, work, logs)) for name, work in works.items()]
    return HOPELESS if Supervisor(charges).run() else 0


def _begin(name: str, work: Callable[[], None], logs: Path | None) -> Forked:
    return Forked(NAMES[name], work, grace=GRACE_SECONDS, log=None if logs is None else logs / f"{name}.log")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
