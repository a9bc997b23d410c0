import { FrameReader, type FrameSink } from '../../../src/wire/frame-reader.ts'
import { CHUNK_SIZE, messagesOf } from './samples.ts'

/** CPU of cutting a message into frames, in microseconds; the sink does nothing. */
export function parsingMicroseconds(bodySize: number): number {
  const { bytes, count } = messagesOf(bodySize)
  let frames = 0
  const sink: FrameSink = {
    onFrame: () => frames++,
    onBodyPart: () => frames++,
  }
  const reader = new FrameReader(sink, 131_072)
  const rounds = Math.ceil(WARM_UP_BYTES / bytes.length)
  const run = () => {
    for (let round = 0; round < rounds; round++) {
      for (let at = 0; at < bytes.length; at += CHUNK_SIZE) {
        reader.push(bytes.subarray(at, at + CHUNK_SIZE))
      }
    }
  }
  run()
  const before = process.cpuUsage()
  for (let i = 0; i < REPEATS; i++) run()
  const { user, system } = process.cpuUsage(before)
  if (frames === 0) throw new Error('no frame was found')
  return (user + system) / (rounds * REPEATS * count)
}

const WARM_UP_BYTES = 67_108_864
const REPEATS = 5
