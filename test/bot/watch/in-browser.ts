import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import t from 'tap'
import { statusListener } from '../../../src/bot/watch/status-listener.ts'
import { listen } from '../../../src/bot/webhook/listen.ts'
import { statusPage } from '../../../src/core/status-page/status-page.ts'
import { board, hostile } from '../../support/run/status-board.ts'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env['SOWER_CHROMIUM'] ?? places.find(path => existsSync(path))
/** Where a person who wants to look at the pictures has them put. */
const pictures = process.env['SOWER_SCREENSHOTS']

t.test(
  'the page is readable in a browser, light and dark, narrow and wide, and runs nothing',
  executablePath === undefined ? { skip: 'no Chromium is here: apt-get install chromium' } : {},
  async t => {
    const server = createServer(
      statusListener({
        page: () => statusPage({ ...board, runs: [...board.runs, ...hostile] }),
        hosts: [],
      }),
    )
    const address = await listen(server, { host: '127.0.0.1', port: 0 })
    t.teardown(() => server.close())
    const browser = await chromium.launch({
      executablePath: executablePath!,
      args: ['--no-sandbox'],
    })
    t.teardown(() => browser.close())
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [360, 1280]) {
        const context = await browser.newContext({
          ...{ colorScheme, javaScriptEnabled: width === 1280 },
          viewport: { width, height: 900 },
        })
        const page = await context.newPage()
        const complaints: string[] = []
        const asked: string[] = []
        page.on('console', message => complaints.push(message.text()))
        page.on('pageerror', error => complaints.push(error.message))
        page.on('dialog', dialog => complaints.push(dialog.message()))
        page.on('request', request => asked.push(new URL(request.url()).pathname))
        await page.goto(`http://${address}/`)
        const name = `${colorScheme}-${width}`
        t.strictSame(complaints, [], name)
        t.notOk(
          asked.some(path => path !== '/' && path !== '/favicon.ico'),
          'nothing else is loaded',
        )
        await page.getByRole('heading', { name: 'seed-sno1 · Detaching' }).waitFor()
        t.equal(await page.getByText('finalizer cluster-api-cleanup').count(), 1, name)
        t.equal(await page.locator('li[aria-current=step]').count(), 4, name)
        const ground = await page
          .locator('li.now')
          .first()
          .evaluate((element: { ownerDocument: { body: object } }) => {
            const { body } = element.ownerDocument
            const view = globalThis as unknown as {
              getComputedStyle: (of: object) => { backgroundColor: string }
              innerWidth: number
            }
            const { scrollWidth } = body as { scrollWidth: number }
            return [view.getComputedStyle(body).backgroundColor, scrollWidth <= view.innerWidth]
          })
          .catch((error: unknown) => [String(error), false])
        t.strictSame(
          ground,
          [colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 23, 28)', true],
          `${name}: its own style applies, and nothing is wider than the window`,
        )
        if (pictures !== undefined) {
          mkdirSync(pictures, { recursive: true })
          await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
        }
        await context.close()
      }
  },
)
