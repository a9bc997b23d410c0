/** A broker that can be measured. */
export interface BrokerUnderTest {
  readonly name: string
  /**
   * Gives a broker that accepts connections. One that is quick to start is a new one each time, with nothing in it; a
   * slow one goes on, but for `isFresh`.
   */
  open(wish: BrokerWish): Promise<RunningBroker>
  /** Ends what it has started. */
  end(): Promise<void>
}

export interface BrokerWish {
  /** Whether it needs to keep anything on disk. */
  readonly isDurable: boolean
  readonly isFresh: boolean
}

export interface RunningBroker {
  readonly url: string
  /** The root of its processes; null when it is not known. */
  readonly pid: number | null
  /** From the start of its process to the first connection with a channel; null when it had been running before. */
  readonly startMs: number | null
  /** Kills it as a loss of power would and starts it again on what it has on disk; null for one that others started. */
  readonly restart: (() => Promise<RunningBroker>) | null
  /** It is not needed any more for this run. */
  release(): Promise<void>
}
