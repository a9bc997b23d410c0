import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('V8 knows what it is asked for when code is to be optimised early', () => {
  const module = new URL('../../src/cli/early-optimising.ts', import.meta.url)
  const program = `import { optimiseEarly } from '${module.href}'\noptimiseEarly()`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
})
