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
  await stage.work()
})

afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

beforeEach(async () => {
  tab = await Tab.open(browser, stage.port)
})

afterEach(async () => {
  await tab.close()
  expect(tab.unexpected).toEqual([])
})

describe('signing in', () => {
  test('with a wrong password is refused in words, and with the right one shows the overview', async () => {
    tab.expect(/401/)
    await tab.signIn('guest', 'wrong')
    await tab.page.getByRole('alert').filter({ hasText: 'no such user' }).waitFor()
    await tab.signIn()
    await tab.heading('Overview')
  })

  test('lasts as long as the tab, until signing out', async () => {
    await tab.signIn()
    await tab.heading('Overview')
    await tab.page.reload()
    await tab.heading('Overview')
    await tab.page.getByRole('button', { name: 'Sign out' }).click()
    await tab.page.getByLabel('Password').waitFor()
    expect(await tab.page.evaluate('sessionStorage.length')).toBe(0)
  })

  test('as a user without a tag tells why not', async () => {
    tab.expect(/401/)
    stage.broker.administration.addUser('nobody', 'nobody')
    await tab.signIn('nobody', 'nobody')
    await tab.page.getByRole('alert').filter({ hasText: 'tag' }).waitFor()
  })

  test('as one who is no administrator shows no administration', async () => {
    stage.broker.administration.addUser('clerk', 'clerk', ['management'])
    await tab.signIn('clerk', 'clerk')
    await tab.heading('Overview')
    const menu = tab.page.getByRole('navigation', { name: 'Sections' })
    await menu.getByRole('link', { name: 'Queues' }).waitFor()
    expect(await menu.getByRole('link', { name: 'Users' }).count()).toBe(0)
  })

  test('is over when the user is gone', async () => {
    tab.expect(/401/)
    stage.broker.administration.addUser('leaver', 'leaver', ['administrator'])
    await tab.signIn('leaver', 'leaver')
    await tab.heading('Overview')
    stage.broker.administration.deleteUser('leaver')
    await tab.page.getByRole('alert').filter({ hasText: 'signed out' }).waitFor()
  })
})

test('the overview draws what passes and what waits', async () => {
  await tab.signIn()
  await tab.heading('Overview')
  await figureGrows('Messages in queues', 'Ready')
  await figureGrows('Messages a second', 'Publish')
  for (const name of [/^Publish/, /^Deliver/, /^Ack/, /^Ready/, /^Unacked/]) {
    await tab.page.locator('.legend li').filter({ hasText: name }).waitFor()
  }
  expect(await tab.page.locator('figure canvas').count()).toBe(2)
  await tab.picture('overview')
})

test.each([
  ['/connections', 'Connections', 'shop-backend'],
  ['/channels', 'Channels', '(1)'],
  ['/exchanges', 'Exchanges', 'by-header'],
  ['/queues', 'Queues', 'shipping'],
  ['/users', 'Users', 'guest'],
  ['/vhosts', 'Virtual hosts', '/'],
  ['/policies', 'Policies', 'No policies'],
  ['/definitions', 'Definitions', 'Download'],
  ['/users/guest', 'guest', '.*'],
  ['/queues/%2F/shipping', 'shipping', 'Get and remove'],
  ['/exchanges/%2F/orders', 'orders', 'Try a routing key'],
])('%s is the page %s', async (place, title, text) => {
  await tab.signIn()
  await tab.heading('Overview')
  await tab.goTo(place, title)
  await tab.page.locator('main').getByText(text).first().waitFor()
  await tab.picture(place.slice(1).replaceAll(/\W+/g, '-'))
})

test('an address that leads nowhere says so', async () => {
  await tab.signIn()
  await tab.heading('Overview')
  await tab.goTo('/nosuch')
  await tab.page.getByText('There is no such page').waitFor()
})

test('what has been deleted says so', async () => {
  tab.expect(/404/)
  await tab.signIn()
  await tab.heading('Overview')
  await tab.goTo('/queues/%2F/nosuch')
  await tab.page.getByText('Not here').waitFor()
})

test('a connection leads to its channels, and a channel to its queues', async () => {
  await tab.signIn()
  await tab.heading('Overview')
  await tab.goTo('/connections', 'Connections')
  await tab.page.getByRole('link', { name: 'shop-backend' }).click()
  await tab.heading('shop-backend')
  await tab.page.getByRole('link', { name: '1', exact: true }).click()
  await tab.page.getByText('confirms', { exact: true }).waitFor()
  await tab.page.getByRole('link', { name: 'billing' }).click()
  await tab.heading('billing')
})

/** Waits until the number beside a name in the legend of a chart is more than zero. */
async function figureGrows(figure: string, name: string): Promise<void> {
  const entry = tab.page
    .getByRole('figure', { name: figure })
    .getByRole('listitem')
    .filter({ hasText: name })
  await entry.locator('b').filter({ hasText: /[1-9]/ }).waitFor()
}
