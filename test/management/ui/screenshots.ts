import { fileURLToPath } from 'node:url'
import { launchBrowser, Tab } from '../../support/page-browser.ts'
import { buildPage } from '../../support/page-files.ts'
import { PageStage } from '../../support/page-stage.ts'

/** Makes the pictures of README.md, of a broker that has been at work for a while. */

const FOLDER = fileURLToPath(new URL('../../../docs/screenshots', import.meta.url))

/** Rates are sampled every five seconds. */
const WORK_MS = 90_000

buildPage()
const stage = await PageStage.start()
const browser = await launchBrowser()
try {
  await stage.work()
  await new Promise((resolve) => setTimeout(resolve, WORK_MS))
  await takePictures()
} finally {
  await browser.close()
  await stage.close()
}

async function takePictures(): Promise<void> {
  const light = await open({ colorScheme: 'light' })
  await light.page.getByText('amqp').waitFor()
  await light.view('overview', FOLDER)
  await light.goTo('/exchanges/%2F/orders', 'orders')
  const trial = light.page.getByRole('region', { name: 'Try a routing key' })
  await trial.getByLabel('Routing key').fill('order.paid.de')
  await trial.getByText('It would go to 3 queues').waitFor()
  await light.view('routing', FOLDER)
  await light.close()

  const tall = await open({ viewport: { width: 1100, height: 2600 } })
  await tall.goTo('/queues/%2F/failed', 'failed')
  await tall.page.getByLabel('How many messages').selectOption('1')
  await tall.page.getByRole('button', { name: 'Peek' }).click()
  await tall.page.locator('.message').first().waitFor()
  const messages = tall.page.getByRole('region', { name: 'Messages', exact: true })
  await messages.screenshot({ path: `${FOLDER}/dead-letters.png` })
  await tall.close()

  const dark = await open({ colorScheme: 'dark' })
  await dark.goTo('/queues/%2F/shipping', 'shipping')
  await dark.page.locator('.edge').first().waitFor()
  await dark.view('queue', FOLDER)
  await dark.close()

  const phone = await open({ viewport: { width: 360, height: 740 } })
  await phone.page.locator('figure').first().waitFor()
  await phone.view('phone', FOLDER)
  await phone.close()
}

async function open(options: Parameters<typeof Tab.open>[2]): Promise<Tab> {
  const tab = await Tab.open(browser, stage.port, options)
  await tab.signIn()
  await tab.heading('Overview')
  return tab
}
