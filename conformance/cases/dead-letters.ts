import assert from 'node:assert/strict'
import type { Area, ConformanceCase } from '../support/case.ts'
import { DeadLetterRig, header, headerTag } from '../support/dead-letter-rig.ts'
import { fact } from '../support/fact.ts'
import type { FieldValue, Table } from '../support/field-table.ts'
import type { Session } from '../support/session.ts'

const SOURCE = 'core-semantics.md 6'
const CAPTURE = 'captures/x-death-4.3.6.json'

export const area: Area = {
  name: 'dead letters',
  cases: [
    fact('a rejected message goes to the dead-letter exchange', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m')
      await rig.reject()
      assert.deepEqual(await rig.deadBodies(1), ['m'])
    }),
    fact('so does one of basic.nack', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m')
      rig.raw.send(1, 'basic.nack', { deliveryTag: await rig.get(), requeue: false })
      assert.deepEqual(await rig.deadBodies(1), ['m'])
    }),
    fact('nack of several sends all of them, in their order', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      for (const body of ['1', '2', '3', '4']) rig.publish(body)
      const tags = [await rig.get(), await rig.get(), await rig.get()]
      rig.raw.send(1, 'basic.nack', { deliveryTag: tags[2]!, multiple: true, requeue: false })
      assert.deepEqual(await rig.deadBodies(3), ['1', '2', '3'])
    }),
    fact('messages rejected one by one die in that order', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      for (const body of ['1', '2', '3']) rig.publish(body)
      const tags = [await rig.get(), await rig.get(), await rig.get()]
      for (const at of [2, 0, 1]) {
        rig.raw.send(1, 'basic.reject', { deliveryTag: tags[at]!, requeue: false })
      }
      assert.deepEqual(await rig.deadBodies(3), ['3', '1', '2'])
    }),
    ...diesOf("the queue's TTL", [['x-message-ttl', 'I', 20]]),
    ...diesOf('its expiration', [], '20'),
    ...diesOf('a TTL of 0', [['x-message-ttl', 'I', 0]]),
    ...diesOf('a length limit of 0', [['x-max-length', 'I', 0]]),
    ...diesOf('a limit of bytes', [['x-max-length-bytes', 'I', 0]]),
    ...diesOf('reject-publish-dlx', [
      ['x-max-length', 'I', 0],
      ['x-overflow', 'S', 'reject-publish-dlx'],
    ]),
    fact('reject-publish does not dead-letter', CAPTURE, async (t) => {
      const rig = await DeadLetterRig.build(t, { args: rejecting(1) })
      rig.publish('kept')
      rig.publish('rejected')
      await rig.reject()
      assert.deepEqual(await rig.deadBodies(1), ['kept'])
      await rig.expectNoMoreDead()
    }),
    stays('an acknowledged message', async (rig) => {
      rig.raw.send(1, 'basic.ack', { deliveryTag: await rig.get() })
    }),
    stays('a purged message', async (rig) => {
      await rig.raw.call(1, 'queue.purge', { queue: rig.queue })
    }),
    stays('a message for a consumer without acknowledgements', async (rig) => {
      rig.raw.send(1, 'basic.get', { queue: rig.queue, noAck: true })
      await rig.raw.message(1, 'basic.get-ok')
    }),
    stays('a requeued message', async (rig) => {
      rig.raw.send(1, 'basic.reject', { deliveryTag: await rig.get(), requeue: true })
      rig.raw.send(1, 'basic.ack', { deliveryTag: await rig.get() })
    }),
    stays('a message whose channel closes', async (rig) => {
      await rig.get()
      await rig.raw.call(1, 'channel.close', { replyCode: 200 })
      await rig.raw.call(1, 'channel.open')
      rig.raw.send(1, 'basic.ack', { deliveryTag: await rig.get() })
    }),
    fact('what a queue holds when it is deleted is not dead-lettered', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('deleted')
      await rig.raw.call(1, 'queue.delete', { queue: rig.queue })
      await rig.declare(rig.queue, [['x-dead-letter-exchange', 'S', rig.exchange]])
      await rig.expectNoMoreDead()
    }),
    fact('nor what an auto-delete queue holds', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      const queue = t.name('fleeting')
      const args: Table = [['x-dead-letter-exchange', 'S', rig.exchange]]
      await rig.raw.call(1, 'queue.declare', { queue, autoDelete: true, arguments: args })
      await t.fill(queue, ['1', '2'])
      await rig.raw.call(1, 'basic.qos', { prefetchCount: 1 })
      await rig.raw.call(1, 'basic.consume', { queue, consumerTag: 'c' })
      await rig.raw.message(1, 'basic.deliver')
      await rig.raw.call(1, 'basic.cancel', { consumerTag: 'c' })
      await rig.expectNoMoreDead()
    }),
    fact('nor what an exclusive queue holds when its connection ends', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      const owner = await t.raw()
      const queue = t.name('exclusive')
      const args: Table = [['x-dead-letter-exchange', 'S', rig.exchange]]
      await owner.call(1, 'queue.declare', { queue, exclusive: true, arguments: args })
      await t.fill(queue, ['m'])
      await owner.close()
      await rig.expectNoMoreDead()
    }),
    fact('nor what a queue holds that expires', CAPTURE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      const queue = t.name('fleeting')
      await rig.declare(queue, [
        ['x-dead-letter-exchange', 'S', rig.exchange],
        ['x-expires', 'I', 50],
      ])
      rig.raw.publish(1, { routingKey: queue }, 'gone with it')
      const ch = await t.confirmChannel()
      let returned = false
      ch.on('return', () => {
        returned = true
      })
      await t.until('the queue is gone', async () => {
        ch.sendToQueue(queue, Buffer.from('probe'), { mandatory: true })
        await ch.waitForConfirms()
        return returned
      })
      await rig.expectNoMoreDead()
    }),
    fact('the consumer sees the dead-letter exchange and the old key', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m')
      await rig.reject()
      const { exchange, routingKey, redelivered } = (await rig.dead()).args
      assert.deepEqual([exchange, routingKey, redelivered], [rig.exchange, rig.queue, false])
    }),
    fact('x-dead-letter-routing-key takes the place of the key', SOURCE, async (t) => {
      const args: Table = [['x-dead-letter-routing-key', 'S', 'dead.key']]
      const rig = await DeadLetterRig.build(t, { args, type: 'topic' })
      rig.publish('m')
      await rig.reject()
      const { exchange, routingKey } = (await rig.dead()).args
      assert.deepEqual([exchange, routingKey], [rig.exchange, 'dead.key'])
    }),
    fact('an empty dead-letter key is a key', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t, { args: [['x-dead-letter-routing-key', 'S', '']] })
      rig.publish('m')
      await rig.reject()
      assert.equal((await rig.dead()).args.routingKey, '')
    }),
    fact('properties, headers and their types are kept', CAPTURE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      const headers: Table = [
        ['aa', 'S', 'x'],
        ['mm', 'l', 5n],
        ['nested', 'F', [['b', 't', true]]],
        ['zz', 'I', 1],
      ]
      const properties = {
        contentType: 'text/plain',
        contentEncoding: 'utf-8',
        deliveryMode: 2,
        priority: 3,
        correlationId: 'c',
        replyTo: 'r',
        messageId: 'm',
        timestamp: 1700000000n,
        type: 'ty',
        userId: t.target.username,
        appId: 'ap',
      }
      rig.publish('m', { ...properties, headers })
      await rig.reject()
      const dead = await rig.dead()
      const { headers: _, ...rest } = dead.properties
      assert.deepEqual(rest, properties)
      for (const [name, tag, value] of headers) {
        assert.deepEqual([headerTag(dead, name), header(dead, name)], [tag, value])
      }
    }),
    fact('a message without properties has headers only', CAPTURE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m')
      await rig.reject()
      assert.deepEqual(Object.keys((await rig.dead()).properties), ['headers'])
    }),
    fact('the expiration is removed, so that it does not expire again', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m', { expiration: '20' })
      assert.equal((await rig.dead()).properties.expiration, undefined)
    }),
    fact('a rejected message loses its expiration too', CAPTURE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      rig.publish('m', { expiration: '60000' })
      await rig.reject()
      assert.equal((await rig.dead()).properties.expiration, undefined)
    }),
    fact('large bodies are kept', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t)
      const body = 'x'.repeat(400_000)
      rig.publish(body)
      await rig.reject()
      assert.equal((await rig.dead()).body.toString(), body)
    }),
    fact('many die in the order of publishing', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t, { args: [['x-message-ttl', 'I', 50]] })
      const bodies = Array.from({ length: 200 }, (_, at) => String(at))
      for (const body of bodies) rig.publish(body)
      assert.deepEqual(await rig.deadBodies(200), bodies)
    }),
    fact('what a length limit drops dies oldest first', SOURCE, async (t) => {
      const rig = await DeadLetterRig.build(t, { args: [['x-max-length', 'I', 2]] })
      for (const body of ['1', '2', '3', '4', '5']) rig.publish(body)
      assert.deepEqual(await rig.deadBodies(3), ['1', '2', '3'])
      assert.deepEqual(await t.drain(await t.channel(), rig.queue), ['4', '5'])
    }),
  ],
}

/** A message that dies of `cause` arrives, whether it is persistent or not. */
function diesOf(cause: string, args: Table, expiration?: string): ConformanceCase[] {
  return [1, 2].map((deliveryMode) =>
    fact(`a message of mode ${deliveryMode} that dies of ${cause}`, CAPTURE, async (t) => {
      const rig = await DeadLetterRig.build(t, { args })
      rig.publish('m', { deliveryMode, ...(expiration === undefined ? {} : { expiration }) })
      const dead = await rig.dead()
      assert.equal(dead.body.toString(), 'm')
      assert.equal(dead.properties.deliveryMode, deliveryMode)
    }),
  )
}

function stays(what: string, end: (rig: DeadLetterRig) => Promise<void>): ConformanceCase {
  return fact(`${what} is not dead-lettered`, SOURCE, async (t: Session) => {
    const rig = await DeadLetterRig.build(t)
    rig.publish('m')
    await end(rig)
    await rig.expectNoMoreDead()
  })
}

function rejecting(maxLength: FieldValue): Table {
  return [
    ['x-max-length', 'I', maxLength],
    ['x-overflow', 'S', 'reject-publish'],
  ]
}
