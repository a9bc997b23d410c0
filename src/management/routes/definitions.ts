import { createHash } from 'node:crypto'
import type { JsonObject } from '../../common/json.ts'
import { type Call, NO_CONTENT, type Reply } from '../call.ts'
import { exportDefinitions, exportVhostDefinitions } from '../definitions/export.ts'
import { importDefinitions, importVhostDefinitions } from '../definitions/import.ts'
import { badRequest, notFound } from '../http-error.ts'
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
      handle: (call) => {
        importDefinitions(call.broker, sent(call), call.user.name)
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
    handle: (call) => {
      const vhost = call.broker.vhosts.get(call.params.vhost ?? '')
      if (vhost === undefined) throw notFound('vhost_not_found')
      importVhostDefinitions(call.broker, vhost, sent(call))
      return NO_CONTENT
    },
  },
]

/** With `download`, browsers save it under that name. */
function download({ query }: Call, json: JsonObject): Reply {
  const hash = createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 16)
  const name = query.get('download')
  const disposition =
    name === null ? {} : { 'content-disposition': `attachment; filename=${quoted(name)}` }
  return { json, headers: { etag: `"${hash}"`, ...disposition } }
}

function quoted(name: string): string {
  return name.replaceAll(/[^\w.@-]/g, '_')
}

/** The definitions of a body: JSON, or a form with a file of it, as pages send one. */
function sent({ rawBody, headers }: Call): unknown {
  const file = uploadedFile(rawBody, headers['content-type'] ?? '')
  const text = (file ?? rawBody).toString()
  if (['', 'null', 'undefined'].includes(text.trim())) return {}
  return jsonIn(text)
}
