import type { X509Certificate } from 'node:crypto'

/** The part of a client's certificate that names the user for EXTERNAL. */
export interface CertLogin {
  readonly field: 'distinguished_name' | 'common_name' | 'subject_alternative_name'
  /** Which kind of alternative name; 'dns' by default. */
  readonly sanType?: 'dns' | 'ip' | 'email' | 'uri' | 'other_name'
  /** Which of several such names; 0 by default. */
  readonly sanIndex?: number
}

/** The user that a certificate names; null when it has no such part. */
export function peerNameOf(certificate: X509Certificate, login: CertLogin): string | null {
  switch (login.field) {
    case 'distinguished_name':
      return distinguishedName(certificate.subject)
    case 'common_name': {
      const names = attributesOf(certificate.subject)
        .flat()
        .filter(([type]) => type === 'CN')
      return names.length === 0 ? null : names.map(([, value]) => unescaped(value)).join(',')
    }
    case 'subject_alternative_name': {
      const { sanType = 'dns', sanIndex = 0 } = login
      return alternativeNames(certificate.subjectAltName ?? '', sanType)[sanIndex] ?? null
    }
  }
}

/** As RabbitMQ writes it (RFC 4514), the last attribute first: `O=client,CN=hare`. */
export function distinguishedName(subject: string | undefined): string {
  return attributesOf(subject)
    .reverse()
    .map((together) =>
      together.map(([type, value]) => `${NAMES.get(type) ?? type}=${escaped(value)}`).join('+'),
    )
    .join(',')
}

type Attribute = readonly [type: string, value: string]

/** Node gives one line for each, in the order of the certificate; those that stand in one place share a line. */
function attributesOf(subject: string | undefined): (readonly Attribute[])[] {
  if (subject === undefined || subject === '') return []
  return subject.split('\n').map((line) =>
    line.split(' + ').map((text): Attribute => {
      const at = text.indexOf('=')
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}

/** OpenSSL has escaped what RFC 4514 wants to be; RabbitMQ escapes what may not be shown as well. */
function escaped(value: string): string {
  return value.replaceAll(/[^ -}]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  )
}

function unescaped(value: string): string {
  return value.replaceAll(/(?:\\[0-9A-F]{2})+|\\(.)/g, (text, character: string | undefined) =>
    character === undefined ? Buffer.from(text.replaceAll('\\', ''), 'hex').toString() : character,
  )
}

/** RabbitMQ's names of attributes where OpenSSL has others; those that it has no name for go by their numbers. */
const NAMES = new Map([
  ['GN', 'GIVENNAME'],
  ['initials', 'INITIALS'],
  ['generationQualifier', 'GENERATIONQUALIFIER'],
  ['title', 'TITLE'],
  ['serialNumber', 'SERIALNUMBER'],
  ['pseudonym', 'PSEUDONYM'],
  ['emailAddress', 'EMAILADDRESS'],
  ['street', 'STREET'],
  ['description', '2.5.4.13'],
  ['businessCategory', '2.5.4.15'],
  ['postalCode', '2.5.4.17'],
  ['name', '2.5.4.41'],
  ['dnQualifier', '2.5.4.46'],
  ['organizationIdentifier', '2.5.4.97'],
])

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
