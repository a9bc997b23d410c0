import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import spec from '../../src/wire/amqp-0-9-1.json' with { type: 'json' }
import { generateMethods } from '../../src/wire/generate.ts'
import { METHODS } from '../../src/wire/methods.ts'

const WIRE = new URL('../../src/wire/', import.meta.url)

test('methods.ts is what generate.ts makes of the specification', () => {
  expect(readFileSync(new URL('methods.ts', WIRE), 'utf8')).toBe(generateMethods())
})

test('no line of methods.ts is longer than 100 columns', () => {
  expect(
    generateMethods()
      .split('\n')
      .filter((line) => line.length > 100),
  ).toEqual([])
})

test('every reply is a method of the same class that the other side sends', () => {
  for (const cls of spec.classes) {
    for (const method of cls.methods) {
      const replies = 'replies' in method && method.replies !== undefined ? method.replies : []
      for (const name of replies) {
        const reply = cls.methods.find((candidate) => candidate.name === name)
        const senders = [method.sentBy, reply?.sentBy].sort().join()
        expect(['client,server', 'both,both'], `${cls.name}.${name}`).toContain(senders)
      }
    }
  }
})

test('METHODS tells what is known of a method', () => {
  expect(METHODS.size).toBe(69)
  expect(METHODS.get(0x003c0028)).toEqual({
    id: 0x003c0028,
    name: 'basic.publish',
    classId: 60,
    methodId: 40,
    sentBy: 'client',
    hasContent: true,
  })
  const withContent = [...METHODS.values()].filter((method) => method.hasContent)
  expect(withContent.map((method) => method.name)).toEqual([
    'basic.publish',
    'basic.return',
    'basic.deliver',
    'basic.get-ok',
  ])
})
