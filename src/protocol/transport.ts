import type { Batch } from '../wire/output.ts'

/** The byte stream of one connection, whatever carries it. Calls after its end do nothing. */
export interface Transport {
  readonly endpoints: Endpoints
  /** Bytes sent that the peer's side has not taken yet. */
  readonly unsentSize: number
  /** Sends the pieces, then gives the blocks back to their pool. */
  send(batch: Batch): void
  /** Stops reading until `resume`: the peer feels it as back-pressure. */
  pause(): void
  resume(): void
  /** Closes after everything sent so far has gone out. */
  end(): void
  /** Closes at once. */
  destroy(): void
}

/** What a transport tells its connection. */
export interface TransportHandler {
  /** Bytes have come. */
  receive(chunk: Buffer): void
  /** Everything sent has been taken by the peer's side. */
  drained(): void
  /** The stream has ended; nothing follows. `error` is null when it was closed properly. */
  closed(error: Error | null): void
}

/** A connection's name: `peer -> server`. */
export function nameOf({ peerHost, peerPort, host, port }: Endpoints): string {
  return `${peerHost}:${peerPort} -> ${host}:${port}`
}

/** The two ends of a connection, as logs and management show them. */
export interface Endpoints {
  readonly peerHost: string
  readonly peerPort: number
  readonly host: string
  readonly port: number
  /** Absent without TLS. */
  readonly tls?: TlsSession
}

/** What TLS has agreed on with a client. */
export interface TlsSession {
  /** `tlsv1.3`. */
  readonly protocol: string
  readonly suite: CipherSuite
  /** Whoever has signed the client's certificate is trusted; null when it has shown none. */
  readonly peer: TlsPeer | null
}

/** In Erlang's words. */
export interface CipherSuite {
  /** `ecdhe_rsa`; `any` with TLS 1.3. */
  readonly keyExchange: string
  /** `aes_256_gcm`. */
  readonly cipher: string
  /** `sha384`, or `aead` of a cipher that needs none. */
  readonly hash: string
}

export interface TlsPeer {
  /** The user that the certificate names; null when it names none. */
  readonly name: string | null
  /** Distinguished names as RabbitMQ writes them: `O=client,CN=hare`. */
  readonly subject: string
  readonly issuer: string
  /** Hexadecimal digits, in capitals. */
  readonly serialNumber: string
  /** `2026-01-01T10:00:00Z - 2027-01-01T10:00:00Z`. */
  readonly validity: string
}
