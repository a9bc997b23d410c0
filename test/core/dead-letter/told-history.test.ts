import { expect, test } from 'vitest'
import { type FieldValue, longstr } from '../../../src/common/table.ts'
import type { Death } from '../../../src/core/dead-letter/history.ts'
import { withDeath, withDeathHeaders } from '../../../src/core/dead-letter/history.ts'
import { historyTold } from '../../../src/core/dead-letter/told-history.ts'

const NO_COUNTS = { acquiredCount: 0, failedCount: 0 }

const expired: Omit<Death, 'count'> = {
  queue: 'delay',
  reason: 'expired',
  timeSeconds: 1_700_000_000n,
  exchange: 'x',
  routingKeys: ['k', 'c'],
  originalExpiration: '50',
}
const rejected: Omit<Death, 'count'> = {
  ...expired,
  queue: 'work',
  reason: 'rejected',
  originalExpiration: null,
}

test('a history is read from the headers that tell it', () => {
  let history = withDeath(null, rejected, NO_COUNTS)
  history = withDeath(history, expired, NO_COUNTS)
  history = withDeath(history, rejected, NO_COUNTS)
  expect(historyTold(withDeathHeaders(new Map(), history))).toEqual({
    ...history,
    first: { queue: 'work', reason: 'rejected', exchange: 'x' },
  })
})

test('without x-death there is none', () => {
  expect(historyTold(new Map([['x-first-death-queue', longstr('q')]]))).toBeNull()
})

test('an x-death of another type tells nothing', () => {
  expect(historyTold(new Map([['x-death', longstr('nonsense')]]))).toBeNull()
})

test('entries that no broker would write are left out', () => {
  const entries: FieldValue[] = [
    longstr('nonsense'),
    { type: 'table', value: new Map([['queue', longstr('q')]]) },
    { type: 'table', value: new Map([['reason', longstr('boredom')]]) },
  ]
  expect(historyTold(new Map([['x-death', { type: 'array', value: entries }]]))).toBeNull()
})

test('without x-first-death-* the oldest entry was the first', () => {
  const told = withDeathHeaders(
    new Map(),
    withDeath(withDeath(null, rejected, NO_COUNTS), expired, NO_COUNTS),
  )
  const headers = new Map([...told].filter(([name]) => !name.startsWith('x-first-')))
  expect(historyTold(headers)?.first?.queue).toBe('work')
})
