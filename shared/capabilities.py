"""A service's capabilities: folders whose modules declare what the service does."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from importlib import import_module

from flask import Blueprint

from shared.modules import import_all


def import_capabilities(service: str, path: Iterable[str]) -> tuple[Blueprint, ...]:
    """Every module of every capability's folder. Returns the blueprints of their special pages and endpoints."""
    pages: dict[int, Blueprint] = {}
    for folder in sorted(each.name for each in pkgutil.iter_modules(path) if each.ispkg):
        capability = import_module(f"{service}.{folder}")
        for module in import_all(capability.__name__, capability.__path__):
            pages |= {id(one): one for one in vars(module).values() if isinstance(one, Blueprint)}
    return tuple(pages.values())
