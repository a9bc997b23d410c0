import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'

export type LoggerOptions = {
  readonly level: string
  /** Lines for people instead of one JSON object a line. */
  readonly isPretty: boolean
  /** Undefined for the standard output. */
  readonly file?: string | undefined
}

/**
 * The logger of the command. It writes synchronously: a line that tells of the end of the process is out
 * before the process ends, and no worker thread has to start before the first line.
 */
export async function createLogger(options: LoggerOptions): Promise<Logger> {
  const settings = {
    level: options.level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(settings, options.isPretty ? await prettyStream() : stream(options.file))
}

function stream(file: string | undefined): DestinationStream {
  return pino.destination({ dest: file ?? 1, sync: true, mkdir: true })
}

async function prettyStream(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty')
  const time = 'SYS:HH:MM:ss.l'
  return pretty({
    destination: 1,
    sync: true,
    colorize: true,
    singleLine: true,
    translateTime: time,
  })
}
