#!/bin/sh
# Puts the key and the known hosts, which CI gives as SSH_KEY and KNOWN_HOSTS, where ssh looks for them.
# Without them nothing is done: a target on this machine needs neither.
set -eu
umask 077

if [ -n "${SSH_KEY:-}" ]; then
    mkdir -p "$HOME/.ssh"
    printf '%s\n' "$SSH_KEY" >"$HOME/.ssh/id_jixiao"
    printf '%s\n' "${KNOWN_HOSTS:-}" >>"$HOME/.ssh/known_hosts"
    printf 'IdentityFile %s/.ssh/id_jixiao\nIdentitiesOnly yes\nStrictHostKeyChecking yes\n' "$HOME" >>"$HOME/.ssh/config"
fi
