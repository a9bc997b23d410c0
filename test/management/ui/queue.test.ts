import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ApiClient } from '../../support/api-client.ts'
import { launchBrowser, Tab } from '../../support/page-browser.ts'
import { PageStage } from '../../support/page-stage.ts'

let browser: Browser
let stage: PageStage
let api: ApiClient
let tab: Tab

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser?.close())

beforeEach(async () => {
  stage = await PageStage.start()
  api = new ApiClient(stage.broker)
  tab = await Tab.open(browser, stage.port)
  await tab.signIn()
  await tab.heading('Overview')
})

afterEach(async () => {
  await tab.close()
  await stage.close()
  expect(tab.unexpected).toEqual([])
})

describe('messages of a queue', () => {
  test('are looked at without any trace, page by page', async () => {
    await tab.goTo('/queues/%2F/backlog', 'backlog')
    await button('Peek').click()
    await expectPayloads('message 1', 10)
    await button('Later').click()
    await expectPayloads('message 11', 10)
    await button('Later').click()
    await expectPayloads('message 21', 5)
    await button('Earlier').click()
    await expectPayloads('message 11', 10)
    expect(await tab.page.getByText('redelivered', { exact: true }).count()).toBe(0)
    const untouched = await api.post('/api/queues/%2F/backlog/get', {
      count: 25,
      ackmode: 'ack_requeue_true',
      encoding: 'auto',
    })
    const told = untouched.json.map((one: Record<string, unknown>) => one.redelivered)
    expect(told).toEqual(Array.from({ length: 25 }, () => false))
  })

  test('are fetched: marked when they come back, gone when they do not', async () => {
    await tab.goTo('/queues/%2F/backlog', 'backlog')
    await tab.page.getByLabel('How many messages').selectOption('1')
    await button('Get and requeue').click()
    await expectPayloads('message 1', 1)
    await button('Peek').click()
    await tab.page.locator('.message').getByText('redelivered', { exact: true }).waitFor()
    await button('Get and remove').click()
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Get and remove' }).click()
    await tile('Ready', '24')
    await button('Peek').click()
    await expectPayloads('message 2', 1)
  })

  test('are published, with headers', async () => {
    await tab.goTo('/queues/%2F/backlog', 'backlog')
    await tab.page.getByLabel('Payload', { exact: true }).fill('by hand')
    await tab.page.getByText('Headers and properties').click()
    await tab.page.getByRole('textbox', { name: 'Headers' }).fill('{"colour": "red"}')
    await button('Publish').click()
    await told('published')
    const { json } = await api.get('/api/queues/%2F/backlog/messages?offset=25')
    expect(json).toMatchObject([
      { payload: 'by hand', properties: { delivery_mode: 2, headers: { colour: 'red' } } },
    ])
  })

  test('are not published with headers that are no JSON', async () => {
    await tab.goTo('/queues/%2F/backlog', 'backlog')
    await tab.page.getByText('Headers and properties').click()
    await tab.page.getByRole('textbox', { name: 'Headers' }).fill('{colour')
    await button('Publish').click()
    await told('not JSON')
    expect(await ready('backlog')).toBe(25)
  })

  test('are moved to another queue, as many as are wanted', async () => {
    await tab.goTo('/queues/%2F/backlog', 'backlog')
    await button('Move…').click()
    await tab.page.getByLabel('To queue').fill('archive')
    await tab.page.getByRole('spinbutton').fill('5')
    await tab.page.keyboard.press('Enter')
    await told('5 messages moved to archive')
    expect([await ready('backlog'), await ready('archive')]).toEqual([20, 8])
  })

  test('that are moved nowhere stay, and the dialog with them', async () => {
    tab.expect(/400/)
    await tab.goTo('/queues/%2F/backlog', 'backlog')
    await button('Move…').click()
    await tab.page.getByLabel('To queue').fill('nosuch')
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Move' }).click()
    await told("no queue 'nosuch'")
    await tab.page.keyboard.press('Escape')
    await tab.page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await ready('backlog')).toBe(25)
  })
})

describe('what cannot be undone is asked about first', () => {
  test('purging', async () => {
    await tab.goTo('/queues/%2F/backlog', 'backlog')
    await button('Purge').click()
    await tab.page.getByRole('dialog').waitFor()
    await tab.page.keyboard.press('Escape')
    await tab.page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await ready('backlog')).toBe(25)
    await button('Purge').click()
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Purge' }).click()
    await told('purged')
    expect(await ready('backlog')).toBe(0)
  })

  test('deleting', async () => {
    await tab.goTo('/queues/%2F/backlog', 'backlog')
    await button('Delete').click()
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect(await ready('backlog')).toBe(25)
    await button('Delete').click()
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await tab.heading('Queues')
    expect((await api.get('/api/queues/%2F/backlog')).status).toBe(404)
  })
})

describe('dead letters', () => {
  test('show how they died, and go back as new', async () => {
    await tab.goTo('/queues/%2F/failed', 'failed')
    await button('Peek').click()
    const first = tab.page.locator('.message').first()
    await first.getByText('rejected').waitFor()
    await first.getByRole('link', { name: 'shipping' }).waitFor()
    await first.locator('.deaths code', { hasText: 'order.paid.de' }).waitFor()
    await tab.picture('dead-letters')
    await first.getByRole('button', { name: 'Replay…' }).click()
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click()
    await told('1 message replayed')
    expect([await ready('failed'), await ready('shipping')]).toEqual([2, 1])
    await button('Replay all…').click()
    await tab.page.getByRole('dialog').getByRole('combobox').selectOption('exchange')
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click()
    await told('2 messages replayed')
    expect([await ready('failed'), await ready('shipping')]).toEqual([0, 3])
  })
})

test('bindings are drawn and listed, made and removed', async () => {
  await tab.goTo('/queues/%2F/shipping', 'shipping')
  const drawing = tab.page.getByRole('region', { name: 'Bindings, drawn' })
  await drawing.locator('.edge-label text', { hasText: 'order.created.#' }).waitFor()
  expect(await drawing.locator('.node').count()).toBe(2)
  await button('Bind…').click()
  await tab.page.getByLabel('From exchange').fill('audit')
  await tab.page.getByRole('dialog').getByRole('button', { name: 'Bind' }).click()
  await drawing.getByRole('link', { name: /audit/ }).waitFor()
  await tab.page.getByText('As a list (3)').click()
  await tab.page.getByRole('row', { name: /audit/ }).getByRole('button').click()
  await tab.page.getByRole('dialog').getByRole('button', { name: 'Unbind' }).click()
  await tab.page.getByText('As a list (2)').waitFor()
})

function button(name: string) {
  return tab.page.getByRole('button', { name, exact: true })
}

async function expectPayloads(first: string, count: number): Promise<void> {
  const payloads = tab.page.locator('.message .payload')
  await payloads.first().getByText(first, { exact: true }).waitFor()
  expect(await payloads.count()).toBe(count)
}

function told(text: string): Promise<void> {
  return tab.page.locator('.toast', { hasText: text }).waitFor()
}

function tile(name: string, value: string): Promise<void> {
  return tab.page
    .locator('.tiles li', { hasText: name })
    .getByText(value, { exact: true })
    .waitFor()
}

async function ready(queue: string): Promise<number> {
  return (await api.get(`/api/queues/%2F/${queue}`)).json.messages_ready
}
