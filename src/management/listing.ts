import type { Json } from '../common/json.ts'
import { eachInSlices, Slices, sortInSlices } from '../common/slices.ts'
import type { Call, Reply } from './call.ts'
import { badRequest, HttpError } from './http-error.ts'
import { shown, type View, type ViewContext, valueAt } from './views/view.ts'

/** A list of things as a route shows it. */
export interface Listing<T> {
  readonly view: View<T>
  /** Fields that it is ordered by, unless the request says otherwise. */
  readonly order: readonly string[]
  /** Whether columns can be chosen; true unless given. */
  readonly hasColumns?: boolean
  /** Whether it is given in pages to who asks for them; all of it otherwise. */
  readonly hasPages: boolean
}

/**
 * Answers with a list: filtered, sorted, cut into a page and reduced to columns as the request asks. Only what is shown in
 * the end is turned into JSON, all of it in slices, so that a list of any length stops nothing.
 */
export async function list<T>(
  { view, order, hasPages, hasColumns = true }: Listing<T>,
  things: Iterable<T>,
  call: Call,
): Promise<Reply> {
  const slices = new Slices()
  const columns = hasColumns ? call.query.columns : null
  const page = hasPages ? pageOf(call) : null
  const all = Array.isArray(things) ? things : [...things]
  const found = page === null ? all : await filtered(all, view, call, slices)
  const sorted = await inOrder(found, view, order, call, slices)
  if (page === null)
    return { pieces: await written(sorted, { view, columns, context: call }, ['[', ']'], slices) }
  const { number, size } = page
  if (number > 1 && (number - 1) * size >= found.length) {
    throw new HttpError(400, {
      error: 'page_out_of_range',
      reason: `Page out of range, page: ${number} page size: ${size}, len: ${found.length}`,
    })
  }
  const items = sorted.slice((number - 1) * size, number * size)
  const frame = frameOf(page, { total: all.length, found: found.length, shown: items.length })
  return { pieces: await written(items, { view, columns, context: call }, frame, slices) }
}

interface Page {
  readonly number: number
  readonly size: number
}

/** Null where no page is asked for. Throws RabbitMQ's answers to pages that cannot be. */
function pageOf({ query }: Call): Page | null {
  const page = query.get('page')
  if (page === null) return null
  const size = query.get('page_size')
  if (!isNumber(page) || (size !== null && !isNumber(size))) {
    throw badRequest('Pagination parameters are invalid')
  }
  const [number, wanted] = [Number(page), size === null ? DEFAULT_PAGE_SIZE : Number(size)]
  if (number >= 1 && wanted >= 1 && wanted <= MAX_PAGE_SIZE) return { number, size: wanted }
  throw new HttpError(400, {
    error: 'invalid_pagination_parameters',
    reason: `Invalid pagination parameters: page number ${number}, page size ${size ?? 'undefined'}`,
  })
}

const DEFAULT_PAGE_SIZE = 100
const MAX_PAGE_SIZE = 500
const MAX_NAME_LENGTH = 1000

function isNumber(text: string): boolean {
  return /^-?\d+$/.test(text)
}

/** Those whose name has the text, or matches the expression, that the request gives. */
async function filtered<T>(
  things: readonly T[],
  view: View<T>,
  call: Call,
  slices: Slices,
): Promise<readonly T[]> {
  const name = call.query.get('name') ?? ''
  if (name === '') return things
  const isMatch = matcher(name, call.query.is('use_regex'))
  const found: T[] = []
  await eachInSlices(things, slices, (thing) => {
    if (isMatch(String(valueAt(view, thing, call, ['name']) ?? ''))) found.push(thing)
  })
  return found
}

/** An expression that is none matches nothing. */
function matcher(name: string, isRegex: boolean): (text: string) => boolean {
  if (!isRegex) return (text) => text.includes(name)
  if (name.length > MAX_NAME_LENGTH) throw badRequest('name filter regex is too long')
  try {
    const pattern = new RegExp(name)
    return (text) => pattern.test(text)
  } catch {
    return () => false
  }
}

async function inOrder<T>(
  things: readonly T[],
  view: View<T>,
  order: readonly string[],
  call: Call,
  slices: Slices,
): Promise<readonly T[]> {
  const wanted = call.query.get('sort')
  const paths = (wanted === null || wanted === '' ? order : [wanted]).map((path) => path.split('.'))
  const keyed: Keyed<T>[] = []
  await eachInSlices(things, slices, (thing) => {
    keyed.push({ thing, keys: paths.map((path) => valueAt(view, thing, call, path)) })
  })
  const sign = call.query.is('sort_reverse') ? -1 : 1
  const sorted = await sortInSlices(keyed, (a, b) => sign * compareKeys(a.keys, b.keys), slices)
  return sorted.map(({ thing }) => thing)
}

interface Keyed<T> {
  readonly thing: T
  readonly keys: readonly (Json | undefined)[]
}

function compareKeys(a: readonly (Json | undefined)[], b: readonly (Json | undefined)[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compare(a[i], b[i])
    if (order !== 0) return order
  }
  return 0
}

/** What is missing comes first, then numbers, then everything else as text. */
function compare(a: Json | undefined, b: Json | undefined): number {
  if (a === b) return 0
  if (a === undefined || a === null) return -1
  if (b === undefined || b === null) return 1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'number') return -1
  if (typeof b === 'number') return 1
  const [left, right] = [String(a), String(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** What stands before and behind the items of a page. */
function frameOf(
  { number, size }: Page,
  counts: { total: number; found: number; shown: number },
): readonly [string, string] {
  const before = { filtered_count: counts.found, item_count: counts.shown }
  const after = {
    page: number,
    page_count: Math.ceil(counts.found / size),
    page_size: size,
    total_count: counts.total,
  }
  return [`${JSON.stringify(before).slice(0, -1)},"items":[`, `],${JSON.stringify(after).slice(1)}`]
}

async function written<T>(
  things: readonly T[],
  { view, columns, context }: Writing<T>,
  [before, after]: readonly [string, string],
  slices: Slices,
): Promise<readonly Buffer[]> {
  const pieces: Buffer[] = []
  let text = before
  let isFirst = true
  await eachInSlices(things, slices, (thing) => {
    text += (isFirst ? '' : ',') + JSON.stringify(shown(view, thing, context, columns))
    isFirst = false
    if (text.length < PIECE_SIZE) return
    pieces.push(Buffer.from(text))
    text = ''
  })
  pieces.push(Buffer.from(text + after))
  return pieces
}

interface Writing<T> {
  readonly view: View<T>
  /** Null for all. */
  readonly columns: readonly string[] | null
  readonly context: ViewContext
}

const PIECE_SIZE = 65_536
