import { useMemo } from 'preact/hooks'
import { exchangePath, query, request } from '../api.ts'
import type { Binding, Exchange } from '../api-types.ts'
import { rate } from '../format.ts'
import { BindingGraph } from '../parts/binding-graph.tsx'
import { BindingTable } from '../parts/binding-table.tsx'
import { Chart } from '../parts/chart.tsx'
import { confirmed } from '../parts/dialog.tsx'
import { ArgumentList, Facts, PageHead, Section } from '../parts/fields.tsx'
import { Empty, Loading, Missing, Pill } from '../parts/notice.tsx'
import { RangeChoice, rangeQuery, useRange } from '../parts/range.tsx'
import { attempt } from '../parts/toasts.tsx'
import { usePolled } from '../polling.ts'
import { PublishForm } from '../queue/publish.tsx'
import { goTo } from '../router.ts'
import { rates } from '../samples.ts'
import { RoutingTrial } from './trial.tsx'

export function ExchangePage({ vhost, name }: { vhost: string; name: string }) {
  const [range, choose] = useRange()
  const own = exchangePath(vhost, name)
  const { data, error, reload } = usePolled<Exchange>(own + query(rangeQuery(range)))
  if (data === null || error?.status === 404) return <Missing error={error} />
  return (
    <>
      <PageHead
        title={name === '' ? '(default)' : name}
        above={
          <>
            Exchange in {vhost} <Pill>{data.type}</Pill> {data.policy && <Pill>{data.policy}</Pill>}
          </>
        }
        actions={
          <>
            <RangeChoice range={range} choose={choose} />
            {!/^(amq\.|$)/.test(name) && (
              <button type="button" class="danger" onClick={() => remove(data)}>
                Delete
              </button>
            )}
          </>
        }
      />
      <ExchangeChart exchange={data} />
      <Section title="Try a routing key">
        <RoutingTrial vhost={vhost} exchange={data} />
      </Section>
      {name !== '' && (
        <Section title="Bindings">
          <ExchangeBindings own={own} />
        </Section>
      )}
      <Section title="Publish">
        <PublishForm vhost={vhost} exchange={name} routingKey={null} onDone={reload} />
      </Section>
      <Section title="About">
        <Facts facts={factsOf(data)} />
      </Section>
    </>
  )
}

function ExchangeChart({ exchange: { message_stats: stats } }: { exchange: Exchange }) {
  const data = useMemo(
    () =>
      rates([
        { name: 'In', ink: 'publish', stats, columns: ['publish_in'] },
        { name: 'Out', ink: 'deliver', stats, columns: ['publish_out'] },
      ]),
    [stats],
  )
  return <Chart title="Messages a second" data={data} show={rate} />
}

/** What leads to the exchange and away from it. */
function ExchangeBindings({ own }: { own: string }) {
  const away = usePolled<readonly Binding[]>(`${own}/bindings/source`, 10_000)
  const here = usePolled<readonly Binding[]>(`${own}/bindings/destination`, 10_000)
  if (away.data === null || here.data === null) return <Loading />
  const reload = () => {
    away.reload()
    here.reload()
  }
  if (away.data.length + here.data.length === 0) {
    return <Empty title="Nothing is bound">What is published here goes nowhere.</Empty>
  }
  return (
    <>
      <BindingGraph bindings={[...here.data, ...away.data]} />
      <BindingTable bindings={away.data} onChange={reload} shows="destination" />
    </>
  )
}

function factsOf(exchange: Exchange) {
  const features = [
    exchange.durable ? 'durable' : 'transient',
    ...(exchange.auto_delete ? ['auto-delete'] : []),
    ...(exchange.internal ? ['internal'] : []),
  ]
  return [
    ['Type', exchange.type],
    ['Features', features.join(', ')],
    ['Policy', exchange.policy ?? 'none'],
    ['Arguments', <ArgumentList key="arguments" values={exchange.arguments} />],
  ] as const
}

async function remove({ vhost, name }: Exchange): Promise<void> {
  const text = `${name} goes with its bindings. Who publishes to it gets an error from then on.`
  if (!(await confirmed('Delete the exchange?', text, 'Delete'))) return
  const isGone = await attempt(async () => {
    await request('DELETE', exchangePath(vhost, name))
    return `The exchange ${name} is deleted.`
  })
  if (isGone) goTo('#/exchanges')
}
