import { describe, expect, test } from 'vitest'
import { helpText } from '../../src/cli/help.ts'
import { defaultText, OPTION_GROUPS } from '../../src/config/option.ts'
import { OPTIONS } from '../../src/config/options.ts'

describe('leveret --help', () => {
  const lines = helpText().split('\n')

  test.each(Object.values(OPTIONS))('tells of --$flag, its variable and its default', (option) => {
    const at = lines.indexOf(`  --${option.flag} ${option.type.placeholder}`)
    expect(lines[at + 1]?.trim()).toBe(option.help)
    const rest = lines.slice(at + 2, at + 5).map((line) => line.trim())
    expect(rest).toContain(`${option.env}, default ${defaultText(option)}`)
    if (option.type.words !== undefined) expect(rest[0]).toBe(option.type.words.join(', '))
    const [key] = option.conf
    if (key !== undefined) expect(rest).toContain(`in rabbitmq.conf ${key}`)
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
})
