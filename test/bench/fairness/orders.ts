import type { PolicySettings } from '../../../src/administration.ts'

/** What the benchmark has the broker's process do. */
export type Order =
  | { readonly do: 'collect-garbage' }
  /** Forgets what was measured. */
  | { readonly do: 'begin' }
  | { readonly do: 'end' }
  | { readonly do: 'add-vhost'; readonly vhost: string }
  | { readonly do: 'delete-vhost'; readonly vhost: string }
  | { readonly do: 'set-policy'; readonly policy: PolicySettings }
  | { readonly do: 'delete-policy'; readonly name: string }

/** The first says where AMQP clients are accepted; the others how long the order took, and the longest stall so far. */
export type Answer =
  | { readonly url: string }
  | { readonly tookMs: number; readonly stallMs: number }
