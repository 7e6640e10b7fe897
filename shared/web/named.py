"""What a view of a declaration is called, and what was just done, in the words of its declaration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request

from shared.declarations import Command, Query
from shared.web import guard

DONE = "done"


def named(view: Callable[..., Any], declared: Command | Query, suffix: str) -> Callable[..., Any]:
    view.__name__ = declared.name.replace(".", "_") + suffix
    view.__doc__ = declared.function.__doc__
    view.declared = declared  # type: ignore[attr-defined]
    return view


def done() -> str | None:
    """What was just done, in the words of its declaration; the address holds only the command's name."""
    command = guard.runtime().service.declarations.commands.get(request.args.get(DONE, ""))
    return command.form.done if command is not None and command.form is not None else None
