import { isJsonList, isJsonObject, type Json } from '../../common/json.ts'
import { path } from '../broker-client.ts'
import type { Command, CommandCall, Output } from '../command.ts'
import { badArgument, EXIT, Failure } from '../failure.ts'
import { purposeOf } from '../listeners.ts'

const UNITS = ['days', 'weeks', 'months', 'years']

/** Certificates of the broker's listeners. */
export const CERTIFICATE_COMMANDS: readonly Command[] = [
  {
    tools: ['rabbitmq-diagnostics'],
    group: 'Monitoring, observability and health checks',
    name: 'check_certificate_expiration',
    about:
      'Health check that exits with a non-zero code if a certificate expires within the given time',
    usage: '--within <period> --unit <unit>',
    guides: ['monitoring'],
    options: { within: 'number', unit: 'text' },
    check: ({ options }) => {
      if (!UNITS.includes(unitOf(options.text('unit')))) {
        const known = UNITS.join(', ')
        throw badArgument(
          `unit '${options.text('unit')}' is not supported. Please use one of: ${known}`,
        )
      }
    },
    banner: ({ nodeName }) =>
      `Checking certificate expiration for all certificates on node ${nodeName} ...`,
    run: checkExpiration,
  },
]

async function checkExpiration({ broker, nodeName, options }: CommandCall): Promise<Output> {
  const within = options.number('within') ?? 4
  const unit = unitOf(options.text('unit'))
  const checked = path('health', 'checks', 'certificate-expiration', String(within), unit)
  const { text } = await broker.send({ method: 'GET', path: checked })
  const answer: Json = JSON.parse(text)
  const expired = isJsonObject(answer) ? answer.expired : undefined
  if (isJsonList(expired)) {
    throw new Failure(EXIT.unavailable, expired.map((one) => term(one, nodeName)).join('\n'))
  }
  const period = within === 1 ? unit.replace(/s$/, '') : unit
  return { text: `No certificates are expiring within ${within} ${period}.` }
}

function unitOf(given: string | null): string {
  return given?.toLowerCase() ?? 'weeks'
}

/** A listener as Elixir prints it. */
function term(listener: Json, nodeName: string): string {
  if (!isJsonObject(listener)) return ''
  const { port, protocol, interface: host, cacertfile, certfile } = listener
  const { certfile_expires_on: ends, cacertfile_expires_on: authoritiesEnd } = listener
  const fields = [
    `node: ${atom(nodeName)}`,
    `port: ${String(port)}`,
    `protocol: ${atom(String(protocol))}`,
    `interface: ${JSON.stringify(host)}`,
    `cacertfile: ${JSON.stringify(cacertfile)}`,
    `certfile: ${JSON.stringify(certfile)}`,
    `certfile_expires_on: ${list(ends)}`,
    `cacertfile_expires_on: ${list(authoritiesEnd)}`,
    `purpose: ${JSON.stringify(purposeOf(String(protocol)))}`,
  ]
  return `%{${fields.join(', ')}}`
}

function atom(name: string): string {
  return /^[a-z_][\w@]*$/.test(name) ? `:${name}` : `:"${name}"`
}

function list(times: Json | undefined): string {
  return isJsonList(times) ? `[${times.map((time) => JSON.stringify(time)).join(', ')}]` : '[]'
}
