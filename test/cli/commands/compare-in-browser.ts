import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import t from 'tap'
import { comparisonPage } from '../../../src/core/compare/page/comparison-page.ts'
import { comparison } from '../../support/compare/comparison.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env['SOWER_CHROMIUM'] ?? places.find(path => existsSync(path))
/** Where a person who wants to look at the pictures has them put. */
const pictures = process.env['SOWER_SCREENSHOTS']

t.test(
  'a person filters the page of a comparison by name, result and row, from a file, in light and dark',
  executablePath === undefined ? { skip: 'no Chromium is here: apt-get install chromium' } : {},
  async t => {
    const file = join(temporaryDirectory(t), 'compare.html')
    writeFileSync(file, comparisonPage(comparison, ['a note']))
    const browser = await chromium.launch({
      executablePath: executablePath!,
      args: ['--no-sandbox'],
    })
    t.teardown(() => browser.close())
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } })
      const complaints: string[] = []
      const asked: string[] = []
      page.on('console', message => complaints.push(message.text()))
      page.on('pageerror', error => complaints.push(error.message))
      page.on('dialog', dialog => complaints.push(dialog.message()))
      page.on('request', request => asked.push(request.url()))
      await page.goto(pathToFileURL(file).href)
      const shown = async (): Promise<readonly (string | null)[]> => [
        ...(await page.locator('tbody tr:visible th').allTextContents()),
        await page.locator('output').textContent(),
      ]
      const both = ['target-bad', 'target-open', '2 of 2 targets']
      t.strictSame(await shown(), both, colorScheme)
      await page.getByLabel('Name holds').fill(' OPEN ')
      t.strictSame(await shown(), ['target-open', '1 of 2 targets'], 'by name, in any letters')
      await page.getByLabel('Result').selectOption('would fail')
      t.strictSame(await shown(), ['0 of 2 targets'], 'both filters count')
      await page.getByLabel('Name holds').fill('')
      t.strictSame(await shown(), ['target-bad', '1 of 2 targets'], 'by result')
      await page.getByLabel('Result').selectOption('any')
      await page.getByLabel('Does not match in').selectOption('extra.ptp')
      t.strictSame(
        await shown(),
        ['target-bad', '1 of 2 targets'],
        'by row: it passes on the other',
      )
      await page.getByLabel('Does not match in').selectOption('equal.fips')
      t.strictSame(await shown(), both, 'no answer is no match')
      await page.getByLabel('Name holds').press('Enter')
      t.strictSame(await shown(), both, 'nothing is sent, nothing is loaded anew')
      await page.getByText('extra.ptp · target-bad').click()
      t.ok(await page.getByText('list it').isVisible(), 'a finding unfolds')
      t.strictSame(complaints, [], 'the policy allows all that the page does')
      t.strictSame(asked, [pathToFileURL(file).href])
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true })
        await page.screenshot({
          path: join(pictures, `compare-${colorScheme}.png`),
          fullPage: true,
        })
      }
      await page.close()
    }
    const still = await browser.newPage({ javaScriptEnabled: false })
    await still.goto(pathToFileURL(file).href)
    t.equal(await still.locator('tbody tr:visible').count(), 2, 'it is read without a script')
    t.equal(await still.locator('form:visible').count(), 0)
  },
)
