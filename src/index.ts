export type {
  Administration,
  PermissionPatterns,
  PolicySettings,
  UserLimits,
  UserSetting,
  VhostLimits,
} from './administration.ts'
export { type Broker, createBroker } from './broker.ts'
export {
  type AmqpOptions,
  type AmqpsOptions,
  BrokerError,
  type BrokerErrorCode,
  type BrokerOptions,
  type DefaultsOptions,
  type ManagementOptions,
  type ManagementTlsOptions,
  type ProcessFacts,
  type ResourceLimit,
} from './broker-options.ts'
export type { CompatName } from './common/compat.ts'
export type { Logger } from './common/log.ts'
export type { NodeMaxima } from './core/node-limits.ts'
export type { PolicyTarget } from './core/policy/policy.ts'
export type {
  DefaultLimits,
  DefaultPolicy,
  DefaultUser,
  VhostDefaults,
} from './core/vhost-defaults.ts'
export type { Alarm } from './protocol/alarms.ts'
export type { ResourceSettings } from './protocol/resource-watch.ts'
export type { CertLogin } from './server/peer-name.ts'
export type { TlsOptions } from './server/tls-files.ts'
