"""Transfers in whole-record acts: they tell how the record came where it is, and go on with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.nominals.keepers import Row, keep
from services.records.transfers.models import Transfer, TransferStep
from services.records.transfers.rules import OPEN
from services.records.transfers.steps import TEXT
from shared.work import Work


def _export(work: Work, nominal_id: UUID) -> list[Row]:
    """Each transfer with its steps, what was written opened."""
    transfers = work.session.execute(
        select(Transfer).where(Transfer.nominal_id == nominal_id).order_by(Transfer.id)
    ).scalars()
    return [_row(work, one) for one in transfers.all()]


def _row(work: Work, transfer: Transfer) -> Row:
    columns = {column.key: getattr(transfer, column.key) for column in Transfer.__table__.columns}
    found = (
        select(TransferStep)
        .where(TransferStep.transfer_id == transfer.id)
        .order_by(TransferStep.at, TransferStep.id)
    )
    steps: list[dict[str, Any]] = [
        {
            "act": one.act,
            "by": one.by,
            "at": one.at,
            "text": work.runtime.readable(transfer.origin_nominal_id, TEXT, one.text) if one.text else None,
        }
        for one in work.session.execute(found).scalars()
    ]
    return columns | {"steps": steps}


keep(Transfer, export=_export, alike=("state",), among=lambda table: table.state.in_(OPEN))
