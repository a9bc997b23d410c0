import { failure } from './report.ts'
import type { Result } from './runner.ts'

/** The results as JUnit XML: a suite per area; what differs or is not there counts as skipped. */
export function junit(results: readonly Result[]): string {
  const areas = [...new Set(results.map((result) => result.area))]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts(results)}>`,
    ...areas.flatMap((area) => {
      const own = results.filter((result) => result.area === area)
      return [
        `  <testsuite name="${escapeXml(area)}" ${counts(own)}>`,
        ...own.map(testCase),
        '  </testsuite>',
      ]
    }),
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(result: Result): string {
  const open = `    <testcase classname="${escapeXml(result.area)}" name="${escapeXml(result.name)}" time="${seconds(result)}"`
  if (result.verdict === 'passed') return `${open}/>`
  if (result.verdict === 'differs' || result.verdict === 'not there') {
    return `${open}><skipped message="${escapeXml(result.reason ?? '')}"/></testcase>`
  }
  const message = escapeXml(result.error?.message.split('\n')[0] ?? '')
  return `${open}><failure message="${message}">${escapeXml(failure(result).join('\n'))}</failure></testcase>`
}

function counts(results: readonly Result[]): string {
  const of = (verdict: string) => results.filter((result) => result.verdict === verdict).length
  return `tests="${results.length}" failures="${of('failed')}" skipped="${of('differs') + of('not there')}"`
}

function seconds(result: Result): string {
  return (result.durationMs / 1000).toFixed(3)
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Control characters that XML cannot carry become a question mark. */
function escapeXml(text: string): string {
  return [...text]
    .map((char) => (char < ' ' && !'\n\t\r'.includes(char) ? '?' : (ENTITIES[char] ?? char)))
    .join('')
}
