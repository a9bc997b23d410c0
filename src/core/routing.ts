import { Destinations } from './exchange/destinations.ts'
import type { Exchange } from './exchange/exchange.ts'
import type { Exchanges } from './exchange/exchanges.ts'
import type { Message } from './message.ts'
import type { Delay, Route } from './route.ts'

/**
 * Follows bindings from exchange to exchange, each exchange once (core semantics, routing). An exchange that finds no
 * destination at all hands the message to its alternate exchange.
 */
export class Routing {
  private readonly exchanges: Exchanges
  private readonly found = new Destinations()

  constructor(exchanges: Exchanges) {
    this.exchanges = exchanges
  }

  walk(start: Exchange, message: Message): Route {
    const { found } = this
    let isByKeyOnly = true
    let delays: Delay[] | null = null
    found.begin(start)
    for (let i = 0; i < found.exchanges.length; i++) {
      const exchange = found.exchanges[i]!
      const { router } = exchange
      isByKeyOnly &&= router.isByKeyOnly
      const delayMs = router.delayOf?.(message) ?? 0
      if (delayMs > 0) {
        delays = [...(delays ?? []), { exchange, delayMs }]
        continue
      }
      const before = found.foundCount
      router.route(message, found)
      if (found.foundCount === before) this.addAlternate(exchange)
    }
    return { queues: found.queues, delays, isByKeyOnly }
  }

  private addAlternate({ alternate }: Exchange): void {
    const exchange = alternate === null ? undefined : this.exchanges.find(alternate)
    if (exchange !== undefined) this.found.add(exchange)
  }
}
