import { describe, expect, test } from 'vitest'
import { RunQueue } from '../../src/common/run-queue.ts'
import { Reading } from '../../src/protocol/reading.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { FrameReader } from '../../src/wire/frame-reader.ts'
import { BlockPool } from '../../src/wire/output.ts'
import { Actor } from '../support/actor.ts'
import { FrameRecorder } from '../support/frame-recorder.ts'
import { frameBytes } from '../support/frames.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { MemoryTransport } from '../support/memory-transport.ts'
import { RunningClock } from '../support/short-turns.ts'
import { TestBroker } from '../support/test-broker.ts'
import { publish } from '../support/test-client.ts'

const CHUNK = Buffer.concat(Array(4096).fill(frameBytes(8, 0, 'heartbeat')))
const SMALL = frameBytes(8, 0, '')
const ENDPOINTS = { peerHost: '127.0.0.1', peerPort: 1, host: '127.0.0.1', port: 2 }

describe('reading', () => {
  test('pauses a connection that has more to read when the time of the turn is used up', () => {
    const { turn, connect } = start()
    const [busy, other] = [connect(1), connect(0)]
    busy.reading.take(CHUNK)
    expect(busy.transport.isPaused).toBe(false)
    busy.reading.take(CHUNK)
    expect(busy.transport.isPaused).toBe(true)
    other.reading.take(SMALL)
    expect(other.transport.isPaused).toBe(false)
    expect(other.recorder.frames).toHaveLength(1)
    turn.runAll() // gives the time back
    turn.runAll()
    expect([busy.transport.isPaused, busy.reading.isPaused]).toEqual([false, false])
    busy.reading.take(CHUNK)
    expect(busy.recorder.frames).toHaveLength(3 * 4096)
  })

  test('goes on in the next turn behind the method at which the time ran out', () => {
    const { turn, connect } = start()
    const busy = connect(0)
    busy.recorder.afterEach = () => {
      busy.costs(0.5)
      busy.reading.methodDone()
    }
    busy.reading.take(CHUNK)
    const first = busy.recorder.frames.length
    expect(first).toBeLessThan(20)
    turn.runAll()
    const second = busy.recorder.frames.length - first
    expect(second).toBeGreaterThan(0)
    expect(second).toBeLessThan(20)
    while (busy.reading.isPaused) turn.runAll()
    expect(busy.recorder.frames).toHaveLength(4096)
  })

  test('keeps waiting for other reasons when its turn has come', () => {
    const { turn, connect } = start()
    const busy = connect(5)
    busy.reading.pause(1)
    busy.reading.take(CHUNK)
    turn.runAll()
    expect([busy.transport.isPaused, busy.recorder.frames.length]).toEqual([true, 0])
    busy.reading.resume(1)
    expect(busy.recorder.frames).toHaveLength(4096)
  })
})

describe('the publishes of one chunk', () => {
  test.each([
    ['fanout', 40, 1],
    ['fanout', 8, 4],
    ['headers', 1, 1],
  ] as const)(
    'to a %s exchange of %d queues stop after %d at most when there is no time left',
    (type, queueCount, most) => {
      const broker = new TestBroker({}, new MemoryStore(), new RunningClock())
      const actor = Actor.connect(broker)
      actor.declareExchange('x', type)
      for (let i = 0; i < queueCount; i++) {
        actor.declare(`q${i}`)
        actor.bind('x', `q${i}`, 'k')
      }
      const exchange = broker.vhost.exchanges.get('x')
      actor.client.connection.receive(
        Buffer.concat(Array(40).fill(publish(1, 'k', '', { exchange: 'x' }))),
      )
      expect(exchange.publishedCount).toBeLessThanOrEqual(most)
      broker.settle()
      expect(exchange.publishedCount).toBe(40)
      expect(broker.vhost.queues.find('q0')?.readyCount).toBe(40)
    },
  )
})

/** Connections whose chunks take so many milliseconds to read. */
function start() {
  const clock = new ManualClock()
  const turn = new RunQueue(() => {}, clock)
  const connect = (chunkMs: number) => {
    const recorder = new FrameRecorder()
    const transport = new MemoryTransport(ENDPOINTS, new BlockPool(), () => {})
    const costs = (ms: number) => clock.skip(ms)
    const frameReader = new FrameReader(recorder, 8192)
    const reading = new Reading(frameReader, transport, turn, (error) => {
      throw error
    })
    recorder.afterEach = () => costs(chunkMs / 4096)
    return { reading, transport, recorder, costs }
  }
  return { turn, connect }
}
