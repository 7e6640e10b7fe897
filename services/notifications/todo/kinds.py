"""What the filter calls each kind of item, which are mailed always, which have a receipt: whoever raises it says so."""

from __future__ import annotations

from collections.abc import Iterable

_labels: dict[str, str] = {"role_vacant": "Vacant roles"}
_always_mailed: set[str] = set()
_with_receipt: set[str] = set()


def register(kind: str, text: str, *, always_mailed: bool = False, receipt: bool = False) -> None:
    _labels[kind] = text
    if always_mailed:
        _always_mailed.add(kind)
    if receipt:
        _with_receipt.add(kind)


def label(kind: str) -> str:
    return _labels.get(kind) or kind.replace("_", " ").capitalize()


def called_alike(kinds: Iterable[str]) -> list[str]:
    """These kinds, and every other that the filter calls the same."""
    given = set(kinds)
    labels = {label(kind) for kind in given}
    return sorted(given | {kind for kind, text in _labels.items() if text in labels})


def is_always_mailed(kind: str) -> bool:
    """Imminent risk goes to everybody named, whatever they chose (PF-4.30)."""
    return kind in _always_mailed


def has_receipt(kind: str) -> bool:
    """Whoever tells of it hears on whose list it has come (PSI-6.1)."""
    return kind in _with_receipt
