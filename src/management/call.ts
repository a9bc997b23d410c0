import type { IncomingHttpHeaders } from 'node:http'
import type { User } from '../auth/users.ts'
import type { Json, JsonObject } from '../common/json.ts'
import type { Sampler } from '../metrics/sampler.ts'
import type { Peer } from './access.ts'
import type { ManagedBroker } from './managed-broker.ts'
import type { Query } from './query.ts'

/** One request, when it is clear who asks and that they may. */
export interface Call {
  readonly broker: ManagedBroker
  readonly sampler: Sampler
  readonly user: User
  readonly peer: Peer
  /** Of the path, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: JsonObject
  /** The body as it came. */
  readonly rawBody: Buffer
  readonly headers: IncomingHttpHeaders
}

/** What a route answers. */
export type Reply =
  /** One value; `status` is 200 unless given. */
  | {
      readonly json: Json
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
    }
  /** JSON that is long enough to be written in slices. */
  | { readonly pieces: readonly Buffer[]; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly status: 201 | 204 | 301
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly text: string; readonly type: string }

export const NO_CONTENT: Reply = { status: 204 }
export const CREATED: Reply = { status: 201 }

/** 201 for what is new, 204 for what was there. */
export function put(isNew: boolean): Reply {
  return isNew ? CREATED : NO_CONTENT
}
