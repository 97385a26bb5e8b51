#!/bin/sh
# Make the project's environment or bring it up to date: tools/setup.sh PYTHON FOLDER LOCK [TORCH]
#
# pip only installs uv, at the version and hash of the lock; uv does the rest, many times faster.
# FOLDER/.ready is written last and names this tree. Where it is missing (an interrupted set-up) or names
# another (the tree was moved, and the scripts of the environment still point there), we start over.
# TORCH, such as 2.11 or newest, takes the place of the locked one, with the torchvision that goes with it.
set -eu
python=$1 folder=$2 lock=$3 torch=${4-}
start=$(date +%s)
# What would send pip and uv to another place than FOLDER. An index that is configured stays.
unset PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_ROOT PIP_PYTHON PIP_DRY_RUN PIP_NO_DEPS UV_SYSTEM_PYTHON
export PIP_USER=0 # stands above pip.conf

refuse() {
    echo "$1" >&2
    exit 2
}

case $torch in
    *[!0-9.]*) [ "$torch" = newest ] || refuse "TORCH is '$torch', and must be a version such as TORCH=2.11, or newest." ;;
esac
command -v "$python" >/dev/null 2>&1 ||
    refuse "There is no command '$python': install Python 3.11, 3.12 or 3.13, or name one with PYTHON=python3.12."
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
    refuse "'$python' does not run: name a Python 3.11, 3.12 or 3.13 with PYTHON=python3.12."
case $version in
    3.11 | 3.12 | 3.13) ;;
    *) refuse "'$python' is Python $version, and this project needs 3.11, 3.12 or 3.13: name one with PYTHON=python3.12." ;;
esac
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    refuse "'$python' cannot make virtual environments: install the package python3-venv (Debian, Ubuntu: sudo apt-get install python3-venv) and try again."

echo "== environment: Python $version in $folder; the first time downloads 3 GB on Linux, under 1 GB on macOS"
if [ "$(cat "$folder/.ready" 2>/dev/null)" = "$(pwd)" ] && "$folder/bin/python" -c '' 2>/dev/null; then
    rm "$folder/.ready"
else
    "$python" -m venv --clear "$folder"
    # The lines of the lock from uv== to the last of its hashes.
    awk '/^[^ #]/ { uv = /^uv==/ } uv && !/^ *#/' "$lock" >"$folder/uv.lock"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$folder/uv.lock"
    [ -x "$folder/bin/uv" ] ||
        refuse "pip did not put uv into $folder: take target, prefix and root out of its configuration ('$python' -m pip config list)."
fi
# Where Python may not write bytecode, each process would compile torch's sources anew: 15 s.
"$folder/bin/uv" pip sync --quiet ${PYTHONDONTWRITEBYTECODE:+--compile-bytecode} --python "$folder" --require-hashes "$lock"
case $torch in
    '') ;;
    newest) "$folder/bin/uv" pip install --quiet --python "$folder" --upgrade torch torchvision ;;
    *) "$folder/bin/uv" pip install --quiet --python "$folder" "torch==$torch.*" torchvision ;;
esac
"$folder/bin/uv" pip install --quiet --python "$folder" --no-deps --no-build-isolation --editable .
pwd >"$folder/.ready"
echo "== environment: $(($(date +%s) - start)) s"
