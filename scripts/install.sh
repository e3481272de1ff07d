#!/bin/sh
# scripts/install.sh base|dev: makes .venv and installs requirements/$1.txt, exactly as pinned.
set -eu
python=${PYTHON:-python3}
venv=${VENV:?}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

command -v "$python" >/dev/null || {
    echo "There is no $python here. Name yours: make PYTHON=python3.12 run" >&2
    exit 1
}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "VidWiz needs Python 3.11 or newer; $python is $("$python" -V 2>&1). Try: make PYTHON=python3.11 run" >&2
    exit 1
}
echo "Installing what VidWiz needs into $venv (once, about half a minute) ..."
if ! [ -x "$venv/bin/python" ]; then
    "$python" -m venv "$venv" >"$log" 2>&1 || {
        cat "$log" >&2
        echo "No virtual environment could be made. On Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    }
fi
"$venv/bin/python" -m pip --version >"$log" 2>&1 || "$venv/bin/python" -m ensurepip >"$log" 2>&1
pip() { "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }

# uv is many times faster; pip does where uv can't be had, or can't reach the packages.
# The system's certificates: pip trusts them too, and a company's proxy may be known to them alone.
if pip uv==0.13.9 >"$log" 2>&1 &&
    UV_SYSTEM_CERTS=true "$venv/bin/uv" pip install --quiet --python "$venv" --require-hashes -r "requirements/$1.txt" 2>"$log"; then
    :
else
    pip --require-hashes -r "requirements/$1.txt"
fi
touch "$venv/$1"
