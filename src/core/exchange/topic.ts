import type { Binding } from '../binding.ts'
import type { Destinations } from './destinations.ts'
import type { Routable, Router } from './exchange.ts'
import { TopicTrie } from './topic-trie.ts'

/** `topic`: words separated by dots; `*` in a binding key stands for one word, `#` for any number of words. */
export class TopicRouter implements Router {
  readonly isByKeyOnly = true
  private readonly trie = new TopicTrie<Binding>()

  validate(): void {}

  add(binding: Binding): void {
    this.trie.add(binding.routingKey, binding)
  }

  remove(binding: Binding): void {
    this.trie.remove(binding.routingKey, binding)
  }

  route(message: Routable, found: Destinations): void {
    for (const key of message.routingKeys) {
      for (const binding of this.trie.match(key)) found.add(binding.destination)
    }
  }
}
