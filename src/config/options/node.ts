import type { Config } from '../config.ts'
import { BadEntry, type Option } from '../option.ts'
import { choice, optionalText, pathOrNone, type ValueType } from '../value-type.ts'

type LogLevel = Config['logLevel']

const LEVELS = choice<LogLevel>('LEVEL', ['debug', 'info', 'warn', 'error', 'silent'])

/** RabbitMQ's levels, and what `RABBITMQ_LOG` may have beside one: `debug,+color`. */
const logLevel: ValueType<LogLevel> = {
  ...LEVELS,
  parse(value) {
    const words = value.split(',').filter((word) => !/^[+-](color|single_line)$/.test(word))
    const levels = words.map((word) => LEVELS.parse(word) ?? RABBITMQ_LEVELS.get(word) ?? null)
    return levels.length === 1 ? (levels[0] ?? null) : null
  },
}

const RABBITMQ_LEVELS = new Map<string, LogLevel>([
  ['notice', 'info'],
  ['warning', 'warn'],
  ['critical', 'error'],
  ['alert', 'error'],
  ['emergency', 'error'],
  ['none', 'silent'],
])

/** A path, or `-` for the standard output. */
const logFile: ValueType<string | undefined> = {
  placeholder: 'FILE',
  accepts: "a path, or '-'",
  parse: (value) => (value === '-' || value === 'false' ? undefined : value),
  format: (path) => path ?? '-',
}

type NodeKey =
  | 'configFile'
  | 'configFiles'
  | 'pluginsFile'
  | 'dataDir'
  | 'loadDefinitions'
  | 'nodeName'
  | 'clusterName'
  | 'logLevel'
  | 'logFile'
  | 'logFormat'

/** Files, names and the log. */
export const NODE: { readonly [K in NodeKey]: Option<Config[K]> } = {
  configFile: {
    flag: 'config-file',
    env: 'RABBITMQ_CONFIG_FILE',
    conf: [],
    group: 'Configuration',
    type: pathOrNone('FILE'),
    default: undefined,
    help: 'File in the format of rabbitmq.conf, or none',
  },
  configFiles: {
    flag: 'config-files',
    env: 'RABBITMQ_CONFIG_FILES',
    conf: [],
    group: 'Configuration',
    type: pathOrNone('FILES'),
    default: undefined,
    help: 'Directory, or pattern with *, of files that override it',
  },
  pluginsFile: {
    flag: 'plugins-file',
    env: 'RABBITMQ_ENABLED_PLUGINS_FILE',
    conf: [],
    group: 'Configuration',
    type: pathOrNone('FILE'),
    default: undefined,
    help: 'List of plug-ins; a warning names those without a match here',
  },
  dataDir: {
    flag: 'data-dir',
    env: 'LEVERET_DATA_DIR',
    otherEnvs: ['RABBITMQ_MNESIA_DIR', 'RABBITMQ_MNESIA_BASE'],
    conf: [],
    group: 'Storage',
    type: pathOrNone('DIR'),
    default: './data',
    help: 'Directory for what survives a restart, or none',
  },
  loadDefinitions: {
    flag: 'load-definitions',
    env: 'LEVERET_LOAD_DEFINITIONS',
    conf: ['load_definitions', 'definitions.local.path', 'management.load_definitions'],
    group: 'Storage',
    type: pathOrNone('PATH'),
    default: undefined,
    help: 'Definitions to import at every start: a JSON file, or a directory',
  },
  nodeName: {
    flag: 'node-name',
    env: 'RABBITMQ_NODENAME',
    conf: ['nodename'],
    group: 'Node',
    type: optionalText('NAME'),
    default: undefined,
    defaultText: 'rabbit@HOSTNAME',
    help: 'Name of the node, which is shown and means nothing',
  },
  clusterName: {
    flag: 'cluster-name',
    env: 'LEVERET_CLUSTER_NAME',
    conf: ['cluster_name'],
    group: 'Node',
    type: optionalText('NAME'),
    default: undefined,
    defaultText: 'node name',
    help: 'Name of the cluster that clients are shown',
  },
  logLevel: {
    flag: 'log-level',
    env: 'LEVERET_LOG_LEVEL',
    otherEnvs: ['RABBITMQ_LOG'],
    conf: ['log.default.level', 'log.console.level', 'log.file.level'],
    group: 'Logging',
    type: logLevel,
    default: 'info',
    help: 'Least severe messages to log',
  },
  logFile: {
    flag: 'log-file',
    env: 'RABBITMQ_LOGS',
    conf: ['log.file', 'log.console'],
    group: 'Logging',
    type: logFile,
    default: undefined,
    help: 'Where to log; - is the standard output',
    fromConf: (entries) => {
      const isTrue = ({ key, value }: { key: string; value: string }) =>
        key === 'log.console' && value === 'true'
      const wrong = entries.find(
        ({ key, value }) => key === 'log.console' && value !== 'true' && value !== 'false',
      )
      if (wrong !== undefined) throw new BadEntry(wrong, 'true or false')
      if (entries.some(isTrue)) return undefined
      const file = entries.findLast(({ key }) => key === 'log.file')
      return file === undefined ? undefined : (logFile.parse(file.value) ?? undefined)
    },
  },
  logFormat: {
    flag: 'log-format',
    env: 'LEVERET_LOG_FORMAT',
    conf: ['log.console.formatter', 'log.file.formatter'],
    group: 'Logging',
    type: choice('FORMAT', ['plaintext', 'json']),
    default: 'plaintext',
    help: "RabbitMQ's lines of text, or JSON; a terminal has lines of its own",
  },
}
