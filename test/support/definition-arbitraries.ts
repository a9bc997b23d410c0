import fc from 'fast-check'
import type { Json } from '../../src/common/json.ts'
import type { Table } from '../../src/common/table.ts'
import type { BindingDefinition, DefinitionChange, UserDefinition } from '../../src/core/ports.ts'
import { anyTables } from './table-arbitraries.ts'

/** Changes of every kind. With names from a small choice they meet each other, with any texts they test the codec. */
export function definitionChanges(
  names: fc.Arbitrary<string>,
  tables: fc.Arbitrary<Table> = anyTables,
): fc.Arbitrary<DefinitionChange> {
  const ofVhost = { vhost: names }
  const ofUser = { user: names, vhost: names }
  return fc.oneof(
    kind('vhost-added', ofVhost),
    kind('vhost-deleted', ofVhost),
    kind('vhost-limited', { limits: limitsOf(names) }),
    kind('vhost-described', { description: descriptionsOf(names) }),
    kind('user-set', { user: usersOf(names) }),
    kind('user-deleted', { user: names }),
    kind('permissions-set', { permissions: permissionsOf(names) }),
    kind('permissions-cleared', ofUser),
    kind('topic-permissions-set', { permissions: topicPermissionsOf(names) }),
    kind('topic-permissions-cleared', { ...ofUser, exchange: names }),
    kind('exchange-declared', { exchange: exchangesOf(names, tables) }),
    kind('exchange-deleted', { ...ofVhost, name: names }),
    kind('queue-declared', { queue: queuesOf(names, tables) }),
    kind('queue-deleted', { ...ofVhost, name: names }),
    kind('bound', { binding: bindingsOf(names, tables) }),
    kind('unbound', { binding: bindingsOf(names, tables) }),
    kind('policy-set', { policy: policiesOf(names) }),
    kind('policy-deleted', { ...ofVhost, isOperator: fc.boolean(), name: names }),
    kind('parameter-set', { parameter: parametersOf(names) }),
    kind('parameter-cleared', { ...ofVhost, component: names, name: names }),
    kind('global-parameter-set', { name: names, value: values }),
    kind('global-parameter-cleared', { name: names }),
  )
}

/** Texts that need not be well-formed, and names that objects have already. */
export const anyNames = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 }).map((units) => {
    return String.fromCharCode(...units)
  }),
  fc.constantFrom('', '/', '__proto__', 'constructor', '\0', '\ud800', 'ü€😀'),
)

function kind<K extends string, T>(
  name: K,
  fields: { [F in keyof T]: fc.Arbitrary<T[F]> },
): fc.Arbitrary<{ kind: K } & T> {
  return object(fields).map((record) => ({ kind: name, ...record }))
}

/** JSON has no negative zero. */
const values = fc.json({ maxDepth: 2 }).map((text): Json => JSON.parse(text))

function parametersOf(names: fc.Arbitrary<string>) {
  return object({ component: names, vhost: names, name: names, value: values })
}

function descriptionsOf(names: fc.Arbitrary<string>) {
  return object({
    vhost: names,
    text: names,
    tags: fc.array(names, { maxLength: 3 }),
    defaultQueueType: names,
    isProtected: fc.boolean(),
  })
}

const limits = fc.option(fc.oneof(fc.nat(), fc.double()))

function limitsOf(names: fc.Arbitrary<string>) {
  return object({ vhost: names, maxQueues: limits, maxConnections: limits })
}

function usersOf(names: fc.Arbitrary<string>): fc.Arbitrary<UserDefinition> {
  const fields = object({
    name: names,
    passwordHash: names,
    tags: fc.array(names, { maxLength: 3 }),
    maxConnections: limits,
    maxChannels: limits,
  })
  const algorithms = fc.option(names, { nil: undefined })
  return fc
    .tuple(fields, algorithms)
    .map(([user, hashingAlgorithm]) =>
      hashingAlgorithm === undefined ? user : { ...user, hashingAlgorithm },
    )
}

function permissionsOf(names: fc.Arbitrary<string>) {
  const fields = { user: names, vhost: names, configure: names, write: names, read: names }
  return object(fields)
}

function topicPermissionsOf(names: fc.Arbitrary<string>) {
  return object({ user: names, vhost: names, exchange: names, write: names, read: names })
}

function exchangesOf(names: fc.Arbitrary<string>, tables: fc.Arbitrary<Table>) {
  return object({
    vhost: names,
    name: names,
    type: names,
    durable: fc.boolean(),
    autoDelete: fc.boolean(),
    internal: fc.boolean(),
    arguments: tables,
  })
}

function queuesOf(names: fc.Arbitrary<string>, tables: fc.Arbitrary<Table>) {
  return object({
    vhost: names,
    name: names,
    durable: fc.boolean(),
    autoDelete: fc.boolean(),
    arguments: tables,
  })
}

function bindingsOf(
  names: fc.Arbitrary<string>,
  tables: fc.Arbitrary<Table>,
): fc.Arbitrary<BindingDefinition> {
  return object({
    vhost: names,
    source: names,
    destination: names,
    destinationKind: fc.constantFrom('queue', 'exchange'),
    routingKey: names,
    arguments: tables,
  })
}

function policiesOf(names: fc.Arbitrary<string>) {
  return object({
    vhost: names,
    isOperator: fc.boolean(),
    name: names,
    pattern: names,
    applyTo: fc.constantFrom(
      'all' as const,
      'queues' as const,
      'exchanges' as const,
      'classic_queues' as const,
      'quorum_queues' as const,
      'streams' as const,
    ),
    priority: fc.oneof(fc.integer(), fc.double()),
    definition: fc
      .array(fc.tuple(names, fc.oneof(names, fc.integer())), { maxLength: 4 })
      .map((entries): ReadonlyMap<string, string | number> => new Map(entries)),
  })
}

function object<T>(fields: { [F in keyof T]: fc.Arbitrary<T[F]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true })
}
