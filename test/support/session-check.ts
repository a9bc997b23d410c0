import assert from 'node:assert/strict'
import { REPLY_NAMES } from '../../src/protocol/errors.ts'
import * as wire from '../../src/wire/methods.ts'
import type { TestBroker } from './test-broker.ts'
import type { Received, TestClient } from './test-client.ts'
import { NOTHING_LEFT } from './test-services.ts'

/** Bytes of buffers that one small session may make the broker allocate. */
const ALLOCATED_MAX = 4_194_304

/** Deadlines that are over have gone by then. */
const LONG_MS = 1_000_000

/**
 * Does something to a broker by one of its clients and then takes the client away. Fails when anything is thrown, when
 * what comes back is no proper end of a conversation, when memory was taken that nothing asked for, or when anything
 * is left.
 */
export function checkSession(
  broker: TestBroker,
  client: TestClient,
  act: () => void,
): readonly Received[] {
  const before = process.memoryUsage().arrayBuffers
  act()
  broker.settle()
  const allocated = process.memoryUsage().arrayBuffers - before
  assert.ok(allocated < ALLOCATED_MAX, `${allocated} bytes of buffers`)
  const received = client.receiveAny()
  assertProperReplies(received)
  client.drop()
  assert.deepEqual(broker.leftovers(), NOTHING_LEFT)
  broker.advance(LONG_MS)
  assert.equal(broker.clock.timerCount, 0)
  return received
}

/** Closes have a known code and its name; behind connection.close comes at most a close-ok. */
function assertProperReplies(received: readonly Received[]): void {
  let isClosed = false
  for (const reply of received) {
    if (isClosed) assert.equal(reply.id, wire.CONNECTION_CLOSE_OK)
    if (reply.id !== wire.CONNECTION_CLOSE && reply.id !== wire.CHANNEL_CLOSE) continue
    const name = REPLY_NAMES.get(reply.replyCode)
    assert.ok(name !== undefined, `reply code ${reply.replyCode}`)
    assert.ok(reply.replyText === name || reply.replyText.startsWith(`${name} - `))
    assert.equal(reply.id === wire.CONNECTION_CLOSE, reply.channel === 0)
    isClosed = reply.id === wire.CONNECTION_CLOSE
  }
}
