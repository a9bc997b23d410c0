import { useState } from 'preact/hooks'
import { path, request } from '../api.ts'
import type { Queue } from '../api-types.ts'
import { count, rate } from '../format.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { Check, Field, objectOf, PageHead, textOf } from '../parts/fields.tsx'
import { Pill } from '../parts/notice.tsx'
import { ResourceList } from '../parts/resource-list.tsx'
import type { Column } from '../parts/table.tsx'
import { attempt } from '../parts/toasts.tsx'
import { VhostField } from '../parts/vhost-field.tsx'
import { goTo, queueLink } from '../router.ts'
import { rateOf } from '../samples.ts'

const COLUMNS: readonly Column<Queue>[] = [
  {
    title: 'Name',
    sort: 'name',
    show: ({ vhost, name }) => <a href={queueLink(vhost, name)}>{name}</a>,
  },
  { title: 'vhost', sort: 'vhost', isWide: true, show: ({ vhost }) => vhost },
  { title: 'Type', sort: 'type', isWide: true, show: ({ type }) => type },
  { title: 'Features', isWide: true, show: (queue) => <QueueFeatures queue={queue} /> },
  {
    title: 'Ready',
    sort: 'messages_ready',
    isNumber: true,
    show: (queue) => count(queue.messages_ready),
  },
  {
    title: 'Unacked',
    sort: 'messages_unacknowledged',
    isNumber: true,
    show: (queue) => count(queue.messages_unacknowledged),
  },
  {
    title: 'Consumers',
    sort: 'consumers',
    isNumber: true,
    isWide: true,
    show: (queue) => count(queue.consumers),
  },
  {
    title: 'In',
    sort: 'message_stats.publish_details.rate',
    isNumber: true,
    isWide: true,
    show: (queue) => rate(rateOf(queue.message_stats, 'publish')),
  },
  {
    title: 'Out',
    sort: 'message_stats.deliver_get_details.rate',
    isNumber: true,
    isWide: true,
    show: (queue) => rate(rateOf(queue.message_stats, 'deliver_get')),
  },
]

const FIELDS = [
  'name,vhost,type,durable,auto_delete,exclusive,policy,arguments,consumers',
  'messages_ready,messages_unacknowledged',
  'message_stats.publish_details.rate,message_stats.deliver_get_details.rate',
]

export function QueuesPage() {
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      <PageHead
        title="Queues"
        actions={
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            New queue
          </button>
        }
      />
      <ResourceList
        resource="queues"
        words={['queue', 'queues']}
        inVhost="resource/VHOST"
        columns={COLUMNS}
        fields={FIELDS}
        keyOf={({ vhost, name }) => `${vhost}\n${name}`}
        hint="Declare one here, or have a client do it."
      />
      {isAdding && <NewQueue onClose={() => setAdding(false)} />}
    </>
  )
}

export function QueueFeatures({ queue }: { queue: Queue }) {
  const has = (name: string) => queue.arguments[name] !== undefined
  return (
    <>
      {queue.durable && <Pill>durable</Pill>} {queue.auto_delete && <Pill>auto-delete</Pill>}{' '}
      {queue.exclusive && <Pill>exclusive</Pill>} {has('x-message-ttl') && <Pill>TTL</Pill>}{' '}
      {has('x-dead-letter-exchange') && <Pill>DLX</Pill>}{' '}
      {queue.policy && <Pill tone="info">{queue.policy}</Pill>}
    </>
  )
}

function NewQueue({ onClose }: { onClose: () => void }) {
  return (
    <FormDialog title="New queue" action="Declare" onSubmit={declare} onClose={onClose}>
      <VhostField />
      <Field label="Name">
        <input name="name" required autofocus />
      </Field>
      <Field label="Type">
        <select name="type">
          <option value="">of the virtual host</option>
          <option value="classic">classic</option>
          <option value="quorum">quorum</option>
        </select>
      </Field>
      <div class="checks">
        <Check name="durable" label="Durable" checked />
        <Check name="auto_delete" label="Auto-delete" />
      </div>
      <Field label="Arguments" hint="JSON, such as {&quot;x-max-length&quot;: 1000}">
        <textarea name="arguments" rows={2} />
      </Field>
    </FormDialog>
  )
}

function declare(fields: FormData): Promise<boolean> {
  const [vhost, name] = [textOf(fields, 'vhost'), textOf(fields, 'name')]
  const type = textOf(fields, 'type')
  return attempt(async () => {
    const given = objectOf(fields, 'arguments')
    const body = {
      durable: fields.has('durable'),
      auto_delete: fields.has('auto_delete'),
      arguments: type === '' ? given : { ...given, 'x-queue-type': type },
    }
    await request('PUT', path('queues', vhost, name), { body })
    goTo(queueLink(vhost, name))
    return `The queue ${name} is there.`
  })
}
