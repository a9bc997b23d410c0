import { Cursor } from '../../wire/cursor.ts'
import * as wire from '../../wire/methods.ts'
import type { Channel } from '../channel.ts'
import { ConnectionError, secondOpen } from '../errors.ts'
import * as basic from './basic.ts'
import * as confirm from './confirm.ts'
import * as consuming from './consuming.ts'
import * as exchange from './exchange.ts'
import * as queue from './queue.ts'
import * as settling from './settling.ts'
import * as tx from './tx.ts'

/**
 * Decodes a method of an open channel and does it. Publishing has its own path, and so has acknowledging: these two
 * come once per message.
 */
export function handleMethod(
  channel: Channel,
  id: number,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  cursor.reset(bytes, start, end)
  if (id === wire.BASIC_ACK) {
    settling.ack(channel, cursor)
    return
  }
  handle(channel, wire.decodeMethod(cursor, id))
  channel.connection.reading.methodDone()
}

const cursor = new Cursor()

function handle(channel: Channel, method: wire.Method): void {
  switch (method.id) {
    case wire.CHANNEL_OPEN:
      throw secondOpen()
    case wire.CHANNEL_FLOW:
      return basic.channelFlow(channel, method)
    case wire.CHANNEL_CLOSE:
      return channel.channels.closeForClient(channel)
    case wire.ACCESS_REQUEST:
      return basic.accessRequest(channel)
    case wire.EXCHANGE_DECLARE:
      return exchange.declareExchange(channel, method)
    case wire.EXCHANGE_DELETE:
      return exchange.deleteExchange(channel, method)
    case wire.EXCHANGE_BIND:
      return exchange.bindExchange(channel, method)
    case wire.EXCHANGE_UNBIND:
      return exchange.unbindExchange(channel, method)
    case wire.QUEUE_DECLARE:
      return queue.declareQueue(channel, method)
    case wire.QUEUE_BIND:
      return queue.bindQueue(channel, method)
    case wire.QUEUE_UNBIND:
      return queue.unbindQueue(channel, method)
    case wire.QUEUE_PURGE:
      return queue.purgeQueue(channel, method)
    case wire.QUEUE_DELETE:
      return queue.deleteQueue(channel, method)
    case wire.BASIC_QOS:
      return consuming.qos(channel, method)
    case wire.BASIC_CONSUME:
      return consuming.consume(channel, method)
    case wire.BASIC_CANCEL:
      return consuming.cancel(channel, method)
    case wire.BASIC_GET:
      return basic.get(channel, method)
    case wire.BASIC_REJECT:
      return settling.reject(channel, method)
    case wire.BASIC_NACK:
      return settling.nack(channel, method)
    case wire.BASIC_RECOVER:
    case wire.BASIC_RECOVER_ASYNC:
      return settling.recover(channel, method)
    case wire.CONFIRM_SELECT:
      return confirm.selectConfirms(channel, method)
    case wire.TX_SELECT:
      return tx.select(channel)
    case wire.TX_COMMIT:
      return tx.commit(channel)
    case wire.TX_ROLLBACK:
      return tx.rollback(channel)
    default:
      throw new ConnectionError(503, 'unimplemented method', method.id)
  }
}
