import { describe, expect, test } from 'vitest'
import { helpText } from '../../src/cli/help.ts'
import { defaultText, OPTION_GROUPS, OPTIONS } from '../../src/config/options.ts'

describe('leveret --help', () => {
  const lines = helpText().split('\n')

  test.each(Object.values(OPTIONS))('tells of --$flag, its variable and its default', (option) => {
    const flag = `  --${option.flag} ${option.type.placeholder}`
    const at = lines.findIndex((line) => line.startsWith(`${flag} `))
    expect(lines[at]).toContain(option.help)
    const rest = lines.slice(at + 1, at + 3).map((line) => line.trim())
    expect(rest).toContain(`${option.env}, default ${defaultText(option)}`)
    if (option.type.words !== undefined) expect(rest[0]).toBe(option.type.words.join(', '))
  })

  test.each(OPTION_GROUPS)('has the options of the group %s together', (group) => {
    const expected = Object.values(OPTIONS)
      .filter((option) => option.group === group)
      .map((option) => option.flag)
    const heading = lines.indexOf(group)
    const section = lines.slice(heading + 1, lines.indexOf('', heading))
    expect(section.flatMap((line) => line.match(/^ {2}--([a-z-]+) /)?.[1] ?? [])).toEqual(expected)
  })

  test('fits a terminal of 80 columns', () => {
    expect(lines.filter((line) => line.length > 80)).toEqual([])
  })

  test('describes every option from the same column', () => {
    const columns = lines
      .filter((line) => line.startsWith('  --'))
      .map((line) => line.search(/(?<= {2})[A-Z]/))
    expect(new Set(columns).size).toBe(1)
  })
})
