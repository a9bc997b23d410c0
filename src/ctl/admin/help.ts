import { type Action, CLOSABLE, DECLARABLE, DELETABLE, GET, PUBLISH, PURGABLE } from './actions.ts'
import { LISTINGS } from './listings.ts'
import { OPTIONS } from './options.ts'

/** What `--help` says. */
export function optionsHelp(): string {
  const rows = OPTIONS.map(({ name, letter, otherwise, help }) => {
    const value = otherwise === null ? '' : `=${name.toUpperCase().replaceAll('-', '_')}`
    const short = letter === null ? '' : `, -${letter}`
    const shown = otherwise === null || otherwise === '' ? help : `${help} [default: ${otherwise}]`
    return `--${name}${value}${short}`.padEnd(40) + shown
  })
  return `Usage
=====
  rabbitmqadmin [options] subcommand

Options
=======
${rows.join('\n')}

More Help
=========

For more help use the help subcommand:

  rabbitmqadmin help subcommands  # For a list of available subcommands
  rabbitmqadmin help config       # For help with the configuration file
`
}

/** What `help subcommands` says. */
export function subcommandsHelp(): string {
  const actions = (word: string, all: readonly Action[]) =>
    all.map((action) => `  ${word} ${action.what} ${argumentsOf(action)}`)
  return `Usage
=====
  rabbitmqadmin [options] subcommand

  where subcommand is one of:

Display
=======

${LISTINGS.map(({ what }) => `  list ${what} [<column>...]`).join('\n')}
  show overview [<column>...]

Object Manipulation
===================

${[...actions('declare', DECLARABLE), ...actions('delete', DELETABLE), ...actions('close', CLOSABLE), ...actions('purge', PURGABLE)].join('\n')}

Broker Definitions
==================

  export <file>
  import <file>

Publishing and Consuming
========================

  publish ${argumentsOf(PUBLISH)}
  get ${argumentsOf(GET)}

  * If payload is not specified on publish, standard input is used

  * If payload_file is not specified on get, the payload will be shown on
    standard output along with the message metadata

  * If payload_file is specified on get, count must not be set
`
}

export const CONFIG_HELP = `Usage
=====
rabbitmqadmin [options] subcommand

A file .rabbitmqadmin.conf in the home directory, or the one that --config
names, may hold options under the name of a node, which --node chooses:

[default]
hostname = localhost
port = 15672
username = guest
password = guest
`

function argumentsOf({ mandatory, optional = {} }: Action): string {
  const needed = mandatory.map((name) =>
    typeof name === 'string' ? `${name}=...` : name.map((one) => `${one}=...`).join(' OR '),
  )
  const others = Object.keys(optional).map((name) => `${name}=...`)
  return [...needed, ...(others.length === 0 ? [] : [`[${others.join(' ')}]`])].join(' ')
}
