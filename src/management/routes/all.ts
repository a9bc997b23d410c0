import type { Route } from '../route.ts'
import { OVERVIEW_ROUTES } from './overview.ts'
import { QUEUE_ROUTES } from './queues.ts'

/** The HTTP API, all of it. */
export const API_ROUTES: readonly Route[] = [...OVERVIEW_ROUTES, ...QUEUE_ROUTES]
