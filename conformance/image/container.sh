#!/bin/sh
# container.sh ROOT LAYER HOSTNAME MOUNTS COMMAND...: in namespaces of its own, lays a writable layer over an image, mounts
# what MOUNTS lists (kind, source, target), sets SYSCTLS (name=value), and becomes the command, with the capabilities that
# Docker leaves to root.
set -eu
lower=$1
layer=$2
hostname=$3
mounts=$4
shift 4
mount --make-rprivate /
root=$layer/root
mkdir -p "$layer/upper" "$layer/work" "$root"
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$layer/upper,workdir=$layer/work" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
printf '127.0.0.1 localhost\n::1 localhost\n172.17.0.2 %s\n' "$hostname" >"$root/etc/hosts"

while IFS='|' read -r kind source target; do
  if [ "$kind" = tmpfs ] || [ -d "$source" ]; then
    mkdir -p "$root$target"
  else
    mkdir -p "$(dirname "$root$target")"
    touch "$root$target"
  fi
  case $kind in
    tmpfs) mount -t tmpfs -o mode=1777 tmpfs "$root$target" ;;
    volume) # a new one begins with what the image has there
      [ -n "$(ls -A "$source")" ] || cp -a "$root$target/." "$source/"
      mount --bind "$source" "$root$target"
      ;;
    bind) mount --bind "$source" "$root$target" ;;
    ro)
      mount --bind "$source" "$root$target"
      mount -o remount,bind,ro "$root$target"
      ;;
  esac
done <"$mounts"

hostname "$hostname"
for setting in $SYSCTLS; do
  echo "${setting#*=}" >"/proc/sys/$(echo "${setting%%=*}" | tr . /)"
done
ip link set lo up
ip address add 172.17.0.2/32 dev lo # others see the container under an address like this
exec setpriv --bounding-set \
  -all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap \
  chroot "$root" "$@"
