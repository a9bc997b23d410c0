import { EXIT, Failure } from './failure.ts'

/** Nobody answers for a node: what may be the reason, and what to look at. */
export function unreachable(nodeName: string): Failure {
  return new Failure(
    EXIT.unavailable,
    `Error: unable to perform an operation on node '${nodeName}'. Please see diagnostics information and suggestions below.

Most common reasons for this are:

 * The broker is not running
 * It uses another data directory than the command: give both the same --data-dir or LEVERET_DATA_DIR
 * The command is run by another user than the broker, who may not open the socket in the data directory

In addition to the diagnostics info below:

 * Consult the log of the broker
 * A broker that keeps nothing (--data-dir none) can be reached with --api http://USER:PASSWORD@HOST:15672

DIAGNOSTICS
===========

attempted to contact: [${nodeName}]
`,
  )
}

/** A ping that nobody answers. */
export function noPong(nodeName: string, timeoutMs: number): Failure {
  const text = `Failed to connect and authenticate to ${nodeName} in ${timeoutMs} ms`
  return new Failure(EXIT.unavailable, `Error:\n${text}`)
}
