import { adminCase, adminCases, type Case } from '../case.ts'

const PROPERTIES = JSON.stringify({
  content_type: 'text/plain',
  content_encoding: 'utf-8',
  delivery_mode: 2,
  priority: 3,
  correlation_id: 'c',
  reply_to: 'r',
  expiration: '600000',
  message_id: 'm',
  timestamp: 1_700_000_000,
  type: 't',
  user_id: 'guest',
  app_id: 'a',
  headers: { text: 'x', number: 1, half: 0.5, yes: true, list: [1, 'two'], table: { a: 1 } },
})

/** Published, looked at, taken and purged. */
export const MESSAGES: readonly Case[] = [
  ...adminCases(`
    -V admin declare queue name=m
    -V admin publish routing_key=m payload=one
    -V admin publish routing_key=m payload=two exchange=amq.default
    -V admin publish routing_key=m payload=dGhyZWU= payload_encoding=base64
    -V admin publish routing_key=m payload=four properties='${PROPERTIES}'
    -V admin publish routing_key=m payload=
    -V admin publish routing_key=m payload='é ☃'
    -V admin publish routing_key=nowhere payload=x
    -V admin -q publish routing_key=nowhere payload=x
    -V admin publish routing_key=key exchange=x.direct payload=x properties='{"headers":{"a":1}}'
    -V admin publish routing_key=m payload=x exchange=nosuch
    -V admin publish routing_key=m payload=x exchange=x.topic
    -V admin publish routing_key=m payload=*** payload_encoding=base64
    -V admin publish routing_key=m payload=x payload_encoding=nosuch
    -V admin publish routing_key=m payload=x properties='{"delivery_mode":"two"}'
    -V admin publish routing_key=m payload=x properties='{"nosuch":1}'
    -V nosuch publish routing_key=m payload=x`),
  adminCase('-V admin publish routing_key=m', { input: 'of the standard input\n' }),
  adminCase('-V admin publish routing_key=m', { input: '' }),
  adminCase('-V admin -f raw_json get queue=m count=20', { compares: 'json' }),
  adminCase('-V admin -f pretty_json get queue=m count=20', { compares: 'json' }),
  ...adminCases(`
    -V admin list queues name messages messages_ready
    -V admin get queue=m
    -V admin get queue=m count=2
    -V admin get queue=m count=0
    -V admin get queue=m count=2 ackmode=ack_requeue_true
    -V admin get queue=m count=1 ackmode=reject_requeue_true
    -V admin get queue=m count=1 encoding=base64
    -V admin -f tsv get queue=m count=1 ackmode=ack_requeue_false
    -V admin -f kvp get queue=m count=1 ackmode=reject_requeue_false
    -V admin -f long get queue=m count=1
    -V admin -f bash get queue=m count=1
    -V admin -d 2 get queue=m count=2
    -V admin get queue=m ackmode=nosuch
    -V admin get queue=m count=many
    -V admin get queue=m encoding=nosuch
    -V admin get queue=nosuch
    -V nosuch get queue=m`),
  adminCase('-V admin get queue=m payload_file={directory}/payload', { file: 'payload' }),
  adminCase('-V admin get queue=m encoding=base64 payload_file={directory}/base64', {
    compares: 'status',
  }),
  ...adminCases(`
    -V admin purge queue name=m
    -V admin list queues name messages
    -V admin get queue=m
    -V admin purge queue name=nosuch
    -V nosuch purge queue name=m
    -V admin purge queue name=q.quorum
    -V admin delete queue name=m`),
]
