"""What the filter calls each kind of item, and which are mailed always; whoever raises a kind registers it."""

from __future__ import annotations

_labels: dict[str, str] = {"role_vacant": "Vacant roles"}
_always_mailed: set[str] = set()


def register(kind: str, text: str, *, always_mailed: bool = False) -> None:
    _labels[kind] = text
    if always_mailed:
        _always_mailed.add(kind)


def label(kind: str) -> str:
    return _labels.get(kind) or kind.replace("_", " ").capitalize()


def is_always_mailed(kind: str) -> bool:
    """Imminent risk goes to everybody named, whatever they chose (PF-4.30)."""
    return kind in _always_mailed
