"""`python -m tests.load.fill 1000`: migrates the databases of the environment and invents a caseload in them."""

from __future__ import annotations

import sys

from deploy.demonstration.load import load
from deploy.prepare import prepare
from shared.settings import Settings

if __name__ == "__main__":
    settings = Settings.from_environment()
    prepare(settings, demonstration=False)
    load(settings, nominals=int(sys.argv[1]))
