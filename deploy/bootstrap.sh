#!/bin/sh
# Makes .venv and installs what is locked: `bootstrap.sh run` to run the suite, `bootstrap.sh dev` to test it.
# Needs Python 3.11 or later with venv, and nothing else. Called by the Makefile, which keeps the stamps.
set -eu
cd "$(dirname "$0")/.."
what=$1
unset PYTHONPATH PYTHONHOME PIP_REQUIRE_VIRTUALENV

usable() { command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if ! usable .venv/bin/python; then
    for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        usable "$python" && break
        python=
    done
    if [ -z "$python" ]; then
        echo "Python 3.11 or later is missing: install python3 and python3-venv (Debian 12, Ubuntu 24.04)." >&2
        exit 1
    fi
    echo "Making the virtual environment with $("$python" --version) ..."
    if ! "$python" -m venv --clear .venv >/dev/null 2>&1 || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        echo "Python's venv is missing: install python3-venv (apt-get install python3-venv)." >&2
        exit 1
    fi
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input -qq "$@"; }

echo "Installing $(grep -c == "requirements/$what.txt") locked packages (some 20 s) ..."
pip install --require-hashes -r requirements/build.txt
pip install --require-hashes -r "requirements/$what.txt"
if ! command -v npm >/dev/null 2>&1; then
    pip install --require-hashes -r requirements/node.txt
fi
pip install --no-deps --no-build-isolation -e .
# Every process of the suite imports all of it: compiled once, also where Python may not write what it compiles.
.venv/bin/python -m compileall -q -j 0 services shared deploy tests || true
touch .venv/.installed
[ "$what" = run ] || touch .venv/.installed-dev
