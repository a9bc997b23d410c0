import type { Route } from '../route.ts'
import { BINDING_ROUTES } from './bindings.ts'
import { CONNECTION_ROUTES } from './connections.ts'
import { CONTROL_ROUTES } from './control.ts'
import { DEFINITION_ROUTES } from './definitions.ts'
import { EXCHANGE_ROUTES } from './exchanges.ts'
import { FEATURE_ROUTES } from './features.ts'
import { HEALTH_ROUTES } from './health.ts'
import { INSPECTION_ROUTES } from './inspection.ts'
import { LOGIN_ROUTES } from './login.ts'
import { NODE_ROUTES } from './nodes.ts'
import { OVERVIEW_ROUTES } from './overview.ts'
import { PARAMETER_ROUTES } from './parameters.ts'
import { PERMISSION_ROUTES } from './permissions.ts'
import { POLICY_ROUTES } from './policies.ts'
import { QUEUE_ROUTES } from './queues.ts'
import { USER_ROUTES } from './users.ts'
import { VHOST_ROUTES } from './vhosts.ts'

/** The HTTP API, all of it. */
export const API_ROUTES: readonly Route[] = [
  ...OVERVIEW_ROUTES,
  ...NODE_ROUTES,
  ...CONNECTION_ROUTES,
  ...EXCHANGE_ROUTES,
  ...QUEUE_ROUTES,
  ...INSPECTION_ROUTES,
  ...BINDING_ROUTES,
  ...VHOST_ROUTES,
  ...USER_ROUTES,
  ...PERMISSION_ROUTES,
  ...POLICY_ROUTES,
  ...PARAMETER_ROUTES,
  ...DEFINITION_ROUTES,
  ...HEALTH_ROUTES,
  ...FEATURE_ROUTES,
  ...LOGIN_ROUTES,
  ...CONTROL_ROUTES,
]
