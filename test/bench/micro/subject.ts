/** One small thing whose time is taken. */
export interface Subject {
  readonly name: string
  /** Does it about so many times; returns how often it did. */
  run(count: number): number | Promise<number>
  /** Ends what it holds. */
  end?(): Promise<void>
}
