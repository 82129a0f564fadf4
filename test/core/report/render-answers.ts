import t from 'tap'
import type { Check } from '../../../src/core/preflight/check.ts'
import { renderAnswers } from '../../../src/core/report/render-answers.ts'

const check = (reason: string): Check => ({
  ...{ id: 'hub.b', level: 'block', status: 'fail' },
  ...{ reason, fix: 'f' },
})

t.test('answers and refusals stand apart, and checks below their answer', t => {
  t.equal(
    renderAnswers([
      { text: 'no @you', code: 'NOT_A_SEED', checks: [] },
      { text: 'yes', code: null, checks: [] },
    ]),
    '**Refused** (`NOT_A_SEED`): no @&#8203;you\n\nyes',
  )
  const shown = renderAnswers([{ text: 'sno1 is ready', code: null, checks: [check('gone')] }])
  t.equal(
    renderAnswers([{ text: 'compared', code: null, checks: [], markdown: '**a** table' }]),
    'compared\n\n**a** table',
  )
  t.equal(
    renderAnswers([{ text: 'Commands:', code: null, checks: [], list: ['`a` does', 'b'] }]),
    'Commands:\n\n- `a` does\n- b',
  )
  t.match(shown, /^sno1 is ready\n\n\| check .*\n.*\n.*gone/)
  t.end()
})

t.test('a table that is too long for a comment is left out, and says where to get it', t => {
  const checks = Array.from({ length: 40 }, () => check('x'.repeat(3000)))
  const shown = renderAnswers([
    { text: 'sno1 is not ready.', code: null, checks },
    { text: 'yes', code: null, checks: [] },
  ])
  t.equal(
    shown,
    'sno1 is not ready. The table is too long for a comment: ask with `sower` on the command line.\n\nyes',
  )
  t.end()
})
