import { type ChannelModel, connect } from 'amqplib'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ApiClient } from '../../support/api-client.ts'
import { launchBrowser, Tab } from '../../support/page-browser.ts'
import { PageStage } from '../../support/page-stage.ts'

const QUEUE_COUNT = 10_000
const CONNECTION_COUNT = 1000

let browser: Browser
let stage: PageStage
let connections: ChannelModel[] = []
let tab: Tab

beforeAll(async () => {
  browser = await launchBrowser()
  stage = await PageStage.start()
  await stage.work()
  const queues = Array.from({ length: QUEUE_COUNT }, (_, i) => ({
    name: `q${String(i).padStart(5, '0')}`,
    vhost: '/',
    durable: true,
    auto_delete: false,
    arguments: {},
  }))
  const { status } = await new ApiClient(stage.broker).post('/api/definitions', { queues })
  expect(status).toBe(204)
  for (let i = 0; i < CONNECTION_COUNT; i += 50) {
    const some = Array.from({ length: 50 }, () => connect(stage.broker.url))
    connections = [...connections, ...(await Promise.all(some))]
  }
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await Promise.all(connections.map((connection) => connection.close()))
  await stage?.close()
})

beforeEach(async () => {
  tab = await Tab.open(browser, stage.port)
  await tab.signIn()
  await tab.heading('Overview')
})

afterEach(async () => {
  await tab.close()
  expect(tab.unexpected).toEqual([])
})

test('of ten thousand queues one page is asked for and drawn', async () => {
  await tab.goTo('/queues', 'Queues')
  await tab.page.getByText('1–50 of 10,005 queues').waitFor()
  expect(await rows().count()).toBe(50)
  const asked = tab.requests.filter((path) => path.startsWith('/api/queues'))
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatch(/page=1&page_size=50.*columns=/)
  await tab.page.getByRole('button', { name: 'Next' }).click()
  await tab.page.getByText('51–100 of 10,005 queues').waitFor()
  await tab.page.getByLabel('How many on a page').selectOption('500')
  await tab.page.getByText('1–500 of 10,005 queues').waitFor()
  expect(await rows().count()).toBe(500)
  await tab.picture('queues-10000')
})

test('a search leaves what has the text, or matches the expression', async () => {
  await tab.goTo('/queues', 'Queues')
  await rows().first().waitFor()
  await tab.page.keyboard.press('/')
  await tab.page.keyboard.type('q0123')
  await tab.page.getByText('1–10 of 10 queues (of 10,005)').waitFor()
  expect(await rows().count()).toBe(10)
  await tab.page.getByRole('searchbox').fill('^q0000[1-3]$')
  await tab.page.getByText('has “^q0000[1-3]$” in its name').waitFor()
  await tab.page.getByLabel('Regex').check()
  await tab.page.getByText('1–3 of 3 queues (of 10,005)').waitFor()
  await tab.page.reload()
  await tab.page.getByText('1–3 of 3 queues (of 10,005)').waitFor()
})

test('a column is sorted by, the other way round with the second click', async () => {
  await tab.goTo('/queues', 'Queues')
  await rows().first().waitFor()
  const ready = tab.page.getByRole('columnheader', { name: 'Ready' })
  await ready.getByRole('button').click()
  await rows()
    .first()
    .getByRole('link', { name: /archive|shipping/ })
    .waitFor()
  expect(await ready.getAttribute('aria-sort')).toBe('descending')
  const name = tab.page.getByRole('columnheader', { name: 'Name' })
  await name.getByRole('button').click()
  await rows().first().getByRole('link', { name: 'archive' }).waitFor()
  await name.getByRole('button').click()
  await rows().first().getByRole('link', { name: 'shipping' }).waitFor()
  expect(await name.getAttribute('aria-sort')).toBe('descending')
})

test('of a thousand connections one page is drawn, and their channels as well', async () => {
  await tab.goTo('/connections', 'Connections')
  await tab.page.getByText('1–50 of 1,001 connections').waitFor()
  expect(await rows().count()).toBe(50)
  await tab.goTo('/channels', 'Channels')
  await tab.page.getByText('1–1 of 1 channel').waitFor()
})

test('the overview counts them all', async () => {
  const tile = (name: string) => tab.page.locator('.tiles li').filter({ hasText: name })
  await tile('Queues').getByText('10,005').waitFor()
  await tile('Connections').getByText('1,001').waitFor()
})

function rows() {
  return tab.page.locator('tbody tr')
}
