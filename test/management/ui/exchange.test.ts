import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchBrowser, Tab } from '../../support/page-browser.ts'
import { PageStage } from '../../support/page-stage.ts'

let browser: Browser
let stage: PageStage
let tab: Tab

beforeAll(async () => {
  browser = await launchBrowser()
  stage = await PageStage.start()
})

afterAll(async () => {
  await browser?.close()
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

describe('a routing key that is tried', () => {
  test('shows which bindings take it, why others do not, and where it goes on', async () => {
    await tab.goTo('/exchanges/%2F/orders', 'orders')
    await trial().getByLabel('Routing key').fill('order.paid.de')
    await trial().getByText('It would go to 3 queues').waitFor()
    await yes('order.paid.*').getByRole('link', { name: 'billing' }).waitFor()
    await no('order.created.#').getByText('word 2 is “paid”, not “created”').waitFor()
    await trial().getByText('then at audit (fanout)').waitFor()
    await trial().getByLabel('Routing key').fill('order.created.nl.late')
    await no('order.paid.de').waitFor()
    await yes('order.created.#').waitFor()
    await tab.picture('routing-trial')
  })

  test('that nothing takes says so', async () => {
    await tab.goTo('/exchanges/%2F/orders', 'orders')
    await trial().getByLabel('Routing key').fill('user.created')
    await trial().getByText('It would go to no queue.').waitFor()
  })

  test('comes with headers where these count', async () => {
    await tab.goTo('/exchanges/%2F/by-header', 'by-header')
    await trial().getByLabel('Headers').fill('{"colour": "red", "size": 2}')
    await trial().getByText('header “size” is 2, not 3').waitFor()
    await trial().getByLabel('Headers').fill('{"colour": "red", "size": 3}')
    await trial().getByText('all headers agree').waitFor()
    await trial().getByLabel('Headers').fill('{"colour"')
    await trial().getByRole('alert').filter({ hasText: 'not JSON' }).waitFor()
  })

  test('of the default exchange is the name of a queue', async () => {
    await tab.goTo('/exchanges/%2F/amq.default', '(default)')
    await trial().getByLabel('Routing key').fill('backlog')
    await trial().getByText('the routing key is the name of the queue').waitFor()
  })
})

test('an exchange is declared, drawn, and deleted', async () => {
  await tab.goTo('/exchanges', 'Exchanges')
  await tab.page.getByRole('button', { name: 'New exchange' }).click()
  await tab.page.getByLabel('Name', { exact: true }).fill('returns')
  await tab.page.getByLabel('Type', { exact: true }).fill('fanout')
  await tab.page.keyboard.press('Enter')
  await tab.heading('returns')
  await tab.page.getByText('Nothing is bound').waitFor()
  await tab.page.getByRole('button', { name: 'Delete' }).click()
  await tab.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await tab.heading('Exchanges')
  await tab.page.getByRole('link', { name: 'returns' }).waitFor({ state: 'detached' })
})

test('a message that no queue takes is said to be lost', async () => {
  await tab.goTo('/exchanges/%2F/orders', 'orders')
  const form = tab.page.getByRole('form', { name: 'Publish a message' })
  await form.getByLabel('Routing key').fill('user.created')
  await form.getByRole('button', { name: 'Publish' }).click()
  await tab.page.locator('.toast', { hasText: 'no queue takes it' }).waitFor()
})

function trial() {
  return tab.page.getByRole('region', { name: 'Try a routing key' })
}

function yes(pattern: string) {
  return trial().locator('.trial .yes').filter({ hasText: pattern }).first()
}

function no(pattern: string) {
  return trial().locator('.trial .no').filter({ hasText: pattern }).first()
}
