import { matchesTopic } from './topic-reference.ts'

/**
 * What a vhost should be, in plain lists: everything is computed anew for every question, by the rules of the
 * specification and nothing else.
 */
export class VhostModel {
  readonly queues = new Set<string>()
  readonly exchanges = new Map<string, ModelExchange>()
  bindings: ModelBinding[] = []

  deleteQueue(name: string): void {
    this.queues.delete(name)
    this.unbindAll((binding) => binding.kind === 'queue' && binding.destination === name)
  }

  deleteExchange(name: string): void {
    if (!this.exchanges.delete(name)) return
    this.bindings = this.bindings.filter((binding) => binding.source !== name)
    this.unbindAll((binding) => binding.kind === 'exchange' && binding.destination === name)
  }

  bind(binding: ModelBinding): void {
    if (!this.bindings.some((other) => isSame(other, binding))) this.bindings.push(binding)
  }

  unbind(binding: ModelBinding): void {
    this.unbindAll((other) => isSame(other, binding))
  }

  /** Names of the queues that get a message, in alphabetical order. */
  route(start: string, keys: readonly string[], header: string | null): readonly string[] {
    const queues = new Set<string>()
    const seen = new Set<string>()
    const toVisit = [start]
    for (let name = toVisit.pop(); name !== undefined; name = toVisit.pop()) {
      if (seen.has(name)) continue
      seen.add(name)
      const found = this.destinationsOf(name, keys, header)
      for (const { kind, destination } of found) {
        if (kind === 'queue') queues.add(destination)
        else toVisit.push(destination)
      }
      const alternate = this.exchanges.get(name)?.alternate ?? null
      if (found.length > 0 || alternate === null) continue
      if (alternate === '' || this.exchanges.has(alternate)) toVisit.push(alternate)
    }
    return [...queues].sort()
  }

  private destinationsOf(
    name: string,
    keys: readonly string[],
    header: string | null,
  ): readonly Pick<ModelBinding, 'kind' | 'destination'>[] {
    if (name === '') {
      const named = keys.filter((key) => this.queues.has(key))
      return named.map((destination) => ({ kind: 'queue', destination }))
    }
    const { type } = this.exchanges.get(name)!
    return this.bindings.filter((binding) => {
      if (binding.source !== name) return false
      if (type === 'fanout') return true
      if (type === 'headers') return binding.header === null || binding.header === header
      if (type === 'direct') return keys.includes(binding.key)
      return keys.some((key) => matchesTopic(binding.key, key))
    })
  }

  private unbindAll(isGone: (binding: ModelBinding) => boolean): void {
    const gone = this.bindings.filter(isGone)
    this.bindings = this.bindings.filter((binding) => !isGone(binding))
    for (const { source } of gone) {
      const isBound = this.bindings.some((binding) => binding.source === source)
      if (!isBound && this.exchanges.get(source)?.autoDelete === true) this.deleteExchange(source)
    }
  }
}

export interface ModelExchange {
  readonly type: 'direct' | 'fanout' | 'topic' | 'headers'
  readonly autoDelete: boolean
  readonly alternate: string | null
}

export interface ModelBinding {
  readonly source: string
  readonly kind: 'queue' | 'exchange'
  readonly destination: string
  readonly key: string
  /** The value asked of header `h`; null when nothing is asked. */
  readonly header: string | null
}

function isSame(a: ModelBinding, b: ModelBinding): boolean {
  return (
    a.source === b.source &&
    a.kind === b.kind &&
    a.destination === b.destination &&
    a.key === b.key &&
    a.header === b.header
  )
}
