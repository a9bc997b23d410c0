import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Capture, COMPARED_HEADERS, PRESENT_HEADERS } from './capture.ts'
import { shapeOf } from './shape.ts'

/**
 * Makes the captures that the comparison uses of raw answers of a live RabbitMQ: `tsx conformance/http/take.ts DIR`, where
 * DIR/GROUP/NAME.json hold records of request, status, headers and body. Values of answers are left out, which shrinks
 * them to a tenth; those of errors are kept.
 */
const GROUPS = ['fresh', 'get', 'page', 'health', 'access', 'errors', 'write']

const BODIES: readonly (readonly [path: RegExp, body: object])[] = [
  [
    /\/publish$/,
    { properties: {}, routing_key: 'q.lazy', payload: 'x', payload_encoding: 'string' },
  ],
  [/\/get$/, { count: 0, ackmode: 'ack_requeue_true', encoding: 'auto' }],
  [/policies/, { pattern: '^tmp', definition: { 'max-length': 5 } }],
  [/federation-upstream/, { value: { uri: 'amqp://x' } }],
  [/limits|global-parameters/, { value: 1000 }],
  [/users/, { password: 'tmp', tags: '' }],
  [/permissions/, { configure: '^alice-.*', write: '.*', read: '.*' }],
  [/cluster-name/, { name: 'capture' }],
  [/queues/, { durable: true }],
  [/bindings/, { routing_key: 'by-tag' }],
]

const WRONG_PASSWORD = { authorization: `Basic ${Buffer.from('guest:wrong').toString('base64')}` }

const [directory] = process.argv.slice(2)
if (directory === undefined) throw new Error('the directory of the raw captures is missing')
for (const group of GROUPS) {
  const captures = readdirSync(join(directory, group))
    .sort()
    .flatMap((file) =>
      capturesIn(join(directory, group, file), `${group}/${basename(file, '.json')}`),
    )
  const path = fileURLToPath(new URL(`captures/${group}.json`, import.meta.url))
  writeFileSync(path, `[\n${captures.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`)
  process.stdout.write(`${group}: ${captures.length}\n`)
}

function capturesIn(path: string, name: string): readonly Capture[] {
  const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (!Array.isArray(json)) return captureOf(json, name)
  return json.flatMap((record, at) => captureOf(record, `${name} ${at + 1}`))
}

/** Records of another form, such as summaries by user, are no captures. */
function captureOf(record: unknown, name: string): readonly Capture[] {
  const fields = fieldsOf(record)
  if (fields.result !== undefined) return capturesByUser(fields, name)
  if (fields.request === undefined) return []
  const request = fieldsOf(fields.request)
  const status = Number(fields.status)
  const isError = status >= 400
  const isShortened = typeof fields.body === 'string' && fields.body.startsWith('(')
  return [
    {
      name,
      method: String(request.method),
      path: String(request.path),
      user: request.user === null ? null : String(request.user ?? 'guest'),
      requestHeaders: isRefused(fields) ? WRONG_PASSWORD : textsOf(request.headers),
      body: bodyOf(request.body),
      isTrimmed: fields.trimmed !== undefined,
      status,
      headers: headersOf(textsOf(fields.headers)),
      shape: isError || fields.body === undefined || isShortened ? null : shapeOf(fields.body),
      error: isError ? (fields.body ?? null) : null,
    },
  ]
}

/** What several users were answered to one request. Its body was not noted: `BODIES` has one that does as well. */
function capturesByUser(
  { method, path, result }: Readonly<Record<string, unknown>>,
  name: string,
): readonly Capture[] {
  return Object.entries(fieldsOf(result)).map(([title, answer]) => {
    const { status, body } = fieldsOf(answer)
    const isError = Number(status) >= 400
    const user = /\((\w+)/.exec(title)?.[1] ?? title
    const request = BODIES.find(([pattern]) => pattern.test(String(path)))?.[1] ?? null
    return {
      name: `${name} ${user}`,
      method: String(method),
      path: String(path),
      user,
      requestHeaders: {},
      body:
        method === 'GET' || method === 'DELETE' || request === null
          ? null
          : JSON.stringify(request),
      isTrimmed: false,
      status: Number(status),
      headers: {},
      shape: null,
      error: isError && body !== '' ? body : null,
    }
  })
}

/** The captures do not tell a wrong password. */
function isRefused({ request, status, body }: Readonly<Record<string, unknown>>): boolean {
  const { user, path } = fieldsOf(request)
  return (
    user === undefined &&
    path !== '/api/login' &&
    status === 401 &&
    fieldsOf(body).error === 'not_authorized'
  )
}

function bodyOf(body: unknown): string | null {
  if (body === undefined) return null
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function headersOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const compared = COMPARED_HEADERS.flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, value]]
  })
  const present = PRESENT_HEADERS.filter((name) => headers[name] !== undefined)
  return Object.fromEntries([...compared, ...present.map((name) => [name, '*'])])
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {}
}

function textsOf(json: unknown): Record<string, string> {
  const entries = Object.entries(fieldsOf(json)).map(([name, value]) => [name, String(value)])
  return Object.fromEntries(entries)
}
