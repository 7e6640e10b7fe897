"""How our own column types are written in a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def render_item(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    """A type from `shared` or `services` by its full name, with its import; false leaves it to Alembic."""
    module = type(item).__module__
    if kind != "type" or not module.startswith(("shared.", "services.")):
        return False
    context.imports.add(f"import {module}")
    return f"{module}.{item!r}"
