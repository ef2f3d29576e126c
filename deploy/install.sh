#!/usr/bin/env bash
# Installs the program with every pinned library into a folder of its own: deploy/install.sh /opt/ketnghia
# The same steps build the container. System packages are installed where that is allowed, else they are named.
set -euo pipefail
# Another account runs what is installed here, however close a server keeps the files of its root.
umask 022
prefix="${1:?where to install: deploy/install.sh /opt/ketnghia}"
python="${PYTHON:-python3}"
source="$(cd "$(dirname "$0")/.." && pwd)"
bash "$source/scripts/system_packages.sh" "$python"
"$python" -m venv "$prefix"
pip() { "$prefix/bin/python" -m pip install -q --disable-pip-version-check "$@"; }
pip --require-hashes --no-deps -r "$source/requirements.lock"
# Built from a copy, so that the checkout may be read-only.
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
tar -C "$source" --exclude=./.git --exclude=./.venv --exclude=./data -cf - . | tar -C "$copy" -xf -
pip --no-build-isolation --no-deps "$copy"
"$prefix/bin/ketnghia" --version
