#!/bin/sh
# Makes LibreOffice ready for `make test-office`: installs it where it may (root, apt-get), or says what to install.
set -eu

command -v soffice >/dev/null && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >/dev/null 2>&1 || true
    echo "Installing for the tests: libreoffice-calc"
    apt-get install -qy --no-install-recommends libreoffice-calc >/dev/null 2>&1 </dev/null || true
fi
command -v soffice >/dev/null || { echo "Please install LibreOffice: libreoffice-calc" >&2; exit 1; }
