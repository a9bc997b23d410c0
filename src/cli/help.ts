import { defaultText, OPTION_GROUPS, type Option } from '../config/option.ts'
import { OPTIONS } from '../config/options.ts'

const INTRODUCTION = `Leveret, an AMQP 0-9-1 broker that RabbitMQ clients can be pointed at.

Usage
  leveret [serve] [options]   Start the broker; Ctrl-C or SIGTERM stops it
  leveret store inspect DIR   Show what is in a data directory
  leveret store verify DIR    Read all of it, and tell what is damaged
  leveret --help              Print this text
  leveret --version           Print the version

Each option shows its environment variable, its default, and what it is called
in rabbitmq.conf. A flag wins over the variable, the variable over the files,
of which the last one wins, and the files over the default. Lists are separated
by commas.

The store commands change nothing, and may be used while a broker runs on the
directory. With --json they print one JSON object.
`

const CLOSING = `Exit status
  0 stopped by a signal, 1 did not start or could not write, 2 wrong flag or
  variable
  store: 0 all is well, 1 damaged or not to be read, 2 wrong argument

Examples
  leveret                                  Port 5672 of every address
  leveret --host 127.0.0.1 --port 5673     One address and another port
  leveret --compat 3.13 --log-level debug  Like RabbitMQ 3.13, log everything
  leveret --data-dir none                  Keep nothing: all is gone with it
  RABBITMQ_NODE_PORT=0 leveret             Any free port, the log says which
  leveret store verify ./data              Whether the data directory is whole
`

/** The text of `leveret --help`. */
export function helpText(): string {
  const groups = OPTION_GROUPS.map((group) => {
    const options = Object.values<Option<unknown>>(OPTIONS).filter(
      (option) => option.group === group,
    )
    return `${group}\n${options.map(optionText).join('')}`
  })
  return [INTRODUCTION, ...groups, CLOSING].join('\n')
}

function optionText(option: Option<unknown>): string {
  const lines = descriptionLines(option).map((line) => `      ${line}\n`)
  return `  --${option.flag} ${option.type.placeholder}\n${lines.join('')}`
}

function descriptionLines(option: Option<unknown>): readonly string[] {
  const words = option.type.words === undefined ? [] : [option.type.words.join(', ')]
  const keys = option.conf.length === 0 ? [] : [`in rabbitmq.conf ${option.conf.at(0)}`]
  return [option.help, ...words, `${option.env}, default ${defaultText(option)}`, ...keys]
}
