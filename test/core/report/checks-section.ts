import t from 'tap'
import { checksSection } from '../../../src/core/report/checks-section.ts'

t.test('what blocks comes first, and what passed is folded', t => {
  const check = (id: string, level: 'block' | 'warn', status: 'pass' | 'fail') => ({
    ...{ id, level, status, reason: 'r', fix: status === 'pass' ? '' : 'f' },
  })
  const passed = check('git.a', 'block', 'pass')
  const [warns, blocks] = [check('hub.b', 'warn', 'fail'), check('seed.c', 'block', 'fail')]
  t.match(checksSection([passed, warns, blocks]), /seed\.c[^]*hub\.b[^]*<details>[^]*git\.a/)
  t.notMatch(checksSection([warns]), /details/)
  t.match(checksSection([passed]), /^<details><summary>1 checks passed/)
  t.equal(checksSection([]), '')
  t.end()
})
