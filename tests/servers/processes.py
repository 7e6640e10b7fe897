"""The processes of a running suite, by the names that `ps -o comm` shows."""

from __future__ import annotations

from pathlib import Path

import psutil

WEB, BACKSTAGE = "visor-web", "visor-backstage"


def called(name: str, home: Path) -> list[psutil.Process]:
    """Those of the suite at this home; of the web, the server and its workers."""
    return [
        one
        for one in psutil.process_iter()
        if _name(one) == name and told(one).get("VISOR_HOME") == str(home)
    ]


def parent_of_both(home: Path) -> list[psutil.Process]:
    """The process from which the web and the backstage are forked; empty while it is being started again."""
    ours = called(WEB, home) + called(BACKSTAGE, home)
    parents = (one.parent() for one in ours)
    return list(
        {
            one
            for one in parents
            if one and _name(one) not in {WEB, BACKSTAGE} and "guard.py" not in words(one)
        }
    )


def words(process: psutil.Process) -> str:
    """Its command line; nothing for one that has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def told(process: psutil.Process) -> dict[str, str]:
    """Its environment when it began."""
    try:
        environment: dict[str, str] = process.environ()
    except psutil.Error:
        return {}
    return environment


def _name(process: psutil.Process) -> str:
    try:
        name: str = process.name()
    except psutil.Error:
        return ""
    return name
