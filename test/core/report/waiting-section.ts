import t from 'tap'
import { activePhases } from '../../../src/core/run/run.ts'
import { nothingShown, renderReport, renderStatus } from '../../../src/core/report/render-report.ts'
import { renderNotice } from '../../../src/core/report/render-notice.ts'
import { waitingSection } from '../../../src/core/report/waiting-section.ts'
import { aRun, blockedBy, merge } from '../../support/run/run-scene.ts'

t.test(
  'each phase says what it waits for, since when, when the next look comes and how to stop',
  t => {
    for (const phase of activePhases)
      t.match(
        waitingSection(aRun(phase), 30),
        /^\*\*Waits for\*\* \S.*; in this phase since \d{4}-\d\d-\d\d \d\d:\d\d UTC\. \*\*Next look:\*\* within 30 s, .*\. \*\*To stop:\*\* comment `\/seed abort`/,
        phase,
      )
    t.equal(waitingSection(aRun('Completed', { outcome: 'Completed' }), 30), '')
    t.end()
  },
)

t.test('a blocked run waits for a person; a merge changes what an abort does', t => {
  const blocked = { blocked: blockedBy('PREFLIGHT_FAILED') }
  t.match(
    waitingSection(aRun('Requested', blocked), null),
    /^\*\*Waits for\*\* a person, since \S+ \d\d:\d\d UTC\. .*soon, .*the cluster is not touched\.$/,
  )
  t.match(waitingSection(aRun('Detaching', { facts: { mergedAs: merge } }), 'round'), /next round/)
  t.match(waitingSection(aRun('Detaching', { facts: { mergedAs: merge } }), 30), /merged stays\.$/)
  t.end()
})

t.test('a draft is no fault: its status is pending, and nobody is called', t => {
  const draft = aRun('Requested', { blocked: blockedBy('PULL_REQUEST_DRAFT', 'a draft') })
  const description = 'PULL_REQUEST_DRAFT: a draft'
  t.strictSame(renderStatus(draft), { state: 'pending', description })
  t.match(renderReport(draft, nothingShown), 'a person who marks this pull request as ready')
  t.equal(renderNotice(draft), null)
  t.end()
})
