#!/usr/bin/env bash
# Makes sure that Python, the libraries WeasyPrint needs and the font are on the machine; installs them from apt
# where that is allowed, and otherwise names them in one sentence and stops.
# With “tests” it also looks for LibreOffice, which the tests open workbooks and Word copies with, Chromium, which looks at
# the pages of a period's state, and SoftHSM, a token in software; without them those tests are skipped.
set -euo pipefail
python="${1:-python3}"
purpose="${2:-run}"

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "ketnghia needs Python 3.11 or newer; install it (apt-get install python3) or name it: make demo PYTHON=python3.12." >&2
  exit 1
fi

missing=()
"$python" -c 'import venv, ensurepip' 2>/dev/null || missing+=("python3-venv")
has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }
has_library 'libpango-1.0.so.0' || missing+=("libpango-1.0-0")
has_library 'libpangoft2-1.0.so.0' || missing+=("libpangoft2-1.0-0")
has_library 'libharfbuzz-subset.so.0' || missing+=("libharfbuzz-subset0")
[ -n "${KETNGHIA_FONTS:-}" ] || [ -f /usr/share/fonts/truetype/croscore/Tinos-Regular.ttf ] || missing+=("fonts-croscore")

has_writer() { [ -f "$(dirname "$(readlink -f "$(command -v soffice)")")/libswlo.so" ]; }
optional=0
if [ "$purpose" = tests ] && [ "${#missing[@]}" -eq 0 ]; then
  command -v soffice >/dev/null || missing+=("libreoffice-calc-nogui")
  has_writer || missing+=("libreoffice-writer-nogui")
  command -v chromium >/dev/null || missing+=("chromium")
  command -v softhsm2-util >/dev/null || missing+=("softhsm2")
  optional=1
fi

[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  elif [ "$optional" -eq 1 ]; then
    echo "Some tests will be skipped; to run them, install as root: apt-get install --no-install-recommends ${missing[*]}." >&2
    exit 0
  else
    echo "Missing system packages: install them as root with “apt-get install --no-install-recommends ${missing[*]}” and run this again." >&2
    exit 1
  fi
fi
if ! command -v apt-get >/dev/null; then
  echo "Missing system libraries: install what Debian calls ${missing[*]} and run this again." >&2
  exit 1
fi
echo "Installing system packages: ${missing[*]}"
install() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; }
install 2>/dev/null || { "${as_root[@]}" apt-get update -qq; install; } || {
  if [ "$optional" -eq 1 ]; then
    echo "${missing[*]} could not be installed: the tests that use them will be skipped." >&2
    exit 0
  fi
  echo "apt-get could not install ${missing[*]}: install these packages by hand and run this again." >&2
  exit 1
}
