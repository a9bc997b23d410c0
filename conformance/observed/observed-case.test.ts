import { expect, test } from 'vitest'
import { DIFFERENCES } from './difference.ts'
import { FAMILIES } from './families.ts'
import { loadCases } from './observed-case.ts'
import { TOPOLOGIES } from './x-death/topologies.ts'

const BROKER = { product: 'RabbitMQ', version: '4.3.6' }
const cases = await loadCases(BROKER)
const names = new Set(cases.map((item) => item.name))

test('every observation has a way to make it again', () => {
  expect(cases.filter((item) => item.part === 'errors')).toHaveLength(1017)
  expect(cases.filter((item) => item.part === 'x-death')).toHaveLength(79)
})

test('no two observations have the same name', () => {
  expect(names.size).toBe(cases.length)
})

test('every hand-written scenario makes an observation', () => {
  const written = FAMILIES.flatMap((family) => family.cases)
  expect(written.filter((name) => !names.has(name))).toEqual([])
})

test('no scenario is written twice', () => {
  const written = FAMILIES.flatMap((family) => family.cases)
  expect(written.filter((name, at) => written.indexOf(name) !== at)).toEqual([])
})

test('every topology makes an observation', () => {
  const observed = [...names]
  const unused = TOPOLOGIES.filter((text) => !observed.some((name) => name.includes(text)))
  expect(unused).toEqual([])
})

test('every deliberate difference is about an observation', () => {
  expect(Object.keys(DIFFERENCES).filter((name) => !names.has(name))).toEqual([])
})
