from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class Merged(OfNominal):
    """Everything of `gone_id` is the nominal's now; or, where the merge was undone, its own again."""

    gone_id = fields.UUID(required=True)
    merge_id = fields.UUID(required=True)


class Unmerged(Merged):
    """`waiting`: the subjects of facts that still wait for somebody of the record that is back."""

    waiting = fields.List(fields.UUID(), load_default=list)


class MergeProposed(Merged):
    asked_owner = fields.String(required=True)


NOMINAL_MERGED = register(EventKind("records.nominal.merged", 1, Merged))
NOMINAL_UNMERGED = register(EventKind("records.nominal.unmerged", 1, Unmerged))
MERGE_PROPOSED = register(EventKind("records.merge.proposed", 1, MergeProposed))
MERGE_REFUSED = register(EventKind("records.merge.refused", 1, Merged))
MERGE_WITHDRAWN = register(EventKind("records.merge.withdrawn", 1, Merged))
