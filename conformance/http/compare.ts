import { type Capture, COMPARED_HEADERS, PRESENT_HEADERS } from './capture.ts'
import type { Answer } from './exchange.ts'
import { differences, MORE } from './shape.ts'

/** How an answer differs from a capture, a line for each difference. */
export function compare(capture: Capture, answer: Answer): readonly string[] {
  if (capture.status !== answer.status) {
    const body = answer.body.toString().slice(0, 200)
    return [`status ${answer.status} instead of ${capture.status}${body === '' ? '' : `: ${body}`}`]
  }
  return [...new Set([...compareHeaders(capture, answer), ...compareBody(capture, answer)])]
}

function compareHeaders({ headers }: Capture, answer: Answer): readonly string[] {
  if (Object.keys(headers).length === 0) return []
  const compared = COMPARED_HEADERS.flatMap((name) => {
    const [want, have] = [headers[name], answer.headers[name]]
    return want === have ? [] : [`header ${name}: ${have ?? 'none'} instead of ${want ?? 'none'}`]
  })
  const present = PRESENT_HEADERS.filter(
    (name) => (headers[name] === undefined) !== (answer.headers[name] === undefined),
  )
  return [
    ...compared,
    ...present.map((name) => `header ${name}: ${answer.headers[name] ?? 'none'}`),
  ]
}

function compareBody(capture: Capture, answer: Answer): readonly string[] {
  const text = answer.body.toString()
  if (capture.status >= 400) {
    const json: unknown = text === '' ? null : JSON.parse(text)
    if (JSON.stringify(inOrder(json)) === JSON.stringify(inOrder(capture.error))) return []
    return [`error ${text === '' ? 'empty' : text} instead of ${JSON.stringify(capture.error)}`]
  }
  if (capture.shape === null) return []
  try {
    const found = differences(capture.shape, JSON.parse(text))
    return capture.isTrimmed ? found.filter((one) => !one.endsWith(MORE)) : found
  } catch {
    return [`no JSON: ${text.slice(0, 80)}`]
  }
}

/** The fields of an object have no order. */
function inOrder(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json
  return Object.fromEntries(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)))
}
