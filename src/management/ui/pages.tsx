import type { ComponentChild } from 'preact'
import { useEffect } from 'preact/hooks'
import { DefinitionsPage } from './admin/definitions.tsx'
import { PoliciesPage } from './admin/policies.tsx'
import { UserPage } from './admin/user.tsx'
import { UsersPage } from './admin/users.tsx'
import { VhostsPage } from './admin/vhosts.tsx'
import { ExchangePage } from './exchange/exchange.tsx'
import { ChannelPage, ChannelsPage } from './pages/channels.tsx'
import { ConnectionPage, ConnectionsPage } from './pages/connections.tsx'
import { ExchangesPage } from './pages/exchanges.tsx'
import { OverviewPage } from './pages/overview.tsx'
import { QueuesPage } from './pages/queues.tsx'
import { Empty } from './parts/notice.tsx'
import { QueuePage } from './queue/queue.tsx'
import { place } from './router.ts'
import { useStore } from './store.ts'

/** The page that the address names. */
export function Pages() {
  const { names } = useStore(place)
  const [section = '', ...rest] = names
  useEffect(() => {
    document.title = `${rest.at(-1) ?? (section === '' ? 'overview' : section)} · Leveret`
  }, [names])
  // another thing of the same kind is another page
  return <div key={names.join('\n')}>{pageOf(section, rest)}</div>
}

function pageOf(section: string, names: readonly string[]): ComponentChild {
  const [first, second] = names
  switch (section) {
    case '':
      return <OverviewPage />
    case 'connections':
      return first === undefined ? <ConnectionsPage /> : <ConnectionPage name={first} />
    case 'channels':
      return first === undefined ? <ChannelsPage /> : <ChannelPage name={first} />
    case 'exchanges':
      if (first === undefined || second === undefined) return <ExchangesPage />
      return <ExchangePage vhost={first} name={second === 'amq.default' ? '' : second} />
    case 'queues':
      if (first === undefined || second === undefined) return <QueuesPage />
      return <QueuePage vhost={first} name={second} />
    case 'users':
      return first === undefined ? <UsersPage /> : <UserPage name={first} />
    case 'vhosts':
      return <VhostsPage />
    case 'policies':
      return <PoliciesPage />
    case 'definitions':
      return <DefinitionsPage />
    default:
      return <Empty title="There is no such page" />
  }
}
