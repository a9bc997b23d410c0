import { expect, test } from 'vitest'
import { runProgram } from './program.ts'

test('a hundred brokers leave nothing open, and the process exits by itself', async () => {
  const { exitCode, stdout, stderr } = await runProgram('open-and-close')
  expect(stderr).toEqual([])
  const { rounds, before, after } = JSON.parse(stdout[0] ?? '')
  expect(rounds).toBe(100)
  expect(after).toEqual(before)
  expect(exitCode).toBe(0)
})

test('a thousand connections dropped in the middle of a frame leave no memory behind', async () => {
  const { exitCode, stdout, stderr } = await runProgram('drop-mid-frame', ['--expose-gc'])
  expect(stderr).toEqual([])
  const readings = stdout.map((line) => JSON.parse(line))
  expect(readings.map((reading) => reading.dropped)).toEqual([250, 250, 250, 250])
  const [first] = readings // when everything has been loaded and compiled
  const last = readings.at(-1)
  expect(last.heapUsed - first.heapUsed).toBeLessThan(700_000) // less than 700 bytes a connection
  expect(last.arrayBuffers - first.arrayBuffers).toBeLessThan(700_000)
  expect(exitCode).toBe(0)
})
