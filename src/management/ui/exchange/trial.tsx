import { useEffect, useState } from 'preact/hooks'
import { exchangePath, messageOf, request } from '../api.ts'
import type { Exchange, Trial, TrialStep } from '../api-types.ts'
import { json, plural } from '../format.ts'
import { Field, objectOf, textOf } from '../parts/fields.tsx'
import { exchangeLink, queueLink } from '../router.ts'

/** Shows where a message would go, and why, while its routing key is being typed. Nothing is published. */
export function RoutingTrial({ vhost, exchange }: { vhost: string; exchange: Exchange }) {
  const [wish, setWish] = useState({ key: '', headers: '' })
  const { trial, error } = useTrial(vhost, exchange.name, wish)
  const read = ({ currentTarget }: { readonly currentTarget: HTMLFormElement }) => {
    const fields = new FormData(currentTarget)
    setWish({ key: textOf(fields, 'key'), headers: textOf(fields, 'headers') })
  }
  const usesHeaders = exchange.type !== 'direct' && exchange.type !== 'topic'
  return (
    <form class="stack" onInput={read} onSubmit={(event) => event.preventDefault()}>
      <div class={usesHeaders ? 'pair' : ''}>
        <Field label="Routing key">
          <input name="key" autocomplete="off" spellcheck={false} />
        </Field>
        {usesHeaders && (
          <Field label="Headers" hint="JSON">
            <textarea name="headers" rows={1} placeholder={'{"colour": "red"}'} />
          </Field>
        )}
      </div>
      {error !== null && (
        <p class="notice danger" role="alert">
          {error}
        </p>
      )}
      <div aria-live="polite">{trial !== null && <Outcome vhost={vhost} trial={trial} />}</div>
    </form>
  )
}

function useTrial(vhost: string, exchange: string, wish: { key: string; headers: string }) {
  const [state, setState] = useState<{ trial: Trial | null; error: string | null }>({
    trial: null,
    error: null,
  })
  useEffect(() => {
    const asked = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const trial = await tried(vhost, exchange, wish, asked.signal)
        setState({ trial, error: null })
      } catch (error) {
        if (!asked.signal.aborted) setState({ trial: null, error: messageOf(error) })
      }
    }, 120)
    return () => {
      clearTimeout(timer)
      asked.abort()
    }
  }, [vhost, exchange, wish])
  return state
}

function tried(
  vhost: string,
  exchange: string,
  wish: { key: string; headers: string },
  signal: AbortSignal,
): Promise<Trial> {
  const fields = new FormData()
  fields.set('headers', wish.headers)
  const body = { routing_key: wish.key, headers: objectOf(fields, 'headers') }
  return request<Trial>('POST', `${exchangePath(vhost, exchange)}/trial`, { body, signal })
}

function Outcome({ vhost, trial }: { vhost: string; trial: Trial }) {
  const { queues, steps } = trial
  return (
    <>
      <p class={queues.length === 0 ? 'notice warn' : 'notice good'}>
        {queues.length === 0 ? (
          'It would go to no queue.'
        ) : (
          <>
            It would go to {plural(queues.length, 'queue')}:{' '}
            {queues.slice(0, 20).map((name, i) => (
              <>
                {i > 0 && ', '}
                <a href={queueLink(vhost, name)}>{name}</a>
              </>
            ))}
            {queues.length > 20 && ' …'}
          </>
        )}
      </p>
      {steps.map((step) => (
        <Step key={step.exchange} vhost={vhost} step={step} isFirst={step === steps[0]} />
      ))}
    </>
  )
}

function Step({ vhost, step, isFirst }: { vhost: string; step: TrialStep; isFirst: boolean }) {
  const { exchange, type, note, bindings, alternate, omitted } = step
  return (
    <div class="trial-step">
      {!isFirst && (
        <h3>
          then at <a href={exchangeLink(vhost, exchange)}>{exchange || '(default)'}</a> ({type})
        </h3>
      )}
      {note !== null && <p class="muted">{note}</p>}
      <ul class="trial">
        {bindings.map((one) => (
          <li key={`${one.destination} ${one.properties_key}`} class={one.matches ? 'yes' : 'no'}>
            <span class="mark" aria-hidden="true">
              {one.matches ? '✓' : '✕'}
            </span>
            <span>
              <span class="hidden">{one.matches ? 'Matches: ' : 'Does not match: '}</span>
              <code>{one.routing_key || '(empty key)'}</code>{' '}
              {Object.keys(one.arguments).length > 0 && (
                <code class="muted">{json(one.arguments)}</code>
              )}{' '}
              <span class="muted">→</span>{' '}
              <a
                href={
                  one.destination_type === 'queue'
                    ? queueLink(vhost, one.destination)
                    : exchangeLink(vhost, one.destination)
                }
              >
                {one.destination}
              </a>
              <small class="under">{one.reason}</small>
            </span>
          </li>
        ))}
      </ul>
      {omitted > 0 && <p class="muted">{omitted} more bindings are not shown.</p>}
      {alternate !== null && (
        <p class="muted">
          None of them takes it, so it goes to the alternate exchange {alternate}.
        </p>
      )}
    </div>
  )
}
