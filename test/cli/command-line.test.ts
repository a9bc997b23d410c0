import { expect, test } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'

test.each([
  [[], { name: 'serve', args: [] }],
  [['serve'], { name: 'serve', args: [] }],
  [['serve', '--port', '0'], { name: 'serve', args: ['--port', '0'] }],
  [['--port', '0'], { name: 'serve', args: ['--port', '0'] }],
  [['help'], { name: 'help' }],
  [['--help'], { name: 'help' }],
  [['serve', '-h'], { name: 'help' }],
  [['--port', '--help'], { name: 'help' }],
  [['version'], { name: 'version' }],
  [['-v'], { name: 'version' }],
  [['--version'], { name: 'version' }],
  [['srve'], { name: 'unknown', problem: "unknown command 'srve', did you mean serve?" }],
  [['status'], { name: 'unknown', problem: "unknown command 'status'" }],
])('%j', (args, command) => {
  expect(readCommandLine(args)).toEqual(command)
})
