import { join } from 'node:path'
import type { Scenario } from './scenarios.ts'

/** A client library of the matrix and how to run its program. */
export interface Client {
  readonly name: string
  /** What to type to have it. */
  readonly install: string
  /** Prints the version of the client; fails if the client is not installed. */
  readonly detect: readonly string[]
  /** Builds the program into a directory, for languages that need it. */
  readonly build?: (directory: string) => Command
  /** Plays a scenario; scenario, URL and a name of its own are appended. */
  readonly program: (directory: string) => readonly string[]
  /** Scenarios that this client has no means to express, with the reason. */
  readonly cannot?: Readonly<Partial<Record<Scenario, string>>>
}

export interface Command {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const GO_PATH = '/usr/share/gocode'
const GO_SOURCES = `${GO_PATH}/src/github.com/rabbitmq/amqp091-go`

export const CLIENTS: readonly Client[] = [
  {
    name: 'pika',
    install: 'apt-get install python3-pika',
    detect: ['/usr/bin/python3', '-c', 'import pika; print(pika.__version__)'],
    program: () => ['/usr/bin/python3', '-B', here('pika/tutorial.py')],
  },
  {
    name: 'aio-pika',
    install: 'apt-get install python3-aio-pika',
    detect: ['/usr/bin/python3', '-c', 'import aio_pika; print(aio_pika.__version__)'],
    program: () => ['/usr/bin/python3', '-B', here('aio-pika/tutorial.py')],
  },
  {
    name: 'php-amqplib',
    install: 'apt-get install php-cli php-amqplib',
    detect: [
      'php',
      '-r',
      'require "PhpAmqpLib/autoload.php"; echo PhpAmqpLib\\Package::VERSION, PHP_EOL;',
    ],
    program: () => ['php', here('php-amqplib/tutorial.php')],
  },
  {
    name: 'bunny',
    install: 'apt-get install ruby-bunny',
    detect: ['/usr/bin/ruby', '-e', 'require "bunny"; puts Bunny::VERSION'],
    program: () => ['/usr/bin/ruby', here('bunny/tutorial.rb')],
  },
  {
    name: 'amqp091-go',
    install: 'apt-get install golang-go golang-github-rabbitmq-amqp091-go-dev',
    detect: shell(
      `go version >&2 && sed -n 's/.*buildVersion *= "\\(.*\\)"/\\1/p' ${GO_SOURCES}/connection.go`,
    ),
    build: (directory) => ({
      command: [
        'go',
        'build',
        '-o',
        join(directory, 'amqp091-go'),
        here('amqp091-go/tutorial.go'),
        here('amqp091-go/channel.go'),
      ],
      env: { GO111MODULE: 'off', GOPATH: GO_PATH },
    }),
    program: (directory) => [join(directory, 'amqp091-go')],
  },
  {
    name: 'amqp-tools',
    install: 'apt-get install amqp-tools',
    detect: shell(
      'for tool in publish consume get declare-queue delete-queue; do',
      'command -v amqp-$tool >&2 || exit 1; done;',
      'dpkg-query --show amqp-tools | cut -f 2',
    ),
    program: () => ['/bin/bash', here('amqp-tools/tutorial.sh')],
    cannot: {
      rpc: 'amqp-publish cannot set a correlation id, amqp-consume does not show properties',
      confirms: 'amqp-publish has no confirm mode',
    },
  },
  {
    name: 'amqplib',
    install: 'npm install amqplib',
    detect: npmVersion('amqplib'),
    program: () => tsx('amqplib/tutorial.ts'),
  },
  {
    name: 'rabbitmq-client',
    install: 'npm install rabbitmq-client',
    detect: npmVersion('rabbitmq-client'),
    program: () => tsx('rabbitmq-client/tutorial.ts'),
  },
]

function here(path: string): string {
  return join(import.meta.dirname, path)
}

function shell(...words: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', words.join(' ')]
}

function npmVersion(name: string): readonly string[] {
  const manifest = `node_modules/${name}/package.json`
  return [process.execPath, '-p', `JSON.parse(fs.readFileSync('${manifest}', 'utf8')).version`]
}

function tsx(path: string): readonly string[] {
  return [process.execPath, '--import', import.meta.resolve('tsx'), here(path)]
}
