import t from 'tap'
import { pushNote, pushProblem, type PushAnswer } from '../../../src/core/seedgen/push-problem.ts'

t.test('says why an image cannot be pushed, and what to do', t => {
  const cases: readonly (readonly [PushAnswer, RegExp | null, RegExp])[] = [
    [true, null, /^$/],
    [false, /refuses an upload/, /^$/],
    [{ is: 'read-only' }, /read-only.*405/, /^$/],
    [{ is: 'without-tls', at: 'http://r' }, /without TLS, at http:\/\/r;/, /^$/],
    [{ is: 'other-port', at: 'https://r' }, /another port, https:\/\/r;/, /^$/],
    [{ is: 'other-host', at: 'https://s' }, null, /goes on at https:\/\/s, which the seed/],
  ]
  for (const [answer, reason, note] of cases) {
    const problem = pushProblem(answer)
    if (reason === null) t.equal(problem, null)
    else t.match(problem, { reason, fix: /./ })
    t.match(pushNote(answer), note)
  }
  t.end()
})
