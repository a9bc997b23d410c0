import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import { DelayedStore } from '../support/delayed-store.ts'
import { frameBytes } from '../support/frames.ts'
import { METHOD_SPECS, sampleArguments } from '../support/method-specs.ts'
import { HANDSHAKE, SESSIONS } from '../support/recorded-sessions.ts'
import { checkSession } from '../support/session-check.ts'
import { TestBroker } from '../support/test-broker.ts'
import {
  consume,
  declareQueue,
  headerFrame,
  openChannel,
  publish,
  publishMethod,
  type Received,
} from '../support/test-client.ts'

const RECORDED = Object.entries(SESSIONS)

/** The seed of what is random here and not fast-check's. */
const SEED = 20_240_517

describe('a recorded session', () => {
  test.each(RECORDED)('(%s) goes well as it is, in whatever pieces it comes', (_name, steps) => {
    const whole = replay(steps).map(({ id }) => id)
    expect(whole.length).toBeGreaterThan(6)
    expect([wire.CONNECTION_CLOSE, wire.CONNECTION_CLOSE_OK]).toContain(whole.at(-1))
    expect(whole.filter((id) => id === wire.CHANNEL_CLOSE).length).toBeLessThan(3)
    for (const size of [1, 2, 7]) {
      const pieces = steps.flatMap((step) => inPieces(step, size))
      expect(replay(pieces).map(({ id }) => id)).toEqual(whole)
    }
  })

  test.each(RECORDED)('(%s) may end anywhere', (_name, steps) => {
    const size = Buffer.concat(steps).length
    for (let end = 0; end <= size; end++) replay(cutLike(steps, Buffer.concat(steps, end)))
  })

  test.each(RECORDED)('(%s) with any one octet changed leaves the broker well', (name, steps) => {
    const bytes = Buffer.concat(steps)
    const random = randomOctets(SEED)
    let closes = 0
    for (let at = 0; at < bytes.length; at++) {
      const octet = bytes[at]!
      for (const changed of new Set([0, 255, octet ^ 1, octet ^ 0x80, random()])) {
        if (changed === octet) continue
        const spoilt = Buffer.from(bytes)
        spoilt[at] = changed
        const what = `${name}: octet ${at} is ${changed}, seed ${SEED}`
        const received = explained(what, () => replay(cutLike(steps, spoilt)))
        explained(`${what}, in one chunk`, () => replay([Buffer.from(spoilt)]))
        if (received.some(({ id }) => id === wire.CONNECTION_CLOSE)) closes++
      }
    }
    expect(closes).toBeGreaterThan(bytes.length / 4)
  })

  test.each(RECORDED)('(%s) with octets lost or doubled leaves the broker well', (name, steps) => {
    const bytes = Buffer.concat(steps)
    for (let at = 0; at < bytes.length; at++) {
      const lost = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
      const doubled = Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at)])
      explained(`${name}: octet ${at} is lost`, () => replay(cutLike(steps, lost)))
      explained(`${name}: octet ${at} comes twice`, () => replay(cutLike(steps, doubled)))
    }
  })
})

describe('anything at all', () => {
  const states: readonly (readonly [string, readonly Buffer[]])[] = [
    ['before the protocol header', []],
    ['in the handshake', [HANDSHAKE.subarray(0, 8)]],
    ['on an open connection', [HANDSHAKE]],
    ['on an open channel', [HANDSHAKE, openChannel(1), declareQueue(1, 'q', { exclusive: true })]],
    ['where a header is due', [HANDSHAKE, openChannel(1), publishMethod(1, 'q')]],
    [
      'where a body is due',
      [HANDSHAKE, openChannel(1), publishMethod(1, 'q'), headerFrame(1, 20_000)],
    ],
    [
      'to a consumer',
      [
        ...[HANDSHAKE, openChannel(1), declareQueue(1, 'q'), consume(1, 'q', 'c', false)],
        publish(1, 'q', 'm'),
      ],
    ],
    ['on a closing channel', [HANDSHAKE, openChannel(1), declareQueue(1, '-', { passive: true })]],
    ['on a closing connection', [HANDSHAKE, openChannel(1), openChannel(1)]],
    ['behind a declaration that waits', [HANDSHAKE, openChannel(1), declareQueue(1, 'd', durable)]],
  ]

  test.each(states)('as bytes %s leaves the broker well', (_name, prefix) => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 6 })
    fc.assert(
      fc.property(chunks, (soup) => {
        replay([...prefix, ...soup.map((bytes) => Buffer.from(bytes))], true)
      }),
      { numRuns: 1000 },
    )
  })

  test.each(states)('as frames %s leaves the broker well', (_name, prefix) => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 12 }), fc.boolean(), (sent, inOneChunk) => {
        replay([...prefix, ...(inOneChunk ? [Buffer.concat(sent)] : sent)], true)
      }),
      { numRuns: 1500 },
    )
  })
})

const durable = { durable: true }

const channels = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.constantFrom(0, 2) },
  { weight: 1, arbitrary: fc.nat(0xffff) },
)

/** Methods with sample arguments, some with an octet changed; the names in them become `q` now and then. */
const methodPayloads = fc
  .record({
    spec: fc.constantFrom(...METHOD_SPECS),
    at: fc.nat(),
    octet: fc.nat(255),
    isSpoilt: fc.boolean(),
  })
  .map(({ spec, at, octet, isSpoilt }) => {
    const id = Buffer.alloc(4)
    id.writeUInt32BE(spec.id)
    const payload = Buffer.concat([id, sampleArguments(spec)])
    if (isSpoilt) payload[at % payload.length] = octet
    return payload
  })

const frames = fc
  .oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constant(1), channels, methodPayloads) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom(1, 2, 3, 8), channels, payloads(40)) },
    { weight: 1, arbitrary: fc.tuple(fc.nat(255), channels, payloads(10)) },
  )
  .map(([type, channel, payload]) => frameBytes(type, channel, payload))

const wellFormed = fc.oneof(
  channels.map((channel) => openChannel(channel)),
  channels.map((channel) => declareQueue(channel, 'q')),
  fc.tuple(channels, fc.nat(30)).map(([channel, size]) => publish(channel, 'q', 'x'.repeat(size))),
  channels.map((channel) => consume(channel, 'q', '', false)),
)

test('frames that mean something, mixed with such that do not, leave the broker well', () => {
  const prefix = [HANDSHAKE, openChannel(1), openChannel(2), declareQueue(1, 'q')]
  const mixed = fc.array(
    fc.oneof({ weight: 4, arbitrary: wellFormed }, { weight: 1, arbitrary: frames }),
    { maxLength: 25 },
  )
  fc.assert(
    fc.property(mixed, (sent) => {
      replay([...prefix, ...sent], true)
    }),
    { numRuns: 4000 },
  )
})

/** Plays this to a fresh broker. With `isSlow`, what is durable becomes so only at the end. */
function replay(chunks: readonly Buffer[], isSlow = false): readonly Received[] {
  const store = new DelayedStore()
  const broker = isSlow ? new TestBroker({}, store) : new TestBroker()
  const client = broker.accept()
  return checkSession(broker, client, () => {
    for (const chunk of chunks) client.send(chunk)
    for (let i = 0; i < chunks.length; i++) {
      store.sync()
      broker.settle()
    }
  })
}

function payloads(maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ maxLength })
}

/** Other bytes, cut where the steps end. */
function cutLike(steps: readonly Buffer[], bytes: Buffer): Buffer[] {
  let at = 0
  const pieces = steps.map((step) => {
    at += step.length
    return Buffer.from(bytes.subarray(at - step.length, at))
  })
  pieces.push(Buffer.from(bytes.subarray(at)))
  return pieces.filter((piece) => piece.length > 0)
}

function inPieces(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  return pieces
}

/** Does it; what goes wrong is thrown with what was tried. */
function explained<T>(what: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw new Error(what, { cause: error })
  }
}

/** A small generator of our own (mulberry32), so that a seed gives the same octets everywhere. */
function randomOctets(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) & 0xff
  }
}
