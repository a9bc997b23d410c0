import { type Method, writeMethod } from '../../src/wire/methods.ts'
import { BlockPool, Output } from '../../src/wire/output.ts'

/** The frame of a method. */
export function encodeMethod(channel: number, method: Method): Buffer {
  const output = new Output(new BlockPool())
  writeMethod(output, channel, method)
  return Buffer.concat(output.take().pieces)
}
