import { decide } from '../../../src/core/run/decide.ts'
import { decideProposed, decideRequested } from '../../../src/core/run/decide-requested.ts'
import { absent, present } from '../../../src/core/seen.ts'
import t from 'tap'
import { rules } from '../../support/run/run-rules.ts'
import {
  aLook,
  aRun,
  at,
  blockedBy,
  detachCommit,
  moved,
  movedAgain,
  order,
  otherHead,
} from '../../support/run/run-scene.ts'

const retry = order('retry')

for (const phase of ['Requested', 'Proposed'] as const) {
  const row = rules(phase)
  const shown = decide(aRun(phase), aLook(phase, { pullRequest: moved }), at(30)).run
  row('refuses a moved head', { pullRequest: moved }, 'HEAD_MOVED')
  row('keeps the time of the first block', { pullRequest: moved }, 'HEAD_MOVED', {
    run: { blocked: shown.blocked },
    then: { blocked: shown.blocked },
  })
  row('takes the moved head when told to', { pullRequest: moved }, null, {
    run: { blocked: shown.blocked, orders: [retry], facts: { pushedAs: detachCommit } },
    then: {
      ...{ blocked: shown.blocked, orders: [], facts: { pushedAs: null } },
      request: { ...shown.request, headSha: otherHead },
    },
    wakeAt: at(60),
  })
  row('takes no head that moved after it was shown', { pullRequest: movedAgain }, 'HEAD_MOVED', {
    run: { blocked: shown.blocked, orders: [retry, order('retry', 'r2')] },
    then: { orders: [] },
  })
  row('takes no head for a retry of something else', { pullRequest: moved }, 'HEAD_MOVED', {
    run: { blocked: blockedBy('PREFLIGHT_FAILED'), orders: [retry] },
    then: { orders: [] },
  })
}

const own = present({ state: 'open', headSha: detachCommit, mergedAs: null } as const)
const edited = { detach: present({ status: 'detached' } as const), detachHolds: present(true) }
const pushed = { run: { facts: { pushedAs: detachCommit } } }
const proposed = rules('Proposed')
rules('Requested')(
  'knows its own commit on the branch',
  { ...edited, pullRequest: own },
  'Proposed',
  pushed,
)
proposed('knows its own commit on the branch', { pullRequest: own }, null, pushed)
proposed(
  'refuses a head with an edit that Sower has not pushed',
  { pullRequest: own },
  'HEAD_MOVED',
)
proposed(
  'shows a moved head also where the access is lost',
  { pullRequest: moved, access: absent },
  'HEAD_MOVED',
)

t.test('goes on from a head that a person took, on both sides of the edit', async t => {
  const run = aRun('Requested', { facts: { pushedAs: null } })
  const taken = { ...run, request: { ...run.request, headSha: otherHead } }
  const look = aLook('Requested', { pullRequest: moved })
  t.match(decideRequested(taken, look, at(60)), {
    effect: { do: 'commit-detach', onto: otherHead },
    run: { facts: { pushedAs: detachCommit } },
  })
  t.match(decideRequested(run, look, at(60)), { run: { blocked: { code: 'HEAD_MOVED' } } })
  const waiting = { ...taken, phase: 'Proposed' } as const
  const there = aLook('Proposed', { pullRequest: moved })
  t.match(decideProposed(waiting, there, at(60)), { effect: null, run: { blocked: null } })
})
