import type { Consumer } from '../api-types.ts'
import { channelLink, queueLink } from '../router.ts'
import { Empty, Pill } from './notice.tsx'
import { type Column, Table } from './table.tsx'

export function ConsumerTable({ consumers }: { consumers: readonly Consumer[] }) {
  if (consumers.length === 0) return <Empty title="No consumers" />
  return (
    <Table
      columns={COLUMNS}
      items={consumers}
      keyOf={(one) => `${one.channel_details.name} ${one.consumer_tag}`}
    />
  )
}

const COLUMNS: readonly Column<Consumer>[] = [
  { title: 'Tag', show: (one) => <code>{one.consumer_tag}</code> },
  {
    title: 'Queue',
    show: ({ queue }) => <a href={queueLink(queue.vhost, queue.name)}>{queue.name}</a>,
  },
  {
    title: 'Channel',
    isWide: true,
    show: ({ channel_details: { name } }) => <a href={channelLink(name)}>{name}</a>,
  },
  {
    title: 'State',
    show: (one) => (
      <>
        <Pill tone={one.active ? 'good' : ''}>{one.active ? 'active' : 'waiting'}</Pill>{' '}
        {one.exclusive && <Pill>exclusive</Pill>} {!one.ack_required && <Pill>no ack</Pill>}
      </>
    ),
  },
  {
    title: 'Prefetch',
    isNumber: true,
    show: ({ prefetch_count: prefetch }) => (prefetch === 0 ? '∞' : prefetch),
  },
]
