import t from 'tap'
import { waiting } from '../../../src/core/waiting/waiting.ts'
import { cleanShown } from '../../../src/core/report/clean-shown.ts'
import { nothingShown, type Shown } from '../../../src/core/report/render-report.ts'

t.test('all that a report shows of others is cleaned before it is escaped or cut', t => {
  const secret = 'canary_0123456789'
  const clean = (text: string): string => text.replaceAll(secret, '…')
  const lists = {
    removed: [secret],
    removedClusters: [],
    owned: [],
    prunedTooEarly: [],
    added: [secret],
    changed: [secret],
  }
  const check = { id: 'a', level: 'block', status: 'fail', reason: secret, fix: secret } as const
  const shown: Shown = {
    checks: [check],
    roots: [{ ...lists, path: secret, orderKept: true, isStatic: false, left: 1 }],
    ...{
      refusal: secret,
      kustomize: secret,
      diff: secret,
      secret: { state: 'Sealed', fix: secret },
      tree: waiting(secret, 'stuck', { why: secret }),
    },
  }
  const cleaned = cleanShown(shown, clean)
  t.notMatch(JSON.stringify(cleaned), secret)
  t.match(cleaned, { checks: [{ id: 'a', reason: '…' }], roots: [{ removed: ['…'], left: 1 }] })
  t.strictSame(cleanShown(nothingShown, clean), nothingShown)
  t.end()
})
