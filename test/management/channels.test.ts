import amqplib from 'amqplib'
import { expect, onTestFinished, test } from 'vitest'
import { startApi } from '../support/api-client.ts'

test.each([
  ['3.13', [{ prefetch_count: 5, global_prefetch_count: 7 }]],
  ['4.2', [{ prefetch_count: 5, global_prefetch_count: 7 }]],
  ['4.3', [{ prefetch_count: 7 }]], // where nothing is global any more
] as const)(
  'a channel of %s shows both its limits of prefetch, if it has them',
  async (compat, shown) => {
    const { broker, api } = await startApi({ compat })
    const connection = await amqplib.connect(broker.url)
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    await channel.prefetch(5)
    await channel.prefetch(7, true)
    const { json } = await api.get('/api/channels?columns=prefetch_count,global_prefetch_count')
    expect(json).toEqual(shown)
  },
)
