import type { Result, Verdict } from './runner.ts'

const VERDICTS: readonly Verdict[] = ['equal', 'different', 'not yet', 'failed']

/** The whole report as text; its last line is `N passed, N failed`. */
export function report(results: readonly Result[]): string {
  const failed = results.filter((result) => result.verdict === 'failed')
  return [
    table(results),
    ...reasons(results, 'different', 'deliberately different'),
    ...reasons(results, 'not yet', 'not applicable yet'),
    ...failed.flatMap((result) => ['', ...failure(result)]),
    '',
    `${count(results, 'different')} deliberately different, ${count(results, 'not yet')} not applicable yet`,
    `${count(results, 'equal')} passed, ${failed.length} failed`,
  ].join('\n')
}

export function count(results: readonly Result[], verdict: Verdict): number {
  return results.filter((result) => result.verdict === verdict).length
}

function table(results: readonly Result[]): string {
  const families = [...new Set(results.map((result) => result.item.family))]
  const width = Math.max(...families.map((family) => family.length), 'family'.length)
  const row = (name: string, cells: readonly (string | number)[]) =>
    [name.padEnd(width), ...cells.map((cell) => String(cell).padStart(11))].join('')
  const counts = (some: readonly Result[]) => VERDICTS.map((verdict) => count(some, verdict))
  return [
    row('family', VERDICTS),
    ...families.map((family) =>
      row(family, counts(results.filter((result) => result.item.family === family))),
    ),
    row('total', counts(results)),
  ].join('\n')
}

/** Why so many are not counted, reason by reason, and which they are. */
function reasons(results: readonly Result[], verdict: Verdict, title: string): string[] {
  const some = results.filter((result) => result.verdict === verdict)
  return [...new Set(some.map((result) => result.detail))].flatMap((reason) => {
    const names = some.filter((result) => result.detail === reason).map(({ item }) => item.name)
    return ['', `${title}, ${names.length}: ${reason}`, ...names.map((name) => `  ${name}`)]
  })
}

export function failure({ item, detail }: Result): string[] {
  return [
    `FAILED ${item.family}: ${item.name}`,
    `  request   ${item.request}`,
    ...labelled('expected', item.expected),
    ...labelled('received', detail),
  ]
}

function labelled(label: string, text: string): string[] {
  return text.split('\n').map((line, at) => `  ${(at === 0 ? label : '').padEnd(8)}  ${line}`)
}
