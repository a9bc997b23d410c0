import type { Config } from './config.ts'
import type { Option } from './option.ts'
import { NETWORK } from './options/network.ts'
import { NODE } from './options/node.ts'
import { PROTOCOL } from './options/protocol.ts'
import { RESOURCES } from './options/resources.ts'
import { TLS } from './options/tls.ts'
import { USERS } from './options/users.ts'
import { VHOST_DEFAULTS } from './options/vhost-defaults.ts'
import { WEB_TLS } from './options/web-tls.ts'

const { configFile, configFiles, pluginsFile, dataDir, loadDefinitions, ...names } = NODE

/** Every option there is: flags, environment, keys of rabbitmq.conf, help and README all come from this table. */
export const OPTIONS: { readonly [K in keyof Config]: Option<Config[K]> } = {
  configFile,
  configFiles,
  pluginsFile,
  ...NETWORK,
  ...TLS,
  ...WEB_TLS,
  ...USERS,
  ...VHOST_DEFAULTS,
  dataDir,
  loadDefinitions,
  ...RESOURCES,
  ...PROTOCOL,
  ...names,
}
