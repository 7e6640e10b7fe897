"""The programs that only the system can bring: the broker, and what tests drive: a browser, an LDAP server, a scanner.

`python -m deploy.system_packages rabbitmq chromium` installs what is missing, where that is allowed (root on
Debian or Ubuntu); elsewhere it says in one line what to install, and exits with status 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    name: str
    files: tuple[str, ...]
    packages: tuple[str, ...]

    @property
    def present(self) -> bool:
        return any(Path(file).exists() for file in self.files)


PROGRAMS = {
    "rabbitmq": Program("RabbitMQ", ("/usr/lib/rabbitmq/bin/rabbitmq-server",), ("rabbitmq-server",)),
    "chromium": Program("Chromium", ("/usr/bin/chromium",), ("chromium", "fonts-liberation")),
    # Without freshclam: a test brings the one signature that it needs.
    "clamd": Program("ClamAV", ("/usr/sbin/clamd",), ("clamav-daemon",)),
    "slapd": Program("OpenLDAP", ("/usr/sbin/slapd",), ("slapd",)),
}
POLICY = Path("/usr/sbin/policy-rc.d")
FORBIDDEN = "#!/bin/sh\nexit 101\n"


def missing(names: Sequence[str] = tuple(PROGRAMS)) -> list[Program]:
    return [PROGRAMS[name] for name in names if not PROGRAMS[name].present]


def advice(programs: Sequence[Program]) -> str:
    packages = " ".join(package for program in programs for package in program.packages)
    names = " and ".join(program.name for program in programs)
    return f"{names} missing: install with `apt-get install --no-install-recommends {packages}` (Debian, Ubuntu)."


@contextmanager
def no_services_started(policy: Path = POLICY) -> Iterator[None]:
    """While this holds, Debian's packages start no daemon; what stood there before stands there again after."""
    before = policy.read_bytes() if policy.exists() else None
    mode = policy.stat().st_mode if before is not None else 0o755
    policy.write_text(FORBIDDEN)
    policy.chmod(0o755)
    try:
        yield
    finally:
        if before is None:
            policy.unlink()
        else:
            policy.write_bytes(before)
            policy.chmod(mode)


def install(programs: Sequence[Program]) -> bool:
    """False where we may not, or where the package archive cannot be reached."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    packages = [package for program in programs for package in program.packages]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    print("Installing", " ".join(packages), "...", flush=True)
    with no_services_started():
        for command in (
            ["apt-get", "-qq", "update"],
            ["apt-get", "-qq", "-y", "install", "--no-install-recommends", *packages],
        ):
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip()[-1000:], file=sys.stderr)
    return done.returncode == 0


def main(names: list[str]) -> int:
    wanted = missing(names or tuple(PROGRAMS))
    if not wanted or (install(wanted) and not missing(names or tuple(PROGRAMS))):
        return 0
    print(advice(wanted), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
