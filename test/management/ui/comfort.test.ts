import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createBroker } from '../../../src/index.ts'
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

afterEach(async () => {
  await tab.close()
  expect(tab.unexpected).toEqual([])
})

describe('light and dark', () => {
  test('are those of the system, unless one is chosen, which is remembered', async () => {
    tab = await Tab.open(browser, stage.port, { colorScheme: 'dark' })
    await tab.signIn()
    await tab.heading('Overview')
    expect(await luminance()).toBeLessThan(60)
    await tab.page.getByRole('button', { name: 'Change to light' }).click()
    expect(await luminance()).toBeGreaterThan(200)
    await tab.page.reload()
    await tab.heading('Overview')
    expect(await luminance()).toBeGreaterThan(200)
    await tab.page.getByRole('button', { name: 'Change to dark' }).click()
    expect(await luminance()).toBeLessThan(60)
    await tab.picture('overview-dark')
  })
})

describe('on a phone', () => {
  test.each([
    '/',
    '/connections',
    '/channels',
    '/exchanges',
    '/queues',
    '/queues/%2F/failed',
    '/queues/%2F/shipping',
    '/exchanges/%2F/orders',
    '/users',
    '/users/guest',
    '/vhosts',
    '/policies',
    '/definitions',
  ])('%s is no wider than the screen', async (place) => {
    tab = await Tab.open(browser, stage.port, PHONE)
    await tab.signIn()
    await tab.heading('Overview')
    await tab.goTo(place)
    await tab.page.locator('main h1').waitFor()
    await tab.page.getByText('Loading…').first().waitFor({ state: 'detached' })
    if (place.includes('failed')) {
      await tab.page.getByRole('button', { name: 'Peek' }).click()
      await tab.page.locator('.message').first().waitFor()
    }
    expect(await tab.page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    await tab.picture(`phone${place.replaceAll(/\W+/g, '-')}`)
  })

  test('the menu opens, leads on, and closes with Esc', async () => {
    tab = await Tab.open(browser, stage.port, PHONE)
    await tab.signIn()
    await tab.heading('Overview')
    const menu = tab.page.getByRole('navigation', { name: 'Sections' })
    await menu.waitFor({ state: 'hidden' })
    await tab.page.getByRole('button', { name: 'Menu' }).click()
    await menu.getByRole('link', { name: 'Queues' }).click()
    await tab.heading('Queues')
    await menu.waitFor({ state: 'hidden' })
    await tab.page.getByRole('button', { name: 'Menu' }).click()
    await menu.waitFor()
    await tab.page.keyboard.press('Escape')
    await menu.waitFor({ state: 'hidden' })
  })
})

describe('with the keyboard alone', () => {
  test('one signs in, skips to the content, opens a dialog and leaves it', async () => {
    tab = await Tab.open(browser, stage.port)
    const { keyboard } = tab.page
    await tab.page.getByLabel('User', { exact: true }).focus()
    await keyboard.type('guest')
    await keyboard.press('Tab')
    await keyboard.type('guest')
    await keyboard.press('Enter')
    await tab.heading('Overview')
    await keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the content')
    await keyboard.press('Enter')
    expect(await tab.page.evaluate('document.activeElement.id')).toBe('main')
    await tab.goTo('/queues', 'Queues')
    await tab.page.getByRole('button', { name: 'New queue' }).focus()
    await keyboard.press('Enter')
    await tab.page.getByRole('dialog').waitFor()
    await keyboard.press('Escape')
    await tab.page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused()).toBe('New queue')
  })

  test('what has the focus shows it', async () => {
    tab = await Tab.open(browser, stage.port)
    await tab.signIn()
    await tab.heading('Overview')
    await tab.page.keyboard.press('Tab')
    await tab.page.keyboard.press('Tab')
    const outline = 'getComputedStyle(document.activeElement).outlineStyle'
    expect(await tab.page.evaluate(outline)).toBe('solid')
  })
})

test('a broker that is gone is said to be, and found again when it is back', async () => {
  const broker = await createBroker({ management: { host: '127.0.0.1' } })
  const port = broker.management?.port ?? 0
  tab = await Tab.open(browser, port)
  tab.expect(/ERR_CONNECTION/)
  await tab.signIn()
  await tab.heading('Overview')
  await broker.close()
  const alert = tab.page.getByRole('alert').filter({ hasText: 'does not answer' })
  await alert.waitFor()
  const again = await createBroker({ management: { host: '127.0.0.1', port } })
  await alert.waitFor({ state: 'detached' })
  await tab.heading('Overview')
  await again.close()
})

const PHONE = { viewport: { width: 360, height: 740 } }

/** How bright the ground of the page is, of 255. */
async function luminance(): Promise<number> {
  const colour = await tab.page.evaluate<string>(
    'getComputedStyle(document.documentElement).backgroundColor',
  )
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number)
  return (red + green + blue) / 3
}

function focused(): Promise<string> {
  return tab.page.evaluate<string>('document.activeElement.textContent.trim()')
}
