import { defineConfig } from 'vitest/config'

/** A file for the results as JSON, for scripts that add them up. */
const report = process.env.TEST_REPORT

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'conformance/**/*.test.ts'],
    testTimeout: 30_000,
    globalSetup: ['test/support/print-seed.ts', 'test/support/build-page.ts'],
    setupFiles: 'test/support/use-seed.ts',
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
