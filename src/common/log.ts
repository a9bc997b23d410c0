/** Named values that go with a log line: plain data, errors under `err`. */
export type LogFields = { readonly [name: string]: unknown }

/**
 * Where the broker says what happens to it: a subset of pino's shape, so that a pino logger fits as it is.
 * Called for connections, listeners and start-up, never per message.
 */
export interface Logger {
  debug(message: string): void
  debug(fields: LogFields, message: string): void
  info(message: string): void
  info(fields: LogFields, message: string): void
  warn(message: string): void
  warn(fields: LogFields, message: string): void
  error(message: string): void
  error(fields: LogFields, message: string): void
}

/** The logger of an embedded broker that was given none. */
export const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

function ignore(): void {}

/** RabbitMQ's lines name the Erlang process that they are about; here there is one for all. */
export const PROCESS = '<0.1.0>'
