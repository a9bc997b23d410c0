import type { Table } from '../common/table.ts'
import { writeConnectionStart } from '../wire/methods.ts'
import { BlockPool, Output } from '../wire/output.ts'
import { MECHANISMS } from './sasl.ts'

/** The frame of connection.start, the same for every client: encoded once, not for each connection. */
export function startFrame(serverProperties: Table): Uint8Array {
  const output = new Output(new BlockPool())
  writeConnectionStart(output, 0, {
    versionMajor: 0,
    versionMinor: 9,
    serverProperties,
    mechanisms: Buffer.from(MECHANISMS),
    locales: Buffer.from('en_US'),
  })
  return Buffer.concat(output.take().pieces)
}
