import { bytes } from '../../support/bytes.ts'
import { FRAME_METHOD, frame, methodFrame } from '../../support/frames.ts'
import type { Arguments } from '../../support/methods.ts'
import { byCase } from '../family.ts'
import { octets } from './frames.ts'

const method = (name: string, args: Arguments = {}, channel = 1) =>
  octets(methodFrame(channel, name, args))

/** A method with these ids and octets for arguments. */
const raw = (classId: number, methodId: number, ...args: readonly Buffer[]) =>
  octets(frame(FRAME_METHOD, 1, Buffer.concat([bytes.u16(classId), bytes.u16(methodId), ...args])))

/** queue.declare of `q` up to the length of its arguments, and then these octets. */
const declare = (...args: readonly Buffer[]) =>
  raw(50, 10, bytes.u16(0), bytes.shortstr('q'), bytes.u8(0), ...args)

export const methodArguments = byCase('frames: methods', {
  'frame: truncated arguments': raw(50, 10, Buffer.from([0, 0, 5]), Buffer.from('ab')),
  'frame: trailing arguments': raw(20, 20, Buffer.from('\x01zzz')),
  'frame: table length wrong': declare(bytes.u32(99)),
  'frame: unknown table tag': declare(bytes.longstr(Buffer.from('\x01aZ'))),
  'frame: malformed UTF-8': method('queue.declare', { queue: Buffer.from([0xff]) }),
  'frame: access.request': method('access.request'),
  'frame: basic.credit': raw(60, 200, Buffer.from([1, 116, 0, 0, 0, 1, 0, 0, 0, 0, 0])),
  'basic.credit with tag, credit, drain bit': raw(
    60,
    200,
    bytes.shortstr('t'),
    bytes.u32(1),
    bytes.u8(0),
  ),
  'frame: unknown class 70': raw(70, 10),
  'frame: unknown method 60.15': raw(60, 15),
  'frame: unknown method 20.99': raw(20, 99),
})

export const wrongMethods = byCase('frames: methods', {
  'frame: server method basic.deliver from client': method('basic.deliver', {
    consumerTag: 't',
    deliveryTag: 1,
    routingKey: 'k',
  }),
  'frame: server method queue.declare-ok from client': method('queue.declare-ok', { queue: 'q' }),
  'frame: basic.cancel-ok from client': method('basic.cancel-ok', { consumerTag: 't' }),
  'frame: channel.flow-ok from client': method('channel.flow-ok', { active: true }),
  'frame: channel.open-ok from client': method('channel.open-ok'),
  'frame: channel.close-ok unprompted': method('channel.close-ok'),
  'frame: queue.declare on channel 0': method('queue.declare', { queue: 'q' }, 0),
  'frame: connection.open again': method('connection.open', { virtualHost: '/' }, 0),
  'frame: connection.tune-ok again': method(
    'connection.tune-ok',
    { channelMax: 2047, frameMax: 131_072, heartbeat: 60 },
    0,
  ),
  'frame: connection.start-ok again': method(
    'connection.start-ok',
    { mechanism: 'PLAIN', response: '\0guest\0guest', locale: 'en_US' },
    0,
  ),
  'frame: connection.close-ok unprompted': method('connection.close-ok', {}, 0),
  'frame: channel.open on channel 0': method('channel.open', {}, 0),
  'frame: connection.secure-ok running': method('connection.secure-ok', { response: 'a' }, 0),
  'frame: connection.close on channel 1': method('connection.close', { replyCode: 200 }),
  'frame: connection.open on channel 1': method('connection.open', { virtualHost: '/' }),
})
