/**
 * Runs twenty brokers on the data directory that the argument names, one after the other. While each runs, two others
 * cannot start: one for its data directory, one for its port. Prints what became of them and what is open before and
 * after as a JSON line, and must then exit by itself: nothing here ends the process.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import amqplib from 'amqplib'
import { BrokerError, type BrokerOptions, createBroker } from '../../../src/index.ts'

const ROUNDS = 20
const [directory = ''] = process.argv.slice(2)
const dataDir = join(directory, 'a')

async function outcomeOf(options: BrokerOptions): Promise<string> {
  try {
    await createBroker(options)
    return 'started'
  } catch (error) {
    return error instanceof BrokerError ? error.code : `${error}`
  }
}

async function playRound(): Promise<readonly string[]> {
  const broker = await createBroker({ dataDir, amqp: { host: '127.0.0.1' } })
  const connection = await amqplib.connect(broker.url)
  const channel = await connection.createConfirmChannel()
  await channel.assertQueue('q')
  channel.sendToQueue('q', Buffer.alloc(1000), { persistent: true })
  await channel.waitForConfirms()
  const failures = [
    await outcomeOf({ dataDir }),
    await outcomeOf({ dataDir: join(directory, 'b'), amqp: broker.amqp }),
  ]
  await connection.close()
  await broker.close()
  return ['closed', ...failures]
}

async function openNow(): Promise<readonly string[]> {
  for (let turn = 0; turn < 2; turn++) await setImmediate() // what is closed goes with the end of the turn
  return [...process.getActiveResourcesInfo().sort(), `${descriptorCount()} descriptors`]
}

/** Where the system does not tell, the resources have to do. */
function descriptorCount(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
}

const outcomes: string[] = [...(await playRound())] // the first one opens what Node keeps for itself
const before = await openNow()
for (let round = 1; round < ROUNDS; round++) outcomes.push(...(await playRound()))
console.log(JSON.stringify({ outcomes, before, after: await openNow() }))
