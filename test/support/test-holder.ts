import type { Holder, Lane, LaneName, MessageStore } from '../../src/core/ports.ts'

/** Something with one lane, that takes messages as a queue does. */
export class TestHolder implements Holder {
  readonly lane: Lane
  timeMs = 0

  constructor(messages: MessageStore, name: Partial<LaneName> = {}) {
    this.lane = messages.lane({
      vhost: '/',
      kind: 'queue',
      name: 'q',
      level: 0,
      durable: true,
      ...name,
    })
  }

  laneOf(): Lane {
    return this.lane
  }

  timeOf(): number {
    return this.timeMs
  }
}
