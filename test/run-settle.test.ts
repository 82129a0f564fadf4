import t from 'tap'
import { isAtMostOnce } from '../src/core/run/run.ts'
import { absent, holds, mapSeen, present, unknown } from '../src/core/run/seen.ts'
import { settle } from '../src/core/run/settle.ts'
import * as scene from './run-scene.ts'
import { aRun, at, blockedBy, effects, otherHead } from './run-scene.ts'

const forbidden = unknown('forbidden')

t.test('reads: a test holds for what is present, a change changes what is present', async t => {
  t.ok(holds(present(1), value => value === 1))
  t.notOk(holds(absent, () => true))
  t.strictSame(
    mapSeen(present(1), value => value + 1),
    present(2),
  )
  t.equal(
    mapSeen(forbidden, () => 1),
    forbidden,
  )
})

t.test('settles an effect: its intent and what blocked it are gone', async t => {
  for (const effect of effects) {
    const intent = { effect, at: at(0) }
    const run = aRun('Delivering', { intent, blocked: blockedBy('INTERNAL') })
    const settled = settle(run, effect, { sha: otherHead }, at(60))
    const isApplied = effect.do === 'apply-seed-generator'
    t.match(settled, { intent: null, blocked: null }, effect.do)
    t.equal(settled.phase, isApplied ? 'Generating' : 'Delivering')
    t.equal(settled.since, isApplied ? at(60) : at(0))
    const isCommit = effect.do === 'commit-seed-generator'
    t.equal(settled.facts.generatorAs, isCommit ? otherHead : scene.generatorCommit)
    t.equal(settle(run, effect, {}, at(60)).facts.generatorAs, scene.generatorCommit)
    t.equal(isAtMostOnce(effect), isApplied || effect.do === 'deliver-secret')
  }
})
