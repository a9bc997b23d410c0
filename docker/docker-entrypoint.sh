#!/bin/sh
# Runs what it is given as RabbitMQ's image does: flags are for the broker, any other command runs as it stands.
# The broker and its tools never run as root: started as root, this hands them what is theirs and becomes `rabbitmq`.
set -eu

case "${1:--}" in
  -*) set -- rabbitmq-server "$@" ;;
esac

# A secret may be readable by root alone.
read_secret() {
  eval "value=\${$1:-} file=\${$1_FILE:-}"
  if [ -z "$value" ] && [ -n "$file" ] && [ -r "$file" ]; then
    value=$(cat "$file")
    export "$1=$value"
    unset "$1_FILE"
  fi
}

# A volume that is new, or comes from another image, may belong to another user.
own() {
  if ! { mkdir -p "$1" && find "$1" ! -user rabbitmq -exec chown rabbitmq:rabbitmq '{}' +; }; then
    echo "docker-entrypoint.sh: cannot make everything in $1 belong to rabbitmq" >&2
  fi
}

case "$1" in
  rabbitmq-server | leveret)
    if [ "$(id -u)" = 0 ]; then
      read_secret RABBITMQ_DEFAULT_USER
      read_secret RABBITMQ_DEFAULT_PASS
      read_secret RABBITMQ_DEFAULT_VHOST
      own /var/lib/rabbitmq
      data=${LEVERET_DATA_DIR:-${RABBITMQ_MNESIA_DIR:-${RABBITMQ_MNESIA_BASE:-none}}}
      [ "$data" = none ] || own "$data"
    fi
    ;;
esac

case "$1" in
  rabbitmq* | leveret)
    if [ "$(id -u)" = 0 ]; then
      exec gosu rabbitmq "$@"
    fi
    ;;
esac

exec "$@"
