#!/bin/sh
# build-step.sh ROOT WORKDIR NAME=VALUE... COMMAND...: a RUN line, in a chroot and a mount namespace of its own.
set -eu
root=$1
workdir=$2
shift 2
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"

lend() {
  [ -e "$1" ] || return 0
  [ -e "$root$2" ] || { mkdir -p "$(dirname "$root$2")" && touch "$root$2" && lent="$root$2 ${lent-}"; }
  mount --bind "$1" "$root$2"
}

# What belongs to this machine is only lent.
lend /etc/resolv.conf /etc/resolv.conf
lend "${HOME:-/root}/.npmrc" /tmp/.npmrc
lend "${NODE_EXTRA_CA_CERTS:-/dev/null}" /tmp/ca.pem
status=0
chroot "$root" /usr/bin/env -i -C "$workdir" NPM_CONFIG_USERCONFIG=/tmp/.npmrc NODE_EXTRA_CA_CERTS=/tmp/ca.pem \
  NPM_CONFIG_CACHE=/tmp/npm DEBIAN_FRONTEND=noninteractive "$@" || status=$?
for path in ${lent-}; do
  umount "$path"
  rm "$path"
done
rm -rf "$root/tmp/npm"
exit "$status"
