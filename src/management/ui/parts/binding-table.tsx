import { path, request } from '../api.ts'
import type { Binding } from '../api-types.ts'
import { json } from '../format.ts'
import { exchangeLink, queueLink } from '../router.ts'
import { confirmed } from './dialog.tsx'
import { type Column, Table } from './table.tsx'
import { attempt } from './toasts.tsx'

interface BindingTableProps {
  readonly bindings: readonly Binding[]
  /** Which end stands in the table; the other is what the page is about. */
  readonly shows: 'source' | 'destination'
  readonly onChange: () => void
}

const MOST = 100

export function BindingTable({ bindings, shows, onChange }: BindingTableProps) {
  if (bindings.length === 0) return null
  const columns: readonly Column<Binding>[] = [
    {
      title: shows === 'source' ? 'From' : 'To',
      show: (one) => <End binding={one} shows={shows} />,
    },
    { title: 'Routing key', show: (one) => <code>{one.routing_key || '(empty)'}</code> },
    {
      title: 'Arguments',
      isWide: true,
      show: (one) => Object.keys(one.arguments).length > 0 && json(one.arguments),
    },
    {
      title: 'Unbind',
      isAction: true,
      show: (one) => (
        <button type="button" onClick={() => unbind(one).then(onChange)}>
          Unbind
        </button>
      ),
    },
  ]
  return (
    <details class="binding-list">
      <summary>As a list ({bindings.length})</summary>
      <Table
        columns={columns}
        items={bindings.slice(0, MOST)}
        keyOf={(one) => `${one.source}\n${one.destination}\n${one.properties_key}`}
      />
      {bindings.length > MOST && <p class="muted">and {bindings.length - MOST} more</p>}
    </details>
  )
}

function End({ binding, shows }: { binding: Binding; shows: 'source' | 'destination' }) {
  const { vhost, source, destination, destination_type: type } = binding
  if (shows === 'source') return <a href={exchangeLink(vhost, source)}>{source}</a>
  const link = type === 'queue' ? queueLink(vhost, destination) : exchangeLink(vhost, destination)
  return (
    <>
      <a href={link}>{destination}</a> {type === 'exchange' && <span class="muted">exchange</span>}
    </>
  )
}

async function unbind(binding: Binding): Promise<void> {
  const { vhost, source, destination, destination_type: type, properties_key: key } = binding
  const text = `${destination} gets nothing more from ${source} by the routing key “${binding.routing_key}”.`
  if (!(await confirmed('Unbind?', text, 'Unbind'))) return
  await attempt(async () => {
    const kind = type === 'queue' ? 'q' : 'e'
    await request('DELETE', path('bindings', vhost, 'e', source, kind, destination, key))
    return 'Unbound.'
  })
}
