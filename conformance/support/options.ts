import { parseArgs } from 'node:util'

export type Options = {
  readonly url: string | null
  /** Null for a broker that keeps everything in memory. */
  readonly dataDir: string | null
  readonly filter: string | null
  readonly area: string | null
  readonly junit: string | null
  readonly json: string | null
  readonly list: boolean
  readonly help: boolean
}

export const HELP = `Runs the conformance cases against an AMQP 0-9-1 broker.

  npm run conformance -- [options]

  --url URL      the broker, as amqp://user:password@host:port/vhost;
                 left out: a Leveret started in this process
  --data-dir DIR the Leveret started in this process keeps its data there
  --area NAME    only the areas whose name contains NAME
  --filter TEXT  only the cases whose name contains TEXT
  --list         print areas and cases, run nothing
  --junit FILE   also write the results as JUnit XML
  --json FILE    also write the results as JSON
  --help         print this
`

/** @throws TypeError for an option that does not exist. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      'data-dir': { type: 'string' },
      filter: { type: 'string' },
      area: { type: 'string' },
      junit: { type: 'string' },
      json: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  return {
    url: values.url ?? null,
    dataDir: values['data-dir'] ?? null,
    filter: values.filter ?? null,
    area: values.area ?? null,
    junit: values.junit ?? null,
    json: values.json ?? null,
    list: values.list ?? false,
    help: values.help ?? false,
  }
}
