"""A key store of its own for each test that asks for one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from shared.keys.tables import metadata


@pytest.fixture(scope="session")
def empty_key_store(fresh_database: Callable[..., str]) -> str:
    """A template with the key store's table."""
    url = fresh_database("keys_template")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        metadata.create_all(connection)
    return url


@pytest.fixture
def key_store_engine(fresh_database: Callable[..., str], empty_key_store: str) -> Engine:
    return create_engine(fresh_database("keys", template=empty_key_store), poolclass=NullPool)


@pytest.fixture
def keys_folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"
