"""What of a minimum dataset the record itself holds: rows of the register answer for their folder (ADR 0063).

The category, say, stands on the summary, whether or not an entry of the folder repeats it: nobody need fill it in. The
plan of folder 6 is not among them: minutes alone are no plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, column, exists, literal, select, values

from services.records.attachments.catalogue import catalogue
from services.records.nominals.models import Identifier, Marker, Nominal

# By what a folder says that it is `kept_by`: whether the nominal's own rows hold it.
_HOLDS: Mapping[str, ColumnElement[bool]] = {
    # There is no record without a main name, a date of birth and a category.
    "names": literal(value=True),
    "category": literal(value=True),
    "person": Nominal.sex != "not_known",
    "numbers": exists().where(Identifier.nominal_id == Nominal.id),
    "address": Nominal.address.is_not(None),
    "offender_manager": Nominal.pom_id.is_not(None) | Nominal.com_id.is_not(None),
    "markers": exists().where(Marker.nominal_id == Nominal.id),
    "custody": Nominal.custody_prison.is_not(None),
}


def own_folders() -> list[tuple[str, ColumnElement[bool]]]:
    """(folder, whether the nominal of this query holds it) of each that the register may answer."""
    return [
        (folder.key, _HOLDS[folder.kept_by]) for folder in catalogue().values() if folder.kept_by in _HOLDS
    ]


def each_folder() -> Any:
    """(folder, held): a row for each, beside a nominal, in one query."""
    columns = (column("folder", String), column("held", Boolean))
    return values(*columns, name="own").data(own_folders()).lateral()


def own_of(nominal_id: Any) -> Any:
    """The folders that this record answers by itself."""
    own = each_folder()
    return select(own.c.folder).select_from(Nominal).join(own, own.c.held).where(Nominal.id == nominal_id)
