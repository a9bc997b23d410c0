/** A section of the pages that describe RabbitMQ's behaviour, and what shows it besides conformance cases. */
export interface Section {
  readonly id: string
  readonly title: string
  /** Tests and replays of this repository, by path. */
  readonly tests?: readonly string[]
  /** Why nothing shows it. */
  readonly leftOut?: string
}

const OBSERVED = 'conformance/observed/errors'

export const SECTIONS: readonly Section[] = [
  ...page('core-semantics.md', [
    ['1.1', 'names'],
    ['1.2', 'predeclared exchanges'],
    ['1.3', 'queue.declare'],
    ['1.4', 'arguments by queue type'],
    ['1.5', 'deletion'],
    ['1.6', 'bindings'],
    ['2.1', 'routing'],
    ['2.2', 'exchange types', 'test/core/exchange', 'test/core/exchange-types'],
    ['2.3', 'x-consistent-hash'],
    ['2.4', 'x-delayed-message'],
    ['2.5', 'x-message-deduplication'],
    ['3.1', 'properties', 'test/core/dead-letter/told-history.test.ts'],
    ['3.2', 'mandatory'],
    ['3.3', 'confirms', 'test/protocol/confirms.test.ts', 'test/protocol/nacks.test.ts'],
    ['3.4', 'transactions'],
    ['4.1', 'consume'],
    ['4.2', 'distribution'],
    ['4.3', 'prefetch'],
    ['4.4', 'ack, nack, reject'],
    ['4.5', 'redelivered and counts'],
    ['4.6', 'basic.get'],
    ['4.7', 'cancel from the server'],
    ['5.1', 'length limits'],
    ['5.2', 'TTL'],
    ['5.3', 'priorities'],
    ['5.4', 'queue expiry', 'test/core/queue-features/lease.test.ts'],
    ['6', 'dead-lettering', 'test/core/dead-letter', 'conformance/observed/x-death'],
    ['8', 'direct reply-to'],
    ['9', 'policies', 'test/core/policy'],
    ['10', 'permissions', 'test/protocol/topic-permissions.test.ts', OBSERVED],
    ['11', 'limits', 'test/protocol/limits.test.ts', OBSERVED],
    ['12', 'alarms', 'test/protocol/alarms.test.ts'],
    ['13', 'firehose', 'test/protocol/firehose.test.ts'],
    ['14', 'event order traps'],
    ['15', 'profiles', 'test/core/queue-features/quorum.test.ts', 'conformance/observed/run.ts'],
  ]),
  { id: 'core-semantics.md 7', title: 'streams', leftOut: 'streams come with the log model' },
  ...page('errors.md', [
    ['1', 'form of every error', 'test/protocol/errors.test.ts'],
    ['2', 'codes', 'test/protocol/errors.test.ts'],
    ['3', 'not an error'],
    ['4', 'not found'],
    ['5.1', 'inequivalent redeclare', OBSERVED],
    ['5.2', 'argument validation', OBSERVED],
    ['5.3', 'unsupported properties'],
    ['5.4', 'exchange declare'],
    ['5.5', 'binding'],
    ['5.6', 'in use, not empty'],
    ['5.7', 'delivery tags'],
    ['5.8', 'modes'],
    ['5.9', 'publishing'],
    ['5.10', 'direct reply-to'],
    ['6', 'access refused', OBSERVED],
    ['7', 'resource locked'],
    ['8.1', 'not allowed', OBSERVED],
    ['8.2', 'not implemented'],
    ['8.3', 'channel error'],
    ['8.4', 'unexpected frame'],
    ['8.5', 'frame error', 'test/protocol/frame-faults.test.ts'],
    ['8.6', 'other connection errors'],
    ['10', 'time-outs', 'test/protocol/ack-timeout.test.ts', 'test/protocol/heartbeat.test.ts'],
  ]),
  { id: 'errors.md 9', title: 'streams', leftOut: 'streams come with the log model' },
  { id: 'errors.md 11', title: 'clients', tests: ['conformance/clients'] },
]

function page(name: string, rows: readonly (readonly [string, string, ...string[]])[]): Section[] {
  return rows.map(([number, title, ...tests]) => {
    const section = { id: `${name} ${number}`, title }
    return tests.length === 0 ? section : { ...section, tests }
  })
}
