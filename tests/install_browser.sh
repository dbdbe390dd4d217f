#!/bin/sh
# Makes ready what tests need beside Python: Chromium and a Chinese font for those marked `browser`, and faketime for
# the one that sets the clock forward.
#
# Installs what is missing where it may (root, apt-get). Otherwise it prints one line that says what to install:
# pytest then skips those tests, but under CI this script fails, because a run that left them out proves too little.
set -eu

browser() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
}

# Prints the Debian packages that are missing, if any.
missing() {
    browser >/dev/null || echo chromium
    command -v faketime >/dev/null || echo faketime
    if command -v fc-list >/dev/null; then
        [ -n "$(fc-list :lang=zh)" ] || echo fonts-noto-cjk
    elif command -v apt-get >/dev/null; then
        # Without fc-list nobody can tell which fonts there are.
        echo fontconfig fonts-noto-cjk
    fi
}

packages=$(missing | xargs)
[ -n "$packages" ] || exit 0

said=
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests: $packages"
    export DEBIAN_FRONTEND=noninteractive
    # Unquoted $packages: one word is one package.
    # shellcheck disable=SC2086
    if ! log=$(apt-get update -q 2>&1 && apt-get install -qy --no-install-recommends $packages 2>&1 </dev/null); then
        said=$(printf '%s\n' "$log" | grep '^E: ' | head -n 1)
    fi
    packages=$(missing | xargs)
    [ -n "$packages" ] || exit 0
fi

case "${CI:-}" in
    '' | 0 | false) verdict='skipped or incomplete'; status=0 ;;
    *) verdict='required under CI'; status=1 ;;
esac
echo "Some tests are $verdict. Install: $packages${said:+ (apt-get said: $said)}" >&2
exit "$status"
