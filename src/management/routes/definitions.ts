import { createHash } from 'node:crypto'
import { eachInSlices, Slices } from '../../common/slices.ts'
import { type Call, NO_CONTENT, type Reply } from '../call.ts'
import { exportDefinitions, exportVhostDefinitions } from '../definitions/export.ts'
import { importDefinitions, importVhostDefinitions } from '../definitions/import.ts'
import { badRequest, notFound } from '../http-error.ts'
import { parsedInSlices } from '../long-json.ts'
import { uploadedFile } from '../multipart.ts'
import { get, type Route } from '../route.ts'
import { jsonIn } from '../schema.ts'

const DEFINITIONS = { type: 'object' }

export const DEFINITION_ROUTES: readonly Route[] = [
  ...['/definitions', '/all-configuration'].flatMap((path): Route[] => [
    get(path, 'administrator', 'Everything that is declared and set', DEFINITIONS, (call) =>
      download(call, exportDefinitions(call.broker)),
    ),
    {
      method: 'POST',
      path,
      access: 'administrator',
      summary: 'Adds definitions to what there is',
      body: DEFINITIONS,
      hasRawBody: true,
      handle: async (call) => {
        await importDefinitions(call.broker, await sent(call), call.user.name)
        return NO_CONTENT
      },
    },
  ]),
  get(
    '/definitions/:vhost',
    'administrator',
    'Everything that is declared and set in a vhost',
    DEFINITIONS,
    (call) => {
      const vhost = call.broker.vhosts.get(call.params.vhost ?? '')
      if (vhost === undefined) throw badRequest('vhost_not_found')
      return download(call, exportVhostDefinitions(call.broker, vhost))
    },
  ),
  {
    method: 'POST',
    path: '/definitions/:vhost',
    access: 'administrator',
    summary: 'Adds definitions to a vhost',
    body: DEFINITIONS,
    hasRawBody: true,
    handle: async (call) => {
      const { vhost = '' } = call.params
      if (call.broker.vhosts.get(vhost) === undefined) throw notFound('vhost_not_found')
      await importVhostDefinitions(call.broker, vhost, await sent(call))
      return NO_CONTENT
    },
  },
]

/** With `download`, browsers save it under that name. */
async function download({ query }: Call, exporting: Promise<readonly Buffer[]>): Promise<Reply> {
  const pieces = await exporting
  const hash = createHash('sha256')
  await eachInSlices(pieces, new Slices(), (piece) => void hash.update(piece))
  const etag = `"${hash.digest('hex').slice(0, 16)}"`
  const name = query.get('download')
  const disposition =
    name === null ? {} : { 'content-disposition': `attachment; filename=${quoted(name)}` }
  return { pieces, headers: { etag, ...disposition } }
}

function quoted(name: string): string {
  return name.replaceAll(/[^\w.@-]/g, '_')
}

/** The definitions of a body: JSON, or a form with a file of it, as pages send one. */
async function sent({ rawBody, headers }: Call): Promise<unknown> {
  const bytes = uploadedFile(rawBody, headers['content-type'] ?? '') ?? rawBody
  if (bytes.length < SMALL_SIZE) {
    const text = bytes.toString()
    return ['', 'null', 'undefined'].includes(text.trim()) ? {} : jsonIn(text)
  }
  return parsedInSlices(bytes, new Slices()).catch(() => undefined)
}

/** So much is read in one go. */
const SMALL_SIZE = 65_536
