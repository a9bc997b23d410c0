import { path, query } from '../api.ts'
import type { Channel } from '../api-types.ts'
import { count, rate } from '../format.ts'
import { Chart } from '../parts/chart.tsx'
import { ConsumerTable } from '../parts/consumer-table.tsx'
import { Facts, PageHead, Section } from '../parts/fields.tsx'
import { Empty, Missing, Pill } from '../parts/notice.tsx'
import { RangeChoice, rangeQuery, useRange } from '../parts/range.tsx'
import { ResourceList } from '../parts/resource-list.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { usePolled } from '../polling.ts'
import { channelLink, connectionLink } from '../router.ts'
import { rateOf, rates } from '../samples.ts'

const COLUMNS: readonly Column<Channel>[] = [
  {
    title: 'Channel',
    sort: 'name',
    show: ({ name }) => <a href={channelLink(name)}>{name}</a>,
  },
  { title: 'User', sort: 'user', isWide: true, show: ({ user }) => user },
  { title: 'Mode', isWide: true, show: (one) => <Mode channel={one} /> },
  {
    title: 'Consumers',
    sort: 'consumer_count',
    isNumber: true,
    isWide: true,
    show: (one) => count(one.consumer_count),
  },
  {
    title: 'Prefetch',
    sort: 'prefetch_count',
    isNumber: true,
    isWide: true,
    show: (one) => (one.prefetch_count === 0 ? '∞' : count(one.prefetch_count)),
  },
  {
    title: 'Unacked',
    sort: 'messages_unacknowledged',
    isNumber: true,
    show: (one) => count(one.messages_unacknowledged),
  },
  {
    title: 'Publish',
    sort: 'message_stats.publish_details.rate',
    isNumber: true,
    show: (one) => rate(rateOf(one.message_stats, 'publish')),
  },
  {
    title: 'Deliver',
    sort: 'message_stats.deliver_get_details.rate',
    isNumber: true,
    show: (one) => rate(rateOf(one.message_stats, 'deliver_get')),
  },
]

const FIELDS = [
  'name,user,confirm,transactional,consumer_count,prefetch_count,messages_unacknowledged',
  'message_stats.publish_details.rate,message_stats.deliver_get_details.rate',
]

export function ChannelsPage() {
  return (
    <>
      <PageHead title="Channels" />
      <ResourceList
        resource="channels"
        words={['channel', 'channels']}
        inVhost="vhosts/VHOST/resource"
        columns={COLUMNS}
        fields={FIELDS}
        keyOf={({ name }) => name}
        hint="Connections open channels to publish and to consume."
      />
    </>
  )
}

/** The channels of one connection. */
export function ChannelTable({ channels }: { channels: readonly Channel[] }) {
  if (channels.length === 0) return <Empty title="No channels" />
  return <Table columns={OWN_COLUMNS} items={channels} keyOf={({ name }) => name} />
}

const OWN_COLUMNS: readonly Column<Channel>[] = [
  { title: 'Channel', show: ({ name, number }) => <a href={channelLink(name)}>{number}</a> },
  { title: 'Mode', show: (one) => <Mode channel={one} /> },
  { title: 'Consumers', isNumber: true, show: (one) => count(one.consumer_count) },
  { title: 'Unacked', isNumber: true, show: (one) => count(one.messages_unacknowledged) },
]

function Mode({ channel }: { channel: Channel }) {
  if (channel.transactional) return <Pill>transactions</Pill>
  return channel.confirm ? <Pill>confirms</Pill> : <span class="muted">plain</span>
}

export function ChannelPage({ name }: { name: string }) {
  const [range, choose] = useRange()
  const { data, error } = usePolled<Channel>(path('channels', name) + query(rangeQuery(range)))
  if (data === null || error?.status === 404) return <Missing error={error} />
  const { message_stats: stats } = data
  const passing = rates([
    { name: 'Publish', ink: 'publish', stats, columns: ['publish'] },
    { name: 'Deliver', ink: 'deliver', stats, columns: ['deliver_get'] },
    { name: 'Ack', ink: 'ack', stats, columns: ['ack'] },
  ])
  return (
    <>
      <PageHead
        title={data.name}
        above="Channel"
        actions={<RangeChoice range={range} choose={choose} />}
      />
      <Chart title="Messages a second" data={passing} show={rate} />
      <Section title="About">
        <Facts
          facts={[
            [
              'Connection',
              <a key="link" href={connectionLink(data.connection_details.name)}>
                {data.connection_details.name}
              </a>,
            ],
            ['User', data.user],
            ['vhost', data.vhost],
            ['Mode', <Mode key="mode" channel={data} />],
            ['Prefetch', data.prefetch_count === 0 ? 'no limit' : count(data.prefetch_count)],
            ['Unacked', count(data.messages_unacknowledged)],
            ['Unconfirmed', count(data.messages_unconfirmed)],
            ['Uncommitted', count(data.messages_uncommitted + data.acks_uncommitted)],
          ]}
        />
      </Section>
      <Section title="Consumers">
        <ConsumerTable consumers={data.consumer_details ?? []} />
      </Section>
    </>
  )
}
