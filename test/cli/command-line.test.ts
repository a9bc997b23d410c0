import { expect, test } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'

const SERVE = { name: 'serve', isDetached: false }
const STORE = { name: 'store', directory: 'd', isJson: false }

function unknown(problem: string) {
  return { name: 'unknown', problem }
}

test.each([
  [[], { ...SERVE, args: [] }],
  [['serve'], { ...SERVE, args: [] }],
  [['serve', '--port', '0'], { ...SERVE, args: ['--port', '0'] }],
  [['--port', '0'], { ...SERVE, args: ['--port', '0'] }],
  [['-detached'], { ...SERVE, args: [], isDetached: true }],
  [['--port', '0', '-detached'], { ...SERVE, args: ['--port', '0'], isDetached: true }],
  [['help'], { name: 'help' }],
  [['--help'], { name: 'help' }],
  [['serve', '-h'], { name: 'help' }],
  [['--port', '--help'], { name: 'help' }],
  [['version'], { name: 'version' }],
  [['-v'], { name: 'version' }],
  [['--version'], { name: 'version' }],
  [['srve'], { name: 'unknown', problem: "unknown command 'srve', did you mean serve?" }],
  [['store', 'inspect', 'd'], { ...STORE, action: 'inspect' }],
  [['store', 'verify', 'd', '--json'], { ...STORE, action: 'verify', isJson: true }],
  [['store', '--json', 'verify', 'd'], unknown("unknown command 'store --json'")],
  [['store', 'verify', '--json', 'd'], { ...STORE, action: 'verify', isJson: true }],
  [['store', 'verify', '--help'], { name: 'help' }],
  [['store'], unknown('store needs inspect or verify, and a directory')],
  [
    ['store', 'inspct', 'd'],
    unknown("unknown command 'store inspct', did you mean store inspect?"),
  ],
  [['store', 'verify'], unknown('store verify needs a directory')],
  [['store', 'verify', '--json'], unknown('store verify needs a directory')],
  [['store', 'verify', 'd', 'e'], unknown("unexpected argument 'e'")],
  [['store', 'verify', 'd', '--jsn'], unknown("unknown flag '--jsn', did you mean --json?")],
  [['store', 'verify', '--x', 'd'], unknown("unknown flag '--x'")],
  [['stor'], unknown("unknown command 'stor', did you mean store?")],
  [['status'], { name: 'unknown', problem: "unknown command 'status'" }],
])('%j', (args, command) => {
  expect(readCommandLine(args)).toEqual(command)
})
