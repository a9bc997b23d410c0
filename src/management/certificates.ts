import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { JsonObject } from '../common/json.ts'
import type { ManagedListener } from './managed-broker.ts'

/** The listeners with a certificate that is of no use now, or not at a later time, as RabbitMQ shows them. */
export function expiringListeners(
  listeners: readonly ManagedListener[],
  times: { readonly nowMs: number; readonly laterMs: number },
): readonly JsonObject[] {
  return listeners.flatMap(({ protocol, host, port, tls }) => {
    if (tls === null) return []
    const cert = problemsOf(tls.cert, times)
    const authorities = tls.ca === undefined ? [] : problemsOf(tls.ca, times)
    if (cert.length === 0 && authorities.length === 0) return []
    return {
      protocol,
      interface: host,
      port,
      certfile: tls.cert,
      cacertfile: tls.ca ?? '',
      certfile_expires_on: cert,
      cacertfile_expires_on: authorities,
    }
  })
}

/** When those certificates of a file end that do so too soon, or what else is wrong with them. */
function problemsOf(
  path: string,
  { nowMs, laterMs }: { readonly nowMs: number; readonly laterMs: number },
): string[] {
  let text: string
  try {
    text = readFileSync(path, 'latin1')
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
  return (text.match(CERTIFICATE) ?? []).flatMap((pem) => {
    const { validFrom, validTo } = new X509Certificate(pem)
    if (Date.parse(validFrom) > nowMs) return ['Certificate is not yet valid']
    const endMs = Date.parse(validTo)
    return endMs < laterMs ? [shown(new Date(endMs))] : []
  })
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** `2027-02-28 9:27:33`: RabbitMQ gives hours as few digits as will do. */
function shown(time: Date): string {
  const [day = '', clock = ''] = time.toISOString().slice(0, 19).split('T')
  return `${day} ${clock.replace(/^0/, '')}`
}
