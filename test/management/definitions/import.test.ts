import { describe, expect, test } from 'vitest'
import { hashPassword, SHA512 } from '../../../src/auth/password.ts'
import type { Vhost } from '../../../src/core/vhost.ts'
import type { DefinedBroker } from '../../../src/management/definitions/defined-broker.ts'
import {
  exportDefinitions,
  exportVhostDefinitions,
} from '../../../src/management/definitions/export.ts'
import {
  importDefinitions,
  importVhostDefinitions,
} from '../../../src/management/definitions/import.ts'
import { TestBroker } from '../../support/test-broker.ts'
import { definedBroker } from './defined-broker.ts'

async function exported(broker: DefinedBroker): Promise<Exported> {
  return JSON.parse(Buffer.concat(await exportDefinitions(broker)).toString())
}

async function exportedVhost(broker: DefinedBroker, vhost: Vhost): Promise<Exported> {
  return JSON.parse(Buffer.concat(await exportVhostDefinitions(broker, vhost)).toString())
}

type Exported = { readonly [name: string]: unknown }

const PASSWORD_HASH = 'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR'

const DEFINITIONS: { readonly [name: string]: unknown[] } = {
  users: [
    {
      name: 'clerk',
      password_hash: PASSWORD_HASH,
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: ['management', 'custom'],
      limits: { 'max-connections': 5, 'max-channels': 50 },
    },
  ],
  vhosts: [
    {
      name: 'shop',
      metadata: { description: 'Orders', tags: ['a', 'b'], default_queue_type: 'quorum' },
      limits: { 'max-queues': 9 },
    },
  ],
  permissions: [{ user: 'clerk', vhost: 'shop', configure: '', write: '.*', read: '^o' }],
  topic_permissions: [
    { user: 'clerk', vhost: 'shop', exchange: 'amq.topic', write: '^{username}', read: '.*' },
  ],
  parameters: [
    { component: 'vhost-limits', vhost: 'shop', name: 'limits', value: { 'max-queues': 9 } },
    { component: 'shovel', vhost: 'shop', name: 's', value: { 'src-uri': ['amqp://'] } },
    {
      component: 'operator_policy',
      vhost: 'shop',
      name: 'op',
      value: { pattern: '.', 'apply-to': 'queues', definition: { 'max-length': 7 }, priority: 1 },
    },
  ],
  global_parameters: [
    { name: 'cluster_tags', value: [] },
    { name: 'cluster_name', value: 'hares' },
  ],
  policies: [
    {
      vhost: 'shop',
      name: 'ttl',
      pattern: '^t',
      'apply-to': 'queues',
      definition: { 'message-ttl': 60_000 },
      priority: 2,
    },
  ],
  queues: [
    {
      vhost: 'shop',
      name: 'orders',
      type: 'quorum',
      durable: true,
      auto_delete: false,
      arguments: { 'x-queue-type': 'quorum', 'x-dead-letter-exchange': 'x' },
    },
  ],
  exchanges: [
    {
      vhost: 'shop',
      name: 'x',
      type: 'topic',
      durable: true,
      auto_delete: false,
      arguments: { 'alternate-exchange': 'amq.fanout' },
    },
  ],
  bindings: [
    {
      vhost: 'shop',
      source: 'x',
      destination: 'orders',
      destination_type: 'queue',
      routing_key: 'k.#',
      arguments: { n: 1, t: 'text', deep: { list: [true, 1.5] } },
    },
  ],
}

describe('definitions that are imported', () => {
  test('are exported again as they were, hashes and all', async () => {
    const broker = definedBroker()
    await importDefinitions(broker, DEFINITIONS)
    const all = await exported(broker)
    for (const [name, items] of Object.entries(DEFINITIONS)) {
      expect(all[name], name).toEqual(expect.arrayContaining(items))
    }
    expect(all.explanation).toBe("Definitions of cluster 'hares'")
  })

  test('take effect', async () => {
    const { users, vhosts } = await given(DEFINITIONS)
    expect(users.authenticate('clerk', 'test12')?.maxChannels).toBe(50)
    const shop = vhosts.get('shop')
    expect(shop).toMatchObject({ maxQueues: 9, maxConnections: null })
    expect(shop?.policies.operator.get('op')?.definition).toEqual(new Map([['max-length', 7]]))
    expect(shop?.queues.find('orders')?.type).toBe('quorum')
  })

  test('change nothing when they are imported again, and leave what exists alone', async () => {
    const broker = await given(DEFINITIONS)
    const before = await exported(broker)
    await importDefinitions(broker, DEFINITIONS)
    expect(await exported(broker)).toEqual(before)
    const queue = { vhost: 'shop', name: 'orders', durable: false, arguments: {} }
    await importDefinitions(broker, { queues: [queue] })
    expect(await exported(broker)).toEqual(before)
  })

  test('may say less: tags as text, a password, a vhost by its name, [] for no arguments', async () => {
    const { users, vhosts } = await given({
      users: [{ name: 'u', password: 'secret', tags: 'management, monitoring' }],
      vhosts: ['v', { name: 'w', description: 'beside', tags: 'one,two' }],
      exchanges: [{ vhost: 'v', name: 'x', type: 'direct', arguments: [] }],
    })
    expect([...(users.authenticate('u', 'secret')?.tags ?? [])]).toEqual([
      'management',
      'monitoring',
    ])
    expect(vhosts.get('v')?.exchanges.find('x')?.durable).toBe(false)
    expect(vhosts.get('w')?.description).toMatchObject({ text: 'beside', tags: ['one', 'two'] })
  })

  test('may have lists of pairs for objects, as rabbitmqctl of RabbitMQ 3 exports them', async () => {
    const definition = [
      ['max-length', 7],
      ['overflow', 'reject-publish'],
    ]
    const value = { pattern: '.', 'apply-to': 'queues', definition, priority: 1 }
    const broker = await given({
      vhosts: [{ name: 'v', limits: [['max-queues', 9]] }],
      parameters: [{ component: 'operator_policy', vhost: 'v', name: 'op', value }],
    })
    const vhost = broker.vhosts.get('v')
    expect(vhost?.maxQueues).toBe(9)
    expect(vhost?.policies.operator.get('op')?.definition).toEqual(
      new Map<string, unknown>([
        ['max-length', 7],
        ['overflow', 'reject-publish'],
      ]),
    )
  })

  test('may have other hashing algorithms, or none', async () => {
    const password_hash = hashPassword('secret', SHA512)
    const tags = ''
    const { users } = await given({
      users: [
        { name: 'u', password_hash, hashing_algorithm: SHA512, tags },
        { name: 'keyless', password_hash: '', tags },
      ],
    })
    expect(users.authenticate('u', 'secret')?.name).toBe('u')
    expect(users.authenticate('keyless', '')).toBeNull()
  })

  test('leave out what belongs to the server or to nobody else', async () => {
    const broker = await given({
      exchanges: [{ vhost: '/', name: 'amq.rabbitmq.log', type: 'topic', durable: true }],
      queues: [{ vhost: '/', name: 'amq.gen-x', durable: true }],
    })
    expect(await exported(broker)).toMatchObject({ exchanges: [], queues: [], bindings: [] })
  })
})

describe('definitions of one vhost', () => {
  test('are exported without its name and go into any', async () => {
    const broker = await given(DEFINITIONS)
    const shop = broker.vhosts.get('shop')
    if (shop === undefined) throw new Error('no shop')
    const json = await exportedVhost(broker, shop)
    expect(json).toMatchObject({
      rabbitmq_definition_format: 'single_virtual_host',
      original_vhost_name: 'shop',
      description: 'Orders',
      limits: { 'max-queues': 9 },
    })
    expect(JSON.stringify(json)).not.toContain('"vhost"')
    const other = definedBroker()
    const target = other.vhosts.get('/')
    if (target === undefined) throw new Error('no /')
    await importVhostDefinitions(other, '/', json)
    const { metadata, description, original_vhost_name, explanation, ...rest } = json
    expect(await exportedVhost(other, target)).toMatchObject(rest)
  })
})

describe('an import', () => {
  test('leaves the rest when the broker begins to close', async () => {
    const test = new TestBroker()
    const broker = definedBroker(test)
    const queues = Array.from({ length: 5000 }, (_, at) => ({ vhost: '/', name: `q${at}` }))
    const importing = importDefinitions(broker, { users: [], queues })
    test.services.closing.abort()
    await expect(importing).rejects.toThrow('the broker is stopping')
    expect(broker.vhosts.get('/')?.queues.count).toBeLessThan(queues.length)
  })
})

describe('definitions that cannot be imported', () => {
  const at = { vhost: '/' }

  test.each<[string, unknown, string]>([
    ['no object', [], 'failed_to_parse_json'],
    [
      'a vhost that is not there',
      { queues: [{ vhost: 'v', name: 'q' }] },
      'Please create virtual host "v" prior to importing definitions.',
    ],
    [
      'an unknown exchange type',
      { exchanges: [{ ...at, name: 'x', type: 'x-nosuch' }] },
      "precondition_failed: unknown exchange type 'x-nosuch'",
    ],
    [
      'a binding without its ends',
      { bindings: [{ ...at, source: 'x', destination: 'q' }] },
      '{resources_missing,[{not_found,{resource,<<"/">>,exchange,<<"x">>}},{not_found,{resource,<<"/">>,queue,<<"q">>}}]}',
    ],
    [
      'permissions of nobody',
      { permissions: [{ ...at, user: 'u', configure: '', write: '', read: '' }] },
      '{no_such_user,<<"u">>}',
    ],
    ['a user without tags', { users: [{ name: 'u' }] }, 'tags_not_present'],
    [
      'a user with a password and a hash',
      { users: [{ name: 'u', tags: '', password: 'p', password_hash: PASSWORD_HASH }] },
      'both_password_and_password_hash_are_provided',
    ],
    [
      'a hash that is none',
      { users: [{ name: 'u', tags: '', password_hash: 'notbase64!' }] },
      '{not_base64,<<"notbase64!">>}',
    ],
    [
      'a policy that cannot be',
      { policies: [{ ...at, name: 'p', pattern: '', definition: { 'max-length': -5 } }] },
      'Validation failed\n\n-5 is not a valid maximum length\n (vhost: "/" key: "p")',
    ],
    [
      'a parameter of nothing',
      { parameters: [{ ...at, component: 'nosuch', name: 'p', value: 1 }] },
      'Validation failed\n\ncomponent nosuch not found\n (vhost: "/" key: "p")',
    ],
    [
      'limits that are none',
      {
        parameters: [{ ...at, component: 'vhost-limits', name: 'l', value: { 'max-queues': 'a' } }],
      },
      'Validation failed\n\nmax-queues should be a number, actually was <<"a">>\n (vhost: "/" key: "l")',
    ],
    [
      'null in arguments',
      { queues: [{ ...at, name: 'q', arguments: { a: null } }] },
      'null_not_allowed',
    ],
    ['no list', { queues: 'x' }, 'queues should be a list'],
    ['no name', { queues: [{ ...at }] }, 'queues[0]: name is missing'],
    ['a name that is none', { queues: [{ ...at, name: 5 }] }, 'queues[0]: name should be a text'],
  ])('for %s say why', async (_what, json, reason) => {
    await expect(importDefinitions(definedBroker(), json)).rejects.toThrow(
      expect.objectContaining({ name: 'DefinitionsError', message: reason }),
    )
  })
})

async function given(definitions: unknown) {
  const broker = definedBroker()
  await importDefinitions(broker, definitions)
  return broker
}
