import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { SpawnedBroker } from './spawned-broker.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * The command of these sources, built anew. `isAlwaysOnDisk` gives a data directory to runs that need none, too; `flags`
 * are told to the command beside those of its places.
 */
export async function leveret(
  isAlwaysOnDisk: boolean,
  flags: readonly string[] = [],
): Promise<SpawnedBroker> {
  const directory = join(ROOT, '.bench', 'leveret') // below the root, where its dependencies are found
  await build({
    entryPoints: [join(ROOT, 'src/cli/main.ts')],
    outdir: join(directory, 'dist'),
    outbase: join(ROOT, 'src'),
    chunkNames: 'lib/[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
  })
  await cp(join(ROOT, 'package.json'), join(directory, 'package.json'))
  return builtLeveret('Leveret', directory, isAlwaysOnDisk, flags)
}

/** Another checkout, built before. Throws when it is not. */
export function builtLeveret(
  name: string,
  checkout: string,
  isAlwaysOnDisk: boolean,
  more: readonly string[] = [],
): SpawnedBroker {
  const program = join(checkout, 'dist/cli/main.js')
  if (!existsSync(program)) throw new Error(`${checkout} is not built: npm run build makes dist`)
  return new SpawnedBroker(name, ({ port, directory, isDurable }) => {
    const dataDir = isDurable || isAlwaysOnDisk ? join(directory, 'data') : 'none'
    const flags = ['--port', String(port), '--data-dir', dataDir, '--log-level', 'error']
    return { command: process.execPath, args: [program, ...flags, ...more] }
  })
}
