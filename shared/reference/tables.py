"""Reads the CSV tables of this folder: lines that begin with # are notes for whoever keeps the table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files


@cache
def rows(package: str, name: str) -> tuple[dict[str, str], ...]:
    """Every row of `name` as text by column; raises `ValueError` where a row has too few or too many fields."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return tuple(_whole(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")), name))


def _whole(reader: csv.DictReader[str], name: str) -> Iterator[dict[str, str]]:
    for row in reader:
        if None in row or None in row.values():
            raise ValueError(f"{name}: the row {row} has too few or too many fields.")
        yield row
