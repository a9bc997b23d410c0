/** The eight bytes that open a connection (AMQP 0-9-1 section 4.2.2), and what a refused client gets back. */
export const PROTOCOL_HEADER = Buffer.from('AMQP\x00\x00\x09\x01', 'latin1')

export const HEADER_SIZE = PROTOCOL_HEADER.length

/** That of 0-9-1, or the one that clients of 0-9 sent. */
export function isAccepted(header: Buffer): boolean {
  return header.equals(PROTOCOL_HEADER) || header.equals(HEADER_0_9)
}

const HEADER_0_9 = Buffer.from('AMQP\x01\x01\x00\x09', 'latin1')
