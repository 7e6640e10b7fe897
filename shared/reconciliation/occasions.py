"""What still waits for somebody, and of which fact it was told: one for each fact that starts a deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select


@dataclass(frozen=True)
class Occasion:
    """`waiting` selects (id, unit): the subject of `fact`, and whose business it is; `moves`: that may change."""

    fact: str
    id: Any
    waiting: Any
    moves: bool = False


class Occasions:
    """Those of one service."""

    def __init__(self) -> None:
        self._of: dict[str, Occasion] = {}

    def add(
        self,
        fact: str,
        subject: Any,
        unit: Any,
        *where: ColumnElement[bool],
        join: Any = None,
        moves: bool = False,
    ) -> None:
        """Register those for whom `fact` was told and who still wait, `where` it is told; `join` finds their `unit`.

        Raises ValueError where the fact has one already.
        """
        if fact in self._of:
            raise ValueError(f"{fact} has its occasion already")
        waiting = select(subject.label("id"), unit.label("unit")).where(*where)
        self._of[fact] = Occasion(fact, subject, waiting if join is None else waiting.join(*join), moves)

    def all(self) -> Sequence[Occasion]:
        """Every one, in the order of their facts' names."""
        return [self._of[fact] for fact in sorted(self._of)]
