import t from 'tap'
import '../../../src/core/run/generating/generation-fields.ts'
import { decide } from '../../../src/core/run/decide.ts'
import { hasCredentialLeft, mayBeAtWork } from '../../../src/core/run/generating/generation-of.ts'
import { newRun, type Generation, type Run } from '../../../src/core/run/run.ts'
import { settle } from '../../../src/core/run/settle.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { rules } from '../../support/run/run-rules.ts'
import * as scene from '../../support/run/run-scene.ts'
import { aLook, aRun, at, blockedBy, newImage, order } from '../../support/run/run-scene.ts'
import { seedGenerator } from '../../support/run/run-scene.ts'

const unreachable = unknown('unreachable')
const begun: Generation = { awaySince: null, waited: 0, ended: false }
const facts = (generation: Partial<Generation> = {}, lastMessage: string | null = null) => ({
  facts: { lastMessage, generation: { ...begun, ...generation } },
})
const generating = rules('Generating')
const budget = 90 * 60
const [away, own] = [{ seedGenerator: unreachable }, { seedGenerator: seedGenerator() }]

generating('waits without an API, and remembers since when', away, null, {
  then: { facts: { generation: { ...begun, awaySince: at(60) } } },
  wakeAt: at(budget),
})
generating('knows that the API is back', own, null, {
  run: facts({ awaySince: at(10) }),
  then: facts({}, 'going on'),
  wakeAt: at(budget),
})
const silent = { seedGenerator: seedGenerator({ message: null }) }
generating('keeps the last word', silent, null, {
  run: { facts: { lastMessage: 'before' } },
  then: facts({}, 'before'),
})
for (const progress of ['completed', 'failed'] as const)
  generating(
    `ends when it has ${progress}`,
    { seedGenerator: seedGenerator({ progress, message: 'no' }) },
    'Verifying',
    { then: facts({ ended: true }, 'no') },
  )
generating('ends after the budget', { seedGenerator: absent }, 'Verifying', {
  now: budget + 1,
  then: facts({ awaySince: at(budget + 1) }),
})

const isMade = { image: present(newImage) }
const isAway = { run: facts({ awaySince: at(0) }), then: facts({ awaySince: at(0) }) }
for (const seen of [unreachable, absent]) {
  const look = { ...isMade, seedGenerator: seen }
  generating(`takes an image after ten minutes of ${seen.seen}`, look, 'Verifying', {
    ...{ ...isAway, now: 600 },
  })
  generating(`waits ten minutes of ${seen.seen} for the API`, look, null, { ...isAway, now: 599 })
}
generating(
  'takes no old image',
  { ...away, image: present({ ...newImage, digest: 'sha256:old' }) },
  null,
  { ...isAway, now: 601 },
)
generating(
  'takes no image of another version',
  { ...away, image: present({ ...newImage, version: '4.17.1' }) },
  null,
  { ...isAway, now: 601 },
)
generating('takes no image while the agent is in progress', { ...own, ...isMade }, null, {
  run: facts({ awaySince: at(0) }),
  now: 5000,
  then: facts({}, 'going on'),
})

const waits = 'Waiting for system to stabilize: one or more health checks failed: csr a not ready'
const waiting = { seedGenerator: seedGenerator({ message: waits }) }
generating('shows what the agent waits for', waiting, 'AGENT_WAITS', { then: facts({}, waits) })
generating('waits with it for ever', waiting, 'AGENT_WAITS', {
  now: budget * 3,
  then: facts({}, waits),
})
const stopped = { ...facts({}, waits), blocked: blockedBy('AGENT_WAITS') }
generating('counts no time in which the agent has waited', own, null, {
  run: stopped,
  now: budget + 1,
  then: { ...facts({ waited: budget + 1 }, 'going on') },
  wakeAt: at(2 * budget + 1),
})
generating('does not count an API that is away as waiting', away, null, {
  run: { ...stopped, ...facts({ awaySince: at(30) }, waits) },
  now: 300,
  then: facts({ awaySince: at(30), waited: 30 }, waits),
})
generating('takes another blocker away', own, null, {
  run: { blocked: blockedBy('GIT_FAILED') },
  then: facts({}, 'going on'),
})

const untaken = { seedGenerator: seedGenerator({ progress: 'none', message: null }) }
generating('gives the agent three minutes to take it', untaken, null, {
  now: 180,
  then: facts(),
})
for (const [agent, reason] of [
  [present('its pod a is Pending, ImagePullBackOff'), /its pod a is Pending, ImagePullBackOff/],
  [absent, /has no pod there/],
  [unknown('timeout'), /its pod gave no answer \(timeout\)/],
] as const)
  t.test(`says that no agent takes it: ${String(reason)}`, async t => {
    const { run } = decide(aRun('Generating'), aLook('Generating', { ...untaken, agent }), at(181))
    t.match(run.blocked, { code: 'AGENT_SILENT', reason, fix: /./ })
    t.equal(run.phase, 'Generating')
  })

const verifying = rules('Verifying')
t.test('a rejection gets its own advice, and never that of the imager', async t => {
  const lastMessage =
    'Seed generation failed: Rejected: Cluster must not have any LVMClusters resources configured'
  const { run } = decide(
    aRun('Verifying', { facts: { lastMessage } }),
    aLook('Verifying', { image: absent }),
    at(60),
  )
  t.match(run.blocked, {
    code: 'IMAGE_NOT_PROVEN',
    reason: /which means.*LVMCluster/,
    fix: /^remove it/,
  })
  t.notMatch(run.blocked?.fix, /lca_image_builder/)
})
const retried = { orders: [order('retry')] }
verifying('deletes nothing while the agent is at work', { image: absent, ...own }, null, {
  run: { ...retried, blocked: blockedBy('IMAGE_NOT_PROVEN') },
  then: { blocked: blockedBy('IMAGE_NOT_PROVEN') },
})
verifying('knows nothing of the generation before', { image: absent }, 'Delivering', {
  run: { ...retried, ...facts({ ended: true }, 'x') },
  then: { orders: [], attempt: 2, facts: { lastMessage: null, generation: null } },
})
verifying(
  'compares with what the seed said',
  { image: present({ ...newImage, hasProxy: true, hasFips: true }) },
  'IMAGE_NOT_PROVEN',
  { run: { facts: { traits: { hasProxy: true, hasFips: false } } } },
)

const cleaning = rules('CleaningUp')
const saved = { access: present({ proven: true, reason: null }) }
const atWork = { run: facts() }
const limit = { wakeAt: at(15 * 60) }
const matching = { seedSecret: present({ matches: true }) }
cleaning('leaves a SeedGenerator alone that is at work', { ...saved, ...own }, null, limit)
cleaning('leaves one alone that says nothing of its work', { ...saved, ...silent }, null, limit)
cleaning(
  'deletes one that is over',
  { ...saved, seedGenerator: seedGenerator({ progress: 'failed' }) },
  { do: 'delete-seed-generator', uid: 'uid-cr' },
  { ...atWork, then: facts({ ended: true }) },
)
cleaning(
  'deletes one that waits',
  { ...saved, ...waiting },
  { do: 'delete-seed-generator', uid: 'uid-cr' },
  { ...atWork, then: facts({ ended: true }) },
)
cleaning('leaves a Secret alone that is being put back', { ...saved, ...matching }, null, {
  ...atWork,
  ...limit,
})
cleaning(
  'deletes it when the agent is done',
  { ...saved, ...matching },
  { do: 'delete-secret' },
  { run: facts({ ended: true }) },
)
const late = { now: 15 * 60 + 1 }
cleaning(
  'keeps the access to a seed that it could not clean',
  { ...saved, seedGenerator: unreachable, seedSecret: unreachable },
  'Completed',
  { ...late, then: { facts: { accessSince: at(901) } } },
)
cleaning('keeps it where the agent may still put something back', saved, 'Completed', {
  ...atWork,
  ...late,
  then: { facts: { accessSince: at(901) } },
})
cleaning(
  'deletes it when the seed is clean',
  saved,
  { do: 'delete-access' },
  { run: facts({ ended: true }) },
)
cleaning('remembers since when it is kept', saved, 'Failed', {
  run: { outcome: 'Failed', facts: { accessSince: at(3) } },
  then: { facts: { accessSince: at(3) } },
})

t.test('knows when the credential has left and when the agent may be at work', async t => {
  const lost = { effect: { do: 'deliver-secret' } as const, at: at(0) }
  const abort = { orders: [order('abort')] }
  const after = (change: object): Run =>
    decide(aRun('Delivering', { ...abort, ...change }), aLook('Delivering'), at(60)).run
  t.ok(hasCredentialLeft(after({ intent: lost })))
  t.notOk(hasCredentialLeft(after({})))
  t.notOk(hasCredentialLeft(after({ intent: { effect: { do: 'delete-secret' }, at: at(0) } })))
  t.ok(hasCredentialLeft(aRun('Verifying', { facts: { clusterID: null } })))
  t.ok(mayBeAtWork(aRun('CleaningUp', { facts: { times: { Generating: at(0) } } })))
  t.notOk(mayBeAtWork(aRun('CleaningUp')))
  t.notOk(mayBeAtWork(newRun(aRun('Requested').request, at(0))))
})

t.test('remembers since when the access is kept', async t => {
  const kept = settle(aRun('Requested'), { do: 'save-access' }, {}, at(5))
  t.equal(kept.facts.accessSince, at(5))
  t.equal(settle(kept, { do: 'delete-access' }, {}, at(6)).facts.accessSince, null)
  const apply = { do: 'apply-seed-generator', from: scene.generatorCommit } as const
  t.same(settle(aRun('Delivering'), apply, {}, at(5)).facts.generation, begun)
})
