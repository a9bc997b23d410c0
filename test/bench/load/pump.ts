/** Something that sends as much as it may. */
export interface Pumped {
  /** Sends some; true when it could send more at once. */
  pump(): boolean
}

/** Lets several publishers take turns, each turn behind all that has come meanwhile. */
export class Pump {
  private readonly publishers: Pumped[] = []
  private isDue = false

  add(publisher: Pumped): void {
    this.publishers.push(publisher)
  }

  schedule(): void {
    if (this.isDue) return
    this.isDue = true
    setImmediate(this.run)
  }

  private readonly run = (): void => {
    this.isDue = false
    let isMore = false
    for (const publisher of this.publishers) if (publisher.pump()) isMore = true
    if (isMore) this.schedule()
  }
}
