"""Master keys: they wrap the nominals' keys, and lie in files apart from every database.

One file each, `<number>-<random>.master`, mode 0600, 32 bytes in base64. The highest number wraps what is new;
the older ones are kept until `rewrap` has taken everything from them.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from pathlib import Path
from threading import Lock
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.keys import sealed_text
from shared.keys.errors import KeyProblem, MasterKeyMissing
from shared.keys.private_files import one_at_a_time, read_private, write_once

_SUFFIX = ".master"
_PURPOSE = "nominal-key"


class MasterKeys:
    """The master keys of one folder. A key that another process adds is found when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ciphers: dict[str, AESGCM] = {}
        self._lock = Lock()
        self.reload()

    def reload(self) -> None:
        """Read the folder; raises KeyProblem at a file that is damaged or that others may read."""
        found = {path.stem: path for path in sorted(self.folder.glob("*" + _SUFFIX)) if path.is_file()}
        with self._lock:
            for name, path in found.items():
                if name not in self._ciphers:
                    self._ciphers[name] = AESGCM(_key_in(path))
            for gone in self._ciphers.keys() - found.keys():
                del self._ciphers[gone]

    @property
    def ids(self) -> tuple[str, ...]:
        """Oldest first."""
        return tuple(sorted(self._ciphers))

    @property
    def current(self) -> str:
        """The id of the one that wraps what is new; raises MasterKeyMissing where there is none."""
        if not self._ciphers:
            raise MasterKeyMissing(f"there is no master key in {self.folder}")
        return self.ids[-1]

    def rotate(self) -> str:
        """Make the next master key and return its id; it wraps from now on.

        Where a service runs on several machines, copy the new file to all of them before they wrap with it.
        """
        with one_at_a_time(self.folder):
            self.reload()
            return self._make()

    def make_first(self) -> str:
        """At the very first start; a second process that starts beside finds the first one's."""
        with one_at_a_time(self.folder):
            self.reload()
            return self.ids[-1] if self._ciphers else self._make()

    def retire(self, master_id: str) -> None:
        """Delete the file of one that no longer wraps anything; raises KeyProblem for the current one.

        Whatever old copy of the key store turns up later cannot be opened any more: do it only after a rewrap.
        """
        if master_id == self.current:
            raise KeyProblem(f"{master_id} is the current master key: rotate and rewrap first")
        (self.folder / (master_id + _SUFFIX)).unlink()
        self.reload()

    def wrap(self, nominal_id: UUID, key_id: UUID, key: bytes, master_id: str | None = None) -> bytes:
        cipher = self._cipher(master_id or self.current)
        return sealed_text.seal(cipher, nominal_id.bytes, _PURPOSE, key_id, key)

    def unwrap(self, nominal_id: UUID, key_id: UUID, wrapped: bytes, master_id: str) -> bytes:
        """Raises MasterKeyMissing, or NotReadable where the wrapped key is another nominal's or altered."""
        return sealed_text.unseal(self._cipher(master_id), nominal_id.bytes, _PURPOSE, key_id, wrapped)

    def _cipher(self, master_id: str) -> AESGCM:
        if master_id not in self._ciphers:
            self.reload()
        try:
            return self._ciphers[master_id]
        except KeyError:
            raise MasterKeyMissing(f"master key {master_id} is not in {self.folder}") from None

    def _make(self) -> str:
        number = 1 + max((int(name.split("-")[0]) for name in self.ids), default=0)
        name = f"{number:04d}-{secrets.token_hex(4)}"
        content = base64.b64encode(AESGCM.generate_key(bit_length=256)) + b"\n"
        write_once(self.folder / (name + _SUFFIX), content)
        self.reload()
        return name


def _key_in(path: Path) -> bytes:
    try:
        key = base64.b64decode(read_private(path).strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != sealed_text.KEY_BYTES or not path.stem.split("-")[0].isdigit():
        raise KeyProblem(f"{path} is not a master key: restore it from the backup of the keys")
    return key
