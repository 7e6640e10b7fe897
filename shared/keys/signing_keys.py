"""The keys that sign (ES256): access tokens, and the audit's seals. PEM files apart from every database.

`<keys home>/signing/<purpose>/<number>-<kid>.pem`, mode 0600; `kid` is the RFC 7638 thumbprint. The highest number
signs; the older ones are published until they are retired, so that what they signed still verifies.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, KeySet

from shared.keys.errors import KeyProblem
from shared.keys.private_files import one_at_a_time, private_folder, read_private, write_once

ACCESS_TOKENS = "access-tokens"
SEALS = "seals"


class SigningKeys:
    """The signing keys of one purpose. Only who signs opens these files; all others read `published`."""

    def __init__(self, keys_home: Path, purpose: str) -> None:
        self.folder = private_folder(keys_home / "signing" / purpose)
        self._keys: dict[str, ECKey] = {}
        self.reload()
        if not self._keys:
            self._make_first()

    def reload(self) -> None:
        self._keys = {path.stem: _key_in(path) for path in sorted(self.folder.glob("*.pem"))}

    @property
    def current(self) -> ECKey:
        """The private key that signs now; its `kid` goes into the header."""
        return self._keys[max(self._keys)]

    @property
    def published(self) -> dict[str, Any]:
        """The public halves, as the JSON of a JWKS; oldest first."""
        return {"keys": [_public(key) for _, key in sorted(self._keys.items())]}

    def public_keys(self) -> KeySet:
        return public_keys(self.published)

    def rotate(self) -> str:
        """Make the next key and return its kid. Verifiers must be able to fetch it before it signs."""
        with one_at_a_time(self.folder):
            self.reload()
            return self._make()

    def retire(self, kid: str) -> None:
        """Delete an old key. Never one that signed a seal: keep that, or its published half, with the seals."""
        if kid == self.current.kid:
            raise KeyProblem(f"{kid} is the current signing key: rotate first")
        for path in self.folder.glob(f"*-{kid}.pem"):
            path.unlink()
        self.reload()

    def _make_first(self) -> None:
        with one_at_a_time(self.folder):
            self.reload()
            if not self._keys:
                self._make()

    def _make(self) -> str:
        key = ECKey.generate_key("P-256")
        kid = key.thumbprint()
        number = 1 + max((int(name.split("-", 1)[0]) for name in self._keys), default=0)
        write_once(self.folder / f"{number:04d}-{kid}.pem", key.as_pem(private=True))
        self.reload()
        return kid


def public_keys(published: dict[str, Any]) -> KeySet:
    """What `published` gave, read back by whoever verifies."""
    return KeySet.import_key_set(json.loads(json.dumps(published)))


def _key_in(path: Path) -> ECKey:
    kid = path.stem.split("-", 1)[-1]
    try:
        key = ECKey.import_key(read_private(path), {"kid": kid, "use": "sig", "alg": "ES256"})
    except ValueError:
        raise KeyProblem(f"{path} is not a signing key: restore it from the backup of the keys") from None
    if key.thumbprint() != kid:
        raise KeyProblem(f"{path} holds another key than its name says")
    return key


def _public(key: ECKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.kid, "use": "sig", "alg": "ES256"}
