import t from 'tap'
import type { Check } from '../../../src/core/preflight/check.ts'
import { verdictOf } from '../../../src/core/preflight/verdict-of.ts'

const check = (level: Check['level'], status: Check['status']): Check => ({
  ...{ id: 'hub.b', level, status, reason: '', fix: '' },
})

t.test('the verdict counts what blocks, what has no answer and what passed', t => {
  const [passed, warned] = [check('block', 'pass'), check('warn', 'fail')]
  const [failed, open] = [check('block', 'fail'), check('block', 'unknown')]
  const asked = check('block', 'not-asked')
  t.equal(
    verdictOf('sno1', [passed, warned]),
    'sno1 is ready for a seed generation: 0 blocking, 0 without an answer, 1 of 2 passed',
  )
  t.match(verdictOf('sno1', [passed, failed, open]), /^sno1 is not ready .*: 1 blocking, 1 /)
  t.match(verdictOf('sno1', [open, asked]), /^nothing is known to block .* 2 without an answer/)
  t.end()
})
