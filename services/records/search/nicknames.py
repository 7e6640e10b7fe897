"""Which forenames stand for each other: Robert is Bob to everybody who knows him."""

from __future__ import annotations

from services.records.search.spelling import normal
from shared.reference.nicknames import forenames_alike


def meant_by(forename: str) -> frozenset[str]:
    """The forename in its normal form, what stands for it, and what else stands for that (Bob: Robert, Rob)."""
    near = forenames_alike().get(forename, frozenset())
    further = (other for name in near for other in forenames_alike().get(name, frozenset()))
    return frozenset(map(normal, near)) | frozenset(map(normal, further)) | {forename}
