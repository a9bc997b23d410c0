import { connect } from 'node:net'
import {
  FRAME_METHOD,
  FRAME_OVERHEAD,
  methodFrame,
  PROTOCOL_HEADER,
} from '../../../conformance/support/frames.ts'
import { ALL_CAPABILITIES } from '../../../conformance/support/raw-connection.ts'
import { addressOf } from './address.ts'
import { Gauge } from './gauge.ts'
import type { Job, Measures } from './job.ts'
import { Latencies } from './latencies.ts'
import { untilDone } from './progress.ts'

/** Connects, opens a channel and closes, over and over: first one connection at a time, then eight. */
export async function runConnections(job: Job): Promise<Measures> {
  const gauge = new Gauge(job.pid)
  gauge.begin()
  const one = await churn(job, 1)
  const eight = await churn(job, 8)
  const used = gauge.end(one.count + eight.count)
  return {
    connectionsPerSecond: one.perSecond,
    connectionsPerSecondOf8: eight.perSecond,
    connectP50Us: one.latencies.quantile(0.5) * 1000,
    connectP99Us: one.latencies.quantile(0.99) * 1000,
    ...used,
    ...(await gauge.afterLoad()),
  }
}

async function churn(job: Job, concurrency: number) {
  const script = scriptOf(job.url)
  const address = addressOf(job.url)
  const latencies = new Latencies()
  const beginMs = performance.now()
  const endMs = beginMs + (job.seconds * 1000) / 2
  let running = concurrency
  let lastMs = beginMs
  const next = (): void => {
    const startMs = performance.now()
    converse(address, script, () => {
      lastMs = performance.now()
      latencies.add(lastMs - startMs)
      if (lastMs < endMs) next()
      else running--
    })
  }
  for (let i = 0; i < concurrency; i++) next()
  await untilDone(
    () => running === 0,
    () => latencies.count,
    'connecting',
  )
  const perSecond = (latencies.count * 1000) / (lastMs - beginMs)
  return { count: latencies.count, perSecond, latencies }
}

/** What to send when the broker has said this, by method id. */
type Script = ReadonlyMap<number, Buffer>

function scriptOf(url: string): Script {
  const { user, password, vhost } = addressOf(url)
  const startOk = methodFrame(0, 'connection.start-ok', {
    clientProperties: ALL_CAPABILITIES,
    mechanism: 'PLAIN',
    response: `\0${user}\0${password}`,
    locale: 'en_US',
  })
  const close = methodFrame(0, 'connection.close', { replyCode: 200, replyText: 'done' })
  return new Map([
    [CONNECTION_START, startOk],
    [CONNECTION_TUNE, methodFrame(0, 'connection.open', { virtualHost: vhost })],
    [CONNECTION_OPEN_OK, methodFrame(1, 'channel.open')],
    [CHANNEL_OPEN_OK, close],
  ])
}

/** One connection from its first byte to its last. */
function converse(
  { host, port }: { host: string; port: number },
  script: Script,
  done: () => void,
) {
  const socket = connect({ host, port, noDelay: true })
  let rest: Buffer = Buffer.alloc(0)
  socket.on('connect', () => socket.write(PROTOCOL_HEADER))
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= FRAME_OVERHEAD) {
      const end = rest.readUInt32BE(3) + FRAME_OVERHEAD
      if (end > rest.length) return
      const frame = rest.subarray(0, end)
      rest = rest.subarray(end)
      if (frame[0] === FRAME_METHOD) answer(frame)
    }
  })
  socket.on('error', (error) => {
    throw error
  })

  function answer(frame: Buffer): void {
    const id = frame.readUInt32BE(7)
    if (id === CONNECTION_CLOSE_OK) {
      socket.destroy()
      done()
      return
    }
    const reply = script.get(id)
    if (reply === undefined) throw new Error(`method ${id >> 16}.${id & 0xffff} from the broker`)
    if (id === CONNECTION_TUNE) {
      const tune = Buffer.from(frame) // accepted as it is, without heartbeats
      tune.writeUInt32BE(CONNECTION_TUNE_OK, 7)
      tune.writeUInt16BE(0, 17)
      socket.write(tune)
    }
    socket.write(reply)
  }
}

const CONNECTION_START = 0x000a_000a
const CONNECTION_TUNE = 0x000a_001e
const CONNECTION_TUNE_OK = 0x000a_001f
const CONNECTION_OPEN_OK = 0x000a_0029
const CONNECTION_CLOSE_OK = 0x000a_0033
const CHANNEL_OPEN_OK = 0x0014_000b
