import { exchangePath, request } from '../api.ts'
import { Check, Field, objectOf, textOf } from '../parts/fields.tsx'
import { attempt } from '../parts/toasts.tsx'
import { useSubmit } from '../submitting.ts'

interface PublishProps {
  readonly vhost: string
  readonly exchange: string
  /** Null where it is to be typed. */
  readonly routingKey: string | null
  readonly onDone: () => void
}

export function PublishForm(props: PublishProps) {
  const { isBusy, submit } = useSubmit(async (fields) => {
    await attempt(() => publish(props, fields))
    props.onDone()
  })
  return (
    <form class="stack" onSubmit={submit} aria-label="Publish a message">
      {props.routingKey === null && (
        <Field label="Routing key">
          <input name="routing_key" autocomplete="off" />
        </Field>
      )}
      <Field label="Payload">
        <textarea name="payload" rows={3} />
      </Field>
      <details>
        <summary>Headers and properties</summary>
        <div class="pair">
          <Field label="Headers" hint="JSON">
            <textarea name="headers" rows={3} placeholder={'{"shop": "north"}'} />
          </Field>
          <Field label="Properties" hint="JSON, under RabbitMQ’s names">
            <textarea name="properties" rows={3} placeholder={'{"content_type": "text/plain"}'} />
          </Field>
        </div>
        <Check name="base64" label="The payload is base64" />
      </details>
      <div class="actions">
        <Check name="persistent" label="Persistent" checked />
        <button type="submit" class="primary" disabled={isBusy}>
          Publish
        </button>
      </div>
    </form>
  )
}

async function publish({ vhost, exchange, routingKey }: PublishProps, fields: FormData) {
  const headers = objectOf(fields, 'headers')
  const body = {
    routing_key: routingKey ?? textOf(fields, 'routing_key'),
    payload: textOf(fields, 'payload'),
    payload_encoding: fields.has('base64') ? 'base64' : 'string',
    properties: {
      delivery_mode: fields.has('persistent') ? 2 : 1,
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      ...objectOf(fields, 'properties'),
    },
  }
  const path = `${exchangePath(vhost, exchange)}/publish`
  const { routed } = await request<{ routed: boolean }>('POST', path, { body })
  if (!routed) throw new Error('Published, but no queue takes it: it is lost.')
  return 'The message is published.'
}
