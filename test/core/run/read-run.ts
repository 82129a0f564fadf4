import t from 'tap'
import { readRun, unreadable } from '../../../src/core/run/read-run.ts'
import { aRun, at, blockedBy } from '../../support/run/run-scene.ts'

t.test('a run of version 0.1.0 is read with what it did not keep', async t => {
  const run = aRun('Detaching', { blocked: blockedBy('DETACH_SLOW') })
  const facts = Object.fromEntries(
    Object.entries(run.facts).filter(([name]) => name !== 'pushedAs'),
  )
  const { fix: next, ...blocked } = run.blocked!
  t.strictSame(readRun({ ...run, facts, blocked: { ...blocked, next } }, 'x.json'), run)
})

t.test('what is no run of this version is refused with its place and the way out', async t => {
  const intent = { effect: { do: 'format-disk' }, at: at(0) }
  for (const [stored, reason] of [
    [{ ...aRun('Requested'), phase: 'Baking' }, /the run in x\.json: phase: /],
    [{ ...aRun('Requested'), intent }, /x\.json: intent\.effect\.do: /],
    [{ ...aRun('Requested'), surprise: 1 }, /x\.json: the whole: .*surprise/],
    [null, /x\.json: the whole: /],
  ] as const)
    t.throws(() => readRun(stored, 'x.json'), {
      code: 'RUN_UNREADABLE',
      exitCode: 3,
      message: reason,
      fix: /delete x\.json/,
    })
  t.match(unreadable('x.json', 'it is not JSON'), { message: /x\.json: it is not JSON$/ })
})
