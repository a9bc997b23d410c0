import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EMPTY_TABLE, longstr, type Table } from '../../src/common/table.ts'
import { refusalOf } from '../support/refusal-of.ts'
import { TestVhost } from '../support/test-vhost.ts'
import { type ModelBinding, type ModelExchange, VhostModel } from '../support/vhost-model.ts'

const queueNames = fc.constantFrom('q1', 'q2')
const exchangeNames = fc.constantFrom('x1', 'x2', 'x3')
const bindingKeys = fc.constantFrom('a', 'b', '#', '*', 'a.*')
const headerValues = fc.option(fc.constantFrom('1', '2'))

const exchanges = fc.record({
  type: fc.constantFrom('direct', 'fanout', 'topic', 'headers'),
  autoDelete: fc.boolean(),
  alternate: fc.option(fc.oneof(exchangeNames, fc.constant('')), { freq: 2 }),
})

const bindings = fc.oneof(bindingTo('queue', queueNames), bindingTo('exchange', exchangeNames))

const changes = fc.oneof(
  fc.record({ kind: fc.constant('declare queue' as const), name: queueNames }),
  fc.record({ kind: fc.constant('delete queue' as const), name: queueNames }),
  fc.record({
    kind: fc.constant('declare exchange' as const),
    name: exchangeNames,
    exchange: exchanges,
  }),
  fc.record({ kind: fc.constant('delete exchange' as const), name: exchangeNames }),
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('bind' as const), binding: bindings }),
  },
  fc.record({ kind: fc.constant('unbind' as const), binding: bindings }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('unbind one' as const), at: fc.nat(9) }) },
)

type Change = typeof changes extends fc.Arbitrary<infer T> ? T : never

/**
 * All that there is to publish. It is published after every change, so that every route is remembered, and wrong if
 * it is remembered too long.
 */
const MESSAGES = ['', 'x1', 'x2', 'x3'].flatMap((exchange) =>
  ['a', 'a.b', 'q1'].flatMap((key) =>
    [null, '1'].flatMap((header) =>
      [null, ['b', 'q2']].map((extraKeys) => ({ exchange, key, header, extraKeys })),
    ),
  ),
)

type Published = (typeof MESSAGES)[number]

test('after any change, messages go where a vhost without memory would send them', () => {
  fc.assert(
    fc.property(beginnings(), fc.array(changes, { maxLength: 40, size: 'max' }), (first, rest) => {
      const host = new TestVhost()
      const model = new VhostModel()
      for (const change of [...first, ...rest]) {
        apply(change, host, model)
        expectSame(host, model)
        for (const message of MESSAGES) expectRoute(message, host, model)
      }
    }),
    { numRuns: 300 },
  )
})

/** Something declared, so that what follows meets something. */
function beginnings(): fc.Arbitrary<Change[]> {
  const queues = (['q1', 'q2'] as const).map((name) =>
    fc.constant<Change>({ kind: 'declare queue', name }),
  )
  const declared = (['x1', 'x2', 'x3'] as const).map((name) =>
    exchanges.map((exchange): Change => ({ kind: 'declare exchange', name, exchange })),
  )
  return fc.tuple(...queues, ...declared.slice(0, 2))
}

function bindingTo(
  kind: ModelBinding['kind'],
  destinations: fc.Arbitrary<string>,
): fc.Arbitrary<ModelBinding> {
  return fc.record({
    kind: fc.constant(kind),
    source: exchangeNames,
    destination: destinations,
    key: bindingKeys,
    header: headerValues,
  })
}

function apply(change: Change, host: TestVhost, model: VhostModel): void {
  switch (change.kind) {
    case 'declare queue':
      host.queue(change.name)
      model.queues.add(change.name)
      break
    case 'delete queue':
      host.deleteQueue(change.name)
      model.deleteQueue(change.name)
      break
    case 'declare exchange':
      declareExchange(change.name, change.exchange, host, model)
      break
    case 'delete exchange':
      host.vhost.deleteExchange(change.name, false)
      model.deleteExchange(change.name)
      break
    case 'bind':
      bind(change.binding, host, model)
      break
    case 'unbind':
      unbind(change.binding, host, model)
      break
    case 'unbind one': {
      const binding = model.bindings[change.at]
      if (binding !== undefined) unbind(binding, host, model)
    }
  }
}

function declareExchange(
  name: string,
  exchange: ModelExchange,
  host: TestVhost,
  model: VhostModel,
): void {
  const { type, autoDelete, alternate } = exchange
  const args =
    alternate === null ? EMPTY_TABLE : new Map([['alternate-exchange', longstr(alternate)]])
  const existing = model.exchanges.get(name)
  const declare = () => host.exchange(name, type, { autoDelete, arguments: args })
  if (existing === undefined) {
    declare()
    model.exchanges.set(name, exchange)
    return
  }
  const isSame = JSON.stringify(existing) === JSON.stringify(exchange)
  expect(refusalOf(declare) === null).toBe(isSame)
}

function bind(binding: ModelBinding, host: TestVhost, model: VhostModel): void {
  const { source, kind, destination, key, header } = binding
  const hasDestination =
    kind === 'queue' ? model.queues.has(destination) : model.exchanges.has(destination)
  const isPossible = model.exchanges.has(source) && hasDestination
  const bound = () =>
    host.vhost.bind(source, { kind, name: destination }, key, asking(header), host.user)
  expect(refusalOf(bound) === null).toBe(isPossible)
  if (isPossible) model.bind(binding)
}

function unbind(binding: ModelBinding, host: TestVhost, model: VhostModel): void {
  const { source, kind, destination: name, key, header } = binding
  host.vhost.unbind(source, { kind, name }, key, asking(header), host.user)
  model.unbind(binding)
}

function asking(header: string | null): Table {
  return header === null ? EMPTY_TABLE : new Map([['h', longstr(header)]])
}

function expectSame(host: TestVhost, model: VhostModel): void {
  const queues = [...host.vhost.queues].map((queue) => queue.name)
  expect(queues.sort()).toEqual([...model.queues].sort())
  const declared = [...host.vhost.exchanges].filter(({ name }) => /^x\d$/.test(name))
  expect(declared.map((exchange) => exchange.name).sort()).toEqual(
    [...model.exchanges.keys()].sort(),
  )
  const leading = declared.reduce((sum, exchange) => sum + exchange.bindings.size, 0)
  expect(leading).toBe(model.bindings.length)
  const arriving = [...host.vhost.queues, ...declared].reduce(
    (sum, destination) => sum + destination.incoming.size,
    0,
  )
  expect(arriving).toBe(model.bindings.length)
}

function expectRoute(message: Published, host: TestVhost, model: VhostModel): void {
  const { exchange, key, extraKeys, header } = message
  if (exchange !== '' && !model.exchanges.has(exchange)) return
  const headers = asking(header)
  const wish = extraKeys === null ? { headers } : { headers, extraRoutingKeys: extraKeys }
  const expected = model.route(exchange, [key, ...(extraKeys ?? [])], header)
  expect(host.route(exchange, key, wish)).toEqual(expected)
}
