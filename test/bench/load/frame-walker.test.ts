import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { methodFrame } from '../../../conformance/support/frames.ts'
import { DeliveryWriter } from '../../../src/wire/delivery-writer.ts'
import { BlockPool, Output } from '../../../src/wire/output.ts'
import { newMessage } from '../../support/messages.ts'
import { FrameWalker } from './frame-walker.ts'

const FRAME_MAX = 4096
const HEAD_SIZE = 16

/** What was heard, one line for each thing. */
function listen(bytes: Buffer, cuts: readonly number[], roomSize = 1000): readonly string[] {
  const heard: string[] = []
  const walker = new FrameWalker(
    {
      onConfirm: (channel, tag, multiple) => heard.push(`confirm ${channel} ${tag} ${multiple}`),
      onDeliver: (tag, redelivered, from, start) => {
        heard.push(`deliver ${tag} ${redelivered} ${from.toString('latin1', start, start + 16)}`)
      },
      onMethod: (from, start, end) => heard.push(`method ${from.toString('hex', start, end)}`),
    },
    roomSize,
  )
  let turn = 0
  for (let at = 0; at < bytes.length; ) {
    const wanted = cuts[turn++ % cuts.length] ?? roomSize
    const length = bytes.copy(walker.room, 0, at, Math.min(at + wanted, at + roomSize))
    walker.take(length)
    at += length
  }
  return heard
}

function delivery(tag: number, redelivered: boolean, body: string): Buffer {
  const output = new Output(new BlockPool())
  const message = newMessage({ exchange: 'amq.direct', routingKey: 'key', body })
  const consumerTag = Buffer.from('\x03tag')
  const { encoded } = message.address
  new DeliveryWriter(output, 1, FRAME_MAX).write(consumerTag, tag, redelivered, encoded, message)
  return Buffer.concat(output.take().pieces)
}

/** A body that tells itself from others by its first octets. */
const anyBody = fc
  .tuple(fc.nat({ max: 12_000 }), fc.nat({ max: 9999 }))
  .map(([size, number]) => String(number).padEnd(size, 'x').slice(0, size))

describe('a frame walker', () => {
  test('hears every delivery of the broker whole, however its bytes are cut', () => {
    const deliveries = fc.array(
      fc.record({ tag: fc.maxSafeNat(), redelivered: fc.boolean(), body: anyBody }),
      { maxLength: 8 },
    )
    const cuts = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(deliveries, cuts, (all, sizes) => {
        const bytes = Buffer.concat(
          all.map(({ tag, redelivered, body }) => delivery(tag, redelivered, body)),
        )
        const heard = listen(bytes, sizes).map((line) => line.split(' '))
        expect(heard.length).toBe(all.length)
        for (const [i, { tag, redelivered, body }] of all.entries()) {
          const [what, heardTag, heardRedelivered, head = ''] = heard[i]!
          expect([what, heardTag, heardRedelivered]).toEqual([
            'deliver',
            `${tag}`,
            `${redelivered}`,
          ])
          const expected = body.slice(0, HEAD_SIZE)
          expect(head.slice(0, expected.length)).toBe(expected)
        }
      }),
    )
  })

  test('hears confirms with their channel, and other methods as they are', () => {
    const bytes = Buffer.concat([
      methodFrame(3, 'basic.ack', { deliveryTag: 2n ** 40n, multiple: true }),
      methodFrame(1, 'basic.ack', { deliveryTag: 7n }),
      methodFrame(1, 'channel.close-ok'),
    ])
    for (const cut of [1, 5, 1000]) {
      expect(listen(bytes, [cut])).toEqual([
        `confirm 3 ${2 ** 40} true`,
        'confirm 1 7 false',
        'method 00140029',
      ])
    }
  })

  test('refuses what is no frame', () => {
    expect(() => listen(Buffer.from('AMQP\x00\x00\x09\x01'), [8])).toThrow('a frame of type 65')
    expect(() => listen(Buffer.alloc(8), [8])).toThrow('a frame of type 0')
  })
})
