import type { Table } from '../common/table.ts'
import { writeConnectionStart } from '../wire/methods.ts'
import { BlockPool, Output } from '../wire/output.ts'

/** The frames of connection.start: for the same mechanisms it is always the same, encoded once. */
export class StartFrames {
  private readonly serverProperties: Table
  private readonly frames = new Map<string, Uint8Array>()

  constructor(serverProperties: Table) {
    this.serverProperties = serverProperties
  }

  /** That which offers these ways to log in, in this order. */
  offering(mechanisms: readonly string[]): Uint8Array {
    const names = mechanisms.join(' ')
    const known = this.frames.get(names)
    if (known !== undefined) return known
    const frame = this.encode(names)
    this.frames.set(names, frame)
    return frame
  }

  private encode(mechanisms: string): Uint8Array {
    const output = new Output(new BlockPool())
    writeConnectionStart(output, 0, {
      versionMajor: 0,
      versionMinor: 9,
      serverProperties: this.serverProperties,
      mechanisms: Buffer.from(mechanisms),
      locales: Buffer.from('en_US'),
    })
    return Buffer.concat(output.take().pieces)
  }
}
