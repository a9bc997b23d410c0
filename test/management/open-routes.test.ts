import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { Administration } from '../../src/administration.ts'
import { Slices } from '../../src/common/slices.ts'
import { addRoutes } from '../../src/management/app.ts'
import { API_ROUTES } from '../../src/management/routes/all.ts'
import { Management } from '../../src/management/server.ts'
import { managedBroker } from '../../src/management-host.ts'
import { TestBroker } from '../support/test-broker.ts'

test('outside the table of routes there are the page and the documents', async () => {
  const { services } = new TestBroker()
  const management = new Management(
    managedBroker(services, new Administration(services), '', () => []),
  )
  onTestFinished(() => management.close())
  const app = fastify()
  const urls = new Set<string>()
  app.addHook('onRoute', ({ url }) => {
    urls.add(url)
  })
  await addRoutes(app, management, new Slices())
  const table = new Set(API_ROUTES.map(({ path }) => `/api${path}`))
  expect([...urls].filter((url) => !table.has(url)).sort()).toEqual([
    '/',
    '/api',
    '/api/index.html',
    '/api/openapi.json',
    '/app.css',
    '/app.js',
    '/cli',
    '/doc/stats.html',
    '/favicon.ico',
    '/icon.svg',
    '/index.html',
  ])
})
