import type { X509Certificate } from 'node:crypto'

/** The part of a client's certificate that names the user. */
export interface CertLogin {
  readonly field: 'distinguished_name' | 'common_name' | 'subject_alternative_name'
  readonly sanType?: 'dns' | 'ip' | 'email' | 'uri' | 'other_name'
  readonly sanIndex?: number
}

/** The user that a certificate names; null when it has no such part. */
export function peerNameOf(certificate: X509Certificate, login: CertLogin): string | null {
  switch (login.field) {
    case 'distinguished_name':
      return distinguishedName(certificate.subject)
    case 'common_name': {
      const names = attributesOf(certificate.subject).filter(([type]) => type === 'CN')
      return names.length === 0 ? null : names.map(([, value]) => value).join(',')
    }
    case 'subject_alternative_name': {
      const { sanType = 'dns', sanIndex = 0 } = login
      return alternativeNames(certificate.subjectAltName ?? '', sanType)[sanIndex] ?? null
    }
  }
}

/** As RabbitMQ writes it, the last attribute first: `O=client,CN=hare`. */
export function distinguishedName(subject: string | undefined): string {
  return attributesOf(subject)
    .reverse()
    .map(([type, value]) => `${type}=${value}`)
    .join(',')
}

/** Node gives one line for each, in the order of the certificate. */
function attributesOf(subject: string | undefined): (readonly [type: string, value: string])[] {
  if (subject === undefined || subject === '') return []
  return subject.split('\n').map((line) => {
    const at = line.indexOf('=')
    return [line.slice(0, at), line.slice(at + 1)]
  })
}

function alternativeNames(text: string, type: string): readonly string[] {
  const prefix = PREFIXES.get(type)
  if (prefix === undefined) return []
  // names with a comma or a quote in them come as JSON texts
  const names = text.match(/(?:[^,"]|"(?:\\.|[^"\\])*")+/g) ?? []
  return names
    .map((name) => name.trim())
    .filter((name) => name.startsWith(prefix))
    .map((name) => {
      const value = name.slice(prefix.length)
      return value.startsWith('"') ? String(JSON.parse(value)) : value
    })
}

const PREFIXES = new Map([
  ['dns', 'DNS:'],
  ['ip', 'IP Address:'],
  ['email', 'email:'],
  ['uri', 'URI:'],
])
