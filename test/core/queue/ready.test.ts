import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Entry } from '../../../src/core/queue/entry.ts'
import { Ready } from '../../../src/core/queue/ready.ts'
import { newMessage } from '../../support/messages.ts'
import { TestVhost } from '../../support/test-vhost.ts'

const queue = new TestVhost().queue('q')

test('ready messages come by sequence, wherever they have been, and their bytes add up', () => {
  const operations = fc.array(
    fc.oneof(
      fc.nat(50).map((size) => ({ kind: 'push', size }) as const),
      fc.constant({ kind: 'shift' } as const),
      fc.nat(20).map((at) => ({ kind: 'put back', at }) as const),
    ),
    { maxLength: 100, size: 'max' },
  )
  fc.assert(
    fc.property(operations, (list) => {
      const ready = new Ready()
      const model: Entry[] = []
      const out: Entry[] = []
      let sequence = 0
      for (const operation of list) {
        if (operation.kind === 'push') {
          const message = newMessage({ body: 'x'.repeat(operation.size) })
          const entry = new Entry(message, queue, ++sequence, 0)
          ready.push(entry)
          model.push(entry)
        } else if (operation.kind === 'shift') {
          const entry = ready.shift()
          expect(entry).toBe(model.shift())
          if (entry !== undefined) out.push(entry)
        } else if (operation.at < out.length) {
          const [entry] = out.splice(operation.at, 1)
          ready.putBack(entry!)
          model.push(entry!)
          model.sort((a, b) => a.sequence - b.sequence)
        }
        expect(ready.length).toBe(model.length)
        expect(ready.bytes).toBe(model.reduce((sum, entry) => sum + entry.message.bodySize, 0))
      }
      ready.clear()
      expect([ready.length, ready.bytes, ready.shift()]).toEqual([0, 0, undefined])
    }),
  )
})
