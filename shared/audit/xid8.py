"""PostgreSQL's 64-bit transaction number, which never wraps round."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType


class Xid8(UserDefinedType[int]):
    """Read back as int. Write comparisons as `CAST(CAST(:number AS text) AS xid8)`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "XID8"

    def result_processor(self, dialect: Any, coltype: Any) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return lambda value: None if value is None else int(value)


# So that the drift check recognises the column it reads back.
ischema_names["xid8"] = Xid8
