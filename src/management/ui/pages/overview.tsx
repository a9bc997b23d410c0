import { query } from '../api.ts'
import type { NodeInfo, Overview, Stats } from '../api-types.ts'
import { bytes, count, duration, rate, shortCount } from '../format.ts'
import { Chart } from '../parts/chart.tsx'
import { Facts, PageHead, Section } from '../parts/fields.tsx'
import { Missing } from '../parts/notice.tsx'
import { RangeChoice, rangeQuery, useRange } from '../parts/range.tsx'
import { Tiles } from '../parts/tiles.tsx'
import { usePolled } from '../polling.ts'
import { levels, numberOf, rateOf, rates } from '../samples.ts'
import { user } from '../session.ts'
import { useStore } from '../store.ts'

export function OverviewPage() {
  const [range, choose] = useRange()
  const { data, error } = usePolled<Overview>(`overview${query(rangeQuery(range))}`)
  if (data === null) return <Missing error={error} />
  const { message_stats: stats, queue_totals: totals } = data
  return (
    <>
      <PageHead
        title="Overview"
        above={data.cluster_name}
        actions={<RangeChoice range={range} choose={choose} />}
      />
      <Totals totals={data.object_totals} queues={totals} stats={stats} />
      <MessageCharts stats={stats} totals={totals} />
      <NodeCard overview={data} />
    </>
  )
}

function Totals({
  totals,
  queues,
  stats,
}: {
  totals: Overview['object_totals']
  queues: Stats | undefined
  stats: Stats | undefined
}) {
  const tiles = [
    ['Ready', count(numberOf(queues, 'messages_ready') ?? 0)],
    ['Unacked', count(numberOf(queues, 'messages_unacknowledged') ?? 0)],
    ['Published', rate(rateOf(stats, 'publish'))],
    ['Delivered', rate(rateOf(stats, 'deliver_get'))],
    ['Connections', count(totals.connections), '#/connections'],
    ['Channels', count(totals.channels), '#/channels'],
    ['Exchanges', count(totals.exchanges), '#/exchanges'],
    ['Queues', count(totals.queues), '#/queues'],
  ] as const
  return <Tiles tiles={tiles} />
}

/** What passes, and what waits: for the broker as a whole, or one queue. */
export function MessageCharts({
  stats,
  totals,
}: {
  stats: Stats | undefined
  totals: Stats | undefined
}) {
  const passing = rates([
    { name: 'Publish', ink: 'publish', stats, columns: ['publish'] },
    { name: 'Deliver', ink: 'deliver', stats, columns: ['deliver_get'] },
    { name: 'Ack', ink: 'ack', stats, columns: ['ack'] },
  ])
  const waiting = levels([
    { name: 'Ready', ink: 'ready', stats: totals, columns: ['messages_ready'] },
    { name: 'Unacked', ink: 'unacked', stats: totals, columns: ['messages_unacknowledged'] },
  ])
  return (
    <div class="charts">
      <Chart title="Messages a second" data={passing} show={rate} />
      <Chart title="Messages in queues" data={waiting} show={shortCount} />
    </div>
  )
}

function NodeCard({ overview }: { overview: Overview }) {
  const who = useStore(user)
  const isMonitor = who?.tags.some((tag) => tag === 'administrator' || tag === 'monitoring')
  const { data } = usePolled<readonly NodeInfo[]>(isMonitor ? 'nodes' : null)
  const node = data?.[0]
  const seen = new Set<string>()
  const places = (overview.listeners ?? []).filter(({ protocol, port }) => {
    const key = `${protocol} ${port}`
    return seen.has(key) ? false : seen.add(key)
  })
  return (
    <Section title="Node">
      <Facts
        facts={[
          ['Name', overview.node ?? overview.cluster_name],
          ['Behaves like', `${overview.product_name} ${overview.rabbitmq_version}`],
          ...(node === undefined
            ? []
            : ([
                ['Up for', duration(node.uptime)],
                ['Memory', `${bytes(node.mem_used)} of ${bytes(node.mem_limit)}`],
                ['Disk free', bytes(node.disk_free)],
                ['Open files', `${count(node.fd_used)} of ${count(node.fd_total)}`],
                ['Alarms', alarmsOf(node)],
              ] as const)),
          [
            'Listens on',
            places.map(({ protocol, port }) => `${protocol} ${port}`).join(', ') || '–',
          ],
        ]}
      />
    </Section>
  )
}

function alarmsOf({ mem_alarm: memory, disk_free_alarm: disk }: NodeInfo) {
  if (!memory && !disk) return 'none'
  return <b class="danger-text">{[memory ? 'memory' : '', disk ? 'disk' : ''].join(' ')}</b>
}
