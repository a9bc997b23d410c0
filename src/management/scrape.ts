import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Management } from './server.ts'

/** Answers who scrapes metrics. */
export async function answerScrape(
  _management: Management,
  _request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(404).end()
}
