import { treeDifferences } from '../support/tree.ts'
import { type Case, isSorted } from './case.ts'
import type { Outcome } from './tool.ts'

/** What a case printed, what it ended with and what it left in its file, with the names that all brokers have. */
export interface CaseOutcome extends Outcome {
  readonly file: string | null
}

/** What depends on the time, the machine or the run; only that it is there, and of its type, counts. */
const VOLATILE =
  /_rate$|rate_avg|_details\.rate$|_details\.samples|memory|mem_|_at$|^.*\.(peer_)?port$|timestamp|reductions|garbage_collection|^.*\.(recv|send|mem|fd|io|gc|proc|context|uptime|disk|sockets|processors|run_queue|exchange_types|applications|auth_mechanisms|contexts|config_files|log_files|db_dir|enabled_plugins|os_pid|listeners|backing_queue_status|socket_opts|cluster_links|metrics_gc_queue_length|message_stats|erlang_|rates_mode|net_ticktime|statistics_db|management_version|rabbitmq_version|product_|rabbit_version|mnesia|msg_|queue_index|connection_(created|closed)|channel_(created|closed)|queue_(created|declared|deleted)|churn_rates|idle_since|pid|password_hash|partitions|cpu|size)[^.]*/

/** How one broker's outcome differs from RabbitMQ's, a line for each difference. */
export function differences(one: Case, theirs: CaseOutcome, ours: CaseOutcome): readonly string[] {
  const found: string[] = []
  if (theirs.exitCode !== ours.exitCode) {
    found.push(`exit ${ours.exitCode} instead of ${theirs.exitCode}`)
  }
  found.push(...lineDifferences('stderr', theirs.stderr, ours.stderr, true))
  if (theirs.exitCode === 0 && ours.exitCode === 0) {
    found.push(...outputDifferences(one, theirs.stdout, ours.stdout))
    if (theirs.file !== null || ours.file !== null)
      found.push(...fileDifferences(one, theirs, ours))
  } else if (one.compares !== 'status') {
    found.push(...lineDifferences('stdout', theirs.stdout, ours.stdout, true))
  }
  return found
}

function outputDifferences(one: Case, theirs: string, ours: string): readonly string[] {
  switch (one.compares) {
    case 'lines':
      return lineDifferences('stdout', theirs, ours, isSorted(one))
    case 'json':
      return jsonDifferences(theirs, ours)
    case 'status':
      return (theirs === '') === (ours === '') ? [] : ['one of them prints nothing']
  }
}

/** RabbitMQ 4 does not name the vhost in what it exports of one. */
function fileDifferences(
  { line }: Case,
  { file: theirs }: CaseOutcome,
  { file: ours }: CaseOutcome,
): readonly string[] {
  if (theirs === null || ours === null) return [`file ${ours === null ? 'missing' : 'is there'}`]
  if (!theirs.startsWith('{')) return lineDifferences('file', theirs, ours, true)
  if (!/-V .*export/.test(line)) return jsonDifferences(theirs, ours)
  const vhost = /"vhost":"[^"]*",|,"vhost":"[^"]*"/g
  return jsonDifferences(theirs.replaceAll(vhost, ''), ours.replaceAll(vhost, ''))
}

function jsonDifferences(theirs: string, ours: string): readonly string[] {
  try {
    return treeDifferences(JSON.parse(theirs), JSON.parse(ours), VOLATILE)
  } catch (error) {
    return [`no JSON: ${String(error)}: ${ours.slice(0, 200)}`]
  }
}

/** Without an order that was asked for, that of lines is the one of RabbitMQ's hash tables. */
function lineDifferences(
  stream: string,
  theirs: string,
  ours: string,
  isOrdered: boolean,
): readonly string[] {
  const [want, have] = [theirs, ours].map((text) => {
    const lines = masked(text).split('\n')
    return isOrdered ? lines : lines.map(inOrder).sort()
  })
  if (want === undefined || have === undefined || want.join('\n') === have.join('\n')) return []
  const lacks = without(want, have).map((line) => `${stream} lacks: ${line}`)
  const more = without(have, want).map((line) => `${stream} has: ${line}`)
  return lacks.length + more.length > 0 ? [...lacks, ...more] : [`${stream}: in another order`]
}

/** The names in a line of -f bash. */
function inOrder(line: string): string {
  return /[|="\t:]/.test(line) ? line : line.split(' ').sort().join(' ')
}

/** What is in one list and not in the other, as often as it is there. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const left = [...other]
  return list.filter((line) => {
    const at = left.indexOf(line)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** What brokers make up: processes, hashes, versions, the width of a table's columns, the order of fields. */
function masked(text: string): string {
  return withoutTrace(text)
    .split('\n')
    .map((line) => line.replace(/\{".*\}/, inFieldOrder))
    .join('\n')
    .replaceAll(/<\d+(\.\d+)+>/g, '<pid>')
    .replaceAll(/(?<![\w+/])[\w+/]{48}(?![\w+/])/g, 'HASH')
    .replaceAll(/(?<![\d.])\d+\.\d+\.\d+(?![\d.])/g, 'VERSION')
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/ {2,}/g, ' ')
}

/** Where the tool fails inside itself, what it says last. */
function withoutTrace(text: string): string {
  if (!text.includes('Traceback (most recent call last)')) return text
  const errors = text.split('\n').filter((line) => /^\w+: /.test(line))
  return errors.map((line) => line.replaceAll(/\d+/g, 'N')).join('\n')
}

function inFieldOrder(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), (_name, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    )
  } catch {
    return json
  }
}
