"""What the filter of the list calls each kind of item; whoever raises a kind registers its label."""

from __future__ import annotations

_labels: dict[str, str] = {"role_vacant": "Vacant roles"}


def register(kind: str, text: str) -> None:
    _labels[kind] = text


def label(kind: str) -> str:
    return _labels.get(kind) or kind.replace("_", " ").capitalize()
