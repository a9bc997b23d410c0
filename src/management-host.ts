import type { Administration } from './administration.ts'
import type { ManagedBroker, ManagedListener } from './management/managed-broker.ts'
import { ProcessIds } from './management/process-ids.ts'
import { Connection } from './protocol/connection.ts'
import { DirectSession } from './protocol/direct-session.ts'
import { forceClose } from './protocol/force-close.ts'
import { QueueTransfer } from './protocol/queue-transfer.ts'
import { refuseLogin } from './protocol/refuse-login.ts'
import type { Services } from './protocol/services.ts'

/** A broker as its management sees it. */
export function managedBroker(
  services: Services,
  administration: Administration,
  directory: string,
  listeners: () => readonly ManagedListener[],
  facts: Partial<ManagedBroker['process']> = {},
): ManagedBroker {
  const {
    alarms,
    churn,
    clock,
    closing,
    connections,
    limits,
    log,
    parameters,
    settings,
    users,
    vhosts,
    watch,
  } = services
  const startedAtMs = clock.wallTime()
  return {
    vhosts,
    users,
    parameters,
    connections,
    alarms,
    limits,
    churn,
    clock,
    closing,
    log,
    administration,
    directory,
    process: { ...PLAIN_PROCESS, ...facts },
    listeners,
    compat: settings.compat,
    version: settings.compat.version,
    nodeName: settings.nodeName,
    get loopbackUsers() {
      return settings.loopbackUsers
    },
    get channelMax() {
      return settings.channelMax
    },
    watch,
    consumerTimeoutMs: settings.consumerTimeoutMs,
    startedAtMs,
    ids: new ProcessIds(settings.nodeName, startedAtMs),
    session: (user, vhost) => new DirectSession(services, user, vhost),
    transfer: (user, vhost) => new QueueTransfer(services, user, vhost),
    mechanisms: settings.mechanisms,
    attempts: services.authAttempts,
    refuseLogin: (address, user) => refuseLogin(services, address, user),
    close: (some, reason) => {
      forceClose(
        [...some].filter((one) => one instanceof Connection),
        reason,
      )
    },
  }
}

const PLAIN_PROCESS: ManagedBroker['process'] = {
  configFiles: [],
  logFiles: ['<stdout>'],
  plugins: ['rabbitmq_management'],
}
