import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Link, LinkedList } from '../../src/common/linked-list.ts'

const operations = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant({ kind: 'push' as const }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), at: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'rotate' as const }) },
  ),
  { maxLength: 60, size: 'max' },
)

test('a linked list does what an array does, wherever an item is taken out', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const linked = new LinkedList<number>()
      const model: Link<number>[] = []
      for (const [number, operation] of list.entries()) {
        if (operation.kind === 'push') {
          const link = new Link(number)
          linked.push(link)
          model.push(link)
        } else if (operation.kind === 'rotate') {
          linked.rotate()
          model.push(...model.splice(0, 1))
        } else {
          const [link] = model.splice(operation.at % Math.max(1, model.length), 1)
          if (link === undefined) continue
          linked.remove(link)
          if (operation.kind === 'again') {
            linked.push(link)
            model.push(link)
          }
        }
        expect(itemsOf(linked)).toEqual(model.map(({ item }) => item))
        expect(linked.first).toBe(model[0] ?? null)
      }
    }),
  )
})

function itemsOf(list: LinkedList<number>): number[] {
  const items: number[] = []
  for (let link = list.first; link !== null; link = link.next) items.push(link.item)
  return items
}
