#!/usr/bin/env bash
# Writes requirements.lock and requirements-dev.lock: exact versions with hashes, for every platform, naming no index.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=.cache/uv/bin/uv
if [ ! -x "$uv" ]; then
    python3 -m venv .cache/uv
    .cache/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
fi

compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
        --custom-compile-command "make lock" "$@"
}

compile requirements.txt --output-file requirements.lock
compile requirements.txt requirements-dev.txt --constraint requirements.lock --output-file requirements-dev.lock
