import { useState } from 'preact/hooks'
import { path, request } from '../api.ts'
import type { Binding, Exchange } from '../api-types.ts'
import { BindingGraph } from '../parts/binding-graph.tsx'
import { BindingTable } from '../parts/binding-table.tsx'
import { FormDialog } from '../parts/dialog.tsx'
import { Field, objectOf, textOf } from '../parts/fields.tsx'
import { Empty, Missing } from '../parts/notice.tsx'
import { attempt } from '../parts/toasts.tsx'
import { usePolled } from '../polling.ts'

/** What leads to a queue, drawn and listed. */
export function QueueBindings({ vhost, name }: { vhost: string; name: string }) {
  const { data, error, reload } = usePolled<readonly Binding[]>(
    path('queues', vhost, name, 'bindings'),
    10_000,
  )
  const [isAdding, setAdding] = useState(false)
  if (data === null) return <Missing error={error} />
  const made = data.filter(({ source }) => source !== '')
  return (
    <>
      {made.length === 0 ? (
        <Empty title="Bound to no exchange">
          The default exchange leads here all the same, with the routing key {name}.
        </Empty>
      ) : (
        <BindingGraph bindings={made} />
      )}
      <BindingTable bindings={made} onChange={reload} shows="source" />
      <div class="actions">
        <button type="button" onClick={() => setAdding(true)}>
          Bind…
        </button>
      </div>
      {isAdding && (
        <BindDialog vhost={vhost} name={name} onDone={reload} onClose={() => setAdding(false)} />
      )}
    </>
  )
}

function BindDialog({
  vhost,
  name,
  onDone,
  onClose,
}: {
  vhost: string
  name: string
  onDone: () => void
  onClose: () => void
}) {
  const { data } = usePolled<readonly Exchange[]>(
    `${path('exchanges', vhost)}?columns=name`,
    60_000,
  )
  const submit = (fields: FormData) =>
    attempt(async () => {
      const exchange = textOf(fields, 'exchange')
      const body = {
        routing_key: textOf(fields, 'routing_key'),
        arguments: objectOf(fields, 'arguments'),
      }
      await request('POST', path('bindings', vhost, 'e', exchange, 'q', name), { body })
      onDone()
      return `Bound to ${exchange}.`
    })
  return (
    <FormDialog title={`Bind ${name}`} action="Bind" onSubmit={submit} onClose={onClose}>
      <Field label="From exchange">
        <input name="exchange" list="exchange-names" required autofocus autocomplete="off" />
        <datalist id="exchange-names">
          {(data ?? []).map((one) => (
            <option key={one.name} value={one.name} />
          ))}
        </datalist>
      </Field>
      <Field label="Routing key">
        <input name="routing_key" autocomplete="off" />
      </Field>
      <Field label="Arguments" hint="JSON, for exchanges of type headers">
        <textarea name="arguments" rows={2} />
      </Field>
    </FormDialog>
  )
}
