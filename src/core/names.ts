import { randomBytes } from 'node:crypto'
import { accessRefused, type Resource } from './refusal.ts'

/** A queue name of the server's own: `amq.gen-` and 22 characters. */
export function generateQueueName(): string {
  return `amq.gen-${randomText()}`
}

/** A consumer tag of the server's own: `amq.ctag-` and 22 characters. */
export function generateConsumerTag(): string {
  return `amq.ctag-${randomText()}`
}

/** RabbitMQ drops carriage returns and line feeds from names before it uses them. */
export function stripLineBreaks(name: string): string {
  return LINE_BREAK.test(name) ? name.replaceAll(/[\r\n]/g, '') : name
}

/** Names that begin with `amq.` belong to the server. */
export function assertNotReserved(resource: Resource): void {
  if (!resource.name.startsWith('amq.')) return
  throw accessRefused(`${resource.kind} name '${resource.name}' contains reserved prefix 'amq.*'`)
}

export function assertNotDefaultExchange(name: string): void {
  if (name === '') throw accessRefused('operation not permitted on the default exchange')
}

const LINE_BREAK = /[\r\n]/

function randomText(): string {
  return randomBytes(16).toString('base64url')
}
