import type { Table } from '../../support/field-table.ts'
import type { Arguments } from '../../support/methods.ts'
import { byCase, byForm } from '../family.ts'
import { fieldOf, isTable, readTable } from '../literal.ts'
import { exchange, type Step, steps } from '../steps.ts'

/** `declare q {"durable": 1, "args": {...}} then {...}` */
export const queueRedeclares = byForm(
  'queue redeclared',
  'request',
  /^declare q (\{.*\}) then (\{.*\})$/,
  ([first = '', second = '']) => steps(queueDeclare(first), queueDeclare(second)),
)

/** `exchange.declare x {"t": "fanout", "ad": 1} then {...}` */
export const exchangeRedeclares = byForm(
  'exchange redeclared',
  'request',
  /^exchange\.declare x (\{.*\}) then (\{.*\})$/,
  ([first = '', second = '']) => steps(exchangeDeclare(first), exchangeDeclare(second)),
)

export const systemRedeclares = byCase('exchange redeclared', {
  'redeclare amq.direct same': steps(exchange('direct', [], 'amq.direct')),
  'redeclare amq.direct fanout': steps(exchange('fanout', [], 'amq.direct')),
  'redeclare amq.direct transient': steps([
    'exchange.declare',
    { exchange: 'amq.direct', type: 'direct' },
  ]),
  'xtype unknown but exists': steps(exchange('direct'), exchange('x-foo')),
})

function queueDeclare(text: string): Step {
  return ['queue.declare', { queue: 'q', exclusive: flag(text, 'excl'), ...shared(text) }]
}

function exchangeDeclare(text: string): Step {
  const type = String(fieldOf(readTable(text), 't') ?? 'direct')
  const internal = flag(text, 'internal')
  return ['exchange.declare', { exchange: 'x', type, internal, ...shared(text) }]
}

function shared(text: string): Arguments {
  const flags = { durable: flag(text, 'durable'), autoDelete: flag(text, 'ad') }
  return { ...flags, arguments: argumentsOf(text) }
}

function flag(text: string, name: string): boolean {
  return fieldOf(readTable(text), name) === 1
}

function argumentsOf(text: string): Table {
  const args = fieldOf(readTable(text), 'args') ?? []
  if (!isTable(args)) throw new Error(`args is no table: ${text}`)
  return args
}
