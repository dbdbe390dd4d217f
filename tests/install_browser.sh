#!/bin/sh
# Makes ready what tests need beside Python: Chromium and a Chinese font for those marked `browser`; nginx, rsync and
# wrk for those marked `served`; npm for the form of clerks; R for the example of `/data/`; faketime for the one that
# sets the clock forward. Of Chromium it installs the shell without windows, in which tests are quickest, where the
# distribution has it; any other Chromium is taken as it is.
#
# Installs what is missing where it may (root, apt-get). Otherwise it prints one line that says what to install:
# pytest then skips those tests, but under CI this script fails, because a run that left them out proves too little.
set -eu

shell=chromium-headless-shell

browser() {
    command -v "$shell" || command -v chromium || command -v chromium-browser || command -v google-chrome
}

under_ci() {
    case "${CI:-}" in
        '' | 0 | false) return 1 ;;
    esac
}

# Prints the Debian packages that are missing, if any.
missing() {
    browser >/dev/null || echo chromium
    command -v faketime >/dev/null || echo faketime
    command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || echo nginx-light
    command -v npm >/dev/null || echo npm
    command -v rsync >/dev/null || echo rsync
    command -v Rscript >/dev/null || echo r-base-core
    command -v wrk >/dev/null || echo wrk
    if command -v fc-list >/dev/null; then
        [ -n "$(fc-list :lang=zh)" ] || echo fonts-noto-cjk
    elif command -v apt-get >/dev/null; then
        # Without fc-list nobody can tell which fonts there are.
        echo fontconfig fonts-noto-cjk
    fi
}

# Under CI the shell is wanted also where another Chromium is installed: the time there is limited.
quickest() {
    under_ci && ! command -v "$shell" >/dev/null
}

packages=$(missing | xargs)
[ -n "$packages" ] || quickest || exit 0

said=
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    log=$(apt-get update -q 2>&1) || said=$(printf '%s\n' "$log" | grep '^E: ' | head -n 1)
    if { quickest || ! browser >/dev/null; } && [ -n "$(apt-cache search --names-only "^$shell\$")" ]; then
        packages=$(echo "$packages" "$shell" | xargs -n 1 | grep -vx chromium | xargs)
    fi
    if [ -n "$packages" ]; then
        echo "Installing for the tests: $packages"
        # Unquoted $packages: one word is one package.
        # shellcheck disable=SC2086
        if ! log=$(apt-get install -qy --no-install-recommends $packages 2>&1 </dev/null); then
            said=$(printf '%s\n' "$log" | grep '^E: ' | head -n 1)
        fi
    fi
    packages=$(missing | xargs)
fi
[ -n "$packages" ] || exit 0

verdict='skipped or incomplete' status=0
if under_ci; then
    verdict='required under CI' status=1
fi
echo "Some tests are $verdict. Install: $packages${said:+ (apt-get said: $said)}" >&2
exit "$status"
