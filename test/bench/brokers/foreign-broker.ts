import { addressOf } from '../load/address.ts'
import type { BrokerUnderTest, RunningBroker } from './broker.ts'

/** A broker that somebody else has started, and will end. */
export class ForeignBroker implements BrokerUnderTest {
  readonly name: string
  private readonly url: string
  private readonly pid: number | null

  /** Without the root of its processes, neither its processor time nor its memory can be told. */
  constructor(url: string, pid: number | null) {
    const { host, port } = addressOf(url)
    this.name = `${host}:${port}`
    this.url = url
    this.pid = pid
  }

  async open(): Promise<RunningBroker> {
    const { url, pid } = this
    return { url, pid, startMs: null, restart: null, release: async () => {} }
  }

  async end(): Promise<void> {}
}
