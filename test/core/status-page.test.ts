import { createHash } from 'node:crypto'
import t from 'tap'
import { activePhases, outcomes } from '../../src/core/run/run.ts'
import { pageStyle } from '../../src/core/status-page/page-style.ts'
import { runSection } from '../../src/core/status-page/run-section.ts'
import { statusPage, statusPolicy } from '../../src/core/status-page/status-page.ts'
import { board, hostile } from '../support/run/status-board.ts'
import { aRun, adopting, at } from '../support/run/run-scene.ts'

t.test('the page has no script, allows its own style alone, and asks to be fetched again', t => {
  const page = statusPage(board)
  const hash = createHash('sha256').update(pageStyle).digest('base64')
  t.ok(statusPolicy.includes(`style-src 'sha256-${hash}'`))
  t.ok(page.includes(`http-equiv="Content-Security-Policy" content="${statusPolicy}"`))
  t.notMatch(statusPolicy, /unsafe|script/)
  t.match(page, '<meta http-equiv="refresh" content="15">')
  t.notMatch(page, /<script|<img|\s(?:src|style|on\w+)=/)
  t.match(page, /<title>Sower: \d under way, 1 blocked</)
  t.end()
})

t.test('what others write becomes no element, attribute or address', t => {
  const page = statusPage({ ...board, runs: hostile })
  t.notMatch(page, /<b onload|<script/)
  t.match(page, '&lt;script&gt;alert(1)&lt;/script&gt;')
  t.match(page, '&lt;b onload=&quot;alert(1)&quot;&gt;')
  const addresses = [...page.matchAll(/href="([^"]*)"/g)].map(([, address = '']) => address)
  t.ok(addresses.length > 0)
  for (const address of addresses) t.match(address, /^https:\/\/github\.com\/example\/site\//)
  t.end()
})

t.test('a run shows where it is, what it waits for and since when, and what blocks it', t => {
  const around = { now: at(3_900), webUrl: 'https://github.com/example/site' }
  const show = (run: Parameters<typeof runSection>[0]['run']) =>
    runSection({ run, tree: null }, around)
  const generating = show(aRun('Generating', { attempt: 2 }))
  t.match(generating, '<li class="done">✓ Delivering</li><li class="now" aria-current="step">Gen')
  t.match(
    generating,
    /Waits for the Lifecycle Agent .*<time datetime="2026-11-22T10:0.*Z">2026-11-22 10:0\d UTC<\/time> \(1h \d+m\)/,
  )
  t.match(generating, '<dt>attempt</dt><dd>2</dd>')
  t.match(generating, `href="https://github.com/example/site/commit/${'3'.repeat(40)}"`)
  t.match(generating, 'href="https://github.com/example/site/pull/7"')
  const blocked = show(
    aRun('Verifying', {
      blocked: { code: 'IMAGE_NOT_PROVEN', reason: 'not there', fix: 'push it', since: at(3_600) },
      facts: { lastMessage: 'done & gone', digest: 'sha256:new' },
    }),
  )
  t.match(blocked, '<li class="bad" aria-current="step">Verifying, blocked</li>')
  t.match(blocked, /IMAGE_NOT_PROVEN<\/code>\) since <span.*\(5m\)<\/span>: not there/)
  t.match(blocked, '<b>Next:</b> push it')
  t.match(blocked, 'done &amp; gone')
  t.match(blocked, '<code>sha256:new</code>')
  t.match(show(aRun('Detaching', adopting())), /two looks at which no hub manages/)
  for (const phase of activePhases) t.match(show(aRun(phase)), /Waits for \S/)
  for (const phase of outcomes)
    t.match(show(aRun(phase)), /<p>Ended <span class="when"><time .* UTC<\/time> \(\d+[hm].* ago\)/)
  t.match(show(aRun('Completed')), '<li class="done">✓ CleaningUp</li></ol>')
  t.notMatch(show(aRun('Failed')), /<ol>/)
  const bare = runSection({ run: aRun('Proposed'), tree: null }, { ...around, webUrl: null })
  t.notMatch(bare, /href/)
  t.match(bare, '#7')
  t.end()
})

t.test('a page without runs, or of a bot that stands by, says so', t => {
  const none = statusPage({ ...board, runs: [], lookedAt: null })
  t.match(none, /No run is under way\..*/)
  t.match(none, /not been looked at yet/)
  t.notMatch(none, /Ended/)
  t.match(statusPage({ ...board, isActing: false }), /Another bot acts, and this one stands by/)
  const ended = statusPage({
    ...board,
    runs: [
      { run: { ...aRun('Completed'), name: 'a', since: at(1) }, tree: null },
      { run: { ...aRun('Failed'), name: 'b', since: at(2) }, tree: null },
    ],
  })
  t.match(ended, /<h2>Ended<\/h2>\n<section aria-labelledby="run-b">[^]*"run-a"/)
  t.end()
})
