import { ConfigError, type LoadedConfig, loadConfig } from '../config/load.ts'
import { BrokerError } from '../index.ts'
import { banner } from './banner.ts'
import { brokerOptions } from './broker-options.ts'
import { EXIT_NOT_STARTED, EXIT_USAGE } from './exit-code.ts'
import { createLogger } from './logger.ts'
import { Node } from './node.ts'
import { closeOnSignal } from './signals.ts'
import { packageVersion } from './version.ts'

/** Runs a broker until SIGINT or SIGTERM. What keeps it from starting goes to stderr, one line for each problem. */
export async function serve(args: readonly string[]): Promise<void> {
  try {
    await start(loadConfig({ args, env: process.env }))
  } catch (error) {
    if (error instanceof ConfigError) complain(error.problems, EXIT_USAGE)
    else if (error instanceof BrokerError) complain([error.message], EXIT_NOT_STARTED)
    else throw error
  }
}

async function start({ config, warnings }: LoadedConfig): Promise<void> {
  const isTerminal = process.stdout.isTTY
  const logger = await createLogger({
    level: config.logLevel,
    isPretty: isTerminal && config.logFile === undefined,
    file: config.logFile,
  })
  const starting = Node.start(brokerOptions(config, logger), logger)
  closeOnSignal(starting, logger)
  for (const warning of warnings) logger.warn(warning)
  const { broker } = await starting
  if (isTerminal) process.stdout.write(banner(config, broker))
  // Scripts and test tools wait for this line, so it is printed at every level.
  const { host, compat } = config
  const fields = { version: packageVersion(), compat, host, port: broker.amqp.port }
  logger.child({}, { level: 'info' }).info(fields, 'Server startup complete')
}

function complain(problems: readonly string[], exitCode: number): void {
  for (const problem of problems) process.stderr.write(`leveret: ${problem}\n`)
  process.exitCode = exitCode
}
