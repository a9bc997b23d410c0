/** A request that the operator makes. In paths and bodies VHOST, NODE and the like stand for what a scene has. */
export type Step = readonly [method: string, path: string, body?: unknown]

/** One route: who may use it, and how it is tried. */
export interface Row {
  /** As in the table of routes: `PUT /queues/:vhost/:name`. */
  readonly route: string
  readonly guard: Guard
  readonly path: string
  readonly body?: unknown
  /** What has to be there, made anew for each try. */
  readonly before?: readonly Step[]
  /** The client has a connection. */
  readonly hasConnection?: boolean
  /** What who may is answered. */
  readonly status: number
}

/** What a route asks of who uses it. */
export type Guard =
  /** Nothing. */
  | 'open'
  /** A login, in the body. */
  | 'login'
  /** A tag of the management. */
  | 'management'
  | 'monitoring'
  | 'administrator'
  /** A tag, and permissions for the vhost or the tag administrator. */
  | 'vhost'
  /** The same, and a monitor needs no permissions. */
  | 'visible vhost'
  /** Permissions for the vhost, whatever the tag. */
  | 'session'
  /** The right to do it in AMQP. */
  | 'declare'
  | 'publish'
  | 'get'
  | 'policymaker'
  /** That, and permissions for the vhost or the tag administrator. */
  | 'policymaker in vhost'
  /** It is the own connection, or that of somebody else for a monitor. */
  | 'connection'
  /** It is the own connection, or that of somebody else for an administrator. */
  | 'close connection'
