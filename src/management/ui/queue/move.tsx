import { useState } from 'preact/hooks'
import { path, query, request } from '../api.ts'
import type { Page, Queue, Transferred } from '../api-types.ts'
import { count, plural } from '../format.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { Field, textOf } from '../parts/fields.tsx'
import { attempt } from '../parts/toasts.tsx'
import { usePolled } from '../polling.ts'

export function MoveButton({ queue, onDone }: { queue: Queue; onDone: () => void }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Move…
      </button>
      {isOpen && <MoveDialog queue={queue} onDone={onDone} onClose={() => setOpen(false)} />}
    </>
  )
}

function MoveDialog({
  queue,
  onDone,
  onClose,
}: {
  queue: Queue
  onDone: () => void
  onClose: () => void
}) {
  const { vhost, name, messages_ready: ready = 0 } = queue
  const [typed, setTyped] = useState('')
  const others = usePolled<Page<Queue>>(
    path('queues', vhost) + query({ page: 1, page_size: 50, name: typed, columns: 'name' }),
  )
  const submit = (fields: FormData) => move(queue, fields, onDone)
  return (
    <FormDialog title="Move messages" action="Move" onSubmit={submit} onClose={onClose}>
      <Field label="To queue" hint={`in the same virtual host, ${vhost}`}>
        <input
          name="destination"
          list="queue-names"
          required
          autofocus
          autocomplete="off"
          onInput={({ currentTarget: { value } }) => setTyped(value)}
        />
        <datalist id="queue-names">
          {(others.data?.items ?? [])
            .filter((other) => other.name !== name)
            .map((other) => (
              <option key={other.name} value={other.name} />
            ))}
        </datalist>
      </Field>
      <Field label="How many" hint={`${count(ready)} are ready; empty for all of them`}>
        <input name="count" type="number" min="1" step="1" />
      </Field>
      <p class="muted small">
        The oldest go first and keep their exchange, routing key, properties and headers; a time to
        live begins anew. Each is stored there before it leaves here, so none is lost; if the broker
        is killed meanwhile, some may be in both. What consumers hold stays. The other queue’s
        limits apply: it may drop its oldest, or refuse, which ends the move.
      </p>
    </FormDialog>
  )
}

function move({ vhost, name }: Queue, fields: FormData, onDone: () => void): Promise<boolean> {
  const destination = textOf(fields, 'destination')
  const most = textOf(fields, 'count')
  return attempt(async () => {
    const body = { destination, ...(most === '' ? {} : { count: Number(most) }) }
    const moved = await request<Transferred>('POST', path('queues', vhost, name, 'move'), { body })
    onDone()
    return toldOf(moved, `moved to ${destination}`)
  })
}

/** How far messages came, and what was in the way. Throws where nothing came of it. */
export function toldOf({ count, stopped }: Transferred, done: string): string {
  const told = `${plural(count, 'message')} ${done}.`
  if (stopped === null) return told
  if (count === 0) throw new Error(`Nothing ${done}: ${stopped}.`)
  return `${told} Then it stopped: ${stopped}.`
}
