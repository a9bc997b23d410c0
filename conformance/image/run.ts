import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { baseSystem } from './base-system.ts'
import { buildImage, type Image } from './image.ts'
import { lint } from './lint.ts'
import { SHAPES } from './shapes.ts'
import { Trial } from './trial.ts'
import { WAITS } from './waits.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const { values } = parseArgs({
  options: { image: { type: 'string' }, only: { type: 'string', default: '' } },
})
let passed = 0
let failed = 0
process.exitCode = await main()

/** Builds the image, or takes the one that an earlier run left in `--image DIR`, and tries it. */
async function main(): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'leveret-image-'))
  try {
    await fact('the Dockerfile and the scripts have no fault that a linter knows', lint)
    const image = await theImage(values.image ?? scratch)
    const trial = new Trial(image, scratch)
    for (const shape of SHAPES) await fact(`compose: ${shape.name}`, () => trial.compose(shape))
    for (const wait of WAITS) await fact(`wait: ${wait.name}`, () => trial.wait(wait))
    await fact('data outlive the container and its hostname', () => trial.outlive())
    await fact('SIGTERM ends it with 0', () => trial.stop())
    await fact('its own health check', () => trial.ownHealthCheck())
    await fact('the tools lie where they are looked for', () => trial.tools())
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

async function theImage(directory: string): Promise<Image> {
  const kept = join(directory, 'image.json')
  if (existsSync(kept)) {
    const image: Image & { env: [string, string][] } = JSON.parse(await readFile(kept, 'utf8'))
    return { ...image, env: new Map(image.env) }
  }
  await mkdir(directory, { recursive: true })
  const startMs = performance.now()
  const image = await buildImage(ROOT, directory, baseSystem)
  console.log(`built in ${Math.round((performance.now() - startMs) / 1000)} s`)
  await writeFile(kept, JSON.stringify({ ...image, env: [...image.env] }))
  return image
}

/** What `work` gives is shown beside the name. */
async function fact(name: string, work: () => Promise<string>): Promise<void> {
  if (!name.includes(values.only)) return
  try {
    const measured = await work()
    passed++
    console.log(`ok   ${name}${measured === '' ? '' : `: ${measured}`}`)
  } catch (error) {
    failed++
    console.log(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
