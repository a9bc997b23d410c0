import { describe, expect, test } from 'vitest'
import { allCommands, commandsFor } from '../../src/ctl/commands/all.ts'
import { parseArguments } from '../../src/ctl/parse.ts'
import { jaro, similarCommand } from '../../src/ctl/usage.ts'

const COMMANDS = await allCommands()

function parse(...words: string[]) {
  const find = (name: string) => COMMANDS.find((command) => command.name === name)
  return parseArguments(words, find, () => false)
}

describe('a command line', () => {
  test('has options before and behind the command', () => {
    for (const words of [
      ['-q', '-p', 'v', 'list_queues', 'name'],
      ['list_queues', '--vhost=v', 'name', '--quiet'],
    ]) {
      const { name, args, options } = parse(...words)
      expect([name, args, options.vhost, options.has('quiet')]).toEqual([
        'list_queues',
        ['name'],
        'v',
        true,
      ])
    }
  })

  test('tells of options that the command has not, and of missing and wrong values', () => {
    expect(parse('list_queues', '--nosuch').invalid).toEqual([['--nosuch', '']])
    expect(parse('list_queues', '-p').invalid).toEqual([['-p', '']])
    expect(parse('list_queues', '-t', 'abc').invalid).toEqual([['-t', 'abc']])
    expect(parse('list_queues', '--priority', '1').invalid).toEqual([['--priority', '']])
    expect(parse('set_policy', '--priority', '1', 'a', 'b', 'c').invalid).toEqual([])
  })

  test('takes everything behind two dashes as it is', () => {
    expect(parse('add_user', 'u', '--', '-p').args).toEqual(['u', '-p'])
  })
})

describe('the commands that are loaded', () => {
  test('have the one that is called among them, and few others', async () => {
    for (const { name } of COMMANDS) {
      if (name === 'help' || name === 'autocomplete') continue
      for (const words of [[name], ['-q', name], ['--silent', name, '-p', 'v']]) {
        const loaded = await commandsFor(words)
        expect(loaded.map((command) => command.name)).toContain(name)
        expect(loaded.length).toBeLessThan(COMMANDS.length / 4)
      }
    }
  })

  test('are all of them where a value or no command comes first', async () => {
    for (const words of [['-p', 'list_queues', 'ping'], ['help', 'ping'], ['nosuch'], []]) {
      expect(await commandsFor(words)).toHaveLength(COMMANDS.length)
    }
  })
})

describe('a word that is no command', () => {
  const ctl = COMMANDS.filter(({ tools }) => tools.includes('rabbitmqctl'))

  test.each([
    ['list_quques', 'list_queues'],
    ['declare_queue', 'delete_user'],
    ['sync_queue', 'list_queues'],
    ['nosuch_command', null],
    ['clear_auth_backend_cache', null],
  ])('%s may mean %s', (word, meant) => {
    expect(similarCommand(word, ctl)).toBe(meant)
  })

  test('is compared by letters in common and their order', () => {
    expect(jaro('martha', 'marhta')).toBeCloseTo(0.944, 3)
    expect(jaro('abc', 'xyz')).toBe(0)
  })
})

test('no tool has two commands of one name', () => {
  const names = COMMANDS.flatMap(({ name, tools }) => tools.map((tool) => `${tool} ${name}`))
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})
