import type { Table } from '../../support/field-table.ts'
import type { Arguments } from '../../support/methods.ts'
import { byCase, byForm } from '../family.ts'
import { readLiteral } from '../literal.ts'
import { queue, STREAM, type Step, steps } from '../steps.ts'

const PREFETCH: Step = ['basic.qos', { prefetchCount: 10 }]
const consume = (flags: Arguments = {}): Step => ['basic.consume', { queue: 'q', ...flags }]

export const streams = byCase('streams', {
  'stream: consume no prefetch': steps(queue('q', STREAM), consume()),
  'stream: consume noack': steps(queue('q', STREAM), PREFETCH, consume({ noAck: true })),
  'stream: consume noack no prefetch': steps(queue('q', STREAM), consume({ noAck: true })),
  'stream: get': steps(queue('q', STREAM), ['basic.get', { queue: 'q' }]),
  'stream: purge': steps(queue('q', STREAM), ['queue.purge', { queue: 'q' }]),
  'stream: exclusive consume': steps(queue('q', STREAM), PREFETCH, consume({ exclusive: true })),
  'stream: exclusive consume x2': steps(
    queue('q', STREAM),
    PREFETCH,
    consume({ exclusive: true, consumerTag: 'a' }),
    consume({ exclusive: true, consumerTag: 'b' }),
  ),
  'stream: global qos': steps(
    queue('q', STREAM),
    ['basic.qos', { prefetchCount: 10, global: true }],
    consume(),
  ),
  'stream publish with integer x-stream-filter-value': steps(queue('q', STREAM), {
    publish: { routingKey: 'q' },
    properties: { headers: [['x-stream-filter-value', 'I', 1]] },
    body: 'm',
  }),
})

const ARGUMENTS: Record<string, string> = {
  offset: 'x-stream-offset',
  filter: 'x-stream-filter',
  'match-unfiltered': 'x-stream-match-unfiltered',
}

/** `stream: offset '10s'` */
export const streamArguments = byForm(
  'streams',
  'case',
  /^stream: (offset|filter|match-unfiltered) (.*)$/,
  ([word = '', value = '']) => {
    const [tag, field] = readLiteral(value)
    const args: Table = [[ARGUMENTS[word] ?? word, tag, field]]
    return steps(queue('q', STREAM), PREFETCH, consume({ consumerTag: 't', arguments: args }))
  },
)
