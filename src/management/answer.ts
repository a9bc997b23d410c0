import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createGzip, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '../common/log.ts'
import type { Reply } from './call.ts'
import { badRequest, HttpError, httpErrorOf } from './http-error.ts'

/** What RabbitMQ says with every answer. */
export const COMMON_HEADERS = {
  'content-security-policy': "script-src 'self'; object-src 'self'",
  vary: 'accept, accept-encoding, origin',
}

export const REVALIDATE = 'public, max-age=0, must-revalidate'

/** Sends what a route answers. */
export async function send(
  answer: Reply,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.headers(COMMON_HEADERS)
  reply.header('cache-control', 'no-cache')
  if ('headers' in answer && answer.headers !== undefined) reply.headers(answer.headers)
  if ('pieces' in answer) return sendPieces(answer.pieces, JSON_TYPE, request, reply)
  if ('text' in answer) {
    reply.header('cache-control', REVALIDATE)
    return sendPieces([Buffer.from(answer.text)], answer.type, request, reply)
  }
  if ('json' in answer) {
    reply.code(answer.status ?? 200)
    return sendPieces([Buffer.from(JSON.stringify(answer.json))], JSON_TYPE, request, reply)
  }
  return reply.code(answer.status).header('cache-control', REVALIDATE).send()
}

/** Answers to an error; one that nobody has foreseen is logged, and told nobody. */
export function answerError(
  log: Logger,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = httpErrorOf(error) ?? errorOfFastify(error)
  if (known === undefined) {
    log.error({ err: error }, `HTTP API: ${request.method} ${request.url} failed`)
    return reply.code(500).send()
  }
  reply.code(known.status).headers({ ...COMMON_HEADERS, 'cache-control': REVALIDATE })
  reply.headers(known.headers)
  if (known.body === null) return reply.send()
  return reply.header('content-type', JSON_TYPE).send(Buffer.from(JSON.stringify(known.body)))
}

const JSON_TYPE = 'application/json'

/** Less than this is not worth to be compressed. */
const COMPRESSED_FROM = 300

/** In one go, up to this size. */
const SMALL_SIZE = 65_536

const gzipped = promisify(gzip)

async function sendPieces(
  pieces: readonly Buffer[],
  type: string,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const size = pieces.reduce((sum, { length }) => sum + length, 0)
  reply.header('content-type', type)
  const isCompressed =
    size >= COMPRESSED_FROM && String(headers['accept-encoding'] ?? '').includes('gzip')
  if (isCompressed) {
    reply.header('content-encoding', 'gzip')
    if (size > SMALL_SIZE) return reply.send(Readable.from(pieces).pipe(createGzip()))
    return reply.send(await gzipped(Buffer.concat(pieces)))
  }
  reply.header('content-length', size)
  return reply.send(pieces.length === 1 ? pieces[0] : Readable.from(pieces))
}

/** A body that Fastify did not take. */
function errorOfFastify(error: unknown): HttpError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  if (error.statusCode === 413) return badRequest('Exceeded HTTP request body size limit')
  return typeof error.statusCode === 'number' && error.statusCode < 500
    ? new HttpError(error.statusCode, null)
    : undefined
}
