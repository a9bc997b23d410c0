import { expect, test } from 'vitest'
import { unused, usageOf } from './usage.ts'

const SUBCOMMANDS = `Usage
=====
  tool [options] subcommand

  where subcommand is one of:

Display
=======

  list queues [<column>...]

Object Manipulation
===================

  declare queue name=... [durable=...]
  declare user name=... password=... OR password_hash=... [apply-to=...]
  export <file>
  publish routing_key=... [payload=...]

  * If payload is not specified on publish, standard input is used
`

const HELP = `Options
=======
--help, -h              show this help
--format=FORMAT, -f FORMAT
                        format for listing commands - one of [raw_json,
                        tsv] [default: tsv]
`

const usage = usageOf(SUBCOMMANDS, HELP)

test('commands and their options are read from the help', () => {
  expect(usage.commands).toEqual([
    { words: ['list', 'queues'], options: [] },
    { words: ['declare', 'queue'], options: ['name', 'durable'] },
    {
      words: ['declare', 'user'],
      options: ['name', 'password', 'password_hash', 'apply-to'],
    },
    { words: ['export'], options: [] },
    { words: ['publish'], options: ['routing_key', 'payload'] },
  ])
  expect(usage.flags).toEqual(['help', 'format'])
  expect(usage.formats).toEqual(['raw_json', 'tsv'])
})

test('a command, an option, a format and a flag without a case are missed', () => {
  const done = [
    { words: ['--help'] },
    { words: ['--format', 'tsv', 'list', 'queues', 'name'] },
    { words: ['declare', 'queue', 'name=q'] },
    { words: ['declare', 'user', 'name=u', 'password=p', 'password_hash=h', 'apply-to=x'] },
    { words: ['publish', 'routing_key=k', 'payload=p'] },
  ]
  expect(unused(usage, done, new Set())).toEqual([
    'no case runs declare queue with durable=',
    'no case runs export',
    'no case has the format raw_json',
  ])
  const withoutHelp = done.slice(1)
  expect(unused(usage, withoutHelp, new Set())).toContain('no case has the option --help')
  expect(unused(usage, withoutHelp, new Set(['help']))).not.toContain(
    'no case has the option --help',
  )
})
