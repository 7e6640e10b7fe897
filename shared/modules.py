"""Import what a package holds, for what its modules declare when they are imported."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType


def import_all(package: str, path: Iterable[str]) -> list[ModuleType]:
    """Every module of the package in the order of their names, packages within it left alone."""
    names = sorted(each.name for each in pkgutil.iter_modules(path) if not each.ispkg)
    return [import_module(f"{package}.{name}") for name in names]
