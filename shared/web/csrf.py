"""Forms are posted from our own pages: an HMAC over the session's id stands in each."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from shared.access.principal import Principal
from shared.keys.private_files import one_at_a_time, read_private, write_once


class FormTokens:
    """Makes and checks the hidden `csrf_token`; the key lies with the other keys and is the same in every process."""

    def __init__(self, keys_home: Path) -> None:
        path = keys_home / "forms.key"
        with one_at_a_time(keys_home):
            if not path.exists():
                write_once(path, os.urandom(32))
        self._key = read_private(path)

    def for_session(self, principal: Principal) -> str:
        return hmac.new(self._key, principal.session_id.bytes, hashlib.sha256).hexdigest()

    def belongs(self, token: str, principal: Principal) -> bool:
        return hmac.compare_digest(token.encode(), self.for_session(principal).encode())
