import type { Command } from '../command.ts'
import { CERTIFICATE_COMMANDS } from './certificates.ts'
import { DEFINITION_COMMANDS } from './definitions.ts'
import { EVAL_COMMANDS } from './eval.ts'
import { FEATURE_COMMANDS } from './features.ts'
import { HEALTH_COMMANDS } from './health.ts'
import { INERT_COMMANDS } from './inert.ts'
import { LIST_COMMANDS } from './lists.ts'
import { LOGIN_COMMANDS } from './logins.ts'
import { NODE_COMMANDS } from './nodes.ts'
import { OPERATION_COMMANDS } from './operations.ts'
import { PARAMETER_COMMANDS } from './parameters.ts'
import { PERMISSION_COMMANDS } from './permissions.ts'
import { PLUGIN_COMMANDS } from './plugins.ts'
import { POLICY_COMMANDS } from './policies.ts'
import { STATUS_COMMANDS } from './status.ts'
import { USER_COMMANDS } from './users.ts'
import { VHOST_COMMANDS } from './vhosts.ts'

/** Every command of every tool but rabbitmqadmin. */
export const COMMANDS: readonly Command[] = [
  ...INERT_COMMANDS,
  ...NODE_COMMANDS,
  ...STATUS_COMMANDS,
  ...HEALTH_COMMANDS,
  ...CERTIFICATE_COMMANDS,
  ...USER_COMMANDS,
  ...PERMISSION_COMMANDS,
  ...VHOST_COMMANDS,
  ...LIST_COMMANDS,
  ...LOGIN_COMMANDS,
  ...POLICY_COMMANDS,
  ...PARAMETER_COMMANDS,
  ...OPERATION_COMMANDS,
  ...EVAL_COMMANDS,
  ...DEFINITION_COMMANDS,
  ...FEATURE_COMMANDS,
  ...PLUGIN_COMMANDS,
]
