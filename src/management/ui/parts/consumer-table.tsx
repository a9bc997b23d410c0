import type { Consumer } from '../api-types.ts'
import { channelLink, queueLink } from '../router.ts'
import { Empty, Pill } from './notice.tsx'

export function ConsumerTable({ consumers }: { consumers: readonly Consumer[] }) {
  if (consumers.length === 0) return <Empty title="No consumers" />
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Tag</th>
            <th scope="col">Queue</th>
            <th scope="col" class="wide">
              Channel
            </th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              Prefetch
            </th>
          </tr>
        </thead>
        <tbody>
          {consumers.map((one) => (
            <tr key={`${one.channel_details.name} ${one.consumer_tag}`}>
              <td>
                <code>{one.consumer_tag}</code>
              </td>
              <td>
                <a href={queueLink(one.queue.vhost, one.queue.name)}>{one.queue.name}</a>
              </td>
              <td class="wide">
                <a href={channelLink(one.channel_details.name)}>{one.channel_details.name}</a>
              </td>
              <td>
                <Pill tone={one.active ? 'good' : ''}>{one.active ? 'active' : 'waiting'}</Pill>{' '}
                {one.exclusive && <Pill>exclusive</Pill>} {!one.ack_required && <Pill>no ack</Pill>}
              </td>
              <td class="number">{one.prefetch_count === 0 ? '∞' : one.prefetch_count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
