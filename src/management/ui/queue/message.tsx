import type { Arguments, Queue, ShownMessage } from '../api-types.ts'
import { bytes, moment } from '../format.ts'
import { ArgumentList } from '../parts/fields.tsx'
import { Pill } from '../parts/notice.tsx'
import { exchangeLink, queueLink } from '../router.ts'
import { deathsOf, ReplayButton } from './replay.tsx'

interface MessageCardProps {
  readonly message: ShownMessage
  /** Counted from 0; null for one that has been fetched. */
  readonly place: number | null
  readonly queue: Queue
  readonly onDone: () => void
}

export function MessageCard({ message, place, queue, onDone }: MessageCardProps) {
  const { headers, ...properties } = propertiesOf(message)
  const isCut = message.payload_encoding === 'string' && message.payload_bytes > 50_000
  return (
    <li class="message">
      <div class="message-head">
        {place !== null && <span class="place">#{place + 1}</span>}
        <span>
          <a href={exchangeLink(queue.vhost, message.exchange)}>
            {message.exchange === '' ? '(default)' : message.exchange}
          </a>{' '}
          <span class="muted">→</span> <code>{message.routing_key || '(empty key)'}</code>
        </span>
        <span class="muted">{bytes(message.payload_bytes)}</span>
        {message.redelivered && <Pill tone="warn">redelivered</Pill>}
        {message.payload_encoding === 'base64' && <Pill>base64</Pill>}
      </div>
      <pre class="payload">{message.payload === '' ? '(empty)' : pretty(message)}</pre>
      {isCut && <p class="muted small">Only the beginning is shown.</p>}
      <Deaths message={message} queue={queue} place={place} onDone={onDone} />
      <details>
        <summary>Properties and headers</summary>
        <div class="pair">
          <div>
            <h4>Properties</h4>
            <ArgumentList values={properties} />
          </div>
          <div>
            <h4>Headers</h4>
            <ArgumentList values={withoutDeaths(headers)} />
          </div>
        </div>
      </details>
    </li>
  )
}

/** What a dead letter went through, latest first. */
function Deaths({ message, queue, place, onDone }: MessageCardProps) {
  const deaths = deathsOf(message)
  if (deaths.length === 0) return null
  return (
    <div class="deaths">
      <h4>Died {deaths.length > 1 ? `in ${deaths.length} ways` : ''}</h4>
      <ol>
        {deaths.map((death) => (
          <li key={`${death.queue} ${death.reason}`}>
            <Pill tone="danger">{death.reason}</Pill> in{' '}
            <a href={queueLink(queue.vhost, death.queue)}>{death.queue}</a>
            {death.count > 1 && <b> {death.count} times</b>}
            <span class="muted">
              {' '}
              · {moment(death.time * 1000)} · published to {death.exchange || '(default)'} with{' '}
              <code>{death['routing-keys'].join(', ') || '(empty key)'}</code>
            </span>
          </li>
        ))}
      </ol>
      {place !== null && <ReplayButton queue={queue} count={place + 1} onDone={onDone} />}
    </div>
  )
}

function propertiesOf({ properties }: ShownMessage): Arguments {
  return Array.isArray(properties) ? {} : { ...properties }
}

function withoutDeaths(headers: unknown): Arguments {
  if (typeof headers !== 'object' || headers === null) return {}
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^x-(death|first-death|last-death)/.test(name)),
  )
}

/** JSON is easier to read with line breaks. */
function pretty({ payload, payload_encoding: encoding }: ShownMessage): string {
  if (encoding === 'base64' || !/^\s*[[{]/.test(payload) || payload.length > 20_000) return payload
  try {
    return JSON.stringify(JSON.parse(payload), null, 2)
  } catch {
    return payload
  }
}
