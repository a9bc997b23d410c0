import type { Json } from '../../common/json.ts'
import type { Command, CommandCall, Output } from '../command.ts'
import { refused } from '../failure.ts'
import { isKnownPlugin, pluginNames, withDependencies } from '../plugin-catalogue.ts'
import { enabledPlugins, pluginsFile, writePlugins } from '../plugins-file.ts'

const COMMON = {
  tools: ['rabbitmq-plugins'],
  group: 'Other',
  guides: ['plugins'],
  needs: 'node',
} as const
const MANY = [1, Number.POSITIVE_INFINITY] as const
const WHERE = { offline: 'flag', online: 'flag', all: 'flag' } as const

/**
 * What is a plug-in of RabbitMQ is either part of this broker or not there at all: switching one on writes it into the list of
 * plug-ins, as Dockerfiles and scripts expect, and changes nothing else.
 */
export const PLUGIN_COMMANDS: readonly Command[] = [
  {
    ...COMMON,
    name: 'list',
    about: 'Lists plugins and their state',
    usage: '[pattern] [--verbose] [--minimal] [--enabled] [--implicitly-enabled]',
    arguments: [0, 1],
    options: {
      verbose: 'flag',
      minimal: 'flag',
      enabled: 'flag',
      'implicitly-enabled': 'flag',
    },
    banner: ({ args }) => `Listing plugins with pattern "${args[0] ?? '.*'}" ...`,
    run: listPlugins,
  },
  {
    ...COMMON,
    name: 'enable',
    about: 'Enables one or more plugins',
    usage: '<plugin1> [ <plugin2>] | --all [--offline] [--online]',
    arguments: MANY,
    options: WHERE,
    banner: ({ args, nodeName }) => `Enabling plugins on node ${nodeName}:\n${args.join('\n')}`,
    run: (call) => changePlugins(call, [...enabledPlugins(call), ...call.args]),
  },
  {
    ...COMMON,
    name: 'disable',
    about: 'Disables one or more plugins',
    usage: '<plugin1> [ <plugin2>] | --all [--offline] [--online]',
    arguments: MANY,
    options: WHERE,
    banner: ({ args, nodeName }) => `Disabling plugins on node ${nodeName}:\n${args.join('\n')}`,
    run: (call) => {
      // what needs one of them goes with it
      const isLeft = (name: string) =>
        !call.args.some((gone) => name === gone || withDependencies([name]).includes(gone))
      return changePlugins(call, enabledPlugins(call).filter(isLeft))
    },
  },
  {
    ...COMMON,
    name: 'set',
    about: 'Enables one or more plugins, disables the rest',
    usage: '<plugin1> [ <plugin2>] [--offline] [--online]',
    arguments: [0, Number.POSITIVE_INFINITY],
    options: WHERE,
    banner: ({ args, nodeName }) => `Enabling plugins on node ${nodeName}:\n${args.join('\n')}`,
    run: (call) => changePlugins(call, call.args, 'nothing to do.'),
  },
  {
    ...COMMON,
    name: 'directories',
    about: 'Displays plugin directory and enabled plugin file paths',
    usage: '[--offline] [--online]',
    options: WHERE,
    banner: ({ nodeName }) => `Listing plugin directories used by node ${nodeName}`,
    run: (call) => ({
      text: [
        'Plugin archives directory: /opt/rabbitmq/plugins',
        'Plugin expansion directory: ',
        `Enabled plugins file: ${pluginsFile(call)}`,
      ].join('\n'),
    }),
  },
  {
    ...COMMON,
    name: 'is_enabled',
    about:
      'Health check that exits with a non-zero code if provided plugins are not enabled on target node',
    usage: '<plugin1> [ <plugin2>] [--offline] [--online]',
    arguments: MANY,
    options: WHERE,
    banner: ({ args, nodeName }) => {
      const what = args.length === 1 ? `plugin ${args[0]} is` : `plugins ${args.join(', ')} are`
      return `Asking node ${nodeName} if ${what} enabled...`
    },
    run: (call): Output => {
      const { args, nodeName } = call
      const enabled = withDependencies(enabledPlugins(call))
      const missing = args.filter((name) => !enabled.includes(name))
      const names = (some: readonly string[]) =>
        some.length === 1 ? `Plugin ${some[0]} is` : `Plugins ${some.join(', ')} are`
      if (missing.length === 0) return { text: `${names(args)} enabled on node ${nodeName}` }
      const known = `Enabled plugins and dependencies: ${enabled.join(', ')}`
      throw refused(`${names(missing)} not enabled on node ${nodeName}. ${known}`)
    },
  },
]

function listPlugins(call: CommandCall): Output {
  const { args, options, facts, nodeName } = call
  const explicit = enabledPlugins(call)
  const enabled = withDependencies(explicit)
  const version = String(facts?.json.version ?? '4.2.2')
  const pattern = new RegExp(args[0] ?? '.*')
  const onlyExplicit = options.has('enabled')
  const onlyEnabled = options.has('implicitly-enabled')
  const names = pluginNames().filter((name) => {
    if (!pattern.test(name)) return false
    if (onlyExplicit) return explicit.includes(name)
    return !onlyEnabled || enabled.includes(name)
  })
  const isRunning = facts?.isRunning === true
  const json: Json = {
    status: isRunning ? 'running' : 'node_down',
    format: options.has('minimal') ? 'minimal' : 'normal',
    plugins: names.map((name) => ({
      name,
      version,
      running_version: isRunning && enabled.includes(name) ? version : '',
      enabled: explicit.includes(name)
        ? 'enabled'
        : enabled.includes(name)
          ? 'implicit'
          : 'not_enabled',
      running: isRunning && enabled.includes(name),
    })),
  }
  warnOfMissing(call, explicit)
  if (options.has('minimal')) return { text: names.join('\n'), json }
  const status = isRunning
    ? `* = running on ${nodeName}`
    : `${nodeName} is stopped; * (running) status is not available`
  const legend = [
    ' Configured: E = explicitly enabled; e = implicitly enabled',
    ` | Status: ${status}`,
    ' |/',
  ]
  const width = Math.max(0, ...names.map(({ length }) => length))
  const lines = names.map((name) => {
    const mark = explicit.includes(name) ? 'E' : enabled.includes(name) ? 'e' : ' '
    const star = isRunning && enabled.includes(name) ? '*' : ' '
    return `[${mark}${star}] ${name.padEnd(width)} ${version}`
  })
  return { text: [...(call.options.isQuiet ? [] : legend), ...lines].join('\n'), json }
}

function warnOfMissing(call: CommandCall, names: readonly string[]): void {
  const missing = names.filter((name) => !isKnownPlugin(name))
  if (missing.length === 0 || call.options.isQuiet) return
  call.say(`WARNING - plugins currently enabled but missing: ${missing.join(', ')}\n`)
}

function changePlugins(
  call: CommandCall,
  wanted: readonly string[],
  unchanged = 'Plugin configuration unchanged.',
): Output {
  const { facts, nodeName, options } = call
  warnOfMissing(call, [...new Set(wanted)])
  const before = enabledPlugins(call)
  const after = [...new Set(wanted)]
  writePlugins(call, after)
  const [had, has] = [withDependencies(before), withDependencies(after)]
  const started = has.filter((name) => !had.includes(name))
  const stopped = had.filter((name) => !has.includes(name))
  const isOffline = options.has('offline') || facts === null
  const lines = [
    'The following plugins have been configured:',
    ...has.map((name) => `  ${name}`),
    `Applying plugin configuration to ${nodeName}...`,
  ]
  const named = (word: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [`The following plugins have been ${word}:`, ...names.map((name) => `  ${name}`), '']
  const changes = [...named('enabled', started), ...named('disabled', stopped)]
  if (changes.length === 0) {
    return { text: [...lines, unchanged].join('\n') }
  }
  if (isOffline) {
    const ending = [
      `set ${has.length} plugins.`,
      'Offline change; changes will take effect at broker restart.',
    ]
    return { text: [...lines, ...changes, ...ending].join('\n') }
  }
  const ending = [
    ...(started.length > 0 ? [`started ${started.length} plugins.`] : []),
    ...(stopped.length > 0 ? [`stopped ${stopped.length} plugins.`] : []),
  ]
  return { text: [...lines, ...changes, ...ending].join('\n') }
}
