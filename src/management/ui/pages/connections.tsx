import { path, request } from '../api.ts'
import type { Channel, Connection } from '../api-types.ts'
import { bytes, count, moment } from '../format.ts'
import { confirmed } from '../parts/dialog.tsx'
import { ArgumentList, Facts, PageHead, Section } from '../parts/fields.tsx'
import { Missing, Pill } from '../parts/notice.tsx'
import { ResourceList } from '../parts/resource-list.tsx'
import type { Column } from '../parts/table.tsx'
import { attempt } from '../parts/toasts.tsx'
import { usePolled } from '../polling.ts'
import { connectionLink, goTo } from '../router.ts'
import { ChannelTable } from './channels.tsx'

const COLUMNS: readonly Column<Connection>[] = [
  {
    title: 'Name',
    sort: 'name',
    show: (one) => (
      <>
        <a href={connectionLink(one.name)}>{one.user_provided_name ?? one.name}</a>
        {one.user_provided_name && <small class="under">{one.name}</small>}
      </>
    ),
  },
  { title: 'User', sort: 'user', show: ({ user }) => user },
  { title: 'State', sort: 'state', show: ({ state }) => <State state={state} /> },
  { title: 'vhost', sort: 'vhost', isWide: true, show: ({ vhost }) => vhost },
  { title: 'TLS', sort: 'ssl', isWide: true, show: ({ ssl }) => (ssl ? 'yes' : 'no') },
  {
    title: 'Channels',
    sort: 'channels',
    isNumber: true,
    isWide: true,
    show: ({ channels }) => count(channels),
  },
  {
    title: 'From client',
    sort: 'recv_oct_details.rate',
    isNumber: true,
    isWide: true,
    show: (one) => `${bytes(one.recv_oct_details?.rate ?? 0)}/s`,
  },
  {
    title: 'To client',
    sort: 'send_oct_details.rate',
    isNumber: true,
    isWide: true,
    show: (one) => `${bytes(one.send_oct_details?.rate ?? 0)}/s`,
  },
]

const FIELDS =
  'name,user_provided_name,user,state,vhost,ssl,channels,recv_oct_details.rate,send_oct_details.rate'

export function ConnectionsPage() {
  return (
    <>
      <PageHead title="Connections" />
      <ResourceList
        resource="connections"
        words={['connection', 'connections']}
        inVhost="vhosts/VHOST/resource"
        columns={COLUMNS}
        fields={FIELDS.split(',')}
        keyOf={({ name }) => name}
        hint="Clients that connect over AMQP are listed here."
      />
    </>
  )
}

export function ConnectionPage({ name }: { name: string }) {
  const own = path('connections', name)
  const { data, error } = usePolled<Connection>(own)
  const channels = usePolled<readonly Channel[]>(`${own}/channels`)
  if (data === null || error?.status === 404) return <Missing error={error} />
  return (
    <>
      <PageHead
        title={data.user_provided_name ?? data.name}
        above="Connection"
        actions={
          <button type="button" class="danger" onClick={() => close(data)}>
            Close
          </button>
        }
      />
      <Section title="About">
        <Facts facts={factsOf(data)} />
      </Section>
      <Section title="Channels">
        <ChannelTable channels={channels.data ?? []} />
      </Section>
      <Section title="What the client says of itself">
        <ArgumentList values={data.client_properties} />
      </Section>
    </>
  )
}

function factsOf(one: Connection) {
  const { recv_oct_details: received, send_oct_details: sent } = one
  return [
    ['Name', one.name],
    ['State', <State key="state" state={one.state} />],
    ['User', one.user],
    ['vhost', one.vhost],
    ['Protocol', `${one.protocol}${one.ssl ? ' over TLS' : ''}, ${one.auth_mechanism}`],
    ...(one.ssl ? tlsFactsOf(one) : []),
    ['Connected', moment(one.connected_at)],
    ['Heartbeat', `${count(one.timeout)} s`],
    ['Frame size', bytes(one.frame_max)],
    ['From client', `${bytes(one.recv_oct)}, ${bytes(received?.rate ?? 0)}/s`],
    ['To client', `${bytes(one.send_oct)}, ${bytes(sent?.rate ?? 0)}/s`],
  ] as const
}

function tlsFactsOf(one: Connection) {
  const suite = [one.ssl_key_exchange, one.ssl_cipher, one.ssl_hash].join(' ')
  const tls = ['TLS', `${one.ssl_protocol}, ${suite}`] as const
  if (one.peer_cert_subject === '') return [tls]
  return [
    tls,
    ['Client certificate', one.peer_cert_subject],
    ['Signed by', one.peer_cert_issuer],
    ['Good from – to', one.peer_cert_validity],
  ] as const
}

async function close({ name }: Connection): Promise<void> {
  const text = `The client ${name} is told, and loses its channels, consumers and exclusive queues.`
  if (!(await confirmed('Close the connection?', text, 'Close'))) return
  const headers = { 'x-reason': 'Closed via management page' }
  const isClosed = await attempt(async () => {
    await request('DELETE', path('connections', name), { headers })
    return 'The connection is closed.'
  })
  if (isClosed) goTo('#/connections')
}

export function State({ state }: { state: string }) {
  const tone = state === 'running' ? 'good' : state === 'idle' ? '' : 'warn'
  return <Pill tone={tone}>{state}</Pill>
}
