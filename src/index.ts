export type {
  Administration,
  PermissionPatterns,
  PolicySettings,
  UserLimits,
  VhostLimits,
} from './administration.ts'
export { type Broker, createBroker } from './broker.ts'
export {
  type AmqpOptions,
  BrokerError,
  type BrokerErrorCode,
  type BrokerOptions,
} from './broker-options.ts'
export type { CompatName } from './common/compat.ts'
export type { Logger } from './common/log.ts'
export type { NodeMaxima } from './core/node-limits.ts'
export type { PolicyTarget } from './core/policy/policy.ts'
export type { Alarm } from './protocol/alarms.ts'
