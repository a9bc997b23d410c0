import { path, query, request } from '../api.ts'
import type { Queue, Stats } from '../api-types.ts'
import { bytes, count } from '../format.ts'
import { MessageCharts } from '../pages/overview.tsx'
import { ConsumerTable } from '../parts/consumer-table.tsx'
import { confirmed } from '../parts/dialog.tsx'
import { ArgumentList, Facts, PageHead, Section } from '../parts/fields.tsx'
import { Missing, Pill } from '../parts/notice.tsx'
import { RangeChoice, rangeQuery, useRange } from '../parts/range.tsx'
import { Tiles } from '../parts/tiles.tsx'
import { attempt } from '../parts/toasts.tsx'
import { usePolled } from '../polling.ts'
import { goTo } from '../router.ts'
import { QueueBindings } from './bindings.tsx'
import { QueueMessages } from './messages.tsx'
import { MoveButton } from './move.tsx'
import { PublishForm } from './publish.tsx'

export function QueuePage({ vhost, name }: { vhost: string; name: string }) {
  const [range, choose] = useRange()
  const own = path('queues', vhost, name)
  const { data, error, reload } = usePolled<Queue>(own + query(rangeQuery(range)))
  if (data === null || error?.status === 404) return <Missing error={error} />
  return (
    <>
      <PageHead
        title={name}
        above={
          <>
            Queue in {vhost} <Pill>{data.type}</Pill> {data.policy && <Pill>{data.policy}</Pill>}
          </>
        }
        actions={
          <>
            <RangeChoice range={range} choose={choose} />
            <Actions queue={data} onChange={reload} />
          </>
        }
      />
      <Levels queue={data} />
      <MessageCharts stats={data.message_stats} totals={totalsOf(data)} />
      <Section title="Bindings">
        <QueueBindings vhost={vhost} name={name} />
      </Section>
      <QueueMessages queue={data} onChange={reload} />
      <Section title="Publish">
        <PublishForm vhost={vhost} exchange="" routingKey={name} onDone={reload} />
      </Section>
      <Section title="Consumers">
        <ConsumerTable consumers={data.consumer_details ?? []} />
      </Section>
      <Section title="About">
        <Facts facts={factsOf(data)} />
      </Section>
    </>
  )
}

function Levels({ queue }: { queue: Queue }) {
  const tiles = [
    ['Ready', count(queue.messages_ready)],
    ['Unacked', count(queue.messages_unacknowledged)],
    ['Consumers', count(queue.consumers)],
    ['Bodies', bytes(queue.message_bytes)],
  ] as const
  return <Tiles tiles={tiles} columns="four" />
}

/** The same names as the overview has for all queues. */
function totalsOf(queue: Queue): Stats {
  return {
    messages_ready_details: queue.messages_ready_details,
    messages_unacknowledged_details: queue.messages_unacknowledged_details,
  }
}

function factsOf(queue: Queue) {
  const features = [
    queue.durable ? 'durable' : 'transient',
    ...(queue.auto_delete ? ['auto-delete'] : []),
    ...(queue.exclusive ? ['exclusive'] : []),
  ]
  return [
    ['Features', features.join(', ')],
    ['Policy', queue.policy ?? 'none'],
    ['Operator policy', queue.operator_policy ?? 'none'],
    ['Idle since', queue.idle_since ?? '–'],
    ['Arguments', <ArgumentList key="arguments" values={queue.arguments} />],
    ['By policy', <ArgumentList key="policy" values={queue.effective_policy_definition} />],
  ] as const
}

function Actions({ queue, onChange }: { queue: Queue; onChange: () => void }) {
  return (
    <>
      <MoveButton queue={queue} onDone={onChange} />
      <button type="button" onClick={() => purge(queue).then(onChange)}>
        Purge
      </button>
      <button type="button" class="danger" onClick={() => remove(queue)}>
        Delete
      </button>
    </>
  )
}

async function purge({ vhost, name, messages_ready: ready = 0 }: Queue): Promise<void> {
  const text = `All ready messages of ${name}, about ${count(ready)}, are dropped for good. Those that consumers hold stay.`
  if (!(await confirmed('Purge the queue?', text, 'Purge'))) return
  await attempt(async () => {
    await request('DELETE', path('queues', vhost, name, 'contents'))
    return 'The queue is purged.'
  })
}

async function remove({ vhost, name, messages = 0, consumers = 0 }: Queue): Promise<void> {
  const text = `${name} goes with its ${count(messages)} messages and its bindings; ${count(consumers)} consumers are cancelled.`
  if (!(await confirmed('Delete the queue?', text, 'Delete'))) return
  const isGone = await attempt(async () => {
    await request('DELETE', path('queues', vhost, name))
    return `The queue ${name} is deleted.`
  })
  if (isGone) goTo('#/queues')
}
