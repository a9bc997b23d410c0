import { constants } from 'node:os'
import { EXIT_NOT_WRITTEN, EXIT_SIGNAL_BASE } from './exit-code.ts'
import type { CommandLogger } from './logger.ts'

/** What there is to close, as far as a signal is concerned. */
type Closable = { close(): Promise<void> }

/**
 * Ends the process on SIGINT or SIGTERM: the first signal closes what `starting` gives and exits with 0, or with 1 when
 * the disk did not take what was left to be written; a second one while that goes on exits at once with 130 or 143.
 */
export function closeOnSignal(starting: Promise<Closable>, logger: CommandLogger): void {
  let isClosing = false
  const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
    if (isClosing) process.exit(EXIT_SIGNAL_BASE + constants.signals[signal])
    isClosing = true
    logger.notice(`${signal} received - shutting down`)
    // A start that fails ends the process on its own.
    starting.then(
      (started) => close(started, logger),
      () => {},
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

async function close(started: Closable, logger: CommandLogger): Promise<void> {
  try {
    await started.close()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    logger.error({ err: error }, `Stopped, but what was not confirmed yet is lost: ${reason}`)
    process.exit(EXIT_NOT_WRITTEN)
  }
  logger.info('Stopped')
  process.exit(0)
}
