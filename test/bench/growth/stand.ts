import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { methodFrame } from '../../../conformance/support/frames.ts'
import type { Arguments } from '../../../conformance/support/methods.ts'
import { BrokerProcess } from '../broker-process.ts'
import { LoadConnection } from '../load/connection.ts'
import { usageOf } from '../process-usage.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { Traffic, type TrafficWish } from './traffic.ts'

/** One measurement of broker CPU. */
export interface Sample {
  readonly cpuMicroseconds: number
  readonly messagesPerSecond: number
}

/** A broker of its own for one point of a curve, kept until all rounds are over. */
export class Stand {
  readonly pid: number
  private readonly broker: BrokerProcess
  private readonly connections: LoadConnection[] = []
  private traffic: Traffic | null = null

  private constructor(broker: BrokerProcess) {
    this.broker = broker
    this.pid = broker.pid
  }

  static async start(program: string): Promise<Stand> {
    const directory = temporaryDirectory(tmpdir(), 'leveret-growth')
    return new Stand(await BrokerProcess.start(program, directory))
  }

  get usage() {
    return usageOf([this.broker.pid])
  }

  async connect(roomSize = 65_536): Promise<LoadConnection> {
    const connection = await LoadConnection.open(this.broker.url, 1, roomSize)
    this.connections.push(connection)
    return connection
  }

  async connectMany(count: number): Promise<readonly LoadConnection[]> {
    const all: LoadConnection[] = []
    const roomSize = count > 100 ? 4096 : 65_536
    while (all.length < count) {
      const length = Math.min(100, count - all.length)
      const some = Array.from({ length }, () => this.connect(roomSize))
      all.push(...(await Promise.all(some)))
    }
    return all
  }

  /** What the rounds will measure. */
  bring(wish: TrafficWish): void {
    this.traffic = new Traffic(wish)
  }

  /** Lets the traffic get going, then measures for some seconds. */
  async measure(seconds: number): Promise<Sample> {
    const { traffic } = this
    if (traffic === null) throw new Error('no traffic')
    traffic.start()
    await setTimeout(RAMP_MS)
    const before = { ...this.usage, done: traffic.done, atMs: performance.now() }
    await setTimeout(seconds * 1000)
    const after = { ...this.usage, done: traffic.done, atMs: performance.now() }
    await traffic.stop()
    const count = after.done - before.done
    return {
      cpuMicroseconds: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / count,
      messagesPerSecond: count / ((after.atMs - before.atMs) / 1000),
    }
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.abandon()
    await this.broker.kill()
  }
}

/** Calls a method for each of these without waiting for replies, then waits until all are done. */
export async function callEach(
  connection: LoadConnection,
  name: string,
  each: Iterable<Arguments>,
): Promise<void> {
  let frames: Buffer[] = []
  for (const args of each) {
    frames.push(methodFrame(1, name, { ...args, nowait: true }))
    if (frames.length < CALLS_OF_A_WRITE) continue
    await write(connection, Buffer.concat(frames))
    frames = []
  }
  await write(connection, Buffer.concat(frames))
  await connection.call(1, 'basic.qos', { prefetchCount: 0 }) // is answered when all before it is done
}

/** Writes to a connection; waits for the socket when it is full. */
export async function write({ socket }: LoadConnection, bytes: Buffer): Promise<void> {
  if (!socket.write(bytes)) await once(socket, 'drain')
}

/** Long enough for the pipe between publishers and consumers to fill. */
const RAMP_MS = 150
const CALLS_OF_A_WRITE = 1000
