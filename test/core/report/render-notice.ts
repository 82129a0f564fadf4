import t from 'tap'
import { renderNotice } from '../../../src/core/report/render-notice.ts'
import { aRun, blockedBy } from '../../support/run/run-scene.ts'

t.test('a run calls a person when it waits for one, and when it has ended', t => {
  t.equal(renderNotice(aRun('Generating')), null)
  const blocked = aRun('Verifying', { blocked: blockedBy('IMAGE_NOT_PROVEN') })
  t.match(renderNotice(blocked), {
    kind: 'waits',
    body: /^\*\*The run of `sno1` waits for a person\*\* \(`IMAGE_NOT_PROVEN`\): .*\n\n\*\*Next:\*\* /,
  })
  const facts = { digest: 'sha256:a' }
  t.match(
    renderNotice(aRun('Completed', { outcome: 'Completed', facts }))?.body,
    /has ended: Completed\.\*\* `\S+` is `sha256:a`\. The report/,
  )
  t.match(
    renderNotice(aRun('Completed', { outcome: 'Completed' }))?.body,
    /Completed\.\*\* The report/,
  )
  t.match(
    renderNotice(aRun('Failed', { outcome: 'Failed', facts }))?.body,
    /Failed\.\*\* The report/,
  )
  t.end()
})

t.test('the marker is the same for the same news, and another for other news', t => {
  const of = (
    code: 'IMAGE_NOT_PROVEN' | 'PUSH_DENIED',
    attempt = 1,
    since = '2026-11-22T10:00:00.000Z',
  ) => {
    const blocked = { code, reason: 'a', fix: 'b', since }
    return renderNotice(aRun('Verifying', { attempt, blocked }))?.marker
  }
  t.equal(of('IMAGE_NOT_PROVEN'), of('IMAGE_NOT_PROVEN', 1, '2026-12-01T00:00:00.000Z'))
  t.not(of('IMAGE_NOT_PROVEN'), of('PUSH_DENIED'))
  t.not(of('IMAGE_NOT_PROVEN'), of('IMAGE_NOT_PROVEN', 2))
  t.end()
})
