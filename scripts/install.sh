#!/bin/sh
# Make .venv hold what the requirement files named as arguments ask for.
# Does nothing when neither they nor Python changed since the last time.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE  # without byte code every start compiles 1,500 modules again

python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "SupportOps needs Python 3.11 or newer; '$python' is not. Name another one: make run PYTHON=python3.12" >&2
    exit 1
fi

# A later call with fewer files must not miss what an earlier one changed, so each list has its own stamp.
stamp=.venv/.installed-$(echo "$*" | tr -c 'A-Za-z0-9\n' '-')
want=$({ "$python" -c 'import sys; print(sys.version, sys.platform)'; pwd; cat requirements*.txt; } | cksum)
if [ "$(cat "$stamp" 2>/dev/null || true)" = "$want" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

if ! .venv/bin/python -c '' 2>/dev/null; then
    echo "Creating .venv"
    if ! "$python" -m venv --clear .venv; then
        echo "Python's venv module is incomplete. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi

echo "Installing $*"
set -- $(printf -- '-r %s ' "$@")
if command -v uv >/dev/null && uv pip install --quiet --compile-bytecode --python .venv/bin/python "$@"; then
    :
else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
fi
echo "$want" > "$stamp"
