// Takes the pictures of pages, part of `npm run pictures`: docs/status-page.png, and docs/comment.png, a run's comment with
// GitHub's style sheet. Needs Chromium. `--dark` takes them in dark colours, for a look at them.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { marked } from 'marked'
import { chromium } from 'playwright-core'
import { renderReport } from '../src/core/report/render-report.ts'
import { statusPage } from '../src/core/status-page/status-page.ts'
import { pictured } from '../test/support/run/report-picture.ts'
import { board } from '../test/support/run/status-board.ts'

const root = join(import.meta.dirname, '..')
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env.SOWER_CHROMIUM ?? places.find(path => existsSync(path))
if (executablePath === undefined) {
  console.error('docs/status-page.png and docs/comment.png stay as they are: no Chromium is here')
  process.exit(0)
}
const colorScheme = process.argv.includes('--dark') ? 'dark' : 'light'
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
// A page of its own each: the one before has its own Content-Security-Policy.
const status = await browser.newPage({ viewport: { width: 1160, height: 620 }, colorScheme })
await status.setContent(statusPage(board))
await status.screenshot({ path: join(root, 'docs', 'status-page.png') })

const styles = readFileSync(
  join(root, 'node_modules', 'github-markdown-css', 'github-markdown.css'),
  'utf8',
)
const comment = marked.parse(renderReport(pictured.run, pictured.shown), { gfm: true })
const other = await browser.newPage({ viewport: { width: 900, height: 400 }, colorScheme })
await other.setContent(
  `<!doctype html><style>${styles}</style><style>body{margin:0}.markdown-body{padding:24px}</style>
<article class="markdown-body">${comment}</article>`,
)
// The diff opened, as somebody who decides about a merge has it.
await other
  .locator('details')
  .last()
  .evaluate(details => {
    details.open = true
  })
await other.screenshot({ path: join(root, 'docs', 'comment.png'), fullPage: true })
await browser.close()
