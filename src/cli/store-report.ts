import { quantity } from '../common/quantity.ts'
import type { Inspection, QueueContent, SegmentContent } from '../store/inspect.ts'
import type { LostMessages, Verification } from '../store/verify.ts'

/** What `leveret store inspect` prints. `user` is the process that uses the directory, if one does. */
export function inspectionText(found: Inspection, directory: string, user: number | null): string {
  const { definitions, queues, segments } = found
  return sections([
    [heading(directory, user, found.isClosedProperly), begins(found)],
    [definitionsText(definitions)],
    table(['VHOST', 'QUEUE', 'MESSAGES', 'BYTES', ''], queues.map(queueRow)),
    table(['FILE', 'SIZE', 'MESSAGES', 'BYTES'], segments.map(segmentRow)),
    listed('Notes', found.notes),
    listed('Damage', found.damage),
  ])
}

/** What `leveret store verify` prints. */
export function verificationText(
  found: Verification,
  directory: string,
  user: number | null,
): string {
  const read = [
    quantity(found.files, 'file'),
    quantity(found.records, 'record'),
    quantity(found.bytes, 'byte'),
  ]
  const isWhole = found.damage.length === 0 && found.lost.length === 0
  return sections([
    [heading(directory, user, null)],
    [`Read ${read.join(', ')}; ${quantity(found.messages, 'message')} waiting and whole.`],
    listed('Notes', found.notes),
    listed('Damage', found.damage),
    listed('Lost', found.lost.map(lostText)),
    isWhole ? ['Nothing is damaged.'] : [],
  ])
}

function heading(directory: string, user: number | null, isClosedProperly: boolean | null): string {
  if (user !== null) return `${directory}, in use by process ${user} while this was read`
  return isClosedProperly === false ? `${directory}, which was not closed properly` : directory
}

function begins({ checkpoint, recordsBehindCheckpoint }: Inspection): string {
  return `Checkpoint ${checkpoint}, ${quantity(recordsBehindCheckpoint, 'record')} behind it`
}

function definitionsText(counts: Inspection['definitions']): string {
  return [
    quantity(counts.vhosts, 'vhost'),
    quantity(counts.users, 'user'),
    quantity(counts.permissions, 'permission'),
    quantity(counts.policies, 'policy', 'policies'),
    quantity(counts.exchanges, 'exchange'),
    quantity(counts.queues, 'queue'),
    quantity(counts.bindings, 'binding'),
  ].join(', ')
}

function queueRow({ vhost, kind, name, messages, bytes, isDeclared }: QueueContent): Row {
  const holder = kind === 'queue' ? name : `${name} (exchange, delayed)`
  return [vhost, holder, messages, bytes, isDeclared ? '' : 'not declared: goes at the next start']
}

function segmentRow({ path, size, messages, bytes }: SegmentContent): Row {
  return [path, size, messages, bytes]
}

function lostText({ vhost, kind, name, messages }: LostMessages): string {
  return `${quantity(messages, 'message')} of ${kind} '${name}' in vhost '${vhost}'`
}

type Row = readonly (string | number)[]

/** Numbers stand at the right of their columns. */
function table(headings: readonly string[], rows: readonly Row[]): readonly string[] {
  const cells = [headings, ...rows.map((row) => row.map(shown))]
  const widths = headings.map((_, column) => {
    return cells.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0)
  })
  return cells.map((row) => {
    const padded = row.map((cell, column) => {
      const width = widths[column] ?? 0
      return typeof rows[0]?.[column] === 'number' ? cell.padStart(width) : cell.padEnd(width)
    })
    return padded.join('  ').trimEnd()
  })
}

/** A name may hold anything: what is no visible character is escaped. */
function shown(value: string | number): string {
  if (typeof value === 'number') return value.toLocaleString('en')
  return value.replaceAll(/[\p{C}\\]/gu, (character) => {
    return character === '\\' ? '\\\\' : `\\u{${character.codePointAt(0)?.toString(16)}}`
  })
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)]
}

/** Blocks of lines with an empty line between them. */
function sections(blocks: readonly (readonly string[])[]): string {
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}
