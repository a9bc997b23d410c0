import { execSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the page as `npm run bundle:page` does, so that a broker run from its sources has it. */
export function buildPage(): void {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(`${ROOT}/package.json`, 'utf8'),
  )
  const PATH = `${ROOT}/node_modules/.bin${delimiter}${process.env.PATH}`
  execSync(scripts['bundle:page'] ?? 'false', { cwd: ROOT, env: { ...process.env, PATH } })
}
