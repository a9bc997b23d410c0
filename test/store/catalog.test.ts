import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_TABLE } from '../../src/common/table.ts'
import type { BindingDefinition, DefinitionChange } from '../../src/core/ports.ts'
import { Catalog } from '../../src/store/definitions/catalog.ts'
import { decodeDefinition, encodeDefinition } from '../../src/store/definitions/definition-codec.ts'
import { definitionChanges } from '../support/definition-arbitraries.ts'
import { byPlace, NaiveCatalog, rankOf } from '../support/naive-catalog.ts'
import { tableOf } from '../support/tables.ts'

/** Few names and tables, so that changes concern each other. */
const changes = fc.array(
  definitionChanges(
    fc.constantFrom('a', 'b', 'c'),
    fc.constantFrom(EMPTY_TABLE, tableOf({ x: 1, y: 's' }), tableOf({ y: 's', x: 1 })),
  ),
  { maxLength: 200 },
)

describe('the catalog', () => {
  test('comes to what a naive one comes to, after every change', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const catalog = new Catalog()
        const naive = new NaiveCatalog()
        for (const change of all) {
          catalog.apply(change)
          naive.apply(change)
          expect(texts(byPlace(catalog.changes()))).toEqual(texts(byPlace(naive.changes())))
        }
      }),
    )
  })

  test('gives changes, and their bytes, that lead to the same from nothing', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const catalog = catalogOf(all)
        const again = catalogOf(catalog.changes())
        expect(byPlace(again.changes())).toEqual(byPlace(catalog.changes()))
        expect(catalog.encoded().map(decodeDefinition)).toEqual(catalog.changes())
      }),
    )
  })

  test('comes to the same when changes are applied twice, or a series of them once more', () => {
    fc.assert(
      fc.property(changes, fc.nat(), (all, from) => {
        const once = texts(catalogOf(all).changes()).sort()
        const eachTwice = all.flatMap((change) => [change, change])
        expect(texts(catalogOf(eachTwice).changes()).sort()).toEqual(once)
        const replayed = [...all, ...all.slice(from % (all.length + 1))]
        expect(texts(catalogOf(replayed).changes()).sort()).toEqual(once)
      }),
    )
  })

  test('keeps the bytes that it was given, whatever becomes of the buffer that they lie in', () => {
    const catalog = new Catalog()
    const bytes = Buffer.from('given')
    catalog.apply({ kind: 'vhost-added', vhost: 'v' }, bytes)
    bytes.fill(0)
    expect(catalog.encoded()).toEqual([Buffer.from('given')])
  })

  test('gives what others build upon first', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const ranks = catalogOf(all).changes().map(rankOf)
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
      }),
    )
  })

  test('gives things in the order in which they came, changed ones at their old place', () => {
    const catalog = catalogOf(['q3', 'q1', 'q2', 'q3', 'q1'].map(queue))
    catalog.apply({ kind: 'queue-deleted', vhost: 'v', name: 'q1' })
    catalog.apply(queue('q1'))
    expect(catalog.changes()).toEqual(['q3', 'q2', 'q1'].map(queue))
  })

  test('lets go of the bindings of queues that are gone, out of many', () => {
    const catalog = new Catalog()
    const names = Array.from({ length: 20_000 }, (_, i) => `q${i}`)
    for (const name of names) catalog.apply(bound(name))
    for (const name of names.slice(1)) catalog.apply({ kind: 'queue-deleted', vhost: 'v', name })
    expect(catalog.changes()).toEqual([bound('q0')])
  })
})

function catalogOf(all: readonly DefinitionChange[]): Catalog {
  const catalog = new Catalog()
  for (const change of all) catalog.apply(change)
  return catalog
}

function texts(all: readonly DefinitionChange[]): string[] {
  return all.map((change) => Buffer.from(encodeDefinition(change)).toString())
}

function queue(name: string): DefinitionChange {
  const definition = { vhost: 'v', name, durable: true, autoDelete: false, arguments: EMPTY_TABLE }
  return { kind: 'queue-declared', queue: definition }
}

function bound(destination: string): DefinitionChange {
  const binding: BindingDefinition = {
    vhost: 'v',
    source: 'amq.fanout',
    destination,
    destinationKind: 'queue',
    routingKey: '',
    arguments: EMPTY_TABLE,
  }
  return { kind: 'bound', binding }
}
