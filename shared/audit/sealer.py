"""The sealer: numbers what was written, chains it, signs it, and takes the seal out of the database.

Numbers and seal are one transaction; the line in the seal file follows the commit. Killed anywhere, the next run
finds either nothing done, or a seal that is not yet in the file, and adds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection, Engine

from shared.audit import sealing_statements as statements
from shared.audit.chain import Chain, genesis
from shared.audit.seal import Seal, SealForged, before_any, read, seal_hash, sign
from shared.audit.seal_file import SealFile, head_of
from shared.audit.sealing_statements import Taken
from shared.clock import Clock
from shared.keys.signing_keys import SigningKeys
from shared.messaging.crash_points import crash_point

POINTS = {
    "sealer.locked": "the only sealer, nothing read",
    "sealer.numbered": "numbers written, not signed",
    "sealer.sealed": "numbers and seal written, not committed",
    "sealer.committed": "seal committed, not in the seal file",
    "sealer.appended": "seal in the seal file, head not pinned",
    "sealer.pinned": "head pinned",
}
BATCH = 10_000
_NOBODY = UUID(int=0)


class SealsDisagree(Exception):
    """Database and seal file do not tell the same story. The message says what to do; nothing was sealed."""


@dataclass(frozen=True)
class Sealed:
    """`active` is False where another process is the sealer."""

    active: bool
    entries: int = 0
    seals: int = 0


class Sealer:
    """One service's sealer; `seal` is called each minute, in as many processes as there are."""

    def __init__(
        self,
        engine: Engine,
        service: str,
        keys: SigningKeys,
        file: SealFile,
        clock: Clock,
        *,
        batch: int = BATCH,
    ) -> None:
        self._engine = engine
        self._service = service
        self._keys = keys
        self._file = file
        self._clock = clock
        self._batch = batch

    def seal(self, *, after_restore: bool = False) -> Sealed:
        """Seal every entry whose transaction is over, and every older one.

        `after_restore`: somebody in charge says that the database was restored from an older copy than the seal file;
        the next seal states which ones were lost. Raises SealsDisagree or SealForged and seals nothing where the
        newest seals do not check.
        """
        with statements.the_only_sealer(self._engine) as connection:
            if connection is None:
                return Sealed(active=False)
            crash_point("sealer.locked")
            last, previous, sequence = self._state(connection, after_restore)
            entries = seals = 0
            while True:
                made = self._seal_batch(connection, last, previous, sequence, anew=after_restore)
                if made is None:
                    return Sealed(True, entries, seals)
                last, token, count = made
                entries, seals, after_restore = entries + count, seals + 1, False
                previous, sequence = seal_hash(token), last.sequence + 1
                if count < self._batch:
                    return Sealed(True, entries, seals)

    def _seal_batch(
        self, connection: Connection, last: Seal, previous: str, sequence: int, *, anew: bool
    ) -> tuple[Seal, str, int] | None:
        cluster = statements.cluster(connection)
        anew = anew or bool(last.cluster and last.cluster != cluster)
        entries, position = self._taken(connection, last, anew=anew)
        if not entries and not anew:
            connection.rollback()
            return None
        chain = Chain(bytes.fromhex(last.chain), last.last)
        for entry in entries:
            chain.add(entry.id.bytes, entry.hash, entry.transaction)
        statements.write_numbers(connection, last.last + 1, entries)
        crash_point("sealer.numbered")
        at = self._clock.now()
        seal = Seal(
            service=self._service,
            sequence=sequence,
            first=last.last + 1,
            last=chain.last_number,
            previous=previous,
            resumes=last.sequence,
            chain=chain.head.hex(),
            marks=sha256(chain.marks).hexdigest(),
            transaction=position[0],
            entry=str(position[1]),
            cluster=cluster,
            at=at.isoformat(),
        )
        token = sign(seal, self._keys.current)
        row = {"sequence": sequence, "first": seal.first, "last": seal.last, "at": at, "token": token}
        statements.write_seal(connection, row)
        crash_point("sealer.sealed")
        connection.commit()
        crash_point("sealer.committed")
        self._publish(token, bytes(chain.marks))
        return seal, token, len(entries)

    def _taken(
        self, connection: Connection, last: Seal, *, anew: bool
    ) -> tuple[list[Taken], tuple[int, UUID]]:
        """The entries of one batch, and the position before which nothing is left without a number.

        On another server (or an older copy) the transaction numbers begin anew: everything there is gets its number,
        and nothing is claimed about what is still open.
        """
        if anew:
            return statements.take_all(connection), (0, _NOBODY)
        below = statements.horizon(connection)
        # One more than a batch, to know whether this one is the last and vouches for all that is older.
        entries = statements.take(connection, last.position, below, self._batch + 1)
        if len(entries) <= self._batch:
            return entries, (below, _NOBODY)
        del entries[self._batch :]
        return entries, (entries[-1].transaction, entries[-1].id)

    def _publish(self, token: str, marks: bytes) -> None:
        self._file.append(token, marks)
        crash_point("sealer.appended")
        self._file.pin(head_of(token))
        crash_point("sealer.pinned")

    def _state(self, connection: Connection, after_restore: bool) -> tuple[Seal, str, int]:
        """The seal to go on from, the hash that the next one must name, and the next sequence."""
        public = self._keys.public_keys()
        token = statements.last_token(connection)
        last = (
            read(token, self._service, public) if token else before_any(self._service, genesis(self._service))
        )
        line = self._file.last()
        outside = read(line.token, self._service, public).sequence if line else 0
        if line and outside > last.sequence:
            if not after_restore:
                raise SealsDisagree(_AHEAD.format(self._file.path, outside, last.sequence))
            connection.rollback()
            return last, seal_hash(line.token), outside + 1
        self._catch_up(connection, outside, line.token if line else None)
        connection.rollback()
        return last, seal_hash(token) if token else "", last.sequence + 1

    def _catch_up(self, connection: Connection, outside: int, newest: str | None) -> None:
        """Add to the seal file what a run that was killed after its commit left out."""
        self._check_pin(outside, newest)
        tokens = statements.tokens_from(connection, outside)
        if newest is not None and tokens.pop(0) != newest:
            raise SealsDisagree(
                f"seal {outside} differs in {self._file.path} and the database: verify the audit"
            )
        for token in tokens:
            seal = read(token, self._service, self._keys.public_keys())
            self._publish(token, self._marks(connection, seal))

    def _check_pin(self, outside: int, newest: str | None) -> None:
        """The head is pinned after its line is written, so it is never ahead of the file."""
        pinned = self._file.pinned()
        if newest is None:
            if pinned is not None:
                raise SealsDisagree(
                    f"{self._file.path} is gone, but seal {pinned} was pinned: restore the file"
                )
        elif pinned is None or pinned.sequence < outside:
            self._file.pin(head_of(newest))
        elif pinned != head_of(newest):
            raise SealsDisagree(
                f"{self._file.path} does not end with the pinned seal {pinned}: verify the audit"
            )

    def _marks(self, connection: Connection, seal: Seal) -> bytes:
        chain = Chain(b"", seal.first - 1)
        for entry in statements.numbered(connection, seal.first, seal.last):
            chain.add(entry.id.bytes, entry.hash, entry.transaction)
        if sha256(chain.marks).hexdigest() != seal.marks:
            raise SealForged(
                f"the entries under seal {seal.sequence} are no longer those it sealed: verify the audit"
            )
        return bytes(chain.marks)


_AHEAD = (
    "{} holds {} seals, the database only {}: it was restored from an older copy, or its end was cut off."
    " Verify the audit; if it was restored, say so with `visor audit restored`."
)
