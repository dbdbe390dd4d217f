#!/bin/sh
# Makes .venv with jixiao and all that it needs: from requirements.txt in a site of its own, with make in the
# repository of the program itself. Where there is a .venv already, it is taken as it is. Before that the Chinese
# font is installed in which packs are set, where the system has none.
set -eu

has_font() {
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts -name 'NotoSerifCJK*' 2>/dev/null)" ]
}

install_font() {
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root='sudo -n'
    $as_root apt-get update -qq && $as_root apt-get install -qqy --no-install-recommends fonts-noto-cjk
}

# Where it cannot be installed, the publication itself fails if the settings ask for packs, and says why.
if ! has_font && ! install_font; then
    echo 'fonts-noto-cjk was not installed: packs cannot be made' >&2
fi

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
