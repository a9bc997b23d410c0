import { afterEach, expect, test, vi } from 'vitest'
import { launchBrowser } from '../../support/page-browser.ts'

afterEach(() => vi.unstubAllEnvs())

test('without Chromium, the tests of the page say how to install it', async () => {
  vi.stubEnv('CHROMIUM', '/nonexistent/chromium')
  await expect(launchBrowser()).rejects.toThrow('apt-get install chromium')
})
