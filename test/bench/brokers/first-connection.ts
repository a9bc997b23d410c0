import { connect } from 'node:net'
import { setTimeout as pass } from 'node:timers/promises'
import { PROTOCOL_HEADER } from '../../../conformance/support/frames.ts'
import { addressOf } from '../load/address.ts'
import { LoadConnection } from '../load/connection.ts'

/** Resolves when the broker has let somebody open a channel; rejects after a time, or when `hasEnded` says so. */
export async function untilFirstConnection(url: string, hasEnded: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS
  while (!(await speaks(url))) {
    if (hasEnded()) throw new Error('it ended instead of accepting connections')
    if (performance.now() > deadlineMs) throw new Error(`no answer in ${START_TIMEOUT_MS} ms`)
    await pass(2)
  }
  const connection = await LoadConnection.open(url)
  await connection.close()
}

/** Some listen before they serve, so only an answer to the protocol header counts. */
function speaks(url: string): Promise<boolean> {
  const { host, port } = addressOf(url)
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const done = (result: boolean) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(2000, () => done(false))
    socket.on('error', () => done(false))
    socket.on('close', () => done(false))
    socket.on('data', () => done(true))
    socket.write(PROTOCOL_HEADER)
  })
}

const START_TIMEOUT_MS = 60_000
