import { request } from 'node:http'
import type { Capture } from './capture.ts'

/** What a broker answered. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** Sends the request of a capture to a broker. */
export function ask(
  place: { readonly host: string; readonly port: number; readonly localAddress?: string },
  capture: Pick<Capture, 'method' | 'path' | 'user' | 'requestHeaders' | 'body'>,
): Promise<Answer> {
  const { method, path, user, requestHeaders, body } = capture
  const login = Buffer.from(`${user}:${user}`).toString('base64')
  const authorization = user === null ? {} : { authorization: `Basic ${login}` }
  const headers = { ...authorization, ...requestHeaders }
  return new Promise((resolve, reject) => {
    const sent = request({ ...place, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode: status = 0, headers: given } = response
        resolve({ status, headers: given, body: Buffer.concat(chunks) })
      })
    })
    sent.on('error', reject)
    if (body !== null) sent.write(body)
    sent.end()
  })
}
