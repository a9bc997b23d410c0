import { writeConnectionStart } from '../wire/methods.ts'
import { BlockPool, Output } from '../wire/output.ts'
import { serverProperties } from './server-properties.ts'

/** The frames of connection.start: for the same mechanisms it is the same until the cluster is renamed, encoded once. */
export class StartFrames {
  private readonly version: string
  private clusterName = ''
  private readonly frames = new Map<string, Uint8Array>()

  constructor(version: string) {
    this.version = version
  }

  /** That which offers these ways to log in, in this order. */
  offering(mechanisms: readonly string[], clusterName: string): Uint8Array {
    if (clusterName !== this.clusterName) {
      this.clusterName = clusterName
      this.frames.clear()
    }
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
      serverProperties: serverProperties(this.version, this.clusterName),
      mechanisms: Buffer.from(mechanisms),
      locales: Buffer.from('en_US'),
    })
    return Buffer.concat(output.take().pieces)
  }
}
