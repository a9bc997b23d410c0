import { expect, test } from 'vitest'
import { type Published, QueueLedger } from './kill-ledger.ts'

const message = (number: number, more: Partial<Published> = {}): Published => ({
  publisher: 'p',
  number,
  priority: 0,
  isTransient: false,
  ...more,
})

const again = (...messages: readonly Published[]) =>
  messages.map((each) => ({ message: each, redelivered: true }))

function ledgerOf(...messages: readonly Published[]): QueueLedger {
  const ledger = new QueueLedger('q')
  for (const each of messages) {
    ledger.published(each)
    ledger.confirmed(each)
  }
  return ledger
}

test('all is well when what was confirmed comes back in order', () => {
  const ledger = ledgerOf(message(0), message(1))
  ledger.published(message(2)) // its fate is open
  ledger.restored(again(message(0), message(1)))
  ledger.restored(again(message(0), message(1)))
  expect(ledger.faults).toEqual([])
  expect(ledger.owedCount).toBe(2)
})

test('a confirmed message that does not come back is lost', () => {
  const ledger = ledgerOf(message(0), message(1))
  ledger.restored(again(message(1)))
  expect(ledger.faults).toEqual(['q: p/0 lost'])
})

test('an acknowledged message may come back until the acknowledgement is durable', () => {
  const ledger = ledgerOf(message(0), message(1))
  ledger.settled(message(0))
  ledger.settled(message(1))
  ledger.settledForGood(message(1))
  ledger.restored(again(message(0), message(1)))
  expect(ledger.faults).toEqual(['q: p/1 came back though it was settled'])
})

test('what was gone after one start stays gone', () => {
  const ledger = ledgerOf(message(0))
  ledger.published(message(1))
  ledger.restored(again(message(0)))
  ledger.restored(again(message(0), message(1)))
  expect(ledger.faults).toEqual(['q: p/1 came back though it was gone'])
})

test('what came back once must come back again, confirmed or not', () => {
  const ledger = new QueueLedger('q')
  ledger.published(message(0))
  ledger.restored(again(message(0)))
  ledger.restored([])
  expect(ledger.faults).toEqual(['q: p/0 lost'])
})

test('a second delivery needs the flag', () => {
  const ledger = ledgerOf(message(0), message(1))
  ledger.delivered(message(0), false)
  ledger.delivered(message(0), true)
  ledger.delivered(message(0), false)
  ledger.delivered(message(1), false)
  ledger.restored([{ message: message(0), redelivered: true }])
  ledger.restored([{ message: message(0), redelivered: false }])
  expect(ledger.faults).toEqual([
    'q: p/0 twice without the flag',
    'q: p/1 lost',
    'q: p/0 came back without the flag',
  ])
})

test('a settled message is not delivered', () => {
  const ledger = ledgerOf(message(0))
  ledger.delivered(message(0), false)
  ledger.settled(message(0))
  ledger.delivered(message(0), true)
  ledger.delivered(message(7), false)
  expect(ledger.faults).toEqual([
    'q: p/0 delivered after it was settled',
    'q: p/7 delivered though it was gone',
  ])
})

test('a message comes back once', () => {
  const ledger = ledgerOf(message(0))
  ledger.restored(again(message(0), message(0)))
  expect(ledger.faults).toEqual(['q: p/0 in the queue twice'])
})

test('transient messages do not come back', () => {
  const transient = message(0, { isTransient: true })
  const ledger = ledgerOf(transient)
  ledger.restored([])
  expect(ledger.faults).toEqual([])
  const other = ledgerOf(transient)
  other.restored(again(transient))
  expect(other.faults).toEqual(['q: p/0 came back though it is transient'])
})

test('the messages of each publisher keep their order', () => {
  const other = { publisher: 'other' }
  const ledger = ledgerOf(message(0), message(1), message(0, other), message(1, other))
  ledger.restored(again(message(0), message(1, other), message(0, other), message(1)))
  expect(ledger.faults).toEqual(['q: other/0 out of order'])
})

test('messages of higher priority come first, and keep their order among themselves', () => {
  const ledger = new QueueLedger('q', true)
  const messages = [0, 1, 2, 3].map((number) => message(number, { priority: number % 2 }))
  for (const each of messages) ledger.published(each)
  ledger.restored(again(messages[1]!, messages[3]!, messages[0]!, messages[2]!))
  expect(ledger.faults).toEqual([])
  ledger.restored(again(messages[3]!, messages[1]!, messages[0]!, messages[2]!))
  expect(ledger.faults).toEqual(['q: p/1 out of order'])
  ledger.restored(again(messages[1]!, messages[0]!, messages[3]!, messages[2]!))
  expect(ledger.faults.slice(1)).toEqual(['q: p/3 behind one of lower priority'])
})
