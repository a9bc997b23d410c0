import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import { plaintextStream } from './plaintext.ts'

export type LoggerOptions = {
  readonly level: string
  /** `pretty` is for people at a terminal, `plaintext` for what reads the log of a RabbitMQ. */
  readonly form: 'pretty' | 'plaintext' | 'json'
  /** Undefined for the standard output. */
  readonly file?: string | undefined
}

/** RabbitMQ has a level between info and warning. */
export type CommandLogger = Logger<'notice'>

/**
 * The logger of the command. It writes synchronously: a line that tells of the end of the process is out
 * before the process ends, and no worker thread has to start before the first line.
 */
export async function createLogger(options: LoggerOptions): Promise<CommandLogger> {
  const settings = {
    level: options.level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    customLevels: { notice: 35 },
  }
  return pino(settings, await streamFor(options))
}

async function streamFor({ form, file }: LoggerOptions): Promise<DestinationStream> {
  if (form === 'pretty') return prettyStream()
  const stream = pino.destination({ dest: file ?? 1, sync: true, mkdir: true })
  return form === 'plaintext' ? plaintextStream(stream) : stream
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
    customLevels: { notice: 35 },
    useOnlyCustomProps: false,
  })
}
