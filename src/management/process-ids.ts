/**
 * Names for connections, channels and queues in the form of Erlang's process identifiers, which tools pass on and hand
 * back: `<NODE.CREATION.NUMBER.0>`. A thing keeps its name as long as it lives.
 */
export class ProcessIds {
  private readonly numbers = new WeakMap<object, number>()
  private readonly prefix: string
  private next = FIRST_NUMBER

  /** `startedAtMs` tells the names of one run from those of another. */
  constructor(nodeName: string, startedAtMs: number) {
    this.prefix = `${nodeName}.${Math.floor(startedAtMs / 1000)}`
  }

  of(thing: object): string {
    let number = this.numbers.get(thing)
    if (number === undefined) {
      number = this.next++
      this.numbers.set(thing, number)
    }
    return `<${this.prefix}.${number}.0>`
  }
}

const FIRST_NUMBER = 1000
