import assert from 'node:assert/strict'
import { methodName } from './methods.ts'
import { describe, type RawConnection } from './raw-connection.ts'

/** How the broker refused: which level, which code, which words, blamed on which method. */
export type Failure = {
  level: 'channel' | 'connection'
  code: number
  text: string
  /** The method's name, or `0.0` where the broker names none. */
  method: string
}

/** `channelError(404, 'NOT_FOUND - ...', 'queue.bind')` */
export function channelError(code: number, text: string, method: string): Failure {
  return { level: 'channel', code, text, method }
}

export function connectionError(code: number, text: string, method = '0.0'): Failure {
  return { level: 'connection', code, text, method }
}

/** Reads the next frame as a refusal, answers it, and sees a refused connection to its end. */
export async function nextFailure(raw: RawConnection): Promise<Failure> {
  const item = await raw.next('a close from the broker')
  if (item.kind !== 'method' || !/^(connection|channel)\.close$/.test(item.name)) {
    throw new Error(`expected a close from the broker\nreceived ${describe(item)}`)
  }
  const { replyCode, replyText, classId, methodId } = item.args
  const level = item.name === 'channel.close' ? 'channel' : 'connection'
  raw.send(item.channel, `${level}.close-ok`)
  if (level === 'connection') await raw.untilEnd()
  return {
    level,
    code: Number(replyCode),
    text: String(replyText),
    method: methodName(classId ?? 0, methodId ?? 0),
  }
}

/** The refusal has to be this one, in full. */
export async function expectFailure(raw: RawConnection, expected: Failure): Promise<void> {
  assert.deepEqual(await nextFailure(raw), expected)
}

/**
 * Where RabbitMQ drops the socket without a word, connection.close with a code is as good.
 * Anything else, an answer above all, is not.
 */
export async function expectEndOfConnection(raw: RawConnection): Promise<void> {
  const item = await raw.next('the end of the connection')
  if (item.kind === 'end') return
  if (item.kind !== 'method' || item.name !== 'connection.close') {
    assert.fail(`expected the end of the connection\nreceived ${describe(item)}`)
  }
  assert.notEqual(item.args.replyCode, 200)
  raw.send(0, 'connection.close-ok')
  assert.deepEqual(await raw.untilEnd(), [])
}
