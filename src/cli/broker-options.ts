import type { Logger } from '../common/log.ts'
import type { Config } from '../config/options.ts'
import type { BrokerOptions } from '../index.ts'

/** What the settings of the command mean to the library. */
export function brokerOptions(config: Config, logger: Logger): BrokerOptions {
  return {
    amqp: { host: config.host, port: config.port },
    ...(config.dataDir === undefined ? {} : { dataDir: config.dataDir }),
    compat: config.compat,
    heartbeatSeconds: config.heartbeatSeconds,
    handshakeTimeoutMs: config.handshakeTimeoutMs,
    frameMax: config.frameMax,
    channelMax: config.channelMax,
    ...(config.maxMessageSize === null ? {} : { maxMessageSize: config.maxMessageSize }),
    loopbackUsers: config.loopbackUsers,
    logger,
  }
}
