import type { Binding } from '../binding.ts'
import type { Message } from '../message.ts'
import { preconditionFailed } from '../refusal.ts'
import type { Destinations } from './destinations.ts'
import type { Router } from './exchange.ts'
import { TopicTrie } from './topic-trie.ts'

/** `topic`: words separated by dots; `*` in a binding key stands for one word, `#` for any number of words. */
export class TopicRouter implements Router {
  readonly isByKeyOnly = true
  private readonly maxHashes: number
  private readonly trie = new TopicTrie<Binding>()

  /** `maxHashes` is how many `#` a binding key may have. */
  constructor(maxHashes: number) {
    this.maxHashes = maxHashes
  }

  validate({ routingKey }: Binding): void {
    const count = hashCount(routingKey)
    if (count <= this.maxHashes) return
    throw preconditionFailed(
      `Topic binding key '${routingKey}' uses ${count} '#' wildcards, at most ${this.maxHashes} are allowed`,
    )
  }

  add(binding: Binding): void {
    this.trie.add(binding.routingKey, binding)
  }

  remove(binding: Binding): void {
    this.trie.remove(binding.routingKey, binding)
  }

  route(message: Message, found: Destinations): void {
    for (const key of message.routingKeys) {
      for (const binding of this.trie.match(key)) found.add(binding.destination)
    }
  }
}

/** How many words of a binding key are `#`. */
export function hashCount(routingKey: string): number {
  return routingKey.split('.').filter((word) => word === '#').length
}
