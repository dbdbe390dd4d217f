#!/bin/sh
# Makes .venv with jixiao and all that it needs: from requirements.txt in a site of its own, with make in the
# repository of the program itself. Where there is a .venv already, it is taken as it is.
set -eu

if [ -x .venv/bin/jixiao ]; then
    exit 0
elif [ -f requirements.txt ]; then
    if ! grep -q '^[[:space:]]*[^#[:space:]]' requirements.txt; then
        echo "requirements.txt: 没有写明从哪里安装 jixiao / it does not say where to install jixiao from" >&2
        exit 1
    fi
    python3 -m venv .venv
    .venv/bin/python -m pip install -qq --disable-pip-version-check -r requirements.txt
else
    make .venv/.installed
fi
