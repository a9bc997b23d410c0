import { publishFrames } from '../../../conformance/support/frames.ts'
import { Slab } from '../../../src/common/slab.ts'
import { Publishing } from '../../../src/protocol/publishing.ts'
import {
  FRAME_BODY,
  FRAME_HEADER,
  FRAME_METHOD,
  FrameReader,
  type FrameSink,
} from '../../../src/wire/frame-reader.ts'
import type { Subject } from './subject.ts'

const FRAME_MAX = 131_072
const CHUNK_SIZE = 65_536
const STREAM_SIZE = 1_048_576

/** Bytes of a socket to frames, and on to whole publishes. */
export function readerSubjects(): readonly Subject[] {
  return [16, 1024].flatMap((bodySize) => {
    const chunks = chunksOf(bodySize)
    return [
      subject(`reader: frames, ${bodySize} B, each message`, chunks, new CountingSink()),
      subject(`reader: publishes, ${bodySize} B`, chunks, new PublishSink()),
    ]
  })
}

function subject(name: string, chunks: readonly Buffer[], sink: MessageSink): Subject {
  const reader = new FrameReader(sink, FRAME_MAX)
  let turn = 0
  return {
    name,
    run(count) {
      const before = sink.messageCount
      while (sink.messageCount - before < count) reader.push(chunks[turn++ % chunks.length]!)
      return sink.messageCount - before
    },
  }
}

interface MessageSink extends FrameSink {
  messageCount: number
}

class CountingSink implements MessageSink {
  messageCount = 0

  onFrame(type: number): void {
    if (type === FRAME_BODY) this.messageCount++
  }

  onBodyPart(): void {
    throw new Error('these bodies come whole')
  }
}

class PublishSink implements MessageSink {
  messageCount = 0
  private readonly publishing = new Publishing(new Slab(), 16_777_216)

  onFrame(type: number, _channel: number, bytes: Buffer, start: number, end: number): void {
    const { publishing } = this
    if (type === FRAME_METHOD) publishing.begin(bytes.readUInt32BE(start), bytes, start + 4, end)
    else if (type === FRAME_HEADER) publishing.header(bytes, start, end)
    else if (publishing.addBody(bytes, start, end)) {
      publishing.reset()
      this.messageCount++
    }
  }

  onBodyPart(): void {
    throw new Error('these bodies come whole')
  }
}

/** A stream of publishes, cut where a socket pleases; it can be read again and again. */
function chunksOf(bodySize: number): readonly Buffer[] {
  const body = Buffer.alloc(bodySize, 'x')
  const message = publishFrames(1, { routingKey: 'queue-0001' }, body, { deliveryMode: 1 })
  const length = Math.ceil(STREAM_SIZE / message.length)
  const stream = Buffer.concat(Array.from({ length }, () => message))
  const chunks: Buffer[] = []
  for (let at = 0; at < stream.length; at += CHUNK_SIZE) {
    chunks.push(stream.subarray(at, at + CHUNK_SIZE))
  }
  return chunks
}
