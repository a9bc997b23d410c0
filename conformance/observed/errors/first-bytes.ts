import { byForm } from '../family.ts'
import { unescape } from '../literal.ts'

/** `header AMQP\x01\x01\x08\x00`: what a client may say first. */
export const firstBytes = byForm(
  'first bytes',
  'case',
  /^header (.*)$/s,
  ([text = '']) =>
    async (t) => {
      const raw = await t.dial()
      raw.sendBytes(Buffer.from(unescape(text), 'latin1'))
      const first = await raw.next('an answer to the first bytes')
      if (first.kind === 'end') return 'handshake ["end"]'
      if (first.kind === 'method') return `handshake ["${first.name}","open"]`
      if (first.kind !== 'bytes') throw new Error(`unexpected ${first.kind}`)
      // An offer of AMQP 1.0 that the client made itself leaves the socket open.
      const offer = first.bytes.subarray(0, 8)
      const [major, minor, revision, patch] = offer.subarray(4)
      const version = `AMQP ${major} ${minor} ${revision} ${patch}`
      const isAccepted = offer.equals(Buffer.from(unescape(text), 'latin1'))
      if (isAccepted) return `handshake ["${version}","open"]`
      await raw.untilEnd()
      return `handshake ["${version}","end"]`
    },
)
