import { describe, expect, test } from 'vitest'
import { RunQueue, type Task } from '../../src/common/run-queue.ts'

describe('a run queue', () => {
  test('does confirms first, then queues, then flushes', () => {
    const { turn, ran, task } = start()
    turn.addFlush(task('flush'))
    turn.addConfirm(task('confirm'))
    turn.addDispatch(task('dispatch'))
    turn.runAll()
    expect(ran).toEqual(['confirm', 'dispatch', 'flush'])
  })

  test('does once what is asked for twice, and again when it is asked for again', () => {
    const { turn, ran, task } = start()
    const work = task('work')
    turn.addDispatch(work)
    turn.addDispatch(work)
    expect(work.isQueued).toBe(true)
    turn.runAll()
    expect(work.isQueued).toBe(false)
    turn.addDispatch(work)
    turn.runAll()
    expect(ran).toEqual(['work', 'work'])
  })

  test('keeps the order of asking within a stage', () => {
    const { turn, ran, task } = start()
    for (const name of ['a', 'b', 'c']) turn.addConfirm(task(name))
    turn.runAll()
    expect(ran).toEqual(['a', 'b', 'c'])
  })

  test('does what tasks ask for in the same run, whatever the stage', () => {
    const { turn, ran, task } = start()
    turn.addFlush(
      task('flush', () => {
        turn.addFlush(task('second flush'))
        turn.addDispatch(task('late dispatch', () => turn.addConfirm(task('late confirm'))))
      }),
    )
    turn.runAll()
    expect(ran).toEqual(['flush', 'late dispatch', 'late confirm', 'second flush'])
  })

  test('lets a task ask for itself while it runs', () => {
    const { turn, ran, task } = start()
    let left = 3
    const work = task('work', () => {
      if (--left > 0) turn.addDispatch(work)
    })
    turn.addDispatch(work)
    turn.runAll()
    expect(ran).toEqual(['work', 'work', 'work'])
  })

  test('defers once a turn, however much is asked for', () => {
    const { turn, deferred, ran, task } = start()
    turn.addDispatch(task('a', () => turn.addFlush(task('asked for in the run'))))
    turn.addFlush(task('b'))
    expect(deferred).toHaveLength(1)
    deferred[0]!()
    expect(ran).toEqual(['a', 'b', 'asked for in the run'])
    expect(deferred).toHaveLength(1)
    turn.addConfirm(task('c'))
    expect(deferred).toHaveLength(2)
  })

  test('leaves what is for the next turn to it, and asks for that turn once', () => {
    const { turn, deferred, ran, task } = start()
    const long: Task = task('long', () => {
      if (ran.length < 5) turn.addNext(long)
    })
    turn.addDispatch(long)
    turn.addFlush(task('flush'))
    deferred[0]!()
    expect(ran).toEqual(['long', 'flush'])
    expect(deferred).toHaveLength(2)
    turn.addDispatch(long) // it will run anyway
    turn.addConfirm(task('confirm'))
    deferred[1]!()
    expect(ran).toEqual(['long', 'flush', 'confirm', 'long'])
    expect(deferred).toHaveLength(3)
  })

  test('begins a turn for work that is left outside of one', () => {
    const { turn, deferred, ran, task } = start()
    turn.addNext(task('work'))
    deferred[0]!()
    expect(ran).toEqual(['work'])
  })

  test('finishes all that would go on over many turns', () => {
    const { turn, ran, task } = start()
    const long: Task = task('long', () => {
      if (ran.length < 100) turn.addNext(long)
    })
    turn.addDispatch(long)
    turn.finish()
    expect(ran).toHaveLength(100)
  })

  test('has nothing left to do when its deferred run comes after runAll', () => {
    const { turn, deferred, ran, task } = start()
    turn.addDispatch(task('work'))
    turn.runAll()
    deferred[0]!()
    expect(ran).toEqual(['work'])
  })
})

function start() {
  const deferred: (() => void)[] = []
  const ran: string[] = []
  const turn = new RunQueue((work) => deferred.push(work))
  const task = (name: string, then: () => void = () => {}): Task => ({
    isQueued: false,
    run: () => {
      ran.push(name)
      then()
    },
  })
  return { turn, deferred, ran, task }
}
