import { useEffect, useState } from 'preact/hooks'
import { path, query } from '../api.ts'
import type { Page } from '../api-types.ts'
import { count } from '../format.ts'
import { usePolled } from '../polling.ts'
import { place, replaceQuery } from '../router.ts'
import { useStore } from '../store.ts'
import { vhost } from '../vhost-choice.ts'
import { Empty, Missing } from './notice.tsx'
import { type Column, Table } from './table.tsx'

export interface ResourceListProps<T> {
  /** `queues`: its path in the API. */
  readonly resource: string
  /** What one is called, and several are. */
  readonly words: readonly [string, string]
  /** Where the API lists those of one vhost; null where vhosts play no part. */
  readonly inVhost: 'resource/VHOST' | 'vhosts/VHOST/resource' | null
  readonly columns: readonly Column<T>[]
  /** Fields that the API is asked for. */
  readonly fields: readonly string[]
  readonly keyOf: (item: T) => string
  /** What to do when there is none. */
  readonly hint: string
}

/**
 * A list that may be long. The API filters, sorts and cuts it: what is shown is one page, and of it only the fields that
 * are shown. Where one is in it stands in the address.
 */
export function ResourceList<T>(props: ResourceListProps<T>) {
  const { resource, inVhost, fields } = props
  const view = viewOf(useStore(place).query)
  const chosen = useStore(vhost)
  const base = listPath(resource, inVhost, chosen)
  const asked = query({
    page: view.page,
    page_size: view.size,
    name: view.name,
    use_regex: view.isRegex,
    sort: view.sort,
    sort_reverse: view.isReverse,
    columns: fields.join(','),
    pagination: true,
  })
  const { data, error } = usePolled<Page<T>>(`${base}${asked}`)
  useEffect(() => {
    if (error?.status === 400 && view.page > 1) replaceQuery({ page: null }) // it has become shorter
  }, [error, view.page])
  return (
    <div class="card list" aria-busy={data === null}>
      <ListSearch words={props.words} view={view} />
      {data === null && <Missing error={error} />}
      {data !== null && <ListTable {...props} page={data} view={view} />}
      {data !== null && <Pager page={data} words={props.words} />}
    </div>
  )
}

interface View {
  readonly page: number
  readonly size: number
  readonly name: string
  readonly isRegex: boolean
  readonly sort: string | null
  readonly isReverse: boolean
}

const SIZES = [25, 50, 100, 500]

function viewOf(values: URLSearchParams): View {
  const size = Number(values.get('size'))
  return {
    page: Math.max(1, Math.floor(Number(values.get('page')) || 1)),
    size: SIZES.includes(size) ? size : 50,
    name: values.get('name') ?? '',
    isRegex: values.get('regex') === 'true',
    sort: values.get('sort'),
    isReverse: values.get('reverse') === 'true',
  }
}

function listPath(
  resource: string,
  inVhost: ResourceListProps<unknown>['inVhost'],
  chosen: string | null,
): string {
  if (chosen === null || inVhost === null) return resource
  return inVhost === 'resource/VHOST' ? path(resource, chosen) : path('vhosts', chosen, resource)
}

function ListSearch({ words, view }: { words: readonly [string, string]; view: View }) {
  const [text, setText] = useState(view.name)
  useEffect(() => {
    if (text === view.name) return
    const timer = setTimeout(() => replaceQuery({ name: text, page: null }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <search class="list-search">
      <input
        type="search"
        aria-label={`Search ${words[1]} by name`}
        placeholder={`Search ${words[1]}`}
        value={text}
        data-shortcut="/"
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={view.isRegex}
          onChange={({ currentTarget: { checked } }) =>
            replaceQuery({ regex: checked ? 'true' : null, page: null })
          }
        />{' '}
        Regex
      </label>
    </search>
  )
}

/** One who types is not done yet before that. */
const TYPING_MS = 250

function ListTable<T>({
  page,
  view,
  columns,
  keyOf,
  words,
  hint,
}: ResourceListProps<T> & { page: Page<T>; view: View }) {
  if (page.items.length === 0) {
    return view.name === '' ? (
      <Empty title={`No ${words[1]} yet`}>{hint}</Empty>
    ) : (
      <Empty title={`No ${words[0]} has “${view.name}” in its name`} />
    )
  }
  const order = { sort: view.sort, isReverse: view.isReverse, change: sortBy }
  return <Table columns={columns} items={page.items} keyOf={keyOf} order={order} />
}

function sortBy(sort: string, isReverse: boolean): void {
  replaceQuery({ sort, reverse: isReverse ? 'true' : null, page: null })
}

function Pager<T>({ page, words }: { page: Page<T>; words: readonly [string, string] }) {
  const first = (page.page - 1) * page.page_size + 1
  const last = first + page.items.length - 1
  const isFiltered = page.filtered_count !== page.total_count
  return (
    <nav class="pager" aria-label="Pages">
      <p>
        {page.items.length > 0 && `${count(first)}–${count(last)} of `}
        {count(page.filtered_count)} {page.filtered_count === 1 ? words[0] : words[1]}
        {isFiltered && <span class="muted"> (of {count(page.total_count)})</span>}
      </p>
      <select
        aria-label="How many on a page"
        value={String(page.page_size)}
        onChange={({ currentTarget: { value } }) => replaceQuery({ size: value, page: null })}
      >
        {SIZES.map((size) => (
          <option key={size} value={String(size)}>
            {size} a page
          </option>
        ))}
      </select>
      <button
        type="button"
        disabled={page.page <= 1}
        onClick={() => replaceQuery({ page: page.page > 2 ? String(page.page - 1) : null })}
      >
        Previous
      </button>
      <button
        type="button"
        disabled={page.page >= page.page_count}
        onClick={() => replaceQuery({ page: String(page.page + 1) })}
      >
        Next
      </button>
    </nav>
  )
}
