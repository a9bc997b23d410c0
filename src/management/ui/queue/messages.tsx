import { useState } from 'preact/hooks'
import { messageOf, path, query, request } from '../api.ts'
import type { Queue, ShownMessage } from '../api-types.ts'
import { count, plural } from '../format.ts'
import { confirmed } from '../parts/dialog.tsx'
import { Section } from '../parts/fields.tsx'
import { Empty } from '../parts/notice.tsx'
import { attempt } from '../parts/toasts.tsx'
import { MessageCard } from './message.tsx'
import { deathsOf, ReplayBar } from './replay.tsx'

interface Shown {
  readonly messages: readonly ShownMessage[]
  /** Place of the first; null for messages that have been fetched, and have no place. */
  readonly offset: number | null
}

/** What the queue holds: to be looked at, or fetched. */
export function QueueMessages({ queue, onChange }: { queue: Queue; onChange: () => void }) {
  const [shown, setShown] = useState<Shown | null>(null)
  const [size, setSize] = useState(10)
  const [error, setError] = useState<string | null>(null)
  const look = async (offset: number) => {
    try {
      setShown(await peeked(queue, offset, size))
      setError(null)
    } catch (failure) {
      setError(messageOf(failure))
    }
  }
  const take = async (isKept: boolean) => {
    const messages = await fetched(queue, size, isKept)
    if (messages === null) return
    setShown({ messages, offset: null })
    onChange()
  }
  const afterReplay = () => {
    onChange()
    return look(0)
  }
  return (
    <Section title="Messages">
      <Toolbar size={size} setSize={setSize} look={() => look(0)} take={take} />
      {error !== null && (
        <p class="notice danger" role="alert">
          {error}
        </p>
      )}
      {shown === null && error === null && (
        <p class="muted">
          Peek shows what waits in the queue and changes nothing: no message is marked as
          redelivered, none changes its place.
        </p>
      )}
      {shown !== null && shown.offset !== null && (
        <ReplayBar queue={queue} messages={shown.messages} onDone={afterReplay} />
      )}
      {shown !== null && <MessageList shown={shown} queue={queue} onDone={afterReplay} />}
      {shown?.offset !== null && shown !== null && (
        <Places shown={shown} offset={shown.offset} size={size} look={look} />
      )}
    </Section>
  )
}

function Toolbar({
  size,
  setSize,
  look,
  take,
}: {
  size: number
  setSize: (size: number) => void
  look: () => void
  take: (isKept: boolean) => void
}) {
  return (
    <div class="toolbar">
      <button type="button" class="primary" onClick={look}>
        Peek
      </button>
      <label>
        <span class="hidden">How many messages</span>
        <select
          value={String(size)}
          onChange={({ currentTarget: { value } }) => setSize(Number(value))}
        >
          {[1, 10, 50, 200].map((one) => (
            <option key={one} value={String(one)}>
              {one} at a time
            </option>
          ))}
        </select>
      </label>
      <span class="spring" />
      <button type="button" onClick={() => take(true)} title="They come back marked as redelivered">
        Get and requeue
      </button>
      <button type="button" class="danger" onClick={() => take(false)}>
        Get and remove
      </button>
    </div>
  )
}

function MessageList({ shown, queue, onDone }: { shown: Shown; queue: Queue; onDone: () => void }) {
  const { messages, offset } = shown
  if (messages.length === 0) return <Empty title="No messages here" />
  return (
    <ol class="messages">
      {messages.map((message, i) => (
        <MessageCard
          key={i}
          message={message}
          place={offset === null ? null : offset + i}
          queue={queue}
          onDone={onDone}
        />
      ))}
    </ol>
  )
}

/** To what lies before and behind. */
function Places({
  shown,
  offset,
  size,
  look,
}: {
  shown: Shown
  offset: number
  size: number
  look: (offset: number) => void
}) {
  const behind = shown.messages.at(-1)?.message_count ?? 0
  const dead = shown.messages.filter((message) => deathsOf(message).length > 0).length
  return (
    <nav class="pager" aria-label="Messages">
      <p class="muted">
        {shown.messages.length > 0 &&
          `Places ${count(offset + 1)}–${count(offset + shown.messages.length)}, ${count(behind)} behind`}
        {dead > 0 && `; ${plural(dead, 'dead letter')}`}
      </p>
      <button
        type="button"
        disabled={offset === 0}
        onClick={() => look(Math.max(0, offset - size))}
      >
        Earlier
      </button>
      <button type="button" disabled={behind === 0} onClick={() => look(offset + size)}>
        Later
      </button>
    </nav>
  )
}

async function peeked({ vhost, name }: Queue, offset: number, size: number): Promise<Shown> {
  const own = path('queues', vhost, name, 'messages')
  const messages = await request<readonly ShownMessage[]>(
    'GET',
    own + query({ count: size, offset }),
  )
  return { messages, offset }
}

/** Null when it was not done. */
async function fetched(
  { vhost, name }: Queue,
  size: number,
  isKept: boolean,
): Promise<readonly ShownMessage[] | null> {
  const text = `Up to ${plural(size, 'message')} of ${name} are taken out for good. You see them here, and nobody else will.`
  if (!isKept && !(await confirmed('Get and remove messages?', text, 'Get and remove'))) return null
  const ackmode = isKept ? 'ack_requeue_true' : 'ack_requeue_false'
  const body = { count: size, ackmode, encoding: 'auto', truncate: 50_000 }
  let messages: readonly ShownMessage[] | null = null
  await attempt(async () => {
    messages = await request('POST', path('queues', vhost, name, 'get'), { body })
    return null
  })
  return messages
}
