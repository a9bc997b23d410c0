import { useState } from 'preact/hooks'
import { exchangePath, request } from '../api.ts'
import type { Exchange } from '../api-types.ts'
import { rate } from '../format.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { Check, Field, objectOf, PageHead, textOf } from '../parts/fields.tsx'
import { Pill } from '../parts/notice.tsx'
import { ResourceList } from '../parts/resource-list.tsx'
import type { Column } from '../parts/table.tsx'
import { attempt } from '../parts/toasts.tsx'
import { VhostField } from '../parts/vhost-field.tsx'
import { exchangeLink, goTo } from '../router.ts'
import { rateOf } from '../samples.ts'

const COLUMNS: readonly Column<Exchange>[] = [
  {
    title: 'Name',
    sort: 'name',
    show: ({ vhost, name }) => (
      <a href={exchangeLink(vhost, name)}>{name === '' ? '(default)' : name}</a>
    ),
  },
  { title: 'Type', sort: 'type', show: ({ type }) => type },
  { title: 'vhost', sort: 'vhost', isWide: true, show: ({ vhost }) => vhost },
  {
    title: 'Features',
    isWide: true,
    show: (one) => (
      <>
        {one.durable && <Pill>durable</Pill>} {one.auto_delete && <Pill>auto-delete</Pill>}{' '}
        {one.internal && <Pill>internal</Pill>}{' '}
        {one.policy && <Pill tone="info">{one.policy}</Pill>}
      </>
    ),
  },
  {
    title: 'In',
    sort: 'message_stats.publish_in_details.rate',
    isNumber: true,
    show: (one) => rate(rateOf(one.message_stats, 'publish_in')),
  },
  {
    title: 'Out',
    sort: 'message_stats.publish_out_details.rate',
    isNumber: true,
    show: (one) => rate(rateOf(one.message_stats, 'publish_out')),
  },
]

const FIELDS = [
  'name,vhost,type,durable,auto_delete,internal,policy',
  'message_stats.publish_in_details.rate,message_stats.publish_out_details.rate',
]

const TYPES = ['direct', 'fanout', 'topic', 'headers', 'x-consistent-hash', 'x-delayed-message']

export function ExchangesPage() {
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      <PageHead
        title="Exchanges"
        actions={
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            New exchange
          </button>
        }
      />
      <ResourceList
        resource="exchanges"
        words={['exchange', 'exchanges']}
        inVhost="resource/VHOST"
        columns={COLUMNS}
        fields={FIELDS}
        keyOf={({ vhost, name }) => `${vhost}\n${name}`}
        hint="Every virtual host has some of its own."
      />
      {isAdding && <NewExchange onClose={() => setAdding(false)} />}
    </>
  )
}

function NewExchange({ onClose }: { onClose: () => void }) {
  return (
    <FormDialog title="New exchange" action="Declare" onSubmit={declare} onClose={onClose}>
      <VhostField />
      <Field label="Name">
        <input name="name" required autofocus />
      </Field>
      <Field label="Type">
        <input name="type" list="exchange-types" defaultValue="direct" required />
        <datalist id="exchange-types">
          {TYPES.map((type) => (
            <option key={type} value={type} />
          ))}
        </datalist>
      </Field>
      <div class="checks">
        <Check name="durable" label="Durable" checked />
        <Check name="auto_delete" label="Auto-delete" />
        <Check name="internal" label="Internal" />
      </div>
      <Field
        label="Arguments"
        hint="JSON, such as {&quot;alternate-exchange&quot;: &quot;spare&quot;}"
      >
        <textarea name="arguments" rows={2} />
      </Field>
    </FormDialog>
  )
}

function declare(fields: FormData): Promise<boolean> {
  const [vhost, name] = [textOf(fields, 'vhost'), textOf(fields, 'name')]
  return attempt(async () => {
    const body = {
      type: textOf(fields, 'type'),
      durable: fields.has('durable'),
      auto_delete: fields.has('auto_delete'),
      internal: fields.has('internal'),
      arguments: objectOf(fields, 'arguments'),
    }
    await request('PUT', exchangePath(vhost, name), { body })
    goTo(exchangeLink(vhost, name))
    return `The exchange ${name} is there.`
  })
}
