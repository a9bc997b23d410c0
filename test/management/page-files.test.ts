import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startApi } from '../support/api-client.ts'

test('the page is open to all, and may do nothing that is not its own', async () => {
  const { api } = await startApi()
  const page = await api.as(null).get('/')
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("default-src 'self'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe')
  expect(page.headers['x-content-type-options']).toBe('nosniff')
  expect(page.headers['cache-control']).toBe('no-cache')
  expect(page.text).not.toMatch(/<style|\sstyle=|<script>|\son\w+=|https?:/)
})

test.each([
  ['/app.js', 'text/javascript; charset=utf-8'],
  ['/app.css', 'text/css; charset=utf-8'],
  ['/icon.svg', 'image/svg+xml'],
  ['/favicon.ico', 'image/svg+xml'],
])('%s is served as %s', async (path, type) => {
  const { api } = await startApi()
  const file = await api.as(null).get(path)
  expect([file.status, file.headers['content-type']]).toEqual([200, type])
  const packed = await api.as(null).get(path, { 'accept-encoding': 'gzip' })
  expect(gunzipSync(packed.bytes).equals(file.bytes)).toBe(true)
})

test('a file that the browser has is not sent again', async () => {
  const { api } = await startApi()
  const { etag } = (await api.get('/app.js')).headers
  const again = await api.get('/app.js', { 'if-none-match': String(etag) })
  expect([again.status, again.bytes.length]).toEqual([304, 0])
})

test('there is nothing else beside the API', async () => {
  const { api } = await startApi()
  for (const path of ['/nosuch', '/..%2fpackage.json', '/page-files.ts']) {
    expect((await api.get(path)).status).toBe(404)
  }
})
