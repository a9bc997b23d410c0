import type { ComponentChildren } from 'preact'

export interface Column<T> {
  readonly title: string
  /** Name that rows are sorted by; without one, or in a table without an order, this column sorts nothing. */
  readonly sort?: string
  readonly isNumber?: boolean
  /** Left out where there is little room. */
  readonly isWide?: boolean
  /** Buttons that say the title themselves: only those who do not see the table are told it. */
  readonly isAction?: boolean
  readonly show: (item: T) => ComponentChildren
}

/** What rows are sorted by, and how that is changed. */
export interface Order {
  readonly sort: string | null
  readonly isReverse: boolean
  readonly change: (sort: string, isReverse: boolean) => void
}

/** A row for each item, which scrolls sideways where it has no room. */
export function Table<T>({
  columns,
  items,
  keyOf,
  order,
}: {
  readonly columns: readonly Column<T>[]
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  readonly order?: Order
}) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.title} column={column} order={order} />
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map((column) => (
                <td key={column.title} class={cellClass(column)}>
                  {column.show(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function HeadCell<T>({ column, order }: { column: Column<T>; order: Order | undefined }) {
  const { title, sort, isAction } = column
  if (sort !== undefined && order !== undefined) {
    return <SortCell column={column} sort={sort} order={order} />
  }
  return (
    <th scope="col" class={cellClass(column)}>
      {isAction ? <span class="hidden">{title}</span> : title}
    </th>
  )
}

/** Sorts numbers with the largest first, names from A; once more for the other way round. */
function SortCell<T>({ column, sort, order }: { column: Column<T>; sort: string; order: Order }) {
  const { title, isNumber = false } = column
  const isSorted = order.sort === sort
  const direction = order.isReverse ? 'descending' : 'ascending'
  return (
    <th scope="col" class={cellClass(column)} {...(isSorted ? { 'aria-sort': direction } : {})}>
      <button
        type="button"
        class="sort"
        onClick={() => order.change(sort, isSorted ? !order.isReverse : isNumber)}
      >
        {title}
        <span aria-hidden="true">{isSorted ? (order.isReverse ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  )
}

function cellClass<T>({ isNumber, isWide, isAction }: Column<T>): string {
  return [isNumber || isAction ? 'number' : '', isWide ? 'wide' : ''].join(' ').trim()
}
