"""A real OpenLDAP server on loopback, over TLS, with a directory of police people."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ldap3 import MODIFY_REPLACE, Connection, Server

from deploy.certificates import make_certificates
from deploy.ports import free_port

SUFFIX = "dc=police,dc=example"
ROOT, SECRET = f"cn=visor,{SUFFIX}", "the reader's own"
_CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile {authority}
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
database mdb
suffix "{suffix}"
rootdn "{root}"
rootpw "{secret}"
directory {data}
"""


@dataclass
class Slapd:
    """`plain` speaks LDAP that can be raised to TLS; `address` is TLS from the first byte."""

    folder: Path
    port: int
    plain_port: int
    authority: Path
    server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"ldaps://localhost:{self.port}"

    @property
    def plain(self) -> str:
        return f"ldap://localhost:{self.plain_port}"

    @property
    def secret_file(self) -> Path:
        return self.folder / "reader"

    def start(self) -> None:
        urls = f"ldaps://127.0.0.1:{self.port} ldap://127.0.0.1:{self.plain_port}"
        command = ["/usr/sbin/slapd", "-f", str(self.folder / "slapd.conf"), "-h", urls, "-d", "0"]
        self.server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                self._as_root().unbind()
            except Exception:  # noqa: BLE001 - it does not listen yet
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("slapd did not start")

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(10)
            self.server = None

    def add(self, username: str, password: str, **card: str) -> None:
        root = self._as_root()
        entry = {"cn": "Nobody", "sn": "Nobody", "userPassword": password, **card}
        root.add(f"uid={username},{SUFFIX}", ["inetOrgPerson"], entry)
        assert root.result["description"] == "success", root.result
        root.unbind()

    def remove(self, username: str) -> None:
        root = self._as_root()
        root.delete(f"uid={username},{SUFFIX}")
        root.unbind()

    def set_password(self, username: str, password: str) -> None:
        root = self._as_root()
        root.modify(f"uid={username},{SUFFIX}", {"userPassword": [(MODIFY_REPLACE, [password])]})
        root.unbind()

    def _as_root(self) -> Connection:
        return Connection(Server(f"ldap://127.0.0.1:{self.plain_port}"), ROOT, SECRET, auto_bind=True)


@contextmanager
def slapd(folder: Path) -> Iterator[Slapd]:
    made = make_certificates(folder)
    (folder / "data").mkdir()
    (folder / "slapd.conf").write_text(
        _CONFIGURATION.format(
            authority=made.authority,
            certificate=made.certificate,
            key=made.key,
            suffix=SUFFIX,
            root=ROOT,
            secret=SECRET,
            data=folder / "data",
        )
    )
    found = Slapd(folder, free_port(), free_port(), made.authority)
    found.secret_file.write_text(SECRET)
    found.start()
    root = found._as_root()
    root.add(SUFFIX, ["dcObject", "organization"], {"dc": "police", "o": "Police"})
    root.unbind()
    try:
        yield found
    finally:
        found.stop()
