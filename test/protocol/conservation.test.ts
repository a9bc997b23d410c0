import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import { encodeMethod } from '../support/encode-method.ts'
import { TestBroker } from '../support/test-broker.ts'
import {
  ack,
  close,
  closeOk,
  consume,
  declareQueue,
  openChannel,
  publish,
  type TestClient,
} from '../support/test-client.ts'
import { NOTHING_LEFT } from '../support/test-services.ts'

/** What a client may do next; `which` chooses among what it has. */
type Step = readonly [
  (
    | 'publish'
    | 'publish large'
    | 'consume'
    | 'cancel'
    | 'get'
    | 'ack'
    | 'ack all'
    | 'reject'
    | 'nack'
    | 'recover'
    | 'stop'
    | 'read'
    | 'fail'
    | 'close channel'
    | 'drop'
  ),
  number, // the client
  number,
]

const steps: fc.Arbitrary<Step> = fc.tuple(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('publish', 'publish large') },
    { weight: 6, arbitrary: fc.constantFrom('consume', 'cancel', 'get') },
    { weight: 6, arbitrary: fc.constantFrom('ack', 'ack all', 'reject', 'nack', 'recover') },
    { weight: 3, arbitrary: fc.constantFrom('stop', 'read') },
    { weight: 2, arbitrary: fc.constantFrom('fail', 'close channel', 'drop') },
  ),
  fc.nat(2),
  fc.nat(50),
)

test('every message is settled once or still there, whatever its clients do', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 10, maxLength: 60 }), (plan) => {
      const world = new World()
      for (const step of plan) world.take(step)
      world.check()
    }),
    { numRuns: 400 },
  )
})

test('as above, when a turn has many steps', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 10, maxLength: 60 }), (plan) => {
      const world = new World()
      plan.forEach((step, i) => {
        world.take(step, i % 7 === 6)
      })
      world.check()
    }),
    { numRuns: 400 },
  )
})

/** A client and the deliveries that it has got and not settled. */
interface Party {
  client: TestClient
  readonly held: Map<number, string>
  /** Replies to come; what is delivered before the last of them is not the client's any more. */
  givingBack: number
}

class World {
  private readonly broker = new TestBroker()
  private readonly parties: readonly Party[] = [0, 1, 2].map(() => ({
    client: this.broker.connect({ channels: [1] }),
    held: new Map(),
    givingBack: 0,
  }))
  private readonly published = new Set<string>()
  private readonly settled = new Set<string>()
  private lastTag = 0

  constructor() {
    this.parties[0]?.client.call(declareQueue(1, 'q'))
  }

  /** Does one step, and mostly ends the turn behind it. */
  take([what, who, which]: Step, endsTurn = true): void {
    const party = this.parties[who]!
    this.act(party, what, which)
    if (!endsTurn) return
    this.broker.settle()
    for (const each of this.parties) this.receive(each)
  }

  /** Takes all clients away and looks at what is left. */
  check(): void {
    this.broker.settle()
    for (const party of this.parties) {
      this.receive(party)
      party.client.drop()
    }
    assert.deepEqual(this.broker.leftovers(), NOTHING_LEFT)
    const last = this.broker.connect({ channels: [1] })
    const left = last.call(consume(1, 'q', 'last', true)).flatMap(({ body }) => body ?? [])
    assert.equal(new Set(left).size, left.length, 'no message is there twice')
    const all = new Set([...left, ...this.settled])
    assert.equal(all.size, left.length + this.settled.size, 'no settled message is still there')
    assert.deepEqual([...all].sort(), [...this.published].sort())
  }

  private act(party: Party, what: Step[0], which: number): void {
    const { client, held } = party
    const tags = [...held.keys()]
    const tag = tags[which % Math.max(1, tags.length)]
    switch (what) {
      case 'publish':
        return this.publish(client, '')
      case 'publish large':
        return this.publish(client, '.'.repeat(40_000))
      case 'consume':
        return client.push(consume(1, 'q', `c${++this.lastTag}`, false))
      case 'cancel':
        return client.push(
          encodeMethod(1, { id: wire.BASIC_CANCEL, consumerTag: `c${which}`, noWait: true }),
        )
      case 'get':
        return client.push(encodeMethod(1, { id: wire.BASIC_GET, queue: 'q', noAck: false }))
      case 'stop':
        return client.transport.stopReading()
      case 'read':
        return client.transport.startReading()
      case 'ack all':
        if (tag === undefined) return
        this.settle(
          held,
          tags.filter((each) => each <= tag),
        )
        return client.push(ack(1, tag, true))
      case 'recover':
        this.giveBack(party)
        return client.push(encodeMethod(1, { id: wire.BASIC_RECOVER, requeue: true }))
      case 'fail':
        this.giveBack(party)
        return client.push(ack(1, 999_999), closeOk(1), openChannel(1))
      case 'close channel':
        this.giveBack(party)
        return client.push(close(1), openChannel(1))
      case 'drop':
        this.giveBack(party)
        party.givingBack = 0
        client.drop()
        party.client = this.broker.connect({ channels: [1] })
        return
      default:
        if (tag !== undefined) this.settleOne(party, what, tag)
    }
  }

  private settleOne({ client, held }: Party, what: 'ack' | 'reject' | 'nack', tag: number): void {
    if (what === 'nack') {
      held.delete(tag)
      client.push(
        encodeMethod(1, { id: wire.BASIC_NACK, deliveryTag: tag, multiple: false, requeue: true }),
      )
      return
    }
    this.settle(held, [tag])
    if (what === 'ack') client.push(ack(1, tag))
    else client.push(encodeMethod(1, { id: wire.BASIC_REJECT, deliveryTag: tag, requeue: false }))
  }

  private publish(client: TestClient, padding: string): void {
    const body = `${this.published.size}${padding}`
    this.published.add(body)
    client.push(publish(1, 'q', body))
  }

  private settle(held: Map<number, string>, tags: readonly number[]): void {
    for (const tag of tags) {
      const body = held.get(tag)
      assert.ok(body !== undefined && !this.settled.has(body), 'a message is settled once')
      this.settled.add(body)
      held.delete(tag)
    }
  }

  private giveBack(party: Party): void {
    party.held.clear()
    party.givingBack++
  }

  private receive(party: Party): void {
    for (const received of party.client.receive()) {
      const isReply = received.id === wire.CHANNEL_OPEN_OK || received.id === wire.BASIC_RECOVER_OK
      if (isReply) party.givingBack--
      else if (party.givingBack === 0 && 'deliveryTag' in received) {
        party.held.set(received.deliveryTag, received.body ?? '')
      }
    }
  }
}
