import assert from 'node:assert/strict'
import type { Area } from '../support/case.ts'
import { fact, on310 } from '../support/fact.ts'
import { connectionError, expectEndOfConnection, expectFailure } from '../support/failure.ts'
import type { FieldValue, Table } from '../support/field-table.ts'
import { methodFrame, PROTOCOL_HEADER } from '../support/frames.ts'
import type { Argument } from '../support/methods.ts'
import type { Session } from '../support/session.ts'

const SOURCE = 'amqp-0-9-1.md 1, 5'

export const area: Area = {
  name: 'handshake',
  cases: [
    fact('the protocol header is answered by connection.start 0-9', SOURCE, async (t) => {
      const raw = await t.dial()
      const start = await raw.login(t.credentials())
      assert.deepEqual([start.versionMajor, start.versionMinor], [0, 9])
    }),
    fact('the header of 0-9 is taken as 0-9-1', SOURCE, async (t) => {
      const raw = await t.dial()
      raw.sendBytes(header(1, 1, 0, 9))
      await raw.expect(0, 'connection.start')
    }),
    fact('the protocol header may come octet by octet', SOURCE, async (t) => {
      const raw = await t.dial()
      for (const octet of PROTOCOL_HEADER) raw.sendBytes(Buffer.from([octet]))
      await raw.expect(0, 'connection.start')
    }),
    wrongHeader('AMQP 0-9-2', header(0, 0, 9, 2)),
    wrongHeader('AMQP 0-10', header(0, 0, 10, 0)),
    wrongHeader('AMQP 0-8', header(0, 0, 8, 0)),
    wrongHeader('HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')),
    wrongHeader('TLS', Buffer.from('16030102000100', 'hex'), Buffer.alloc(9)),
    fact('server properties name product, version and platform as text', SOURCE, async (t) => {
      const properties = await serverProperties(t)
      for (const name of ['product', 'version', 'platform', 'copyright', 'information']) {
        assert.equal(typeOf(properties, name), 'S', name)
      }
      assert.match(String(fieldOf(properties, 'version')), /^\d+\.\d+\.\d+/)
    }),
    fact('server properties name the cluster', SOURCE, async (t) => {
      assert.equal(typeOf(await serverProperties(t), 'cluster_name'), 'S')
    }),
    fact('every capability of the RabbitMQ extensions is announced', SOURCE, async (t) => {
      const capabilities = fieldOf(await serverProperties(t), 'capabilities')
      const announced = Array.isArray(capabilities) ? capabilities.map(String).sort() : []
      assert.deepEqual(announced, [
        'authentication_failure_close,t,true',
        'basic.nack,t,true',
        'connection.blocked,t,true',
        'consumer_cancel_notify,t,true',
        'consumer_priorities,t,true',
        'direct_reply_to,t,true',
        'exchange_exchange_bindings,t,true',
        'per_consumer_qos,t,true',
        'publisher_confirms,t,true',
      ])
    }),
    fact('PLAIN and AMQPLAIN are offered', SOURCE, async (t) => {
      const start = await (await t.dial()).login(t.credentials())
      const mechanisms = String(start.mechanisms).split(' ')
      assert.ok(mechanisms.includes('PLAIN') && mechanisms.includes('AMQPLAIN'), `${mechanisms}`)
    }),
    fact('the locale en_US is offered', SOURCE, async (t) => {
      const start = await (await t.dial()).login(t.credentials())
      assert.ok(String(start.locales).split(' ').includes('en_US'))
    }),
    fact('connection.open-ok carries an empty string', 'amqp-0-9-1.md 4', async (t) => {
      const raw = await t.dial()
      await raw.login(t.credentials())
      raw.send(0, 'connection.tune-ok', await raw.expect(0, 'connection.tune'))
      raw.send(0, 'connection.open', { virtualHost: t.target.vhost })
      assert.deepEqual(await raw.expect(0, 'connection.open-ok'), { reserved1: '' })
    }),
    fact('tune-ok and open may be sent without waiting for anything', SOURCE, async (t) => {
      const raw = await t.dial()
      raw.sendBytes(
        Buffer.concat([
          PROTOCOL_HEADER,
          methodFrame(0, 'connection.start-ok', {
            mechanism: 'PLAIN',
            response: t.credentials().response,
            locale: 'en_US',
          }),
          methodFrame(0, 'connection.tune-ok', { channelMax: 2047, frameMax: 131072 }),
          methodFrame(0, 'connection.open', { virtualHost: t.target.vhost }),
          methodFrame(1, 'channel.open'),
        ]),
      )
      await raw.expect(0, 'connection.start')
      await raw.expect(0, 'connection.tune')
      await raw.expect(0, 'connection.open-ok')
      await raw.expect(1, 'channel.open-ok')
    }),
    fact('an unknown locale is accepted', 'captures/amqp/server-properties.json', async (t) => {
      const raw = await t.dial()
      raw.sendBytes(PROTOCOL_HEADER)
      await raw.expect(0, 'connection.start')
      raw.send(0, 'connection.start-ok', {
        mechanism: 'PLAIN',
        response: t.credentials().response,
        locale: 'xx_XX',
      })
      await raw.expect(0, 'connection.tune')
    }),
    fact('a vhost that does not exist is refused with 530', 'errors.md 8.1', async (t) => {
      const raw = await t.dial()
      const vhost = t.name('vhost')
      await raw.login(t.credentials())
      raw.send(0, 'connection.tune-ok', await raw.expect(0, 'connection.tune'))
      raw.send(0, 'connection.open', { virtualHost: vhost })
      const text = `NOT_ALLOWED - vhost ${vhost} not found`
      await expectFailure(raw, connectionError(530, text, 'connection.open'))
    }),
    fact('a frame on a channel before connection.open ends the connection', SOURCE, async (t) => {
      const raw = await t.dial()
      await raw.login(t.credentials())
      raw.send(0, 'connection.tune-ok', await raw.expect(0, 'connection.tune'))
      raw.send(1, 'channel.open')
      await expectEndOfConnection(raw)
    }),
    fact('connection.open before tune-ok ends the connection', SOURCE, async (t) => {
      const raw = await t.dial()
      await raw.login(t.credentials())
      await raw.expect(0, 'connection.tune')
      raw.send(0, 'connection.open', { virtualHost: t.target.vhost })
      await expectEndOfConnection(raw)
    }),
    fact('sockets that close without a word do no harm', SOURCE, async (t) => {
      for (let turn = 0; turn < 5; turn++) (await t.dial()).destroy()
      await t.raw()
    }),
    fact(
      'frames of up to 8192 octets pass before tune-ok',
      'amqp-0-9-1.md 2',
      async (t) => {
        const raw = await t.dial()
        await raw.login({
          ...t.credentials(),
          clientProperties: [['note', 'S', 'x'.repeat(8000)]],
        })
        await raw.expect(0, 'connection.tune')
      },
      on310('frames before tune-ok were limited to 4096 octets until 4.0'),
    ),
    fact('amqplib shows the server properties', SOURCE, async (t) => {
      const { product, version } = (await t.connect()).connection.serverProperties
      assert.deepEqual({ product, version }, t.broker)
    }),
  ],
}

function header(...version: number[]): Buffer {
  return Buffer.concat([Buffer.from('AMQP'), Buffer.from(version)])
}

function wrongHeader(what: string, ...octets: Buffer[]) {
  return fact(`${what} is answered by the header of 0-9-1 and the end`, SOURCE, async (t) => {
    const raw = await t.dial()
    raw.sendBytes(Buffer.concat(octets))
    assert.deepEqual(await raw.next(), { kind: 'bytes', bytes: PROTOCOL_HEADER })
    assert.deepEqual(await raw.untilEnd(), [])
  })
}

async function serverProperties(t: Session): Promise<Table> {
  const start = await (await t.dial()).login(t.credentials())
  return asTable(start.serverProperties)
}

function asTable(value: Argument | undefined): Table {
  return Array.isArray(value) ? value : []
}

function typeOf(table: Table, name: string): string | undefined {
  return table.find(([key]) => key === name)?.[1]
}

function fieldOf(table: Table, name: string): FieldValue | undefined {
  return table.find(([key]) => key === name)?.[2]
}
