import type { Table } from '../../support/field-table.ts'
import { byCase, byForm } from '../family.ts'
import { readLiteral, readTable } from '../literal.ts'
import { exchange, QUORUM, queue, type Step, steps } from '../steps.ts'

/** `queue.bind q x(headers) key="" args={"a": 1}`; the case name has the tag of x-match where it is not S. */
export const bindings = byForm(
  'bindings',
  'request',
  /^queue\.bind q x\((.*)\) key="(.*)" args=(\{.*\})$/,
  ([type = '', routingKey = '', args = ''], observation) => {
    const match = /x-match=(.*)$/.exec(observation.case)?.[1]
    const table = match === undefined ? readTable(args) : matchTable(match)
    const declared = queue('q', observation.case.endsWith('quorum') ? QUORUM : [])
    return steps(declared, exchange(type), [
      'queue.bind',
      { queue: 'q', exchange: 'x', routingKey, arguments: table },
    ])
  },
)

function matchTable(text: string): Table {
  const [tag, value] = readLiteral(text)
  return [['x-match', tag, value]]
}

const bindTo = (routingKey: string): Step => [
  'queue.bind',
  { queue: 'q', exchange: 'x', routingKey },
]

export const otherBindings = byCase('bindings', {
  'x-local-random to exchange': steps(exchange('x-local-random'), exchange('direct', [], 'x2'), [
    'exchange.bind',
    { destination: 'x2', source: 'x' },
  ]),
  'chash second binding': steps(queue(), exchange('x-consistent-hash'), bindTo('1'), bindTo('2')),
})
