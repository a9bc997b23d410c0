import { readFileSync } from 'node:fs'

/** The version of this package; its package.json lies as far above `src/cli` as above what is built of it in `dist/lib`. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version }: { version: string } = JSON.parse(text)
  return version
}
