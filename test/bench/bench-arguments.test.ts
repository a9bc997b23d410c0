import { describe, expect, test } from 'vitest'
import { helpText, readBenchArguments } from './bench-arguments.ts'
import { SCENARIOS } from './scenarios.ts'

describe('without arguments', () => {
  const { scenarios, peers, saveTo, compareWith } = readBenchArguments([])

  test('every scenario runs alone, as it is', () => {
    expect(scenarios).toEqual(SCENARIOS)
    expect(peers).toEqual([])
  })

  test('results go where the next run finds them', () => {
    expect(saveTo).toBe(compareWith)
  })
})

test('scenarios run in their own order, whatever order they are named in', () => {
  const { scenarios } = readBenchArguments(['--scenarios', 'b,a16'])
  expect(scenarios.map(({ name }) => name)).toEqual(['a16', 'b'])
})

test('rounds and seconds go for all scenarios, messages for the backlog alone', () => {
  const args = ['-s', 'a16,f', '--rounds', '7', '--seconds', '0.5', '--messages', '1000']
  const [traffic, backlog] = readBenchArguments(args).scenarios
  expect(traffic).toMatchObject({ name: 'a16', rounds: 7, seconds: 0.5 })
  expect(traffic).not.toHaveProperty('messages')
  expect(backlog).toMatchObject({ name: 'f', rounds: 7, seconds: 0.5, messages: 1000 })
})

test('pids belong to the running peers in their order', () => {
  const one = 'amqp://guest:guest@127.0.0.1:5001/'
  const other = 'amqp://127.0.0.1:5002'
  const args = ['-p', one, '-p', 'rabbitmq', '-p', other, '-p', '../other', '--peer-pid', '42']
  expect(readBenchArguments(args).peers).toEqual([
    { kind: 'running', url: one, pid: 42 },
    { kind: 'rabbitmq' },
    { kind: 'running', url: other, pid: null },
    { kind: 'checkout', directory: '../other' },
  ])
})

test('memory is looked at after a rest when one is wanted', () => {
  expect(readBenchArguments([]).restSeconds).toBeNull()
  expect(readBenchArguments(['--rest', '20']).restSeconds).toBe(20)
})

test('results are compared with those of another file when one is named', () => {
  const { saveTo, compareWith } = readBenchArguments([
    '--save',
    'new.json',
    '--compare',
    'old.json',
  ])
  expect([saveTo, compareWith]).toEqual(['new.json', 'old.json'])
})

test.each([
  [['--scenarios', 'a16,a17'], "there is no scenario 'a17'"],
  [['--rounds', '0'], '--rounds takes a number above 0'],
  [['--rounds', '1.5'], '--rounds takes a whole number'],
  [['--rest', '0'], '--rest takes a number above 0'],
  [['--seconds', 'two'], "--seconds takes a number above 0, not 'two'"],
  [['--peer', 'rabbitmq', '--peer-pid', '42'], '--peer-pid is for a --peer amqp://'],
  [['--peer', 'amqp://example.org/'], 'is not on 127.0.0.1'],
  [['--nonsense'], '--nonsense'],
])('%j is refused', (args, reason) => {
  expect(() => readBenchArguments(args)).toThrow(reason)
})

test('the help names every scenario', () => {
  const lines = helpText().split('\n')
  for (const { name, title } of SCENARIOS) {
    expect(lines.some((line) => line.trim().startsWith(name) && line.includes(title))).toBe(true)
  }
})
