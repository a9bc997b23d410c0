import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Where pictures of the page go that CI keeps. */
const PICTURES = fileURLToPath(new URL('../../coverage/page/', import.meta.url))

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Debian's Chromium, or the one that CHROMIUM names. Throws an Error that says how to install it. */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env.CHROMIUM
  const executablePath = named ?? PLACES.find((place) => existsSync(place))
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error(
      'The tests of the management page need Chromium: apt-get install chromium, or set CHROMIUM to its path.',
    )
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

const WAIT_MS = 20_000

/** A tab in which everything that goes wrong is noted. */
export class Tab {
  readonly page: Page
  readonly origin: string
  /** Errors on the console, exceptions, breaches of the content security policy, requests elsewhere. */
  readonly complaints: string[] = []
  /** Paths below `/api/` that have been asked for. */
  readonly requests: string[] = []
  private readonly expected: RegExp[] = []

  private constructor(page: Page, origin: string) {
    this.page = page
    page.setDefaultTimeout(WAIT_MS) // shorter than a test, so that it is told what was waited for
    this.origin = origin
  }

  static async open(
    browser: Browser,
    port: number,
    options: BrowserContextOptions = {},
  ): Promise<Tab> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options })
    const tab = new Tab(await context.newPage(), `http://127.0.0.1:${port}`)
    tab.listen()
    await tab.page.goto(`${tab.origin}/`)
    return tab
  }

  /** Errors that a test provokes: those whose text matches are none. */
  expect(complaint: RegExp): void {
    this.expected.push(complaint)
  }

  /** What went wrong and was not expected to. */
  get unexpected(): readonly string[] {
    return this.complaints.filter((text) => !this.expected.some((one) => one.test(text)))
  }

  async signIn(name = 'guest', password = 'guest'): Promise<void> {
    await this.page.getByLabel('User', { exact: true }).fill(name)
    await this.page.getByLabel('Password').fill(password)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
  }

  /** Goes to a place by its address behind `#`, as a link does, and waits for its heading. */
  async goTo(place: string, heading?: string): Promise<void> {
    await this.page.goto(`${this.origin}/#${place}`)
    if (heading !== undefined) await this.heading(heading)
  }

  /** Waits for a page by its heading. */
  heading(name: string): Promise<void> {
    return this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  }

  /** Keeps a picture of all of the page. */
  picture(name: string): Promise<void> {
    return this.shoot(name, PICTURES, true)
  }

  /** Keeps a picture of what is seen without scrolling. */
  view(name: string, folder: string): Promise<void> {
    return this.shoot(name, folder, false)
  }

  close(): Promise<void> {
    return this.page.context().close()
  }

  private async shoot(name: string, folder: string, fullPage: boolean): Promise<void> {
    mkdirSync(folder, { recursive: true })
    await this.page.evaluate('scrollTo(0, 0)')
    await this.page.screenshot({ path: `${folder}/${name}.png`, fullPage, animations: 'disabled' })
  }

  private listen(): void {
    this.page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text())
    })
    this.page.on('pageerror', (error) => this.complaints.push(String(error)))
    this.page.on('request', (request) => {
      const url = request.url()
      if (url.startsWith(`${this.origin}/api/`)) this.requests.push(url.slice(this.origin.length))
      else if (!url.startsWith(this.origin) && !url.startsWith('blob:')) {
        this.complaints.push(`request to ${url}`)
      }
    })
  }
}
