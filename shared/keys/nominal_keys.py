"""The nominals' own keys: made with the nominal, destroyed with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Engine

from shared.ids import derived_id, new_id
from shared.keys import store
from shared.keys.cache import KeyCache
from shared.keys.errors import KeyDestroyed, KeyMissing
from shared.keys.master_keys import MasterKeys
from shared.keys.nominal_key import NominalKey
from shared.keys.sealed_text import KEY_BYTES
from shared.keys.tombstones import Tombstones


class NominalKeys:
    """Every nominal's key, by nominal id. Each call commits by itself, in the key store's own database.

    A nominal's key is made before the transaction that makes the nominal commits: a key without a nominal hurts
    nobody, a nominal without a key could not be written to. `service` names whose own key is meant by `None`.
    """

    def __init__(
        self,
        engine: Engine,
        master_keys: MasterKeys,
        service: str = "visor",
        *,
        cache: KeyCache | None = None,
        tombstones: Tombstones | None = None,
    ) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.master_keys = master_keys
        self.service_id = derived_id("service-key", service)
        self._cache = KeyCache() if cache is None else cache
        self._tombstones = tombstones or Tombstones(master_keys.folder)

    def for_nominal(self, nominal_id: UUID) -> NominalKey:
        """Raises KeyDestroyed, KeyMissing."""
        return self.for_many([nominal_id])[nominal_id]

    def for_many(self, nominal_ids: Iterable[UUID]) -> dict[UUID, NominalKey]:
        """For a page about several nominals, in one query; raises as `for_nominal`, for the first without a key."""
        found: dict[UUID, NominalKey] = {}
        wanted = []
        for nominal_id in dict.fromkeys(nominal_ids):
            kept = self._cache.get(nominal_id)
            if kept is None:
                wanted.append(nominal_id)
            else:
                found[nominal_id] = kept
        if wanted:
            found |= self._fetch(wanted)
        return found

    def create(self, nominal_id: UUID) -> NominalKey:
        """The nominal's new key, or the one it has; raises KeyDestroyed: a deleted nominal gets no second key."""
        self.create_many([nominal_id])
        return self.for_nominal(nominal_id)

    def create_many(self, nominal_ids: Sequence[UUID]) -> None:
        """For imports and demonstrations: some 50,000 a second. Those who have (or had) a key are left alone."""
        master_id = self.master_keys.current
        for start in range(0, len(nominal_ids), store.CHUNK):
            made = [self._made(one, master_id) for one in nominal_ids[start : start + store.CHUNK]]
            store.add(self._engine, made)

    def destroy(self, *nominal_ids: UUID) -> None:
        """Delete for good what these keys encrypt. Here at once, in other processes within a minute.

        The tombstones are on the disk, outside the database, before the keys are gone: a restore replays them.
        Twice is as good as once. The old row's bytes can linger in a page, the write-ahead log or a backup, still
        wrapped: rotating, rewrapping and retiring the master key ends that.
        """
        self._tombstones.write(nominal_ids)
        self._bury(nominal_ids)

    def destroyed(self) -> list[UUID]:
        """Whose keys were destroyed, as the file beside the keys has it."""
        return self._tombstones.read()

    def replay_tombstones(self) -> int:
        """After a restore: destroy again whatever was destroyed since the backup. Returns how many came back."""
        return self._bury(self._tombstones.read())

    def encrypt_for(self, nominal_id: UUID | None, purpose: str, text: str) -> bytes:
        """Under the nominal's own key; under the service's, where it belongs to no nominal. Raises as `for_nominal`."""
        return self.of_owner(nominal_id).encrypt(purpose, text)

    def decrypt_for(self, nominal_id: UUID | None, purpose: str, sealed: bytes) -> str:
        """Raises KeyDestroyed, KeyMissing, NotReadable."""
        return self.of_owner(nominal_id).decrypt(purpose, sealed)

    def of_owner(self, nominal_id: UUID | None) -> NominalKey:
        """The nominal's own key, or the service's, which is made when it is first asked for; raises as above."""
        if nominal_id is not None:
            return self.for_nominal(nominal_id)
        try:
            return self.for_nominal(self.service_id)
        except KeyMissing:
            return self.create(self.service_id)

    def _bury(self, nominal_ids: Iterable[UUID]) -> int:
        ids = list(nominal_ids)
        buried = store.bury(self._engine, ids)
        for nominal_id in ids:
            self._cache.forget(nominal_id)
        return buried

    def _made(self, nominal_id: UUID, master_id: str) -> store.KeyRow:
        key_id = new_id()
        wrapped = self.master_keys.wrap(nominal_id, key_id, os.urandom(KEY_BYTES), master_id)
        return store.KeyRow(nominal_id, key_id, wrapped, master_id)

    def _fetch(self, wanted: list[UUID]) -> dict[UUID, NominalKey]:
        mark = self._cache.mark()
        rows = {row.nominal_id: row for row in store.read(self._engine, wanted)}
        found = {}
        for nominal_id in wanted:
            key = self._opened(rows.get(nominal_id), nominal_id)
            self._cache.put(key, mark)
            found[nominal_id] = key
        return found

    def _opened(self, row: store.KeyRow | None, nominal_id: UUID) -> NominalKey:
        if row is None:
            raise KeyMissing(f"no key was made for {nominal_id}")
        if row.wrapped_key is None or row.master_id is None:
            raise KeyDestroyed(f"the key of {nominal_id} was destroyed")
        key = self.master_keys.unwrap(nominal_id, row.key_id, row.wrapped_key, row.master_id)
        return NominalKey.of(nominal_id, row.key_id, key)
