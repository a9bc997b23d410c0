import { describe, expect, test } from 'vitest'
import { COMPATS } from '../../src/common/compat.ts'
import { EMPTY_TABLE, type Table, textOf } from '../../src/common/table.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { consequenceOf, replyText } from '../../src/protocol/errors.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { readFieldNotation, readTableNotation } from '../support/field-notation.ts'
import { TestVhost } from '../support/test-vhost.ts'
import captures from './declare-captures.json' with { type: 'json' }

/** What RabbitMQ 4.3.6 answered to these declares and Leveret does not, each group with its reason. */
const NOT_APPLICABLE: readonly {
  readonly reason: string
  readonly pattern: RegExp
  readonly count: number
}[] = [
  { reason: 'streams are not there', pattern: /"stream".* then /, count: 4 },
  {
    reason: 'Leveret has types that RabbitMQ has by plug-ins',
    pattern: /type x-(delayed-message|message-deduplication)$/,
    count: 2,
  },
  {
    reason: 'a word of the Erlang runtime, "invalid" instead of "unknown" type by accident',
    pattern: /type x-jms-topic$/,
    count: 1,
  },
]

/** RabbitMQ 4.3.6 as Debian packages it: that permits transient queues still. */
const CAPTURED = { ...COMPATS['4.3'], hasTransientQueues: true }

const applicable = captures.filter(
  ({ request }) => !NOT_APPLICABLE.some(({ pattern }) => pattern.test(request)),
)

describe('a declare is answered as RabbitMQ answered it', () => {
  test.each(applicable.map(({ request, text }) => [request, text]))('%s', (request, text) => {
    expect(answerTo(request)).toBe(text)
  })

  test('in 310 cases', () => {
    expect(applicable).toHaveLength(310)
  })

  test.each(NOT_APPLICABLE)('but for $count cases: $reason', ({ pattern, count }) => {
    expect(captures.filter(({ request }) => pattern.test(request))).toHaveLength(count)
  })
})

/** The reply text of the first declare in a request that is refused; null when all succeed. */
function answerTo(request: string): string | null {
  const host = new TestVhost(new MemoryStore(), CAPTURED)
  try {
    for (const declare of declaresOf(host, request)) declare()
    return null
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return replyText(consequenceOf(error, 0, Buffer.alloc(0)).code, error.message)
  }
}

function declaresOf(host: TestVhost, request: string): (() => void)[] {
  const [, verb = '', name = '', rest = ''] = /^(\S+) (\S+) ?(.*)$/.exec(request) ?? []
  const type = verb === 'exchange.declare' ? /^type (.*)$/.exec(rest)?.[1] : undefined
  if (type !== undefined) return [() => host.exchange(name, type)]
  const kind = /^(direct|fanout) (durable|transient)$/.exec(rest)
  if (kind !== null) {
    return [() => host.exchange(name, kind[1] ?? '', { durable: kind[2] === 'durable' })]
  }
  const argument = /^(durable )?(\S+?)=(.*?)(?: with (.*))?$/.exec(rest)
  const tables = argument === null ? tablesOf(rest) : [wishWith(argument)]
  return tables.map((wish) => () => {
    const args = wish.get('args')
    const options = {
      durable: isSet(wish, 'durable'),
      autoDelete: isSet(wish, 'ad'),
      arguments: args?.type === 'table' ? args.value : EMPTY_TABLE,
    }
    if (verb !== 'exchange.declare')
      host.queue(name, { ...options, exclusive: isSet(wish, 'excl') })
    else {
      const internal = isSet(wish, 'internal')
      host.exchange(name, textOf(wish.get('t')) ?? 'direct', { ...options, internal })
    }
  })
}

/** `{...} then {...}` */
function tablesOf(text: string): Table[] {
  const first = readTableNotation(text)
  const second = readTableNotation(first.rest.replace(/^ then /, ''))
  expect(second.rest).toBe('')
  return [first.table, second.table]
}

/** `durable NAME=VALUE`, or `durable NAME=VALUE with {...}` */
function wishWith([, durable, name = '', value = '', others = '{}']: RegExpExecArray): Table {
  const args = new Map(readTableNotation(others).table).set(name, readFieldNotation(value))
  return new Map([
    ['durable', { type: 'bool', value: durable !== undefined }],
    ['args', { type: 'table', value: args }],
  ])
}

function isSet(wish: Table, name: string): boolean {
  const field = wish.get(name)
  return (
    (field?.type === 'signedint' && field.value === 1) || (field?.type === 'bool' && field.value)
  )
}
