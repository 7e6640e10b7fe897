"""The real ClamAV daemon on a socket of its own, with a single signature: the EICAR test file's. It fetches nothing."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# In two parts, so that no scanner takes this file for the test file itself.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + rb"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_CONFIGURATION = """
LocalSocket {folder}/clamd.ctl
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
StreamMaxLength 25M
Foreground yes
"""


@contextmanager
def clamd() -> Iterator[str]:
    """Its address as VISOR_CLAMD takes it. The folder's name is short: a socket's path has 107 characters at most."""
    folder = Path(tempfile.mkdtemp(prefix="visor-clamd-", dir="/tmp"))
    (folder / "signatures").mkdir()
    # Name, any kind of file, anywhere in it, these bytes.
    (folder / "signatures" / "local.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    (folder / "clamd.conf").write_text(_CONFIGURATION.format(folder=folder))
    command = ["/usr/sbin/clamd", "--config-file", str(folder / "clamd.conf")]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(folder / "clamd.ctl", server)
        yield f"unix:{folder}/clamd.ctl"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(path: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        with socket.socket(socket.AF_UNIX) as visitor:
            try:
                visitor.connect(str(path))
            except OSError:
                time.sleep(0.1)
            else:
                return
    raise RuntimeError("clamd did not start")
