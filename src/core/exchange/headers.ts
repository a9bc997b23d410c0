import { erlangTerm } from '../../common/erlang-term.ts'
import { type FieldValue, type Table, textOf } from '../../common/table.ts'
import type { Binding } from '../binding.ts'
import type { Message } from '../message.ts'
import { preconditionFailed } from '../refusal.ts'
import type { Destinations } from './destinations.ts'
import type { Router } from './exchange.ts'
import { hasEqualValue } from './header-equality.ts'

/**
 * `headers`: the binding's arguments are compared with the message's headers; the routing key plays no part.
 * `x-match` says whether all of them or any must agree, and whether arguments that begin with `x-` count.
 */
export class HeadersRouter implements Router {
  readonly isByKeyOnly = false
  private readonly matchers = new Map<Binding, Matcher>()

  validate(binding: Binding): void {
    matchRule(binding.arguments)
  }

  add(binding: Binding): void {
    this.matchers.set(binding, new Matcher(binding.arguments))
  }

  remove(binding: Binding): void {
    this.matchers.delete(binding)
  }

  route(message: Message, found: Destinations): void {
    const { headers } = message
    for (const [binding, matcher] of this.matchers) {
      if (matcher.matches(headers)) found.add(binding.destination)
    }
  }
}

/** One binding's arguments, sorted out once. */
class Matcher {
  private readonly needsAll: boolean
  private readonly wanted: readonly (readonly [string, FieldValue])[]

  constructor(args: Table) {
    const rule = matchRule(args)
    this.needsAll = rule === 'all' || rule === 'all-with-x'
    const countsX = rule === 'all-with-x' || rule === 'any-with-x'
    this.wanted = [...args].filter(([name]) =>
      countsX ? name !== X_MATCH : !name.startsWith('x-'),
    )
  }

  matches(headers: Table): boolean {
    return this.needsAll
      ? this.wanted.every(([name, value]) => agrees(headers, name, value))
      : this.wanted.some(([name, value]) => agrees(headers, name, value))
  }
}

/** A void argument asks only that the header is there. */
function agrees(headers: Table, name: string, wanted: FieldValue): boolean {
  const value = headers.get(name)
  if (value === undefined) return false
  return wanted.type === 'void' || hasEqualValue(value, wanted)
}

function matchRule(args: Table): string {
  const field = args.get(X_MATCH)
  if (field === undefined) return 'all'
  if (field.type !== 'longstr') {
    throw preconditionFailed(
      `Invalid x-match field type ${field.type} (value ${erlangTerm(field)}); expected longstr`,
    )
  }
  const rule = textOf(field)
  if (rule !== null && RULES.has(rule)) return rule
  throw preconditionFailed(
    `Invalid x-match field value ${erlangTerm(field)}; expected all, any, all-with-x, or any-with-x`,
  )
}

const X_MATCH = 'x-match'
const RULES = new Set(['all', 'any', 'all-with-x', 'any-with-x'])
