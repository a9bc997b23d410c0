import { erlangTerm } from '../common/erlang-term.ts'
import { type FieldValue, integerOf, type Table, textOf } from '../common/table.ts'
import { inequivalent, type Resource } from './refusal.ts'

/**
 * Throws the Refusal of RabbitMQ when a flag of a redeclare differs from what exists.
 */
export function assertSameFlag(
  name: string,
  resource: Resource,
  received: string | boolean,
  current: string | boolean,
): void {
  if (received !== current) throw inequivalent(name, resource, `'${received}'`, `'${current}'`)
}

/**
 * Throws the Refusal of RabbitMQ when one of these arguments differs from what exists. Integers are compared by
 * value, whatever their width; what only one side has is shown with its type (errors, inequivalent redeclare).
 */
export function assertSameArguments(
  names: readonly string[],
  resource: Resource,
  received: Table,
  current: Table,
): void {
  for (const name of names) {
    const mine = received.get(name)
    const theirs = current.get(name)
    if (isEquivalent(mine, theirs)) continue
    const bothGiven = mine !== undefined && theirs !== undefined
    throw inequivalent(
      name,
      resource,
      bothGiven ? `'${printed(mine)}'` : described(mine),
      bothGiven ? `'${printed(theirs)}'` : described(theirs),
    )
  }
}

function isEquivalent(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  const isOneClass =
    a.type === b.type || (isInteger(a) && isInteger(b)) || (isFloat(a) && isFloat(b))
  return isOneClass && printed(a) === printed(b)
}

function isInteger(field: FieldValue): boolean {
  return integerOf(field) !== null
}

function isFloat(field: FieldValue): boolean {
  return field.type === 'float' || field.type === 'double'
}

function described(field: FieldValue | undefined): string {
  return field === undefined ? 'none' : `the value '${printed(field)}' of type '${field.type}'`
}

/** A value as RabbitMQ shows it to the user: strings and byte arrays bare, the rest as Erlang terms. */
function printed(field: FieldValue): string {
  return textOf(field) ?? erlangTerm(field)
}
