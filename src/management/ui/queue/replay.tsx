import { useState } from 'preact/hooks'
import { path, request } from '../api.ts'
import type { Death, Queue, ShownMessage, Transferred } from '../api-types.ts'
import { count, plural } from '../format.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { Field, textOf } from '../parts/fields.tsx'
import { attempt } from '../parts/toasts.tsx'
import { toldOf } from './move.tsx'

/** The deaths that a message tells of, latest first. */
export function deathsOf({ properties }: ShownMessage): readonly Death[] {
  if (Array.isArray(properties) || !('headers' in properties)) return []
  const { headers } = properties
  if (typeof headers !== 'object' || headers === null || !('x-death' in headers)) return []
  const deaths = headers['x-death']
  return Array.isArray(deaths) ? deaths.filter(isDeath) : []
}

function isDeath(value: unknown): value is Death {
  return typeof value === 'object' && value !== null && 'queue' in value && 'routing-keys' in value
}

/** Offers to replay all, when what stands at the head is a dead letter. */
export function ReplayBar({
  queue,
  messages,
  onDone,
}: {
  queue: Queue
  messages: readonly ShownMessage[]
  onDone: () => void
}) {
  const [first] = messages
  if (first === undefined || deathsOf(first).length === 0) return null
  return (
    <div class="notice info replay-bar">
      <span>These are dead letters: they died elsewhere and were brought here.</span>
      <ReplayButton queue={queue} count={null} onDone={onDone} />
    </div>
  )
}

/** Messages leave a queue at its head, so one further back is replayed with those before it. Null is for all. */
export function ReplayButton({
  queue,
  count: most,
  onDone,
}: {
  queue: Queue
  count: number | null
  onDone: () => void
}) {
  const [isOpen, setOpen] = useState(false)
  const words =
    most === null ? 'Replay all' : most === 1 ? 'Replay' : `Replay the first ${count(most)}`
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {words}…
      </button>
      {isOpen && (
        <ReplayDialog queue={queue} most={most} onDone={onDone} onClose={() => setOpen(false)} />
      )}
    </>
  )
}

function ReplayDialog({
  queue,
  most,
  onDone,
  onClose,
}: {
  queue: Queue
  most: number | null
  onDone: () => void
  onClose: () => void
}) {
  const { vhost, name, messages_ready: ready = 0 } = queue
  const submit = (fields: FormData) =>
    attempt(async () => {
      const body = { to: textOf(fields, 'to'), ...(most === null ? {} : { count: most }) }
      const own = path('queues', vhost, name, 'replay')
      const replayed = await request<Transferred>('POST', own, { body })
      onDone()
      return toldOf(replayed, 'replayed')
    })
  const what = most === null ? `all ${count(ready)} messages` : plural(most, 'message')
  return (
    <FormDialog title="Replay dead letters" action="Replay" onSubmit={submit} onClose={onClose}>
      <p>
        Sends {what} from the head of {name} back to where they came from.
      </p>
      <Field label="To">
        <select name="to" autofocus>
          <option value="queue">the queue in which each died last</option>
          <option value="exchange">the exchange to which each was first published</option>
        </select>
      </Field>
      <p class="muted small">
        They arrive as new: the headers that tell of their deaths are taken off, an expiration does
        not come back. It acts on what stands at the head when you press Replay, and stops at the
        first message that is no dead letter or whose way back is gone; that one stays untouched.
      </p>
    </FormDialog>
  )
}
