import { join } from 'node:path'

/** An application as people write it, and how to run it. */
export type Application = {
  readonly name: string
  /** What to type to have it. */
  readonly install: string
  /** Prints the version; fails if something is not installed. */
  readonly detect: readonly string[]
  readonly scenarios: readonly string[]
  /** The command for a scenario. */
  readonly program: (scenario: string, run: Run) => Command
  /** Queues and exchanges that are removed at the end, with `NAME` for the name of the run. */
  readonly leftovers: readonly string[]
  /** Processes that run while the scenarios do; the last scenario tells them to end. */
  readonly workers?: (run: Run) => readonly Command[]
}

/** What the scenarios of one run of an application share. */
export type Run = {
  readonly url: string
  /** All names on the broker begin with it. */
  readonly name: string
  readonly directory: string
}

export type Command = {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

const PYTHON = ['/usr/bin/python3', '-B'] as const

export const APPLICATIONS: readonly Application[] = [
  celery('celery', 'rpc://', [
    'ready',
    'results',
    'errors',
    'retries',
    'eta',
    'expires',
    'priorities',
    'chains',
    'groups',
    'revoking',
    'inspecting',
    'controlling',
    'routes',
    'everywhere',
    'lost_worker',
    'dead_letters',
    'events',
    'many',
    'shutdown',
  ]),
  celery('celery, results in files', 'file://', ['ready', 'chords', 'shutdown']),
  {
    name: 'kombu',
    install: 'apt-get install python3-kombu',
    detect: [...PYTHON, '-c', 'import kombu; print(kombu.__version__)'],
    scenarios: [
      'simple_queue',
      'topics',
      'picking',
      'priorities',
      'delays',
      'rpc',
      'confirms',
      'pools',
    ],
    program: script('kombu', 'warehouse.py'),
    leftovers: names(
      'simple topic disk errors dead broken items priorities work delay calls confirmed pooled',
    ),
  },
  {
    name: 'aio-pika',
    install: 'apt-get install python3-aio-pika',
    detect: [...PYTHON, '-c', 'import aio_pika; print(aio_pika.__version__)'],
    scenarios: [
      'robust_connection',
      'topics',
      'rpc',
      'master_and_workers',
      'returns',
      'dead_letters',
      'transactions',
    ],
    program: script('aio-pika', 'exchange_desk.py'),
    leftovers: names('rates topics eur spot full dead work booked'),
  },
]

/** Two workers, because some of what Celery does is said to all of them. */
function celery(name: string, results: string, scenarios: readonly string[]): Application {
  const cwd = join(import.meta.dirname, 'celery')
  const env = (run: Run) => ({
    SHOP_BROKER: run.url,
    SHOP_NAME: run.name,
    SHOP_DIRECTORY: run.directory,
    SHOP_RESULTS: results === 'file://' ? `file://${run.directory}` : results,
    // Celery warns of root, and refuses some serializers to it.
    C_FORCE_ROOT: '1',
  })
  return {
    name,
    install: 'apt-get install python3-celery',
    detect: [...PYTHON, '-c', 'import celery; print(celery.__version__)'],
    scenarios,
    leftovers: [
      ...names('default eu urgent fragile everywhere orders dead extra graveyard events'),
      'NAME.control.pidbox',
      'reply.NAME.control.pidbox',
    ],
    program: (scenario, run) => ({
      command: [...PYTHON, 'scenarios.py', scenario],
      cwd,
      env: env(run),
    }),
    workers: (run) =>
      ['first', 'second'].map((worker) => ({
        command: [
          ...PYTHON,
          ...['-m', 'celery', '-A', 'shop', 'worker', '-E'],
          ...['-n', `${worker}@${run.name}`, '--concurrency', '1', '--loglevel', 'INFO'],
        ],
        cwd,
        env: env(run),
      })),
  }
}

function script(folder: string, file: string): Application['program'] {
  const cwd = join(import.meta.dirname, folder)
  return (scenario, { url, name }) => ({
    command: [...PYTHON, file, scenario, url, name],
    cwd,
    env: {},
  })
}

function names(labels: string): string[] {
  return labels.split(' ').map((label) => `NAME.${label}`)
}
