import { Store } from './store.ts'

/** Where the page is: the part of the address behind `#`. */
export interface Place {
  /** Decoded names: `['queues', '/', 'orders']`. */
  readonly names: readonly string[]
  readonly query: URLSearchParams
}

export const place = new Store<Place>(placeOf(location.hash))

addEventListener('hashchange', () => place.set(placeOf(location.hash)))

/** An address as links have it. RabbitMQ's page has the same ones for the things that both have. */
export function linkTo(...names: readonly string[]): string {
  return `#/${names.map(encodeURIComponent).join('/')}`
}

export const queueLink = (vhost: string, name: string) => linkTo('queues', vhost, name)
export const connectionLink = (name: string) => linkTo('connections', name)
export const channelLink = (name: string) => linkTo('channels', name)
export const exchangeLink = (vhost: string, name: string) =>
  linkTo('exchanges', vhost, name === '' ? 'amq.default' : name)

export function goTo(link: string): void {
  location.hash = link
}

/** Changes what stands behind the question mark, without a step in the history. */
export function replaceQuery(changes: Readonly<Record<string, string | null>>): void {
  const { names, query } = place.value
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name)
    else next.set(name, value)
  }
  const text = next.toString()
  history.replaceState(null, '', linkTo(...names) + (text === '' ? '' : `?${text}`))
  place.set(placeOf(location.hash))
}

function placeOf(hash: string): Place {
  const [path = '', ...rest] = hash.replace(/^#\/?/, '').split('?')
  const names = path.split('/').filter((name) => name !== '')
  return { names: names.map(decoded), query: new URLSearchParams(rest.join('?')) }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
