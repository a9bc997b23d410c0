import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ApiClient } from '../../support/api-client.ts'
import { launchBrowser, Tab } from '../../support/page-browser.ts'
import { PageStage } from '../../support/page-stage.ts'

let browser: Browser
let stage: PageStage
let api: ApiClient
let tab: Tab

beforeAll(async () => {
  browser = await launchBrowser()
  stage = await PageStage.start()
  api = new ApiClient(stage.broker)
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

test('a user is added, permitted, changed and deleted', async () => {
  await tab.goTo('/users', 'Users')
  await tab.page.getByRole('button', { name: 'New user' }).click()
  await tab.page.getByLabel('Name', { exact: true }).fill('ada')
  await tab.page.getByLabel('Password', { exact: true }).fill('secret')
  await tab.page.keyboard.press('Enter')
  await tab.heading('ada')
  await tab.page.getByText('No permissions').waitFor()
  await tab.page.getByRole('button', { name: 'Set permissions' }).click()
  await tab.page.getByRole('button', { name: 'Clear' }).waitFor()
  expect((await api.get('/api/permissions/%2F/ada')).json).toMatchObject({ read: '.*' })
  await tab.page.getByRole('combobox', { name: 'Tags' }).fill('monitoring')
  await tab.page.getByRole('button', { name: 'Save' }).click()
  await told('changed')
  expect((await api.get('/api/users/ada')).json.tags).toEqual(['monitoring'])
  const login = Buffer.from('ada:secret').toString('base64')
  const authorization = { authorization: `Basic ${login}` }
  expect((await api.get('/api/whoami', authorization)).status).toBe(200)
  await tab.page.getByRole('button', { name: 'Delete' }).click()
  await confirm('Delete')
  await tab.heading('Users')
  expect((await api.get('/api/users/ada')).status).toBe(404)
})

test('a virtual host is added, chosen for lists, and deleted', async () => {
  await tab.goTo('/vhosts', 'Virtual hosts')
  await tab.page.getByRole('button', { name: 'New virtual host' }).click()
  await tab.page.getByLabel('Name', { exact: true }).fill('test')
  await tab.page.keyboard.press('Enter')
  await tab.page.getByRole('button', { name: 'test', exact: true }).click()
  await tab.heading('Queues')
  await tab.page.getByText('No queues yet').waitFor()
  await tab.goTo('/vhosts', 'Virtual hosts')
  const row = tab.page.getByRole('row', { name: /^test/ })
  await row.getByRole('button', { name: 'Delete' }).click()
  await confirm('Delete')
  await row.waitFor({ state: 'detached' })
})

test('a policy is set, applies, is changed and deleted', async () => {
  await tab.goTo('/policies', 'Policies')
  const section = tab.page.getByRole('region', { name: 'Policies', exact: true })
  await section.getByRole('button', { name: 'New' }).click()
  await tab.page.getByLabel('Name', { exact: true }).fill('short')
  await tab.page.getByLabel('Pattern').fill('^back')
  await tab.page.getByLabel('Definition').fill('{"max-length": 100}')
  await tab.page.getByRole('button', { name: 'Save' }).click()
  await section.getByRole('button', { name: 'short' }).click()
  await tab.page.getByLabel('Definition').fill('{"max-length": 7}')
  await tab.page.getByRole('button', { name: 'Save' }).click()
  await section.getByText('max-length 7').waitFor()
  expect((await api.get('/api/queues/%2F/backlog')).json).toMatchObject({
    policy: 'short',
    messages_ready: 7,
  })
  await section.getByRole('button', { name: 'Delete' }).click()
  await confirm('Delete')
  await section.getByText('No policies').waitFor()
})

test('a policy that cannot be is refused in the broker’s words', async () => {
  tab.expect(/400/)
  await tab.goTo('/policies', 'Policies')
  const section = tab.page.getByRole('region', { name: 'Policies', exact: true })
  await section.getByRole('button', { name: 'New' }).click()
  await tab.page.getByLabel('Name', { exact: true }).fill('wrong')
  await tab.page.getByLabel('Pattern').fill('.*')
  await tab.page.getByLabel('Definition').fill('{"max-length": -1}')
  await tab.page.getByRole('button', { name: 'Save' }).click()
  await told('Validation failed')
})

test('definitions go out and come in', async () => {
  await tab.goTo('/definitions', 'Definitions')
  const download = tab.page.waitForEvent('download')
  await tab.page.getByRole('button', { name: 'Download' }).click()
  const text = await readFile(await (await download).path(), 'utf8')
  const definitions: { queues: { name: string }[] } = JSON.parse(text)
  const [first] = definitions.queues
  const next = { ...definitions, queues: [{ ...first, name: 'imported' }] }
  await tab.page.getByLabel('File').setInputFiles({
    name: 'definitions.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(next)),
  })
  await tab.page.getByRole('button', { name: 'Import' }).click()
  await confirm('Import')
  await told('imported')
  expect((await api.get('/api/queues/%2F/imported')).status).toBe(200)
})

function told(text: string): Promise<void> {
  return tab.page.locator('.toast', { hasText: text }).waitFor()
}

function confirm(action: string): Promise<void> {
  return tab.page.getByRole('dialog').getByRole('button', { name: action }).click()
}
