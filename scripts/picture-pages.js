// Takes the picture of the status page, docs/status-page.png: part of `npm run pictures`. Needs Chromium.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { statusPage } from '../src/core/status-page/status-page.ts'
import { board } from '../test/support/run/status-board.ts'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env.SOWER_CHROMIUM ?? places.find(path => existsSync(path))
if (executablePath === undefined) {
  console.error('docs/status-page.png stays as it is: no Chromium is here')
  process.exit(0)
}
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const page = await browser.newPage({ viewport: { width: 1160, height: 620 } })
await page.setContent(statusPage(board))
await page.screenshot({ path: join(import.meta.dirname, '..', 'docs', 'status-page.png') })
await browser.close()
