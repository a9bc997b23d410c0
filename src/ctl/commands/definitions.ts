import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { path } from '../broker-client.ts'
import type { Command, Options } from '../command.ts'
import { badArgument, EXIT, refused } from '../failure.ts'
import { jsonDocument } from '../json-document.ts'

const COMMON = {
  tools: ['rabbitmqctl'],
  group: 'Definitions',
  guides: ['definitions'],
  options: { format: 'text', 'skip-if-unchanged': 'flag' },
} as const

export const DEFINITION_COMMANDS: readonly Command[] = [
  {
    ...COMMON,
    name: 'export_definitions',
    about: 'Exports definitions in JSON or compressed Erlang Term Format.',
    usage: '<file_path | "-"> [--format <json | erlang>]',
    arguments: [1, 1],
    banner: ({ args }) =>
      args[0] === '-' ? '' : `Exporting definitions in JSON to a file at "${args[0]}" ...`,
    run: async ({ broker, args, options }) => {
      const [file = ''] = args
      const text = JSON.stringify(await broker.get(whereOf(options)))
      if (file === '-') return { text, json: JSON.parse(text) }
      try {
        writeFileSync(file, text)
      } catch (error) {
        throw refused(reasonOf(error))
      }
      return null
    },
  },
  {
    ...COMMON,
    name: 'import_definitions',
    about: 'Imports definitions in JSON or compressed Erlang Term Format.',
    usage: '<file_path> [--format <json | erlang>] [--skip-if-unchanged] [--timeout <timeout>]',
    arguments: [0, 1],
    check: ({ args: [file] }) => {
      if (file === undefined || file === '-' || existsSync(file)) return
      throw badArgument(`File ${file} does not exist`)
    },
    banner: ({ args: [file] }) =>
      file === undefined || file === '-'
        ? 'Importing definitions in JSON from standard input ...'
        : `Importing definitions in JSON from a file at "${file}" ...`,
    run: async ({ broker, args: [file = '-'], options, read }) => {
      const text = file === '-' ? await read('all') : readFileSync(file, 'utf8')
      if (text.trim() === '') throw refused('there is nothing to import', EXIT.usage)
      await broker.post(whereOf(options), jsonDocument(text))
      return null
    },
  },
]

/** All definitions, or those of one vhost. */
function whereOf(options: Options): string {
  return options.has('vhost') ? `/definitions${path(options.vhost)}` : '/definitions'
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? String(error.code).toLowerCase() : error.message
}
