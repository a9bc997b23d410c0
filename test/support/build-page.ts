import { buildPage } from './page-files.ts'

/** Before the tests of a run, so that no two of them build it at once. */
export function setup(): void {
  buildPage()
}
