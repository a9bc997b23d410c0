/** Errors that no one awaits, thrown while a case runs, belong to that case. */
export class StrayErrors {
  readonly first: Promise<never>
  private reject: (error: unknown) => void = () => {}

  constructor() {
    this.first = new Promise((_, reject) => {
      this.reject = reject
    })
    this.first.catch(() => {}) // it may come when the case is over
    process.on('uncaughtException', this.onError)
    process.on('unhandledRejection', this.onError)
  }

  stop(): void {
    process.off('uncaughtException', this.onError)
    process.off('unhandledRejection', this.onError)
  }

  private readonly onError = (error: unknown): void => this.reject(error)
}
