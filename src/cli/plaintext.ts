import type { DestinationStream } from 'pino'
import { PROCESS } from '../common/log.ts'

/**
 * Turns the logger's JSON lines into those of RabbitMQ, which test tools and scripts wait for:
 * `2026-01-01 10:00:00.000000+00:00 [info] <0.1.0> Server startup complete; 4 plugins started.`
 * As there, each line of a message has all that before it.
 */
export function plaintextStream(destination: DestinationStream): DestinationStream {
  return {
    write: (json) => destination.write(plaintext(JSON.parse(json))),
  }
}

type Entry = {
  readonly time: string
  readonly level: string
  readonly msg: string
  readonly err?: { readonly stack?: string }
}

function plaintext({ time, level, msg, err }: Entry): string {
  // Node's clock has milliseconds, RabbitMQ's lines have microseconds
  const written = time.replace('T', ' ').replace('Z', '000+00:00')
  const prefix = `${written} [${LEVELS.get(level) ?? level}] ${PROCESS} `
  const text = err?.stack === undefined ? msg : `${msg}\n${err.stack}`
  return `${text
    .split('\n')
    .map((line) => prefix + line)
    .join('\n')}\n`
}

const LEVELS = new Map([
  ['warn', 'warning'],
  ['fatal', 'critical'],
])
