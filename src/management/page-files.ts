import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * The page for people, next to the API. Its files are built into `dist/page`; each is read when it is asked for, so that
 * neither the start nor the memory of a broker knows of them.
 */
export function addPage(app: FastifyInstance): void {
  for (const [url, [name, type]] of Object.entries(FILES)) {
    app.get(url, (request, reply) => sendFile(name, type, request, reply))
  }
}

const FILES: Readonly<Record<string, readonly [name: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/index.html': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/app.css': ['app.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
  '/favicon.ico': ['icon.svg', 'image/svg+xml'],
}

/** As far above `src/management` as above what is built of it in `dist/lib`. */
const FOLDER = new URL('../../dist/page/', import.meta.url)

/** Nothing but what comes from here, nothing inline, in nobody's frame. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // kept, and asked for again with its etag: a new version of the broker shows its own page at once
  'cache-control': 'no-cache',
  vary: 'accept-encoding',
}

async function sendFile(
  name: string,
  type: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bytes = await readFile(new URL(name, FOLDER)).catch(() => null)
  if (bytes === null) {
    return reply.code(404).type('text/plain').send('The page is not built: npm run bundle:page\n')
  }
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  reply.headers({ ...HEADERS, etag }).type(type)
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(bytes)
  return reply.header('content-encoding', 'gzip').send(await compressed(bytes))
}

const compressed = promisify(gzip)
