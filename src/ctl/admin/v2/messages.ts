import { isJsonList, isJsonObject, type Json } from '../../../common/json.ts'
import type { Verbs } from './admin-verb.ts'
import { at } from './call.ts'
import { MESSAGE_COLUMNS } from './columns.ts'

/** Messages one at a time, as the HTTP API publishes and fetches them. */
export const MESSAGE_VERBS: Verbs = {
  publish: {
    required: ['routing-key'],
    optional: ['exchange', 'payload', 'payload-encoding', 'properties'],
    run: async (call) => {
      const exchange = call.value('exchange') || 'amq.default'
      const text = await call.ask('POST', `/exchanges${at(call.vhost, exchange)}/publish`, {
        routing_key: call.value('routing-key'),
        payload: call.has('payload') ? call.value('payload') : await call.input('all'),
        payload_encoding: call.value('payload-encoding', 'string'),
        properties: call.json('properties', {}),
      })
      const { routed }: { routed?: boolean } = JSON.parse(text)
      return `Message published ${routed === true ? 'and routed successfully' : 'but NOT routed'}\n`
    },
  },
  get: {
    required: ['queue'],
    optional: ['count', 'ack-mode', 'encoding', 'columns'],
    run: async (call) => {
      const text = await call.ask('POST', `/queues${at(call.vhost, call.value('queue'))}/get`, {
        count: Number(call.value('count', '1')),
        ackmode: call.value('ack-mode', 'ack_requeue_false'),
        encoding: call.value('encoding', 'auto'),
      })
      const messages: Json = JSON.parse(text)
      return call.shown(MESSAGE_COLUMNS, isJsonList(messages) ? messages.filter(isJsonObject) : [])
    },
  },
}
