/**
 * One publisher with confirms, one queue, one consumer with acknowledgements, very many messages: was each delivered
 * once, whole and in order, and what did the broker's process hold meanwhile? The broker runs in another process
 * than its clients. Ends with 1 when anything was lost, doubled, damaged or out of order.
 *
 *     soak.ts --messages 1000000 --size 1024
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import amqplib from 'amqplib'
import { inMebibytes, type Memory } from './memory.ts'
import { MIN_BODY_SIZE } from './numbered-body.ts'
import { FLAWLESS, Tally } from './tally.ts'
import { consumeNumbered, publishNumbered } from './traffic.ts'

const QUEUE = 'soak'

type Reading = Memory & { readonly cpuMicroseconds: number }

const { messages, size } = readArguments()
const broker = fork(fileURLToPath(new URL('soak-broker.ts', import.meta.url)), {
  execArgv: ['--expose-gc', '--import', 'tsx'],
})
const [{ url }] = await once(broker, 'message')
const isFlawless = await soak(url)
broker.disconnect()
const [exitCode] = await once(broker, 'exit')
process.exitCode = isFlawless && exitCode === 0 ? 0 : 1

async function soak(address: string): Promise<boolean> {
  const connections = [await amqplib.connect(address), await amqplib.connect(address)] as const
  const publisher = await connections[0].createConfirmChannel()
  const consumer = await connections[1].createChannel()
  await publisher.assertQueue(QUEUE)
  print('start', await ask(broker, 'collected memory'))

  const tally = new Tally(messages, size)
  const startMs = performance.now()
  const middle = Math.ceil(messages / 2)
  const reportMiddle = (received: number) => {
    if (received === middle) void ask(broker, 'memory').then((reading) => print('middle', reading))
  }
  await Promise.all([
    publishNumbered(publisher, QUEUE, messages, size),
    consumeNumbered(consumer, QUEUE, messages, tally, reportMiddle),
  ])
  const seconds = (performance.now() - startMs) / 1000
  print('end', await ask(broker, 'memory'))
  await Promise.all(connections.map((connection) => connection.close()))
  print('collected', await ask(broker, 'collected memory'))

  const rate = Math.round(messages / seconds)
  console.log(
    `${messages} messages of ${size} bytes in ${seconds.toFixed(1)} s: ${rate} messages/s`,
  )
  const { lost, duplicated, outOfOrder, damaged } = tally.verdict
  console.log(
    `lost ${lost}, duplicated ${duplicated}, out of order ${outOfOrder}, damaged ${damaged}`,
  )
  return JSON.stringify(tally.verdict) === JSON.stringify(FLAWLESS)
}

async function ask(process: ChildProcess, question: 'memory' | 'collected memory') {
  process.send(question)
  const [reading]: Reading[] = await once(process, 'message')
  if (reading === undefined) throw new Error('no answer')
  return reading
}

function print(when: string, { heapUsed, arrayBuffers, rss, cpuMicroseconds }: Reading): void {
  console.log(
    `${when.padEnd(9)} heap ${inMebibytes(heapUsed)}, buffers ${inMebibytes(arrayBuffers)}, ` +
      `rss ${inMebibytes(rss)}, cpu ${(cpuMicroseconds / 1e6).toFixed(1)} s`,
  )
}

function readArguments(): { messages: number; size: number } {
  const { values } = parseArgs({
    options: {
      messages: { type: 'string', default: '1000000' },
      size: { type: 'string', default: '1024' },
    },
  })
  const found = { messages: Number(values.messages), size: Number(values.size) }
  if (!(found.messages >= 1)) throw new Error('--messages takes a number from 1')
  if (!(found.size >= MIN_BODY_SIZE)) throw new Error(`--size takes a number from ${MIN_BODY_SIZE}`)
  return found
}
