/**
 * What the small steps of a message cost, in nanoseconds: the reader, the route, the delivery and the journal, each
 * alone. The subjects take turns, and the medians of all rounds count.
 *
 *     micro.ts --rounds 15 --ms 50
 */
import { readArguments } from './arguments.ts'
import { deliverSubjects } from './micro/deliver.ts'
import { journalSubjects } from './micro/journal.ts'
import { readerSubjects } from './micro/reader.ts'
import { routeSubjects } from './micro/route.ts'
import type { Subject } from './micro/subject.ts'
import { spreadOf } from './statistics.ts'
import { Table } from './table.ts'

/** Tried first, and more until it takes long enough. */
const FIRST_COUNT = 1000

const { rounds, ms } = readArguments({ rounds: 15, ms: 50 })
const subjects = [
  ...readerSubjects(),
  ...routeSubjects(),
  ...deliverSubjects(),
  ...(await journalSubjects()),
]
const found = new Map(subjects.map((subject) => [subject, [] as number[]] as const))
for (const subject of subjects) await measure(subject) // what is compiled late, is compiled
for (let round = 0; round < rounds; round++) {
  for (const [subject, values] of found) values.push(await measure(subject))
}
for (const subject of subjects) await subject.end?.()

const table = new Table(['', 'ns', 'least', 'most'])
for (const [subject, values] of found) {
  const spread = spreadOf(values)
  if (spread !== null) table.add(subject.name, spread.median, spread.least, spread.most)
}
table.print(`Nanoseconds each, medians of ${rounds} rounds of about ${ms} ms`)

/** Nanoseconds for one. */
async function measure(subject: Subject): Promise<number> {
  let count = FIRST_COUNT
  for (;;) {
    const beginMs = performance.now()
    const done = await subject.run(count)
    const elapsedMs = performance.now() - beginMs
    if (elapsedMs >= ms / 2) return (elapsedMs * 1e6) / done
    count = Math.ceil(count * Math.min(10, (ms * 1.2) / Math.max(elapsedMs, 0.001)))
  }
}
