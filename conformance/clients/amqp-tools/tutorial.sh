#!/bin/bash
# The tutorial scenarios with the command line tools of rabbitmq-c: tutorial.sh SCENARIO URL NAME.
#
# The tools cannot declare exchanges, so these scenarios use the predeclared amq.* ones, with
# routing keys that begin with NAME. Exit code 0 means that everything arrived as expected;
# otherwise the last line on stderr says what did not.
set -euo pipefail

# Roles that amqp-consume starts as its command, with the message on stdin.
case $1 in
  show)
    echo "$(cat)"
    exit
    ;;
  hold) # Takes a task and never finishes it: amqp-consume acknowledges once its command has ended.
    read -r task
    echo "$$ $task" >>"$2"
    exec sleep 60
    ;;
esac

scenario=$1
url=$2
name=$3
directory=$(mktemp -d)
trap 'rm -rf "$directory"; kill $(jobs -p) 2>/dev/null || true' EXIT

hello_world() {
  amqp-declare-queue -u "$url" -q "$name" >"$directory/declared"
  expect 'declared queue' "$(cat "$directory/declared")" "$name"
  amqp-publish -u "$url" -r "$name" -b 'Hello World!'
  amqp-publish -u "$url" -r "$name" -b 'Hello again!'
  expect 'fetched' "$(amqp-get -u "$url" -q "$name")" 'Hello World!'
  expect 'consumed' "$(amqp-consume -u "$url" -q "$name" -A -c 1 cat)" 'Hello again!'
  amqp-get -u "$url" -q "$name" && fail 'a message is left in the queue'
  expect 'messages deleted' "$(amqp-delete-queue -u "$url" -q "$name")" 0
}

# The tools do not show whether a message is redelivered; here the order tells it.
work_queue() {
  amqp-declare-queue -u "$url" -d -q "$name" >"$directory/declared"
  expect 'declared queue' "$(cat "$directory/declared")" "$name"
  printf 'task %d\n' 1 2 3 4 5 6 | amqp-publish -u "$url" -r "$name" -p -l

  amqp-consume -u "$url" -q "$name" -p 1 bash "$0" hold "$directory/held" &
  local doomed=$!
  await test -s "$directory/held"
  local holder held done_file=$directory/done
  read -r holder held <"$directory/held"
  expect 'first worker took' "$held" 'task 1'

  amqp-consume -u "$url" -q "$name" -p 1 -c 6 cat >"$done_file" &
  local survivor=$!
  await lines_in "$done_file" 5
  # The held command inherited the worker's connection, which lasts until both are gone.
  disown "$doomed"
  kill -KILL "$doomed" "$holder"
  wait "$survivor"
  expect 'second worker took' "$(cat "$done_file")" "$(printf 'task %d\n' 2 3 4 5 6 1)"
  expect 'first worker took in all' "$(wc -l <"$directory/held")" 1
  expect 'messages deleted' "$(amqp-delete-queue -u "$url" -q "$name")" 0
}

publish_subscribe() {
  amqp-publish -u "$url" -e amq.fanout -b "$name nobody listens yet"
  subscribe first amq.fanout any 5
  subscribe second amq.fanout any 5
  for number in 1 2 3; do amqp-publish -u "$url" -e amq.fanout -b "$name log $number"; done
  local received
  received=$(printf 'ready\n'; printf "$name log %d\n" 1 2 3; echo end)
  expect_logs first "$received"
  expect_logs second "$received"
  local queues=$(queue_of first)$(queue_of second)
  [[ $queues =~ ^amq\.gen-[^.]+amq\.gen-[^.]+$ ]] || fail "names of queues: $queues"
  [ "$(queue_of first)" != "$(queue_of second)" ] || fail 'two queues of one name'
}

routing() {
  subscribe disk amq.direct "$name.error" 4
  subscribe screen amq.direct "$name.info,$name.warning,$name.error" 6
  for severity in info error debug warning error; do
    amqp-publish -u "$url" -e amq.direct -r "$name.$severity" -b "from $severity"
  done
  expect_logs disk "$(printf '%s\n' ready 'from error' 'from error' end)"
  expect_logs screen "$(printf '%s\n' ready 'from info' 'from error' 'from warning' 'from error' \
    end)"
}

topics() {
  subscribe all amq.topic "$name.#" 8
  subscribe kern amq.topic "$name.kern.*" 4
  subscribe critical amq.topic "$name.*.critical" 4
  subscribe both amq.topic "$name.kern.*,$name.*.critical" 5
  for facility in kern.critical kern.info cron.critical cron.info kern.disk.critical kern; do
    amqp-publish -u "$url" -e amq.topic -r "$name.$facility" -b "$facility"
  done
  expect_logs all "$(printf '%s\n' ready kern.critical kern.info cron.critical cron.info \
    kern.disk.critical kern end)"
  expect_logs kern "$(printf '%s\n' ready kern.critical kern.info end)"
  expect_logs critical "$(printf '%s\n' ready kern.critical cron.critical end)"
  expect_logs both "$(printf '%s\n' ready kern.critical kern.info cron.critical end)"
}

# Starts a subscriber on a queue that the broker names and waits until it is bound: the queue's
# name is told before that, so the sign is a message sent past the exchange to the queue.
subscribe() {
  local who=$1 exchange=$2 binding_key=$3 count=$4
  amqp-consume -u "$url" -x -e "$exchange" -r "$binding_key" -A -c "$count" \
    bash "$0" show >"$directory/$who" 2>"$directory/$who.log" &
  echo $! >"$directory/$who.pid"
  await is_named "$who"
  amqp-publish -u "$url" -r "$(queue_of "$who")" -b ready
  await lines_in "$directory/$who" 1
}

# Sends 'end' past the exchange: whatever the exchange routed wrongly comes before it.
expect_logs() {
  amqp-publish -u "$url" -r "$(queue_of "$1")" -b end
  await lines_in "$directory/$1" "$(wc -l <<<"$2")"
  expect "logs of $1" "$(cat "$directory/$1")" "$2"
  wait "$(cat "$directory/$1.pid")"
}

queue_of() {
  sed -n 's/^Server provided queue name: //p' "$directory/$1.log"
}

is_named() {
  [ -n "$(queue_of "$1")" ]
}

lines_in() {
  [ "$(wc -l <"$1")" -ge "$2" ]
}

# Waits, for at most 20 s, until a command succeeds.
await() {
  local tries=400
  until "$@"; do
    ((tries--)) || fail "waited in vain for: $*"
    sleep 0.05
  done
}

expect() {
  [ "$2" = "$3" ] || fail "$1: '${2//$'\n'/ | }', expected '${3//$'\n'/ | }'"
}

fail() {
  echo "$1" >&2
  exit 1
}

case $scenario in
  hello-world) hello_world ;;
  work-queue) work_queue ;;
  publish-subscribe) publish_subscribe ;;
  routing) routing ;;
  topics) topics ;;
  *) fail "no scenario $scenario" ;;
esac
