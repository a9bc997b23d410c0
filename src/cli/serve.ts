import { resolve } from 'node:path'
import { COMPATS } from '../common/compat.ts'
import { ConfigError, type LoadedConfig, loadConfig } from '../config/load.ts'
import { BrokerError, type ProcessFacts } from '../index.ts'
import { banner } from './banner.ts'
import { brokerOptions } from './broker-options.ts'
import { startDetached } from './detached.ts'
import { optimiseEarly } from './early-optimising.ts'
import { EXIT_NOT_STARTED, EXIT_USAGE } from './exit-code.ts'
import { createLogger } from './logger.ts'
import { memoryControls } from './memory-controls.ts'
import { Node } from './node.ts'
import { lookAfterMemory } from './process-memory.ts'
import { closeOnSignal } from './signals.ts'
import { packageVersion } from './version.ts'

/**
 * Runs a broker until SIGINT or SIGTERM, or has another process run it and comes back at once. What keeps it from starting
 * goes to stderr, one line for each problem.
 */
export async function serve({ args, isDetached }: Serving): Promise<void> {
  try {
    const loaded = loadConfig({ args, env: process.env })
    if (isDetached) await startDetached(args)
    else await start(loaded)
  } catch (error) {
    if (error instanceof ConfigError) complain(error.problems, EXIT_USAGE)
    else if (error instanceof BrokerError) complain([error.message], EXIT_NOT_STARTED)
    else throw error
  }
}

interface Serving {
  /** Flags. */
  readonly args: readonly string[]
  readonly isDetached: boolean
}

async function start(loaded: LoadedConfig): Promise<void> {
  optimiseEarly()
  const { config, plugins, warnings } = loaded
  const isTerminal = process.stdout.isTTY
  const isPretty = isTerminal && config.logFile === undefined
  const form = isPretty ? 'pretty' : config.logFormat
  const logger = await createLogger({ level: config.logLevel, form, file: config.logFile })
  const progress = form === 'plaintext' ? process.stdout : null
  progress?.write('\n  Starting broker...\n')
  const { version } = COMPATS[config.compat]
  logger.info(` Starting RabbitMQ ${version} as Leveret ${packageVersion()} on Node.js`)
  const options = { ...brokerOptions(config, logger), process: processFacts(loaded) }
  const starting = Node.start(options, logger)
  closeOnSignal(starting, logger)
  lookAfterMemory(memoryControls())
  for (const warning of warnings) logger.warn(warning)
  const { broker } = await starting
  if (isTerminal) process.stdout.write(banner(config, broker))
  progress?.write(` completed with ${plugins.length} plugins.\n`)
  // Scripts and test tools wait for this line, so it is printed at every level.
  const { host, compat } = config
  const fields = { version: packageVersion(), compat, host, port: broker.amqp.port }
  const always = logger.child({}, { level: 'info' })
  always.info(fields, startupComplete(plugins))
  logger.info(`Time to start RabbitMQ: ${Math.round(performance.now())} ms`)
}

function processFacts({ config, configFiles, enabledPlugins }: LoadedConfig): ProcessFacts {
  const logFiles = [config.logFile ?? '<stdout>']
  return {
    configFiles: configFiles.map((path) => resolve(path)),
    logFiles,
    plugins: enabledPlugins,
  }
}

/** In RabbitMQ's words. */
function startupComplete(plugins: readonly string[]): string {
  const names = plugins.map((name) => `\n * ${name}`)
  return `Server startup complete; ${plugins.length} plugins started.${names.join('')}`
}

function complain(problems: readonly string[], exitCode: number): void {
  for (const problem of problems) process.stderr.write(`leveret: ${problem}\n`)
  process.exitCode = exitCode
}
